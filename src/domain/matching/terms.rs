//! The numbers dispatch works with where a zone has none of its own; each is a setting (`config/default.toml`).

use crate::domain::ground::Pace;
use crate::domain::trip::Service;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// An offer lapses after this many seconds; a red one sooner.
    pub offer_s: i64,
    pub red_offer_s: i64,
    /// A red errand unanswered for so long is offered to one more.
    pub wave_s: i64,
    /// A claim without a sign of life lapses after this many seconds.
    pub claim_s: i64,
    /// A runner who let an offer lapse is left in peace for this many seconds.
    pub quiet_s: i64,
    pub max_bags: i32,
    /// With a cart.
    pub cart_bags: i32,
    /// Errands one runner has in hand at once, however small.
    pub max_errands: i64,
    /// Walking speed, metres a second, until one was learned.
    pub speed_mps: f64,
    /// Walked metres per metre as the crow flies.
    pub road_factor: f64,
    /// Seconds at a counter, until they were learned, at a door, and at a gate.
    pub counter: Service,
    pub door: Service,
    pub gate_s: f64,
    /// A position older than this counts as unknown.
    pub position_stale_s: i64,
}

/// How much faster an e-bike is than somebody on foot, and what locking it costs at each stop: 4 m/s and 20 s
/// (docs/dispatch.md, LockdownDay-1).
const BIKE: f64 = 4.0 / 1.3;
const LOCK_S: f64 = 20.0;

impl Terms {
    /// A claim whose lease has no more than this left, seconds, had no sign of life for half of it: its runner is asked
    /// whether he is still going, before it goes back.
    #[must_use]
    pub const fn idle_s(&self) -> i64 {
        self.claim_s / 2
    }

    /// How somebody gets about who walks at `speed_mps`, on an e-bike or without.
    #[must_use]
    pub fn pace(&self, speed_mps: f64, bike: bool) -> Pace {
        if bike {
            // Locking takes as much of its time as everything else does, also where time is told to run faster.
            let lock_s = LOCK_S * 1.3 / self.speed_mps;
            return Pace { speed_mps: speed_mps * BIKE, leg_s: lock_s };
        }
        Pace::walking(speed_mps)
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            offer_s: 60,
            red_offer_s: 30,
            wave_s: 12,
            claim_s: 300,
            quiet_s: 120,
            max_bags: 6,
            cart_bags: 12,
            max_errands: 12,
            speed_mps: 1.3,
            road_factor: 1.4,
            counter: Service { first_s: 150.0, further_s: 45.0 },
            door: Service { first_s: 60.0, further_s: 15.0 },
            gate_s: 25.0,
            position_stale_s: 1800,
        }
    }
}
