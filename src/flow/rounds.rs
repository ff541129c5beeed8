//! What the rounds of the worker ask of the store: what is due, how much there is, what may be thrown away.

use super::{Fault, House, Result};
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, ZoneId};
use crate::domain::volunteer::{DECLINED_S, UNANSWERED_S};
use crate::store::{
    self, deeds, duties, errands, idempotency, lists, offers, photos, sessions, sign_in_links, volunteers, zones,
};

/// What a runner did is remembered for a day: then it is told as too late to take back, and after that as nothing to take back.
const DEEDS_S: i64 = 86_400;

/// All zones.
///
/// # Errors
/// [`Fault::Store`].
pub async fn list_zones(house: &House) -> Result<Vec<ZoneId>> {
    let zones = house.db.read(async move |conn| zones::list(conn).await).await.map_err(Fault::Store)?;
    Ok(zones.into_iter().map(|zone| zone.id).collect())
}

/// Errands whose lease or whose offer has ended, longest first, whatever the line remembers.
///
/// # Errors
/// [`Fault::Store`].
pub async fn list_lease_ended(house: &House, limit: i64) -> Result<Vec<ErrandId>> {
    let now = house.now();
    let ended = house.db.read(async move |conn| {
        let mut ended = errands::list_lease_ended(conn, now, limit).await?;
        for errand in offers::list_lapsed(conn, now, limit).await? {
            if !ended.contains(&errand) {
                ended.push(errand);
            }
        }
        Ok::<_, store::Error>(ended)
    });
    ended.await.map_err(Fault::Store)
}

/// How much is open in a zone.
#[derive(Debug, Clone)]
pub struct Load {
    /// The zone's code.
    pub zone: String,
    pub open: Vec<(State, i64)>,
    /// Seconds the longest waiting errand has waited.
    pub oldest_waiting_s: i64,
    /// Runners on duty with free hands.
    pub available: usize,
}

/// The load of every zone.
///
/// # Errors
/// [`Fault::Store`].
pub async fn measure(house: &House) -> Result<Vec<Load>> {
    let now = house.now();
    house
        .db
        .read(async move |conn| {
            let mut loads = Vec::new();
            for zone in zones::list(conn).await? {
                let oldest = errands::oldest_waiting(conn, zone.id).await?;
                let candidates = duties::list_candidates(conn, zone.id).await?;
                loads.push(Load {
                    open: errands::count_open(conn, zone.id).await?,
                    oldest_waiting_s: oldest.map_or(0, |since| now.seconds_since(since).max(0)),
                    available: candidates.iter().filter(|candidate| candidate.has_free_hands()).count(),
                    zone: zone.code,
                });
            }
            Ok::<_, store::Error>(loads)
        })
        .await
        .map_err(Fault::Store)
}

/// How many open requests of each zone, by its code, are in no list: more than none is a fault of ours.
///
/// # Errors
/// [`Fault::Store`].
pub async fn count_unlisted(house: &House) -> Result<Vec<(String, usize)>> {
    let told = house.db.read(async move |conn| lists::count_all(conn).await).await.map_err(Fault::Store)?;
    Ok(told.into_iter().map(|(zone, lists)| (zone, lists.lost.len())).collect())
}

/// Sign-in links are kept so long after they ended, in seconds: to see by which one somebody came in.
const LINKS_S: i64 = 30 * 86_400;

/// Throws away expired idempotency keys, photos nobody sent, what cannot be taken back any more, ended sessions and links,
/// and wipes offers to help that were declined or that nobody answered; answers how many rows that were.
///
/// # Errors
/// [`Fault::Store`].
pub async fn clear(house: &House) -> Result<usize> {
    let now = house.now();
    let cleared = house.db.write(async move |conn| {
        let keys = idempotency::sweep(conn, now).await?;
        let photos = photos::sweep(conn, now).await?;
        let deeds = deeds::sweep(conn, now.plus_seconds(-DEEDS_S)).await?;
        let links = sign_in_links::sweep(conn, now.plus_seconds(-LINKS_S)).await?;
        let wiped = volunteers::wipe_declined(conn, now.plus_seconds(-DECLINED_S)).await?
            + volunteers::give_up(conn, (now.plus_seconds(-UNANSWERED_S), now)).await?;
        Ok::<_, store::Error>(keys + photos + deeds + links + wiped + sessions::sweep(conn, now).await?)
    });
    cleared.await.map_err(Fault::Store)
}
