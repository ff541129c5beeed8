//! Errands ordered by a time, each once: what Redis calls a sorted set. Used for those that wait and those held.

use std::collections::{BTreeSet, HashMap};

use rand::seq::IteratorRandom;

use crate::domain::clock::At;
use crate::domain::ids::ErrandId;

/// The order is by time, then by id; the map finds an errand's place in it.
#[derive(Default)]
pub(super) struct Agenda {
    order: BTreeSet<(At, ErrandId)>,
    times: HashMap<ErrandId, At>,
}

impl Agenda {
    /// Puts an errand at a time, away from any other it had.
    pub(super) fn put(&mut self, errand: ErrandId, at: At) {
        self.remove(errand);
        self.times.insert(errand, at);
        self.order.insert((at, errand));
    }

    pub(super) fn remove(&mut self, errand: ErrandId) {
        if let Some(at) = self.times.remove(&errand) {
            self.order.remove(&(at, errand));
        }
    }

    pub(super) fn holds(&self, errand: ErrandId) -> bool {
        self.times.contains_key(&errand)
    }

    pub(super) fn in_order(&self) -> impl Iterator<Item = (At, ErrandId)> {
        self.order.iter().copied()
    }

    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.order.len()).unwrap_or(u64::MAX)
    }

    /// Up to `n` errands by chance. Which ones nobody depends on, so this chance need not be handed in.
    pub(super) fn sample(&self, n: usize) -> Vec<ErrandId> {
        self.times.keys().copied().sample(&mut rand::rng(), n)
    }
}
