//! Rows of an import: each is put in, or updates the row of the same code.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::schema::{buildings, households, people, places, zones};
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, HouseholdId, PersonId, PlaceId, ZoneId};
use crate::domain::place::PlaceKind;
use crate::domain::seal::Seal;

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = zones, treat_none_as_default_value = false)]
pub struct ZoneRow {
    pub id: ZoneId,
    pub code: String,
    pub name: String,
    pub street: String,
    pub district: String,
    pub created_at: At,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = buildings, treat_none_as_default_value = false)]
pub struct BuildingRow {
    pub id: BuildingId,
    pub code: String,
    pub zone_id: ZoneId,
    pub compound: String,
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub floors: Option<i32>,
    pub lift: Option<bool>,
    pub seal: Seal,
    pub gate_lat: Option<f64>,
    pub gate_lon: Option<f64>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = places, treat_none_as_default_value = false)]
pub struct PlaceRow {
    pub id: PlaceId,
    pub code: String,
    pub zone_id: ZoneId,
    pub kind: PlaceKind,
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub opens_minute: Option<i32>,
    pub closes_minute: Option<i32>,
    pub phone: Option<String>,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub struct PersonRow {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub roles: String,
    pub zone_id: ZoneId,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub building_id: Option<BuildingId>,
    pub skills: String,
    pub password_hash: Option<String>,
    pub created_at: At,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = households, treat_none_as_default_value = false)]
pub struct HouseholdRow {
    pub id: HouseholdId,
    pub building_id: BuildingId,
    pub room: String,
    pub name: String,
    pub phone: Option<String>,
    pub care: String,
}

/// # Errors
/// The store's.
pub async fn put_zone(conn: &mut Conn, row: ZoneRow) -> Result<()> {
    let insert = diesel::insert_into(zones::table).values(row).on_conflict(zones::code).do_update().set((
        zones::name.eq(excluded(zones::name)),
        zones::street.eq(excluded(zones::street)),
        zones::district.eq(excluded(zones::district)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// # Errors
/// The store's.
pub async fn put_building(conn: &mut Conn, row: BuildingRow) -> Result<()> {
    let insert = diesel::insert_into(buildings::table).values(row).on_conflict(buildings::code).do_update().set((
        buildings::zone_id.eq(excluded(buildings::zone_id)),
        buildings::compound.eq(excluded(buildings::compound)),
        buildings::name.eq(excluded(buildings::name)),
        buildings::lat.eq(excluded(buildings::lat)),
        buildings::lon.eq(excluded(buildings::lon)),
        buildings::floors.eq(excluded(buildings::floors)),
        buildings::lift.eq(excluded(buildings::lift)),
        buildings::seal.eq(excluded(buildings::seal)),
        buildings::gate_lat.eq(excluded(buildings::gate_lat)),
        buildings::gate_lon.eq(excluded(buildings::gate_lon)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// # Errors
/// The store's.
pub async fn put_place(conn: &mut Conn, row: PlaceRow) -> Result<()> {
    let insert = diesel::insert_into(places::table).values(row).on_conflict(places::code).do_update().set((
        places::zone_id.eq(excluded(places::zone_id)),
        places::kind.eq(excluded(places::kind)),
        places::name.eq(excluded(places::name)),
        places::lat.eq(excluded(places::lat)),
        places::lon.eq(excluded(places::lon)),
        places::opens_minute.eq(excluded(places::opens_minute)),
        places::closes_minute.eq(excluded(places::closes_minute)),
        places::phone.eq(excluded(places::phone)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// An empty password leaves the one that is there.
///
/// # Errors
/// The store's.
pub async fn put_person(conn: &mut Conn, row: PersonRow) -> Result<()> {
    let password = row.password_hash.clone();
    let username = row.username.clone();
    let insert = diesel::insert_into(people::table).values(row).on_conflict(people::username).do_update().set((
        people::name.eq(excluded(people::name)),
        people::roles.eq(excluded(people::roles)),
        people::zone_id.eq(excluded(people::zone_id)),
        people::phone.eq(excluded(people::phone)),
        people::email.eq(excluded(people::email)),
        people::building_id.eq(excluded(people::building_id)),
        people::skills.eq(excluded(people::skills)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    if let Some(hash) = password {
        super::people::set_password(conn, &username, &hash).await?;
    }
    Ok(())
}

/// # Errors
/// The store's.
pub async fn put_household(conn: &mut Conn, row: HouseholdRow) -> Result<()> {
    let insert = diesel::insert_into(households::table)
        .values(row)
        .on_conflict((households::building_id, households::room))
        .do_update()
        .set((
            households::name.eq(excluded(households::name)),
            households::phone.eq(excluded(households::phone)),
            households::care.eq(excluded(households::care)),
        ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
