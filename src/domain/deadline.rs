//! What waiting weighs: the target of each urgency, the slack that is left, and a weight that only ever grows.

use crate::domain::clock::At;
use crate::domain::span;
use crate::domain::urgency::Urgency;

/// Weight of a fresh errand: how many green ones it is worth.
#[must_use]
pub const fn base_weight(urgency: Urgency) -> f64 {
    match urgency {
        Urgency::Red => 20.0,
        Urgency::Yellow => 2.0,
        Urgency::Green => 1.0,
    }
}

/// From asking to the door, in seconds: what we promise.
#[must_use]
pub const fn target_s(urgency: Urgency) -> f64 {
    match urgency {
        Urgency::Red => 30.0 * 60.0,
        Urgency::Yellow => 120.0 * 60.0,
        Urgency::Green => 240.0 * 60.0,
    }
}

/// The clock of one errand.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Due {
    pub urgency: Urgency,
    pub placed_at: At,
    /// The promised time when there is one; else the target of the urgency counts.
    pub deadline: Option<At>,
}

impl Due {
    /// The instant by which it should be at the door.
    #[must_use]
    pub fn by(&self) -> At {
        self.deadline.unwrap_or_else(|| span::after(self.placed_at, target_s(self.urgency)))
    }

    /// Seconds until it is late; negative once it is.
    #[must_use]
    pub fn slack_s(&self, now: At) -> f64 {
        span::between(now, self.by())
    }

    /// `base × (1 + 2 (age / allowed)²)`: unbounded in age, so nobody starves, and always growing.
    #[must_use]
    pub fn weight(&self, now: At) -> f64 {
        let allowed = span::between(self.placed_at, self.by()).max(60.0);
        let age = span::between(self.placed_at, now).max(0.0) / allowed;
        base_weight(self.urgency) * (2.0 * age).mul_add(age, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(urgency: Urgency) -> Due {
        Due { urgency, placed_at: At::from_seconds(0), deadline: None }
    }

    #[test]
    fn at_its_deadline_an_errand_weighs_three_times_its_base() {
        let red = due(Urgency::Red);
        assert!((red.weight(red.by()) - 60.0).abs() < 1e-9);
    }

    #[test]
    fn slack_runs_out_at_the_promised_time() {
        let promised = Due { deadline: Some(At::from_seconds(600)), ..due(Urgency::Green) };
        assert!((promised.slack_s(At::from_seconds(0)) - 600.0).abs() < 1e-9);
        assert!(promised.slack_s(At::from_seconds(601)) < 0.0);
    }

    #[test]
    fn an_old_green_outgrows_a_fresh_yellow() {
        let now = At::from_seconds(4 * 3600);
        let yellow = Due { placed_at: now, ..due(Urgency::Yellow) };
        assert!(due(Urgency::Green).weight(now) > yellow.weight(now));
    }
}
