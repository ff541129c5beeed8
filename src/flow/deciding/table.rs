//! The table decisions are made at: the scene, and what is already decided about it in this round.

use crate::domain::clock::At;
use crate::domain::matching::{OnDuty, OpenErrand, Pick};
use crate::domain::offer::Kind;
use crate::domain::span;
use crate::domain::trip::{Stop, Worth};
use crate::flow::deciding::decision::{Decision, Offer, Outcome};
use crate::flow::deciding::scene::Scene;

/// Errands and runners are named by their place in the scene; both lists are walked in the order of ids, so that the
/// order in which a scene was gathered changes nothing.
pub(super) struct Table<'a> {
    pub scene: &'a Scene,
    /// Still to be decided, in the order of ids.
    pub errands: Vec<usize>,
    /// Not asked in this round, in the order of ids.
    pub runners: Vec<usize>,
    pub outcome: Outcome,
}

impl<'a> Table<'a> {
    pub fn of(scene: &'a Scene) -> Self {
        let mut errands: Vec<usize> = (0..scene.waiting.len()).collect();
        errands.sort_unstable_by_key(|&at| scene.waiting.get(at).map(|open| open.parcel.errand));
        let mut runners: Vec<usize> = (0..scene.runners.len()).collect();
        runners.sort_unstable_by_key(|&at| scene.runners.get(at).map(|runner| runner.id));
        Self { scene, errands, runners, outcome: Outcome::default() }
    }

    pub fn errand(&self, at: usize) -> Option<&'a OpenErrand> {
        self.scene.waiting.get(at)
    }

    pub fn runner(&self, at: usize) -> Option<&'a OnDuty> {
        self.scene.runners.get(at)
    }

    /// Errands nobody is asked about, with their places.
    pub fn unasked(&self) -> impl Iterator<Item = (usize, &'a OpenErrand)> + '_ {
        let errands = self.errands.iter().filter_map(|&at| Some((at, self.errand(at)?)));
        errands.filter(|(_, open)| open.asked.is_empty())
    }

    /// Something may change at `at` even if nothing happens until then.
    pub fn look_again(&mut self, at: At) {
        if at > self.scene.now && self.outcome.look_again_at.is_none_or(|planned| at < planned) {
            self.outcome.look_again_at = Some(at);
        }
    }

    /// Asks a runner; he and the errands are out of this round.
    pub fn offer(
        &mut self,
        runner: usize,
        errands: &[usize],
        (kind, reason): (Kind, Pick),
        (stops, worth): (Vec<Stop>, Worth),
    ) {
        let Some(asked) = self.runner(runner) else { return };
        let is_red = errands.iter().filter_map(|&at| self.errand(at)).any(OpenErrand::is_red);
        let stands = if is_red { self.scene.rules.red_offer_s } else { self.scene.rules.offer_s };
        let until = span::after(self.scene.now, stands);
        self.outcome.decisions.push(Decision::Offer(Offer { kind, runner: asked.id, stops, reason, worth, until }));
        self.runners.retain(|&at| at != runner);
        self.errands.retain(|at| !errands.contains(at));
    }
}
