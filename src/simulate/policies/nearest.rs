//! The closest waiting pair of errand and idle runner first.

use crate::domain::matching::Pick;
use crate::flow::deciding::{Outcome, Scene};
use crate::simulate::policies::{Policy, idle, may_ask, single, unasked};

pub struct Nearest;

impl Policy for Nearest {
    fn decide(&mut self, scene: &Scene) -> Outcome {
        let (mut free, mut waiting) = (idle(scene), unasked(scene));
        let mut outcome = Outcome::default();
        while !free.is_empty() && !waiting.is_empty() {
            let pairs = free.iter().enumerate().flat_map(|(at, runner)| {
                let able = waiting.iter().enumerate().filter(|(_, open)| may_ask(runner, open));
                able.map(move |(row, open)| (scene.ground.crow(runner.here.at, open.parcel.from.at), at, row))
            });
            let closest = pairs.min_by(|a, b| a.0.total_cmp(&b.0).then((a.2, a.1).cmp(&(b.2, b.1))));
            let Some((_, at, row)) = closest else { break };
            let (runner, open) = (free.remove(at), waiting.remove(row));
            outcome.decisions.push(single(scene, runner, open, Pick::Nearest));
        }
        outcome
    }
}
