//! What comes after the next act, as far as the page needs it without a network: each act of the way as the card it will
//! be, and which bags are for one door.

use super::cards::Carried;
use super::page::RunPage;
use crate::domain::door::room_key;
use crate::domain::errand::{State, Step};
use crate::domain::ids::ErrandId;
use crate::store::views::runner::{ActiveClaim, Trip};

/// An act that comes later, with the errand as it will stand then.
#[derive(Debug)]
pub(super) struct Ahead {
    stop: ActiveClaim,
    /// The bags that go to the same door with it, itself among them.
    together: Vec<(ErrandId, String)>,
}

impl Ahead {
    pub fn card<'a>(&'a self, page: &'a RunPage<'a>) -> Carried<'a> {
        Carried { shell: page.shell, stop: &self.stop, now: page.now, together: self.together.clone() }
    }
}

/// The acts after the one that is shown, in the order of the way.
pub(super) fn list(trip: &Trip) -> Vec<Ahead> {
    let Some(first) = trip.stops.first() else { return Vec::new() };
    let shown = (first.errand, step_of(first));
    let mut stops = trip.stops.clone();
    does(&mut stops, shown);
    let mut ahead = Vec::new();
    for act in trip.plan.iter().filter(|act| **act != shown) {
        if let Some(stop) = stops.iter().find(|stop| stop.errand == act.0) {
            ahead.push(Ahead { stop: stop.clone(), together: together(&stops, stop) });
        }
        does(&mut stops, *act);
    }
    ahead
}

/// What is done to it next.
pub(super) fn step_of(stop: &ActiveClaim) -> Step {
    match (stop.state, stop.ends.to_gate) {
        (State::Claimed, _) => Step::Collect,
        (_, Some(_)) => Step::HandOver,
        (_, None) => Step::Deliver,
    }
}

fn does(stops: &mut Vec<ActiveClaim>, (errand, step): (ErrandId, Step)) {
    if step == Step::Collect {
        for stop in stops.iter_mut().filter(|stop| stop.errand == errand) {
            stop.state = State::Collected;
        }
    } else {
        stops.retain(|stop| stop.errand != errand);
    }
}

/// Bags in hand that end where this one ends: at the same door, or at the same gate.
pub(super) fn together(stops: &[ActiveClaim], at: &ActiveClaim) -> Vec<(ErrandId, String)> {
    let (step, room) = (step_of(at), room_key(&at.room));
    let here = |stop: &&ActiveClaim| {
        let same_end = step == Step::HandOver || room_key(&stop.room) == room;
        step_of(stop) == step && stop.to.code == at.to.code && same_end
    };
    if step == Step::Collect {
        return Vec::new();
    }
    stops.iter().filter(here).map(|stop| (stop.errand, stop.code.clone())).collect()
}
