//! A runner's body: where it is while it walks, and how far it has come.

use crate::domain::clock::At;
use crate::domain::ground::{Ground, Spot};
use crate::domain::learning::{Learned, What};
use crate::domain::matching::OnDuty;
use crate::domain::span;
use crate::domain::trip::Stop;
use crate::domain::trip::stop::timetable;

/// What a runner does just now.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Phase {
    Idle,
    Walking { to: Spot, since: At, until: At },
    Serving { until: At },
}

/// The truth about one runner.
#[derive(Clone, Debug)]
pub struct Body {
    /// Where he stands, or set out from.
    pub here: Spot,
    pub phase: Phase,
    pub serving: Option<Stop>,
    /// Counts changes of mind; an event of an older version is void.
    pub version: u32,
    /// How many offers he has had.
    pub offers: usize,
    pub accepts: Learned,
    /// How many errands he has taken.
    pub taken: usize,
    /// He has had his breath before this trip.
    pub rested: bool,
    pub trips: usize,
    pub legs: usize,
    pub metres: f64,
    /// How much longer his ways are than the map says.
    pub street: f64,
}

impl Body {
    #[must_use]
    pub fn new(here: Spot) -> Self {
        Self {
            here,
            phase: Phase::Idle,
            serving: None,
            version: 0,
            offers: 0,
            accepts: What::Accepts.to_begin_with(0.0),
            taken: 0,
            rested: false,
            trips: 0,
            legs: 0,
            metres: 0.0,
            street: 1.0,
        }
    }

    /// He takes a breath before his next trip.
    pub const fn rest(&mut self, until: At) {
        self.phase = Phase::Serving { until };
        self.rested = true;
        self.trips += 1;
    }

    /// He has come to `spot`.
    pub fn reach(&mut self, spot: Spot, ground: &Ground) {
        self.metres += ground.metres(self.here, spot) * self.street;
        self.here = spot;
    }

    /// He stops where he is, half way.
    pub fn turn(&mut self, now: At, ground: &Ground) {
        if let Phase::Walking { to, .. } = self.phase {
            let share = self.share(now);
            self.metres += ground.metres(self.here, to) * self.street * share;
            self.here = ground.along(self.here, to, share);
            self.phase = Phase::Idle;
        }
    }

    /// Writes position, readiness and the times of the route into what dispatch sees.
    pub fn show(&self, duty: &mut OnDuty, now: At, ground: &Ground) {
        (duty.here, duty.ready_at) = match self.phase {
            Phase::Idle => (self.here, now),
            Phase::Walking { to, .. } => (ground.along(self.here, to, self.share(now)), now),
            Phase::Serving { until } => (self.here, until),
        };
        timetable(&mut duty.route, duty.here, duty.ready_at, ground, duty.pace);
    }

    fn share(&self, now: At) -> f64 {
        match self.phase {
            Phase::Walking { since, until, .. } => {
                (span::between(since, now) / span::between(since, until).max(1e-6)).clamp(0.0, 1.0)
            }
            _ => 0.0,
        }
    }
}
