//! A runner on duty as a decision sees him.

use crate::domain::clock::At;
use crate::domain::ground::{Pace, Spot};
use crate::domain::ids::{BuildingId, PersonId};
use crate::domain::trip::Stop;

/// What a runner is trained for, or an errand asks for: a set of small numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Skills(pub u32);

impl Skills {
    pub const NONE: Self = Self(0);
    pub const MEDICINE: Self = Self(1);
    pub const INFECTED: Self = Self(2);

    #[must_use]
    pub const fn cover(self, needed: Self) -> bool {
        self.0 & needed.0 == needed.0
    }
}

/// A runner on duty.
#[derive(Clone, PartialEq, Debug)]
pub struct OnDuty {
    pub id: PersonId,
    /// Where he is; for one who stands at a counter or a door, that stop.
    pub here: Spot,
    /// When he can walk on from `here`.
    pub ready_at: At,
    /// The stops he still walks to, in order, with times.
    pub route: Vec<Stop>,
    /// Bags on his back when he leaves `here`.
    pub bags: u32,
    pub capacity_bags: u32,
    pub pace: Pace,
    /// No errand is started after this.
    pub off_at: At,
    /// Not asked before this: he rests, or did not answer the last offer.
    pub rests_until: At,
    /// He has an offer he did not answer yet.
    pub is_asked: bool,
    /// He has as many errands in hand as one keeps in mind.
    pub hands_full: bool,
    pub skills: Skills,
    /// The sealed building he lives in, when he does.
    pub inside: Option<BuildingId>,
    /// How likely he says yes, learned from what he answered.
    pub accepts: f64,
    /// His errands for each hour on duty against the mean of the zone: 1 is his fair share.
    pub share: f64,
}

impl OnDuty {
    #[must_use]
    pub fn is_idle(&self, now: At) -> bool {
        self.route.is_empty() && self.ready_at <= now
    }

    /// Where and when he will have nothing left to do.
    #[must_use]
    pub fn last(&self) -> (Spot, At) {
        self.route.last().map_or((self.here, self.ready_at), |stop| (stop.spot, stop.leave_at))
    }
}
