//! What an accepted offer does to a runner's route.

use crate::domain::clock::At;
use crate::domain::ground::Ground;
use crate::domain::matching::{OnDuty, red};
use crate::domain::offer::Kind;
use crate::domain::trip::insert::{Carrier, Fit, best_fit, inserted};
use crate::domain::trip::{Parcel, Stop};
use crate::flow::deciding::decision::Offer;

/// The runner's new route when he says yes at `now`, or `None` when the moment for it has passed.
///
/// Nothing he has already accepted changes its order; a red errand goes where it is soonest at its door.
#[must_use]
pub fn join(duty: &OnDuty, offer: &Offer, ground: &Ground, now: At) -> Option<Vec<Stop>> {
    if offer.kind == Kind::Next {
        return Some(duty.route.iter().chain(&offer.stops).cloned().collect());
    }
    let carrier = Carrier::of(duty);
    let parcels: Vec<Parcel> = collected(offer).collect();
    parcels.iter().try_fold(duty.route.clone(), |route, parcel| {
        let runner = OnDuty { route, ..duty.clone() };
        let fit = match offer.kind {
            Kind::Divert => red::fit(&runner, parcel, ground, now)?.0,
            _ => best_fit(&carrier, &runner.route, parcel, ground, joining)?,
        };
        Some(inserted(&carrier, &runner.route, *parcel, &fit, ground))
    })
}

fn collected(offer: &Offer) -> impl Iterator<Item = Parcel> + '_ {
    let collects = offer.stops.iter().filter(|stop| stop.act == crate::domain::trip::Act::Collect);
    collects.flat_map(|stop| stop.parcels.iter().copied())
}

fn joining(fit: &Fit) -> f64 {
    if fit.joins_collect { fit.longer_s } else { f64::INFINITY }
}
