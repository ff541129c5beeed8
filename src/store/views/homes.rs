//! Homes as the desk sees them: first only which ones, then, when the look is written down, names and telephones.
//!
//! The viewer's right to the zone is checked by the door before any of these is called.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::floor::floor_of;
use crate::domain::ids::{BuildingId, HouseholdId, ZoneId};
use crate::domain::request::Care;
use crate::domain::silence::{self, Ask, Home, Outcome, Silent};
use crate::domain::text::digits_of;
use crate::domain::words::parse_list;
use crate::store::schema::{buildings, contacts, households, outreach, requests};
use crate::store::{Conn, Error, Result, with};

/// A home with everything known of it. Showing it is a look.
#[derive(Clone, PartialEq, Eq)]
pub struct HomeCard {
    pub id: HouseholdId,
    pub building: String,
    pub building_name: String,
    pub room: String,
    pub floor: Option<i32>,
    pub name: String,
    pub phone: Option<String>,
    pub care: Vec<Care>,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for HomeCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HomeCard").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Which homes of a zone to call because they are silent. No name, no telephone.
///
/// # Errors
/// The store's.
pub async fn list_silent(conn: &mut Conn, zone: ZoneId, (now, today, days): (At, At, i64)) -> Result<Vec<Silent>> {
    let since = now.plus_seconds(-days.max(1) * 86_400);
    let homes = list_vulnerable(conn, zone).await?;
    let asks = list_asks(conn, zone, since).await?;
    Ok(silence::list(&homes, &asks, (now, today, days)))
}

async fn list_vulnerable(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Home>> {
    type Row = (HouseholdId, BuildingId, String, Option<String>);
    let query = households::table
        .inner_join(buildings::table)
        .select((households::id, households::building_id, households::room, households::phone))
        .filter(buildings::zone_id.eq(zone).and(households::care.ne("")));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let called = last_calls(conn, zone).await?;
    let home = |(id, building, room, phone): Row| Home {
        id,
        building,
        room,
        phone: phone.as_deref().map(digits_of),
        called: called.get(&id).copied(),
    };
    Ok(rows.into_iter().map(home).collect())
}

async fn last_calls(conn: &mut Conn, zone: ZoneId) -> Result<BTreeMap<HouseholdId, (At, Outcome)>> {
    let query = outreach::table
        .select((outreach::household_id, outreach::at, outreach::outcome))
        .filter(outreach::zone_id.eq(zone))
        .order((outreach::at, outreach::id));
    let rows: Vec<(HouseholdId, At, Outcome)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(|(home, at, outcome)| (home, (at, outcome))).collect())
}

async fn list_asks(conn: &mut Conn, zone: ZoneId, since: At) -> Result<Vec<Ask>> {
    type Row = (BuildingId, String, String, At);
    let query = requests::table
        .inner_join(contacts::table)
        .select((requests::building_id, contacts::room, contacts::phone, requests::submitted_at))
        .filter(requests::zone_id.eq(zone).and(requests::submitted_at.ge(since)));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let ask = |(building, room, phone, at): Row| Ask { building, room, phone: digits_of(&phone), at };
    Ok(rows.into_iter().map(ask).collect())
}

/// The homes of these ids in a zone, in the order asked for. Write down the look first.
///
/// # Errors
/// The store's.
pub async fn list_cards(conn: &mut Conn, zone: ZoneId, ids: &[HouseholdId]) -> Result<Vec<HomeCard>> {
    type Row = (HouseholdId, (String, String, String), String, String, Option<String>, String);
    let query = households::table
        .inner_join(buildings::table)
        .select((
            households::id,
            (buildings::code, buildings::compound, buildings::name),
            households::room,
            households::name,
            households::phone,
            households::care,
        ))
        .filter(buildings::zone_id.eq(zone).and(households::id.eq_any(ids.to_vec())));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let mut cards = BTreeMap::new();
    for (id, (building, compound, block), room, name, phone, care) in rows {
        let care = parse_list(&care).map_err(|error| Error::Broken(error.to_string()))?;
        let (building_name, floor) = (format!("{compound} {block}"), floor_of(&room));
        cards.insert(id, HomeCard { id, building, building_name, room, floor, name, phone, care });
    }
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}

/// The homes of a building, by id.
///
/// # Errors
/// The store's.
pub async fn list_of_building(conn: &mut Conn, building: BuildingId) -> Result<Vec<HouseholdId>> {
    crate::store::households::list_ids_of(conn, building).await
}
