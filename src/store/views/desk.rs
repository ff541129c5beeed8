//! What the desk sees while somebody is on the telephone: who that number was last, and what is still open there.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::homes;
use super::queue::items_of;
use crate::domain::clock::At;
use crate::domain::door::room_key;
use crate::domain::errand::State;
use crate::domain::ids::{HouseholdId, RequestId, ZoneId};
use crate::domain::request::Care;
use crate::domain::text::digits_of;
use crate::domain::urgency::Urgency;
use crate::store::schema::{buildings, contacts, households, items, marks, requests};
use crate::store::{Conn, Result, with};

/// A number is remembered so long.
const REMEMBERED_S: i64 = 90 * 86_400;

/// By what a caller is recognised: the telephone, and the door once it is said. Keyed marks, never a number or a room.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    pub phone: Option<Vec<u8>>,
    pub door: Option<Vec<u8>>,
}

/// Which rows know a number. No name in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    pub home: Option<HouseholdId>,
    pub last: Option<RequestId>,
}

/// What fills the form. Showing it is a look.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    pub name: String,
    pub building: String,
    pub building_name: String,
    pub room: String,
    pub care: Vec<Care>,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Card(…)")
    }
}

/// A request of this number or door that is not over. As in the queue: no name, no telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOne {
    pub request: RequestId,
    pub code: String,
    pub state: State,
    pub urgency: Urgency,
    pub items: String,
    pub submitted_at: At,
    pub deliver_by: At,
}

/// Who has this number in the zone: a home, and the last request asked with it.
///
/// # Errors
/// The store's.
pub async fn find_known(conn: &mut Conn, zone: ZoneId, (digits, phone): (&str, Vec<u8>), now: At) -> Result<Known> {
    let query = households::table
        .inner_join(buildings::table)
        .select((households::id, households::phone))
        .filter(buildings::zone_id.eq(zone).and(households::phone.is_not_null()))
        .order(households::id);
    let homes: Vec<(HouseholdId, Option<String>)> = with!(conn, |c| query.load(c).await)?;
    let same = |phone: &str| digits_of(phone) == digits;
    let home = homes.into_iter().find(|(_, phone)| phone.as_deref().is_some_and(same)).map(|(id, _)| id);
    let since = now.plus_seconds(-REMEMBERED_S);
    let query = marks::table
        .inner_join(requests::table)
        .select(requests::id)
        .filter(marks::phone.eq(phone).and(marks::zone_id.eq(zone)).and(requests::submitted_at.ge(since)))
        .order((requests::submitted_at.desc(), requests::id.desc()));
    let last = with!(conn, |c| query.first(c).await.optional())?;
    Ok(Known { home, last })
}

/// What is known, the last request before the home: people move in with their children. Write down the look first.
///
/// # Errors
/// The store's.
pub async fn load_card(conn: &mut Conn, zone: ZoneId, known: Known) -> Result<Option<Card>> {
    let home = match known.home {
        Some(id) => homes::list_cards(conn, zone, &[id]).await?.into_iter().next(),
        None => None,
    };
    let care = home.as_ref().map(|home| home.care.clone()).unwrap_or_default();
    let last = match known.last {
        Some(last) => find_last(conn, zone, last).await?,
        None => None,
    };
    let from_home = home.map(|home| Card {
        name: home.name,
        building: home.building,
        building_name: home.building_name,
        room: home.room,
        care: home.care,
    });
    Ok(match last {
        Some(asked) => {
            // Flags belong to a home; they do not move with a telephone.
            let same = from_home
                .as_ref()
                .is_some_and(|home| home.building == asked.building && room_key(&home.room) == room_key(&asked.room));
            Some(Card { care: if same { care } else { Vec::new() }, ..asked })
        }
        None => from_home,
    })
}

async fn find_last(conn: &mut Conn, zone: ZoneId, request: RequestId) -> Result<Option<Card>> {
    type Row = (String, String, String, String, String);
    let query = requests::table
        .inner_join(contacts::table)
        .inner_join(buildings::table)
        .select((contacts::name, contacts::room, buildings::code, buildings::compound, buildings::name))
        .filter(requests::zone_id.eq(zone).and(requests::id.eq(request)));
    let row: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(row.map(|(name, room, building, compound, block)| Card {
        name,
        building,
        building_name: format!("{compound} {block}"),
        room,
        care: Vec::new(),
    }))
}

/// What is still open for this number, the asker's or the patient's, or behind this door.
///
/// # Errors
/// The store's.
pub async fn list_open(conn: &mut Conn, zone: ZoneId, caller: Caller) -> Result<Vec<OpenOne>> {
    type Row = (RequestId, String, State, Urgency, At, At);
    let query = marks::table
        .inner_join(requests::table)
        .select((
            requests::id,
            requests::code,
            requests::state,
            requests::urgency,
            requests::submitted_at,
            requests::deliver_by,
        ))
        .filter(marks::zone_id.eq(zone).and(requests::closed_at.is_null()))
        .filter(
            marks::phone
                .nullable()
                .eq(caller.phone.clone())
                .or(marks::patient_phone.eq(caller.phone))
                .or(marks::door.nullable().eq(caller.door)),
        )
        .order((requests::submitted_at.desc(), requests::id.desc()));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let mut items = items_of(conn, rows.iter().map(|row| row.0).collect()).await?;
    let open = |(request, code, state, urgency, submitted_at, deliver_by): Row| OpenOne {
        items: items.remove(&request).unwrap_or_default(),
        request,
        code,
        state,
        urgency,
        submitted_at,
        deliver_by,
    };
    Ok(rows.into_iter().map(open).collect())
}

/// What was asked for, as lines to fill the form with: the same again.
///
/// # Errors
/// The store's.
pub async fn list_lines(conn: &mut Conn, zone: ZoneId, request: RequestId) -> Result<Vec<String>> {
    let query = items::table
        .inner_join(requests::table)
        .select((items::name, items::strength, items::quantity, items::unit))
        .filter(requests::zone_id.eq(zone).and(requests::id.eq(request)))
        .order(items::position);
    let rows: Vec<(String, Option<String>, i32, String)> = with!(conn, |c| query.load(c).await)?;
    let line = |(name, strength, quantity, unit): (String, Option<String>, i32, String)| {
        [name, strength.unwrap_or_default(), format!("{quantity}{unit}")]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The digits of the telephone a request was asked with, or a home has. Write down the look first.
///
/// # Errors
/// The store's.
pub async fn find_phone(conn: &mut Conn, zone: ZoneId, known: Known) -> Result<Option<String>> {
    if let Some(home) = known.home {
        let cards = homes::list_cards(conn, zone, &[home]).await?;
        return Ok(cards.into_iter().next().and_then(|card| card.phone));
    }
    let Some(request) = known.last else { return Ok(None) };
    let query = contacts::table
        .inner_join(requests::table)
        .select(contacts::phone)
        .filter(requests::zone_id.eq(zone).and(requests::id.eq(request)));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}
