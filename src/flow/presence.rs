//! Whether a runner may be asked, told to the line after everything that may change it.

use super::{House, shrug};
use crate::domain::ids::{PersonId, ZoneId};
use crate::line::What;
use crate::store::duties;

/// Says in the line whether this runner may be asked, as the store has it.
pub(super) async fn restate(house: &House, zone: ZoneId, runner: PersonId) {
    let candidates = house.db.read(async move |conn| duties::list_candidates_of(conn, vec![runner]).await).await;
    let Ok(candidates) = candidates else { return };
    let now = house.now();
    let ready = candidates.first().filter(|candidate| candidate.may_be_asked(&house.terms, now).is_ok());
    match ready.and_then(|candidate| candidate.at) {
        Some(at) => {
            shrug(house.line.stand(zone, runner, at).await);
            house.tell(zone, What::Work).await;
        }
        None => shrug(house.line.leave(zone, runner).await),
    }
    house.tell(zone, What::Runner(runner)).await;
}
