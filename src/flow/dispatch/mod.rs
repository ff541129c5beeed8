//! Dispatch, first form: the most urgent waiting errand goes to the nearest available runner, and on decline or lapse
//! to the next. The line says where to look; the store decides; with the line gone the store is asked instead.

mod offer;
mod search;
mod standing;

use std::collections::BTreeSet;
use std::time::Instant;

use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, ZoneId};
use crate::line::Ready;
use crate::store::errands;

use super::{Fault, House, Result, shrug};
pub use standing::standing;

/// Errands looked at in one go. When none of them finds anybody, the round goes on behind them: what all have declined
/// must not hide what nobody was asked about.
const AT_ONCE: usize = 64;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub offered: usize,
    pub nobody: usize,
}

/// One round over a zone: each waiting errand, most urgent first, is offered to somebody or gets the reason why not.
///
/// # Errors
/// [`Fault::Store`]. Two processes may run rounds of one zone at once: the row decides, the loser goes on.
#[tracing::instrument(skip_all, fields(zone_id = %zone))]
pub async fn round(house: &House, zone: ZoneId) -> Result<Round> {
    let (mut done, mut looked_at, mut limit) = (Round::default(), BTreeSet::new(), AT_ONCE);
    loop {
        let ready = most_urgent(house, zone, limit).await?;
        let more = ready.len() == limit;
        for ready in ready {
            if looked_at.insert(ready.errand) && decide(house, zone, ready.errand, &mut done).await? == Next::Enough {
                return Ok(done);
            }
        }
        if !more {
            return Ok(done);
        }
        limit = limit.saturating_mul(4);
    }
}

/// Whether the round goes on.
#[derive(PartialEq, Eq)]
enum Next {
    Errand,
    Enough,
}

async fn decide(house: &House, zone: ZoneId, errand: ErrandId, done: &mut Round) -> Result<Next> {
    let began = Instant::now();
    let found = house.db.read(async move |conn| errands::find(conn, errand).await).await.map_err(Fault::Store)?;
    let Some(found) = found.filter(|found| found.state == State::Waiting) else {
        shrug(house.line.dequeue(zone, errand).await);
        return Ok(Next::Errand);
    };
    let mut next = Next::Errand;
    match search::pick(house, &found).await? {
        // When somebody else was faster, their round goes on with it.
        Ok(pick) => done.offered += usize::from(offer::make(house, &found, pick).await?),
        Err(nobody) => {
            done.nobody += 1;
            offer::note_nobody(house, &found, nobody.reason).await?;
            if nobody.for_all {
                offer::note_nobody_for_all(house, zone, nobody.reason).await?;
                next = Next::Enough;
            }
        }
    }
    metrics::histogram!("paotui_dispatch_decision_seconds").record(began.elapsed().as_secs_f64());
    Ok(next)
}

async fn most_urgent(house: &House, zone: ZoneId, limit: usize) -> Result<Vec<Ready>> {
    match house.line.most_urgent(zone, limit).await {
        Ok(ready) => Ok(ready),
        Err(error) => {
            tracing::debug!(error = %error, "the line does not answer; asking the store");
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let waiting = house
                .db
                .read(async move |conn| errands::list_waiting(conn, zone, limit).await)
                .await
                .map_err(Fault::Store)?;
            Ok(waiting.into_iter().map(|errand| Ready { errand: errand.id, due: errand.deliver_by }).collect())
        }
    }
}
