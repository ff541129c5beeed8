//! Dispatch, first form: the most urgent waiting errand goes to the nearest available runner, and on decline or lapse
//! to the next. The line says where to look; the store decides; with the line gone the store is asked instead.

mod offer;
mod search;
mod standing;

use crate::domain::ids::ZoneId;
use crate::line::Ready;
use crate::store::errands;

use super::{Fault, House, Result, shrug};
pub use standing::standing;

/// Errands looked at in one round of a zone.
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
    let mut done = Round::default();
    for ready in most_urgent(house, zone).await? {
        let began = std::time::Instant::now();
        let errand = ready.errand;
        let found = house.db.read(async move |conn| errands::find(conn, errand).await).await.map_err(Fault::Store)?;
        let Some(found) = found.filter(|found| found.state == crate::domain::errand::State::Waiting) else {
            shrug(house.line.dequeue(zone, errand).await);
            continue;
        };
        let nobody_before = found.nobody_reason.clone();
        match search::pick(house, &found).await? {
            Ok(pick) if offer::make(house, &found, pick).await? => done.offered += 1,
            // Somebody else was faster: their round goes on with it.
            Ok(_) => {}
            Err(reason) => {
                done.nobody += 1;
                offer::note_nobody(house, &found, reason, nobody_before).await?;
                if reason.is_for_all() {
                    break;
                }
            }
        }
        metrics::histogram!("paotui_dispatch_decision_seconds").record(began.elapsed().as_secs_f64());
    }
    Ok(done)
}

async fn most_urgent(house: &House, zone: ZoneId) -> Result<Vec<Ready>> {
    match house.line.most_urgent(zone, AT_ONCE).await {
        Ok(ready) => Ok(ready),
        Err(error) => {
            tracing::debug!(error = %error, "the line does not answer; asking the store");
            let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
            let waiting = house
                .db
                .read(async move |conn| errands::list_waiting(conn, zone, limit).await)
                .await
                .map_err(Fault::Store)?;
            Ok(waiting.into_iter().map(|errand| Ready { errand: errand.id, due: errand.deliver_by }).collect())
        }
    }
}
