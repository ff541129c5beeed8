//! Learning from what happens: means that start from a default and give way to what is seen, with their count and age.

use uuid::Uuid;

use crate::domain::clock::At;
use crate::domain::ids::{PersonId, PlaceId, SubjectId, ZoneId};
use crate::domain::span;
use crate::domain::words::word;

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

    /// Goes on from `n` sightings that came to `total`, the last of them at `last_at`.
    #[must_use]
    pub const fn with(self, n: u32, total: f64, last_at: At) -> Self {
        Self { sum: total, n, last_at: Some(last_at), ..self }
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

word! {
    /// What can be learned.
    What {
        /// Of a runner: 1 for an offer accepted, 0 for one declined or left to lapse.
        Accepts = "accepts",
        /// Of a runner: seconds until an offer is answered.
        Answers = "answers_s",
        /// Of a place: seconds at its counter beyond what each further errand usually takes.
        Counter = "counter_s",
        /// Of a zone at an hour of the day: metres a second on foot.
        Speed = "speed_mps",
    }
}

impl What {
    /// The mean that holds while nothing was seen, and how many sightings it is worth. `usual` is the setting.
    #[must_use]
    pub const fn to_begin_with(self, usual: f64) -> Learned {
        match self {
            Self::Accepts => Learned::starting_from(0.8, 5.0),
            Self::Answers => Learned::starting_from(20.0, 5.0),
            Self::Counter => Learned::starting_from(usual, 5.0),
            Self::Speed => Learned::starting_from(usual, 30.0),
        }
    }
}

/// One thing seen, from which a mean is fed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lesson {
    pub subject: SubjectId,
    pub what: What,
    /// Of the local day, or [`Lesson::ANY_HOUR`].
    pub hour: i32,
    pub value: f64,
}

impl Lesson {
    pub const ANY_HOUR: i32 = -1;

    #[must_use]
    pub fn answer(runner: PersonId, accepted: bool) -> Self {
        Self::of(runner.uuid(), What::Accepts, f64::from(u8::from(accepted)))
    }

    #[must_use]
    pub fn answered_in(runner: PersonId, seconds: f64) -> Self {
        Self::of(runner.uuid(), What::Answers, seconds)
    }

    #[must_use]
    pub fn counter(place: PlaceId, seconds: f64) -> Self {
        Self::of(place.uuid(), What::Counter, seconds)
    }

    #[must_use]
    pub fn speed(zone: ZoneId, hour: i32, metres_a_second: f64) -> Self {
        Self { hour, ..Self::of(zone.uuid(), What::Speed, metres_a_second) }
    }

    const fn of(subject: Uuid, what: What, value: f64) -> Self {
        Self { subject: SubjectId::from_uuid(subject), what, hour: Self::ANY_HOUR, value }
    }
}

/// What was learned of one subject: value, n and age are shown to supervisors, and to a runner his own. Never to other
/// runners.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Habit {
    pub subject: SubjectId,
    pub what: What,
    pub hour: i32,
    pub n: u32,
    pub total: f64,
    pub last_at: At,
}

impl Habit {
    /// The mean, leaning on `usual` while little was seen.
    #[must_use]
    pub fn value(&self, usual: f64) -> f64 {
        self.what.to_begin_with(usual).with(self.n, self.total, self.last_at).value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_outweighs_the_default_with_time() {
        let mut accepts = What::Accepts.to_begin_with(0.0);
        for minute in 0..95 {
            accepts.see(0.0, At::from_seconds(60 * minute));
        }
        assert!((accepts.value() - 0.04).abs() < 1e-9);
        assert_eq!(accepts.n(), 95);
    }

    #[test]
    fn one_refusal_is_not_a_habit() {
        let mut accepts = What::Accepts.to_begin_with(0.0);
        accepts.see(0.0, At(0));
        assert!(accepts.value() > 0.6);
    }

    #[test]
    fn its_age_is_known() {
        let mut speed = What::Speed.to_begin_with(1.3);
        assert_eq!(speed.age_s(At(0)), None);
        speed.see(1.4, At::from_seconds(10));
        assert_eq!(speed.age_s(At::from_seconds(70)), Some(60.0));
    }
}
