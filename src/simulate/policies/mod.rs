//! The policies a day can be lived under.

pub mod board;
pub mod fifo;
pub mod nearest;
pub mod paotui;

use crate::domain::matching::{OnDuty, OpenErrand, Pick, eligible};
use crate::domain::offer::Kind;
use crate::domain::span;
use crate::domain::trip::{Stop, Worth};
use crate::flow::deciding::{Decision, Offer, Outcome, Scene};

/// Looks at a scene and decides. A policy may remember what it learns from its own decisions (a price).
pub trait Policy {
    fn decide(&mut self, scene: &Scene) -> Outcome;
}

/// Runners that the plain policies may ask: idle, not resting, not asked already, on shift.
fn idle(scene: &Scene) -> Vec<&OnDuty> {
    let free = |duty: &&OnDuty| duty.is_idle(scene.now) && eligible::may_be_asked(duty, scene.now).is_ok();
    scene.runners.iter().filter(free).collect()
}

/// Errands nobody is asked about, in the order they were placed.
fn unasked(scene: &Scene) -> Vec<&OpenErrand> {
    let mut waiting: Vec<&OpenErrand> = scene.waiting.iter().filter(|open| open.asked.is_empty()).collect();
    waiting.sort_by_key(|open| (open.parcel.due.placed_at, open.parcel.errand));
    waiting
}

fn may_ask(runner: &OnDuty, open: &OpenErrand) -> bool {
    eligible::may_carry(runner, open).is_ok()
}

/// An offer of one errand alone.
fn single(scene: &Scene, runner: &OnDuty, open: &OpenErrand, reason: Pick) -> Decision {
    let stops = vec![Stop::collect(open.parcel), Stop::deliver(open.parcel)];
    let until = span::after(scene.now, scene.rules.offer_s);
    Decision::Offer(Offer { kind: Kind::Next, runner: runner.id, stops, reason, worth: Worth::default(), until })
}
