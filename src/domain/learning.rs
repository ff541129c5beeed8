//! Learning from what happens: means that start from a default and give way to what is seen, with their count and age.

use crate::domain::clock::At;
use crate::domain::span;

/// A learned mean. Simple enough to be shown: value, n, and when it was last fed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Learned {
    default: f64,
    /// How many sightings the default is worth.
    trust: f64,
    sum: f64,
    n: u32,
    last_at: Option<At>,
}

impl Learned {
    #[must_use]
    pub const fn starting_from(default: f64, trust: f64) -> Self {
        Self { default, trust, sum: 0.0, n: 0, last_at: None }
    }

    pub fn see(&mut self, value: f64, at: At) {
        self.sum += value;
        self.n += 1;
        self.last_at = Some(at);
    }

    #[must_use]
    pub fn value(&self) -> f64 {
        self.default.mul_add(self.trust, self.sum) / (self.trust + f64::from(self.n))
    }

    /// How often it was seen.
    #[must_use]
    pub const fn n(&self) -> u32 {
        self.n
    }

    /// Seconds since it was last seen.
    #[must_use]
    pub fn age_s(&self, now: At) -> Option<f64> {
        self.last_at.map(|at| span::between(at, now))
    }
}

/// What is learned about a runner. Shown to himself and his supervisor, never to other runners.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RunnerHabits {
    /// Share of offers he accepts.
    pub accepts: Learned,
    /// Seconds until he answers.
    pub answers_s: Learned,
    pub speed_mps: Learned,
}

impl Default for RunnerHabits {
    fn default() -> Self {
        Self {
            accepts: Learned::starting_from(0.8, 5.0),
            answers_s: Learned::starting_from(20.0, 5.0),
            speed_mps: Learned::starting_from(1.2, 10.0),
        }
    }
}

/// What is learned about a place: seconds for the first errand at its counter, and for each further one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PlaceHabits {
    pub first_s: Learned,
    pub further_s: Learned,
}

impl Default for PlaceHabits {
    fn default() -> Self {
        Self { first_s: Learned::starting_from(180.0, 5.0), further_s: Learned::starting_from(45.0, 5.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_outweighs_the_default_with_time() {
        let mut accepts = RunnerHabits::default().accepts;
        for minute in 0..95 {
            accepts.see(0.0, At::from_seconds(60 * minute));
        }
        assert!((accepts.value() - 0.04).abs() < 1e-9);
        assert_eq!(accepts.n(), 95);
    }

    #[test]
    fn one_refusal_is_not_a_habit() {
        let mut accepts = RunnerHabits::default().accepts;
        accepts.see(0.0, At(0));
        assert!(accepts.value() > 0.6);
    }

    #[test]
    fn its_age_is_known() {
        let mut speed = RunnerHabits::default().speed_mps;
        assert_eq!(speed.age_s(At(0)), None);
        speed.see(1.4, At::from_seconds(10));
        assert_eq!(speed.age_s(At::from_seconds(70)), Some(60.0));
    }
}
