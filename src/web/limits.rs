//! How often one address may do what costs others time: a token bucket each, in this process alone, so that it holds
//! with Redis gone.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::fault::Fault;

/// `None` = no limit.
#[derive(Debug)]
pub struct Limit(Option<DefaultKeyedRateLimiter<IpAddr>>);

impl Limit {
    #[must_use]
    pub fn per_minute(most: u32) -> Self {
        Self(NonZeroU32::new(most).map(|most| RateLimiter::keyed(Quota::per_minute(most))))
    }

    /// # Errors
    /// [`Fault::TooManyRequests`] with the seconds to wait.
    pub fn check(&self, address: IpAddr) -> Result<(), Fault> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(&address).map_err(|until| Fault::TooManyRequests {
            retry_after_s: until.wait_time_from(DefaultClock::default().now()).as_secs().max(1),
        })
    }

    /// Forgets addresses that have been quiet.
    pub fn sweep(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_held_back_and_told_for_how_long_while_others_go_on() {
        let (limit, flood, other) = (Limit::per_minute(3), IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let passed = (0..10).filter(|_| limit.check(flood).is_ok()).count();
        assert_eq!(passed, 3);
        let told = limit.check(flood).unwrap_err().told();
        assert_eq!((told.status.as_u16(), told.code), (429, "too_many_requests"));
        assert!((1..=60).contains(&told.retry_after_s.unwrap()));
        assert!(limit.check(other).is_ok());
    }

    #[test]
    fn zero_turns_the_limit_off() {
        let limit = Limit::per_minute(0);
        assert!((0..1000).all(|_| limit.check(IpAddr::from([10, 0, 0, 1])).is_ok()));
    }
}
