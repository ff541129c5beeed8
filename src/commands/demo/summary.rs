//! The end of the play: what the service told is compared with what its store holds.

use std::collections::BTreeSet;

use super::people::Stage;
use crate::domain::ids::RequestId;
use crate::store::Db;
use crate::store::views::tally::{self, Tally};

/// The last line of the demonstration.
#[derive(Debug)]
pub(super) struct Summary {
    submitted: usize,
    claimed: usize,
    delivered: usize,
    lost: usize,
    doubled: usize,
    p50_to_claim_s: f64,
}

pub(super) async fn compare(db: &Db, stage: &Stage) -> anyhow::Result<Summary> {
    let (told, since) = (stage.told(), stage.began_at);
    let held: Tally = db.read(async move |conn| tally::load(conn, since).await).await?;
    let acknowledged: BTreeSet<RequestId> = told.acknowledged.iter().copied().collect();
    let stored: BTreeSet<RequestId> = held.requests.iter().map(|request| request.id).collect();
    let keys = usize::try_from(told.keys).unwrap_or(usize::MAX);
    // Unclaimed ones count with the age they have: leaving them out would make a bad service look good.
    let now = crate::clocks::wall();
    let mut waits: Vec<i64> = held
        .requests
        .iter()
        .map(|request| request.to_claim_us.unwrap_or_else(|| now.micros_since(request.submitted_at)))
        .collect();
    waits.sort_unstable();
    Ok(Summary {
        submitted: acknowledged.len(),
        claimed: held.requests.iter().filter(|request| request.to_claim_us.is_some()).count(),
        delivered: held.requests.iter().filter(|request| request.delivered).count(),
        lost: acknowledged.difference(&stored).count() + held.errandless,
        doubled: stored.len().saturating_sub(keys) + held.doubly_assigned,
        p50_to_claim_s: waits
            .get(waits.len() / 2)
            .map_or(0.0, |wait| std::time::Duration::from_micros(wait.unsigned_abs()).as_secs_f64()),
    })
}

impl Summary {
    pub const fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0
    }

    pub fn line(&self) -> String {
        let Self { submitted, claimed, delivered, lost, doubled, p50_to_claim_s } = self;
        format!(
            "demo: submitted={submitted} claimed={claimed} delivered={delivered} lost={lost} doubled={doubled} p50_to_claim_s={p50_to_claim_s:.2}"
        )
    }
}
