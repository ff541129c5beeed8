//! Fair by load: where there is time, whoever has carried more than his share is asked later than the others.
//!
//! Fairness never makes anybody late: it only counts for trips whose every errand has slack to spare.

use crate::domain::clock::At;
use crate::domain::span;
use crate::domain::trip::grow::Grown;
use crate::domain::trip::shelf::{Item, Shelf};
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::starters::Starter;
use crate::flow::deciding::table::Table;

/// Seconds of detour that one whole share more than the mean is worth.
const SHARE_S: f64 = 6000.0;
/// Seconds that must be left after the trip to the promised time of each of its errands.
const SPARE_S: f64 = 1800.0;
/// Above this share a runner rests while no trip is worth more than his turn.
const REST_SHARE: f64 = 1.1;

/// How much of the toll already counts when choosing whom to try.
const FORESIGHT: f64 = 0.25;

/// The value of a trip for this runner, his load considered; `None` while he should rise and rest.
pub(super) fn value(starter: &Starter<'_>, shelf: &Shelf, grown: &Grown, table: &Table<'_>) -> Option<f64> {
    let items = grown.items.iter().filter_map(|&at| shelf.items.get(at));
    let mut spare = items.map(|item| item.parcel.due.slack_s(table.scene.now) - grown.worth.seconds);
    if !table.scene.rules.uses(Rule::Fairness) || spare.any(|spare_s| spare_s < SPARE_S) {
        return Some(grown.value);
    }
    let value = table.scene.price.a_second().mul_add(-toll_s(starter), grown.value);
    (starter.duty.share <= REST_SHARE || value >= 0.0).then_some(value)
}

/// Whom to try first: whoever need not rest, then who could be soonest at the counter, later by a part of his toll.
pub(super) fn turn(starter: &Starter<'_>, shelf: &Shelf, table: &Table<'_>) -> (bool, At) {
    let arrival = starter.arrives_at(shelf.spot, table);
    let has_time = |item: &Item| item.parcel.due.slack_s(arrival) > 2.0 * SPARE_S;
    if table.scene.rules.uses(Rule::Fairness) && shelf.items.iter().all(has_time) {
        return (starter.duty.share > REST_SHARE, span::after(arrival, toll_s(starter) * FORESIGHT));
    }
    (false, arrival)
}

fn toll_s(starter: &Starter<'_>) -> f64 {
    SHARE_S * (starter.duty.share - 1.0)
}
