//! The snapshot a decision reads.

use crate::domain::clock::At;
use crate::domain::deadline::base_weight;
use crate::domain::ground::Ground;
use crate::domain::matching::{OnDuty, OpenErrand};
use crate::domain::num;
use crate::domain::trip::Price;
use crate::flow::deciding::rules::{Rule, ZoneRules};

/// One zone at one instant. The order of errands and runners means nothing.
#[derive(Clone, PartialEq, Debug)]
pub struct Scene {
    pub now: At,
    pub ground: Ground,
    pub rules: ZoneRules,
    /// What a runner's second is worth here, learned from the trips sent out.
    pub price: Price,
    pub waiting: Vec<OpenErrand>,
    pub runners: Vec<OnDuty>,
    /// Somebody is on duty whose position is not known well enough to be asked.
    pub stale: bool,
}

impl Scene {
    /// What an errand weighs now.
    #[must_use]
    pub fn weight(&self, errand: &OpenErrand) -> f64 {
        let due = &errand.parcel.due;
        if self.rules.uses(Rule::Ageing) { due.weight(self.now) } else { base_weight(due.urgency) }
    }

    /// Base weight that waits for each runner on shift: how much all others wait longer for each second of one runner.
    #[must_use]
    pub fn pressure(&self) -> f64 {
        let waits: f64 = self.waiting.iter().map(|errand| base_weight(errand.parcel.due.urgency)).sum();
        let runners = self.runners.iter().filter(|runner| self.now <= runner.off_at).count();
        waits / num::float(runners.max(1))
    }
}
