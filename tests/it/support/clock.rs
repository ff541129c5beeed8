//! A clock that stands still until it is turned.

use std::sync::atomic::{AtomicI64, Ordering};

use paotui::domain::clock::{At, Clock};

#[derive(Debug)]
pub struct TurnedClock(AtomicI64);

impl TurnedClock {
    /// Noon in Chongqing on a November day: everything is open.
    pub fn at_noon() -> Self {
        Self(AtomicI64::new(paotui::domain::local::parse_rfc3339("2026-11-23T04:00:00Z").unwrap().0))
    }

    pub fn turn(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}
