//! What was seen at counters, append-only: the memory that keeps people from walking in vain.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::sightings;
use super::{Conn, Result, with};
use crate::domain::actor::{ActorRole, Trace};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, PlaceId, SightingId, ZoneId};
pub use crate::domain::stock::Seen;
use crate::domain::stock::{Found, ItemKey};

/// A zone tells about this many in a few hours of its worst day; what is older has faded.
const MOST: i64 = 2000;

#[derive(Insertable)]
#[diesel(table_name = sightings, treat_none_as_default_value = false)]
struct Row {
    id: SightingId,
    zone_id: ZoneId,
    place_id: PlaceId,
    item: String,
    strength: String,
    outcome: Found,
    at: At,
    actor_role: ActorRole,
    actor_id: Option<PersonId>,
}

/// # Errors
/// The store's.
pub async fn add(conn: &mut Conn, zone: ZoneId, seen: &Seen, by: Trace) -> Result<()> {
    let row = Row {
        id: SightingId::mint(),
        zone_id: zone,
        place_id: seen.place,
        item: seen.key.item.clone(),
        strength: seen.key.strength.clone(),
        outcome: seen.found,
        at: seen.at,
        actor_role: by.role,
        actor_id: by.id,
    };
    let insert = diesel::insert_into(sightings::table).values(row);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// What this teller last told about this very item here, after `since`.
///
/// # Errors
/// The store's.
pub async fn find_last(
    conn: &mut Conn,
    place: PlaceId,
    key: &ItemKey,
    (by, since): (Trace, At),
) -> Result<Option<Seen>> {
    let about = sightings::place_id
        .eq(place)
        .and(sightings::item.eq(key.item.clone()))
        .and(sightings::strength.eq(key.strength.clone()));
    let query = sightings::table
        .select((sightings::actor_role, sightings::actor_id, sightings::outcome, sightings::at))
        .filter(about.and(sightings::at.gt(since)))
        .order((sightings::at.desc(), sightings::id.desc()));
    let rows: Vec<(ActorRole, Option<PersonId>, Found, At)> = with!(conn, |c| query.load(c).await)?;
    let last = rows.into_iter().find(|(role, id, ..)| (*role, *id) == (by.role, by.id));
    Ok(last.map(|(_, _, found, at)| Seen { place, key: key.clone(), found, at }))
}

/// What was told about one place after `since` and by whom, newest first.
///
/// # Errors
/// The store's.
pub async fn list_here(conn: &mut Conn, place: PlaceId, since: At) -> Result<Vec<(Seen, Option<PersonId>)>> {
    let query = sightings::table
        .select((sightings::item, sightings::strength, sightings::outcome, sightings::at, sightings::actor_id))
        .filter(sightings::place_id.eq(place).and(sightings::at.gt(since)))
        .order((sightings::at.desc(), sightings::id.desc()))
        .limit(MOST);
    let rows: Vec<(String, String, Found, At, Option<PersonId>)> = with!(conn, |c| query.load(c).await)?;
    let seen = |(item, strength, found, at, by)| (Seen { place, key: ItemKey { item, strength }, found, at }, by);
    Ok(rows.into_iter().map(seen).collect())
}

/// What was told about the places of a zone after `since`, newest first.
///
/// # Errors
/// The store's.
pub async fn list_since(conn: &mut Conn, zone: ZoneId, since: At) -> Result<Vec<Seen>> {
    let query = sightings::table
        .select((sightings::place_id, sightings::item, sightings::strength, sightings::outcome, sightings::at))
        .filter(sightings::zone_id.eq(zone).and(sightings::at.gt(since)))
        .order((sightings::at.desc(), sightings::id.desc()))
        .limit(MOST);
    let rows: Vec<(PlaceId, String, String, Found, At)> = with!(conn, |c| query.load(c).await)?;
    let seen = |(place, item, strength, found, at)| Seen { place, key: ItemKey { item, strength }, found, at };
    Ok(rows.into_iter().map(seen).collect())
}
