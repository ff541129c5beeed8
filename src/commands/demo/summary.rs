//! The end of the play: what the service told is compared with what its store holds.

use std::collections::BTreeSet;

use super::people::Stage;
use crate::domain::clock::At;
use crate::domain::ids::RequestId;
use crate::domain::num;
use crate::store::Db;
use crate::store::views::tally::{self, Counted, Tally};

/// The last line of the demonstration.
#[derive(Debug)]
pub(super) struct Summary {
    submitted: usize,
    claimed: usize,
    delivered: usize,
    lost: usize,
    doubled: usize,
    to_claim: Waits,
    to_door: Waits,
}

/// Seconds from asking.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Waits {
    p50_s: f64,
    p90_s: f64,
}

impl Waits {
    /// What has not happened yet counts with the age it has reached: leaving it out would make a bad service look good,
    /// and its true wait can only be longer.
    fn of(requests: &[Counted], now: At, wait_us: impl Fn(&Counted) -> Option<i64>) -> Self {
        let wait = |request: &Counted| wait_us(request).unwrap_or_else(|| now.micros_since(request.submitted_at));
        let mut waits: Vec<i64> = requests.iter().map(wait).collect();
        waits.sort_unstable();
        // The nearest rank, as the simulator reports it.
        let rank = |share: f64| {
            let rank = num::floor((num::float(waits.len()) - 1.0).max(0.0).mul_add(share, 0.5));
            waits.get(rank).map_or(0.0, |wait| num::float_of(*wait) / 1e6)
        };
        Self { p50_s: rank(0.5), p90_s: rank(0.9) }
    }
}

pub(super) async fn compare(db: &Db, stage: &Stage) -> anyhow::Result<Summary> {
    let (told, since) = (stage.told(), stage.began_at);
    let held: Tally = db.read(async move |conn| tally::load(conn, since).await).await?;
    let acknowledged: BTreeSet<RequestId> = told.acknowledged.iter().copied().collect();
    let stored: BTreeSet<RequestId> = held.requests.iter().map(|request| request.id).collect();
    let keys = usize::try_from(told.keys).unwrap_or(usize::MAX);
    let now = crate::clocks::wall();
    Ok(Summary {
        submitted: acknowledged.len(),
        claimed: held.requests.iter().filter(|request| request.to_claim_us.is_some()).count(),
        delivered: held.requests.iter().filter(|request| request.is_delivered()).count(),
        lost: acknowledged.difference(&stored).count() + held.errandless,
        doubled: stored.len().saturating_sub(keys) + held.doubly_assigned,
        to_claim: Waits::of(&held.requests, now, |request| request.to_claim_us),
        to_door: Waits::of(&held.requests, now, |request| request.to_door_us),
    })
}

impl Summary {
    pub const fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0
    }

    pub fn line(&self) -> String {
        let Self { submitted, claimed, delivered, lost, doubled, to_claim, to_door } = self;
        format!(
            "demo: submitted={submitted} claimed={claimed} delivered={delivered} lost={lost} doubled={doubled} \
             p50_to_claim_s={:.2} p90_to_claim_s={:.2} p50_to_door_s={:.2} p90_to_door_s={:.2}",
            to_claim.p50_s, to_claim.p90_s, to_door.p50_s, to_door.p90_s
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(submitted_s: i64, wait_s: Option<i64>) -> Counted {
        let (submitted_at, to_door_us) = (At::from_seconds(submitted_s), wait_s.map(|seconds| seconds * 1_000_000));
        Counted { id: RequestId::mint(), submitted_at, to_claim_us: None, to_door_us }
    }

    #[test]
    fn what_is_open_counts_with_its_age() {
        let requests = [request(0, Some(5)), request(0, Some(7)), request(10, None)];
        let waits = Waits::of(&requests, At::from_seconds(100), |request| request.to_door_us);
        assert_eq!(waits, Waits { p50_s: 7.0, p90_s: 90.0 });
    }

    #[test]
    fn of_nothing_nobody_waited() {
        assert_eq!(Waits::of(&[], At(0), |request| request.to_claim_us), Waits { p50_s: 0.0, p90_s: 0.0 });
    }
}
