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
