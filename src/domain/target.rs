//! What a zone wants to reach, by urgency and by time. A request is measured by the target that was valid when it was
//! submitted: what is turned today changes nothing of yesterday. What was promised to a resident is not touched by it.

use super::clock::At;
use super::urgency::Urgency;

/// Seconds from asking until somebody has taken it on, and until it is at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    pub claim_s: i32,
    pub deliver_s: i32,
}

/// A target may be anything from a minute to a week.
pub const SHORTEST_S: i32 = 60;
pub const LONGEST_S: i32 = 7 * 86_400;

impl Target {
    /// Where a zone has set none.
    #[must_use]
    pub const fn usual(urgency: Urgency) -> Self {
        let (claim_min, deliver_min) = match urgency {
            Urgency::Red => (5, 30),
            Urgency::Yellow => (15, 120),
            Urgency::Green => (30, 240),
        };
        Self { claim_s: claim_min * 60, deliver_s: deliver_min * 60 }
    }
}

/// A target from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Set {
    pub urgency: Urgency,
    pub target: Target,
    pub valid_from: At,
}

/// All targets a zone ever had, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Targets(Vec<Set>);

impl Targets {
    /// Of those valid from one moment the later in the list counts.
    #[must_use]
    pub fn of(mut sets: Vec<Set>) -> Self {
        sets.sort_by_key(|set| set.valid_from);
        Self(sets)
    }

    /// The one that counts for what was submitted at this time.
    #[must_use]
    pub fn at(&self, urgency: Urgency, submitted_at: At) -> Target {
        let valid = |set: &&Set| set.urgency == urgency && set.valid_from <= submitted_at;
        self.0.iter().rev().find(valid).map_or_else(|| Target::usual(urgency), |set| set.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yesterday_is_measured_by_yesterday_s_target() {
        let set = |hour: i64, claim_s| Set {
            urgency: Urgency::Red,
            target: Target { claim_s, deliver_s: 3600 },
            valid_from: At::from_seconds(hour * 3600),
        };
        let targets = Targets::of(vec![set(48, 60), set(24, 120)]);
        let claim_s = |hour: i64| targets.at(Urgency::Red, At::from_seconds(hour * 3600)).claim_s;
        assert_eq!([23, 24, 47, 48, 99].map(claim_s), [300, 120, 120, 60, 60]);
        assert_eq!(targets.at(Urgency::Green, At::from_seconds(99 * 3600)), Target::usual(Urgency::Green));
    }

    #[test]
    fn what_is_usual_is_what_is_promised() {
        for urgency in Urgency::ALL {
            assert_eq!(i64::from(Target::usual(*urgency).deliver_s), urgency.target_seconds());
        }
    }
}
