//! Compares the line with the store and rebuilds it when they differ. No leader: several processes doing it at once is
//! wasted work and nothing worse.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::ids::{ErrandId, ZoneId};
use crate::flow::{Fault, House, dispatch, rounds};
use crate::line::{Counts, LineError, Sample, Standing, StoreCounts, Verdict, compare as judge};

const SAMPLE: usize = 32;
/// What was committed a moment ago may still be on its way into the line: a difference counts when it is still there after this.
const SETTLE: Duration = Duration::from_millis(300);

pub(super) async fn compare(house: House) -> Result<(), Fault> {
    for zone in rounds::list_zones(&house).await? {
        let before = dispatch::standing(&house, zone).await?;
        if agrees(&house, zone, (&before, &before)).await {
            continue;
        }
        tokio::time::sleep(SETTLE).await;
        let after = dispatch::standing(&house, zone).await?;
        if !agrees(&house, zone, (&before, &after)).await {
            rebuild(&house, zone).await?;
        }
    }
    Ok(())
}

/// Also true when the line does not answer: there is nothing to mend then.
async fn agrees(house: &House, zone: ZoneId, (before, after): (&Standing, &Standing)) -> bool {
    match look(house, zone, before, after).await {
        Ok(Verdict::Agrees) => true,
        Ok(Verdict::Rebuild(reason)) => {
            tracing::debug!(zone_id = %zone, ?reason, "the line differs from the store");
            false
        }
        Err(error) => {
            tracing::debug!(error = %error, "the line does not answer");
            true
        }
    }
}

async fn look(house: &House, zone: ZoneId, before: &Standing, after: &Standing) -> Result<Verdict, LineError> {
    let census = house.line.census(zone).await?;
    let sample = if census.is_some() { house.line.sample(zone, SAMPLE).await? } else { Vec::new() };
    let waiting: BTreeSet<ErrandId> = after.ready.iter().map(|ready| ready.errand).collect();
    let stale = sample.iter().filter(|errand| !waiting.contains(errand)).count();
    let sample = Sample { looked_up: number(sample.len()), stale: number(stale) };
    Ok(judge(census.as_ref(), sample, StoreCounts { before: counts(before), after: counts(after) }))
}

fn counts(standing: &Standing) -> Counts {
    Counts {
        ready: number(standing.ready.len()),
        runners: number(standing.runners.len()),
        leases: number(standing.leases.len()),
    }
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

async fn rebuild(house: &House, zone: ZoneId) -> Result<(), Fault> {
    let standing = dispatch::standing(house, zone).await?;
    match house.line.rebuild(zone, &standing).await {
        Ok(()) => {
            metrics::counter!("paotui_line_rebuilds_total").increment(1);
            tracing::info!(zone_id = %zone, ready = standing.ready.len(), runners = standing.runners.len(), "the line was rebuilt");
        }
        Err(error) => tracing::debug!(error = %error, "the line could not be rebuilt; trying on"),
    }
    Ok(())
}
