//! Seals: what holds now stands in the building's row; here is what is to come, and all there ever were.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{buildings, requests, seals};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{BuildingId, PersonId, RequestId, SealId, ZoneId};
use crate::domain::seal::Seal;

/// A seal somebody set.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = seals, treat_none_as_default_value = false)]
pub struct Set {
    pub id: SealId,
    pub building_id: BuildingId,
    pub zone_id: ZoneId,
    pub seal: Seal,
    pub from_at: At,
    pub until_at: Option<At>,
    pub begun_at: Option<At>,
    pub ended_at: Option<At>,
    pub made_by: Option<PersonId>,
    pub made_at: At,
    pub source: Option<String>,
}

/// # Errors
/// The store's.
pub async fn write(conn: &mut Conn, set: Set) -> Result<()> {
    let insert = diesel::insert_into(seals::table).values(set);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Holds the building's row until the transaction ends; requests for it still come in. SQLite has one writer: there the transaction itself is the lock.
///
/// # Errors
/// The store's.
pub async fn lock(conn: &mut Conn, building: BuildingId) -> Result<()> {
    if let Conn::Pg(c) = conn {
        buildings::table.select(buildings::id).find(building).for_no_key_update().first::<BuildingId>(c).await?;
    }
    Ok(())
}

/// Ends what runs for a building (`begun`), or takes back what is to come; all but one.
///
/// # Errors
/// The store's.
pub async fn end(conn: &mut Conn, building: BuildingId, begun: bool, (but, now): (Option<SealId>, At)) -> Result<()> {
    let but = but.unwrap_or_else(|| SealId::from_uuid(uuid::Uuid::nil()));
    let open = || seals::building_id.eq(building).and(seals::ended_at.is_null()).and(seals::id.ne(but));
    let ended = seals::ended_at.eq(Some(now));
    if begun {
        let change = diesel::update(seals::table.filter(open().and(seals::begun_at.is_not_null()))).set(ended);
        with!(conn, |c| change.execute(c).await)?;
    } else {
        let change = diesel::update(seals::table.filter(open().and(seals::begun_at.is_null()))).set(ended);
        with!(conn, |c| change.execute(c).await)?;
    }
    Ok(())
}

/// A seal that was to come takes hold; `false` when another process was faster or it was taken back.
///
/// # Errors
/// The store's.
pub async fn begin(conn: &mut Conn, seal: SealId, now: At) -> Result<bool> {
    let waiting = seals::id.eq(seal).and(seals::begun_at.is_null()).and(seals::ended_at.is_null());
    let change = diesel::update(seals::table.filter(waiting)).set(seals::begun_at.eq(Some(now)));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Writes into the building's row what holds now.
///
/// # Errors
/// The store's.
pub async fn hold(conn: &mut Conn, building: BuildingId, seal: Seal, until: Option<At>) -> Result<()> {
    let change = diesel::update(buildings::table.find(building))
        .set((buildings::seal.eq(seal), buildings::sealed_until.eq(until)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// What is to begin by now, the earliest first.
///
/// # Errors
/// The store's.
pub async fn list_due(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<Set>> {
    let query = seals::table
        .select(columns::<Set>())
        .filter(seals::begun_at.is_null().and(seals::ended_at.is_null()).and(seals::from_at.le(now)))
        .order((seals::from_at, seals::id))
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Buildings whose seal is over and still stands in their row.
///
/// # Errors
/// The store's.
pub async fn list_over(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<BuildingId>> {
    let query = buildings::table
        .select(buildings::id)
        .filter(buildings::seal.ne(Seal::Open).and(buildings::sealed_until.le(Some(now))))
        .order(buildings::id)
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// What is to come in a zone, and what runs with an end or a source: the earliest first.
///
/// # Errors
/// The store's.
pub async fn list_open(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Set>> {
    let query = seals::table
        .select(columns::<Set>())
        .filter(seals::zone_id.eq(zone).and(seals::ended_at.is_null()))
        .order((seals::from_at, seals::id));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// All there ever were of a building, the latest first.
///
/// # Errors
/// The store's.
pub async fn list_of(conn: &mut Conn, building: BuildingId, limit: i64) -> Result<Vec<Set>> {
    let query = seals::table
        .select(columns::<Set>())
        .filter(seals::building_id.eq(building))
        .order((seals::made_at.desc(), seals::id.desc()))
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// The open requests of a building with their states: their askers are told.
///
/// # Errors
/// The store's.
pub async fn list_requests(conn: &mut Conn, zone: ZoneId, building: BuildingId) -> Result<Vec<(RequestId, State)>> {
    let query = requests::table
        .select((requests::id, requests::state))
        .filter(requests::zone_id.eq(zone).and(requests::closed_at.is_null()))
        .filter(requests::building_id.eq(building).and(requests::state.ne(State::Delivered)))
        .order(requests::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}
