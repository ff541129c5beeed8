//! A small circuit breaker: when the line has failed several times running, the next callers are told "down" at once
//! instead of each waiting for its own timeout, until a short rest is over and one of them tries again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many failures without a success between them, and the line rests.
const FAILURES: u32 = 3;
/// The shortest rest. Chance adds up to as much again, so that instances do not come back in step.
const REST: Duration = Duration::from_millis(250);
/// How long the one who tries may take before another may try too (it may have been dropped half-way).
const TRIAL: Duration = Duration::from_millis(500);

/// Leave to ask the line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pass {
    /// All is well.
    Free,
    /// The rest is over: the outcome of this one call decides.
    Trial,
}

/// Counts failures and says who may ask. Time and chance are handed in.
#[derive(Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Failures since the last success.
    failures: u32,
    /// Nobody asks before this; `None` while all is well.
    resting_until: Option<Instant>,
}

impl Breaker {
    /// A pass, or how long to wait for one.
    pub(super) fn admit(&self, now: Instant) -> Result<Pass, Duration> {
        let mut state = self.state();
        match state.resting_until {
            None => Ok(Pass::Free),
            Some(until) if now < until => Err(until.saturating_duration_since(now)),
            Some(_) => {
                state.resting_until = Some(now + TRIAL);
                Ok(Pass::Trial)
            }
        }
    }

    /// The line answered. True when it had been resting.
    pub(super) fn answered(&self) -> bool {
        let mut state = self.state();
        state.failures = 0;
        state.resting_until.take().is_some()
    }

    /// The line failed. True when a rest begins now; `chance` in 0..1 makes it longer. Calls admitted before the rest
    /// began and failing during it change nothing.
    pub(super) fn failed(&self, pass: Pass, now: Instant, chance: f64) -> bool {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        let begins = pass == Pass::Trial || (state.failures >= FAILURES && state.resting_until.is_none());
        if begins {
            state.resting_until = Some(now + REST + REST.mul_f64(chance.clamp(0.0, 1.0)));
        }
        begins
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tripped(now: Instant) -> Breaker {
        let breaker = Breaker::default();
        for _ in 0..FAILURES {
            breaker.failed(Pass::Free, now, 0.0);
        }
        breaker
    }

    #[test]
    fn it_lets_everybody_through_until_three_failures_running() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        assert!(!breaker.failed(Pass::Free, now, 0.0));
        assert!(!breaker.failed(Pass::Free, now, 0.0));
        assert!(!breaker.answered());
        assert!(!breaker.failed(Pass::Free, now, 0.0));
        assert!(!breaker.failed(Pass::Free, now, 0.0));
        assert_eq!(breaker.admit(now), Ok(Pass::Free));
        assert!(breaker.failed(Pass::Free, now, 0.0));
        assert_eq!(breaker.admit(now), Err(REST));
    }

    #[test]
    fn after_the_rest_one_tries_and_the_others_wait_for_it() {
        let now = Instant::now();
        let breaker = tripped(now);
        assert_eq!(breaker.admit(now + REST), Ok(Pass::Trial));
        assert_eq!(breaker.admit(now + REST), Err(TRIAL));
        assert!(breaker.answered());
        assert_eq!(breaker.admit(now + REST), Ok(Pass::Free));
    }

    #[test]
    fn a_failed_trial_rests_again_for_a_time_that_chance_draws() {
        let now = Instant::now();
        let breaker = tripped(now);
        let later = now + REST;
        assert_eq!(breaker.admit(later), Ok(Pass::Trial));
        assert!(breaker.failed(Pass::Trial, later, 0.5));
        assert_eq!(breaker.admit(later), Err(REST.mul_f64(1.5)));
    }

    #[test]
    fn a_trial_that_was_dropped_does_not_shut_the_line_for_ever() {
        let now = Instant::now();
        let breaker = tripped(now);
        assert_eq!(breaker.admit(now + REST), Ok(Pass::Trial));
        assert_eq!(breaker.admit(now + REST + TRIAL), Ok(Pass::Trial));
    }

    #[test]
    fn latecomers_do_not_lengthen_the_rest() {
        let now = Instant::now();
        let breaker = tripped(now);
        assert!(!breaker.failed(Pass::Free, now + REST / 2, 0.0));
        assert_eq!(breaker.admit(now + REST), Ok(Pass::Trial));
    }
}
