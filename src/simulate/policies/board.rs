//! Runners pick for themselves: the nearest errand on the board, and from the same counter what goes to doors close by.

use crate::domain::matching::{OnDuty, OpenErrand, Pick};
use crate::domain::offer::Kind;
use crate::domain::span;
use crate::domain::trip::{Act, Parcel, Stop, Worth};
use crate::flow::deciding::{Decision, Offer, Outcome, Scene};
use crate::simulate::policies::{Policy, idle, may_ask, unasked};

/// Doors this close to the first one look like one way to a person who picks.
const CLOSE_M: f64 = 200.0;

pub struct Board;

impl Policy for Board {
    fn decide(&mut self, scene: &Scene) -> Outcome {
        let mut waiting = unasked(scene);
        let mut outcome = Outcome::default();
        for runner in idle(scene) {
            let able = waiting.iter().filter(|open| may_ask(runner, open));
            let metres = |open: &OpenErrand| scene.ground.metres(runner.here, open.parcel.from);
            let Some(first) = able.min_by(|a, b| metres(a).total_cmp(&metres(b))).copied() else { continue };
            let picked = pick(runner, first, &waiting, scene);
            waiting.retain(|open| !picked.iter().any(|parcel| parcel.errand == open.parcel.errand));
            outcome.decisions.push(take(runner, picked, scene));
        }
        outcome
    }
}

fn pick(runner: &OnDuty, first: &OpenErrand, waiting: &[&OpenErrand], scene: &Scene) -> Vec<Parcel> {
    let close = |open: &&&OpenErrand| {
        open.parcel.from == first.parcel.from
            && open.parcel.errand != first.parcel.errand
            && scene.ground.crow(open.parcel.to.at, first.parcel.to.at) <= CLOSE_M
            && may_ask(runner, open)
    };
    let mut bags = 0;
    let fits = |parcel: &Parcel| {
        bags += parcel.bags;
        bags <= runner.capacity_bags
    };
    let all = std::iter::once(first.parcel).chain(waiting.iter().filter(close).map(|open| open.parcel));
    all.take_while(fits).collect()
}

fn take(runner: &OnDuty, parcels: Vec<Parcel>, scene: &Scene) -> Decision {
    let mut stops: Vec<Stop> =
        parcels.first().map(|first| Stop::of(Act::Collect, first.from, parcels.clone())).into_iter().collect();
    for parcel in parcels {
        match stops.iter_mut().find(|stop| stop.act == Act::Deliver && stop.spot == parcel.to) {
            Some(door) => door.parcels.push(parcel),
            None => stops.push(Stop::deliver(parcel)),
        }
    }
    let until = span::after(scene.now, scene.rules.offer_s);
    Decision::Offer(Offer {
        kind: Kind::Next,
        runner: runner.id,
        stops,
        reason: Pick::OwnChoice,
        worth: Worth::default(),
        until,
    })
}
