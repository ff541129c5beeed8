//! Homes as they were imported, and who looked at them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{buildings, household_looks, households, outreach};
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, EventId, HouseholdId, OutreachId, PersonId, ZoneId};
use crate::domain::silence::Outcome;

/// The zone a home is in; `None` when there is no such home.
///
/// # Errors
/// The store's.
pub async fn find_zone(conn: &mut Conn, id: HouseholdId) -> Result<Option<ZoneId>> {
    let query = households::table.inner_join(buildings::table).select(buildings::zone_id).filter(households::id.eq(id));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// The homes of a building, by id.
///
/// # Errors
/// The store's.
pub async fn list_ids_of(conn: &mut Conn, building: BuildingId) -> Result<Vec<HouseholdId>> {
    let query = households::table.select(households::id).filter(households::building_id.eq(building));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Writes down that a person read the personal data of these homes.
///
/// # Errors
/// The store's.
pub async fn write_looks(
    conn: &mut Conn,
    person: PersonId,
    homes: &[HouseholdId],
    (purpose, now): (&str, At),
) -> Result<()> {
    for home in homes {
        let insert = diesel::insert_into(household_looks::table).values((
            household_looks::id.eq(EventId::mint()),
            household_looks::at.eq(now),
            household_looks::person_id.eq(person),
            household_looks::household_id.eq(*home),
            household_looks::purpose.eq(purpose.to_owned()),
        ));
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// Who looked at a home, newest first: the person, when, why.
///
/// # Errors
/// The store's.
pub async fn list_looks(conn: &mut Conn, home: HouseholdId) -> Result<Vec<(PersonId, At, String)>> {
    let query = household_looks::table
        .select((household_looks::person_id, household_looks::at, household_looks::purpose))
        .filter(household_looks::household_id.eq(home))
        .order(household_looks::id.desc());
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Keeps what came of a call.
///
/// # Errors
/// The store's.
pub async fn write_call(
    conn: &mut Conn,
    (zone, home): (ZoneId, HouseholdId),
    (outcome, by, now): (Outcome, PersonId, At),
) -> Result<()> {
    let insert = diesel::insert_into(outreach::table).values((
        outreach::id.eq(OutreachId::mint()),
        outreach::zone_id.eq(zone),
        outreach::household_id.eq(home),
        outreach::at.eq(now),
        outreach::outcome.eq(outcome),
        outreach::person_id.eq(by),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
