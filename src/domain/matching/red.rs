//! Red first: every runner on duty counts from where he is, whatever he carries. The best is he who is soonest at the
//! door, with a little mercy for those who wait for what is on his back.

use crate::domain::clock::At;
use crate::domain::ground::Ground;
use crate::domain::matching::runner::OnDuty;
use crate::domain::span;
use crate::domain::trip::Parcel;
use crate::domain::trip::insert::{Carrier, Fit, best_fit};

/// Seconds at this door that a second of delay of another red one is worth: without it, one fast runner collects them all.
const RED_MERCY: f64 = 1.0;
/// The same for a second of weighted delay of everything he carries.
const MERCY: f64 = 0.02;
/// The same for a second of the runner.
const THRIFT: f64 = 0.05;
/// Seconds lost by asking somebody who does not come.
const DOUBT_S: f64 = 90.0;

/// The best way for this runner to take a red errand along, and its score in seconds: less is better.
#[must_use]
pub fn fit(runner: &OnDuty, parcel: &Parcel, ground: &Ground, now: At) -> Option<(Fit, f64)> {
    let doubt_s = DOUBT_S * (1.0 - runner.accepts);
    let score = |fit: &Fit| {
        if parcel.closes_at.is_some_and(|closes| fit.at_shop > closes) {
            return f64::INFINITY;
        }
        let others_s = RED_MERCY.mul_add(fit.red_delay_s, MERCY * fit.delay);
        span::between(now, fit.at_door) + others_s + THRIFT * fit.longer_s + doubt_s
    };
    let fit = best_fit(&Carrier::of(runner), &runner.route, parcel, ground, score)?;
    Some((fit, score(&fit)))
}
