//! Who can start a trip now: runners who are free, or so near to their last door that the next trip may be offered.

use crate::domain::clock::At;
use crate::domain::ground::Spot;
use crate::domain::matching::{OnDuty, eligible};
use crate::domain::span;
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::table::Table;

/// A runner with the place and the time of his next start.
#[derive(Clone, Copy)]
pub(super) struct Starter<'a> {
    /// His place in the scene.
    pub place: usize,
    pub duty: &'a OnDuty,
    pub from: Spot,
    pub at: At,
}

impl<'a> Starter<'a> {
    fn of(place: usize, duty: &'a OnDuty) -> Self {
        let (from, at) = duty.last();
        Self { place, duty, from, at }
    }

    /// When he could stand at `spot`.
    pub fn arrives_at(&self, spot: Spot, table: &Table<'_>) -> At {
        span::after(self.at, table.scene.ground.seconds(self.from, spot, self.duty.pace))
    }
}

/// Runners who may be asked now; for the others, notes when they will be.
pub(super) fn ready<'a>(table: &mut Table<'a>) -> Vec<Starter<'a>> {
    let (now, rules) = (table.scene.now, table.scene.rules);
    let early_s = if rules.uses(Rule::EarlyOffer) { rules.early_s } else { 0.0 };
    let mut ready = vec![];
    for starter in on_shift(table) {
        let asks_at = span::after(starter.at, -early_s).max(starter.duty.rests_until);
        if asks_at > now {
            table.look_again(asks_at);
        } else if eligible::may_be_asked(starter.duty, now).is_ok() {
            ready.push(starter);
        }
    }
    ready
}

/// Runners who are busy for longer than that: they are not asked yet, but a trip may wait for them.
pub(super) fn busy<'a>(table: &Table<'a>) -> Vec<Starter<'a>> {
    let now = table.scene.now;
    on_shift(table).into_iter().filter(|starter| starter.at > now).collect()
}

/// Whoever is not asked and will still be on shift when his hands are free.
fn on_shift<'a>(table: &Table<'a>) -> Vec<Starter<'a>> {
    let now = table.scene.now;
    let all = table.runners.iter().filter_map(|&place| Some(Starter::of(place, table.runner(place)?)));
    all.filter(|starter| starter.at.max(now) <= starter.duty.off_at && !starter.duty.is_asked).collect()
}
