//! Hearing that something changed. A signal only says "look again": what may be seen is asked of the store.

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::House;
use crate::domain::audience::Audience;
use crate::line::{Signal, What};

/// Listens for one audience.
#[derive(Debug)]
pub struct Ear {
    audience: Audience,
    signals: broadcast::Receiver<Signal>,
}

impl Ear {
    #[must_use]
    pub fn open(house: &House, audience: Audience) -> Self {
        Self { audience, signals: house.line.subscribe() }
    }

    /// Returns when there may be news. Signals may be lost: whoever listens also looks from time to time.
    pub async fn news(&mut self) {
        loop {
            match self.signals.recv().await {
                Ok(signal) if !concerns(self.audience, signal) => {}
                Ok(_) | Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

fn concerns(audience: Audience, signal: Signal) -> bool {
    match (audience, signal.what) {
        (Audience::Holder { request, .. }, What::Request(changed)) => request == changed,
        (Audience::Runner(own), What::Runner(changed)) => own == changed,
        (Audience::Zone(own), What::Request(_) | What::Runner(_)) => own == signal.zone,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{PersonId, RequestId, ZoneId};

    #[test]
    fn nobody_is_woken_by_what_is_not_theirs() {
        let (zone, request, runner) = (ZoneId::mint(), RequestId::mint(), PersonId::mint());
        let changed = Signal { zone, what: What::Request(request) };
        let holder = |request| Audience::Holder { request, may_act: true };
        assert!(concerns(holder(request), changed) && concerns(Audience::Zone(zone), changed));
        assert!(!concerns(holder(RequestId::mint()), changed));
        assert!(!concerns(Audience::Zone(ZoneId::mint()), changed));
        assert!(!concerns(Audience::Runner(runner), changed));
        assert!(concerns(Audience::Runner(runner), Signal { zone, what: What::Runner(runner) }));
        assert!(!concerns(Audience::Zone(zone), Signal { zone, what: What::Work }));
    }
}
