//! The plain reading of the brief: the oldest request goes to the nearest idle runner, one at a time.

use crate::domain::matching::OnDuty;
use crate::domain::matching::Pick;
use crate::flow::deciding::{Outcome, Scene};
use crate::simulate::policies::{Policy, idle, may_ask, single, unasked};

pub struct Fifo;

impl Policy for Fifo {
    fn decide(&mut self, scene: &Scene) -> Outcome {
        let mut free = idle(scene);
        let mut outcome = Outcome::default();
        if free.is_empty() {
            return outcome;
        }
        for open in unasked(scene) {
            let metres = |runner: &OnDuty| scene.ground.metres(runner.here, open.parcel.from);
            let able = free.iter().enumerate().filter(|(_, runner)| may_ask(runner, open));
            let nearest = able.min_by(|(_, a), (_, b)| metres(a).total_cmp(&metres(b)).then(a.id.cmp(&b.id)));
            let Some((at, runner)) = nearest else { continue };
            outcome.decisions.push(single(scene, runner, open, Pick::Oldest));
            free.swap_remove(at);
            if free.is_empty() {
                break;
            }
        }
        outcome
    }
}
