//! When to try again: full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS, 2015).

use std::time::Duration;

/// How a failing task is tried again.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    pub base: Duration,
    pub cap: Duration,
    pub tries: u32,
}

/// Letters: 2 s doubling to at most 15 min, eight tries, then a person looks at it.
pub const LETTERS: Backoff = Backoff { base: Duration::from_secs(2), cap: Duration::from_mins(15), tries: 8 };

impl Backoff {
    /// The wait after the `attempt`-th failure (counted from 1), or `None` when that was the last try.
    /// `chance` is uniform in 0..1; the wait is uniform between 0 and min(cap, base · 2^(attempt-1)).
    #[must_use]
    pub fn wait(self, attempt: u32, chance: f64) -> Option<Duration> {
        if attempt >= self.tries {
            return None;
        }
        let doubled = self.base.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        Some(doubled.min(self.cap).mul_f64(chance.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_to_the_cap_and_then_gives_up() {
        let longest: Vec<_> = (1..=8).map(|attempt| LETTERS.wait(attempt, 1.0).map(|wait| wait.as_secs())).collect();
        assert_eq!(longest, [Some(2), Some(4), Some(8), Some(16), Some(32), Some(64), Some(128), None]);
        assert_eq!(LETTERS.wait(3, 0.0), Some(Duration::ZERO));
    }
}
