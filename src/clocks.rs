//! The real clock and the real chance, for `app` and the commands to hand in.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use rand::Rng;

use crate::domain::chance::Chance;
use crate::domain::clock::{At, Clock};

/// Service time: the wall clock, or one that runs `speed` times faster from the moment it was made.
#[derive(Debug)]
pub struct ServiceClock {
    speed: f64,
    began_at: At,
    began: Instant,
}

impl ServiceClock {
    #[must_use]
    pub fn new(speed: f64) -> Self {
        Self { speed, began_at: wall(), began: Instant::now() }
    }
}

/// The wall clock, read here and nowhere else.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
pub fn wall() -> At {
    At(0) + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl Clock for ServiceClock {
    fn now(&self) -> At {
        // At normal speed the wall clock itself, so that what NTP corrects is corrected here too.
        if (self.speed - 1.0).abs() < f64::EPSILON {
            wall()
        } else {
            self.began_at + self.began.elapsed().mul_f64(self.speed)
        }
    }

    fn speed(&self) -> f64 {
        self.speed
    }
}

/// Chance from the operating system's generator.
#[derive(Debug)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}
