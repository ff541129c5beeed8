//! Regular medicines about to run out, as calls to make. First only which ones; name and telephone come when the look
//! is written down.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::door::room_key;
use crate::domain::errand::State;
use crate::domain::ids::{BuildingId, RequestId, ZoneId};
use crate::domain::request::Category;
use crate::domain::stock::ItemKey;
use crate::domain::supply::{Brought, Cause, due};
use crate::store::schema::{buildings, contacts, follow_ups, items, requests, supplies};
use crate::store::{Conn, Result, with};

/// What was brought longer ago is somebody else's care by now.
const REMEMBERED_S: i64 = 120 * 86_400;

/// One call to make about one medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub request: RequestId,
    pub item: String,
    pub strength: Option<String>,
    pub quantity: i32,
    pub unit: String,
    pub cause: Cause,
    pub until: Option<At>,
    pub delivered_at: At,
    pub building: String,
    pub building_name: String,
}

/// Whom to call about it. Showing it is a look at the request.
#[derive(Clone, PartialEq, Eq)]
pub struct Reach {
    pub room: String,
    pub name: String,
    pub phone: String,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reach(…)")
    }
}

type Where = (BuildingId, String, String, String, String);
type When = (State, At, Option<At>, Option<i32>, Option<i32>);
type What = (String, Option<String>, i32, String, Option<bool>);
type Row = (RequestId, Where, When, What);

/// The medicines to call about now, those that run out first on top, those to ask about last.
///
/// # Errors
/// The store's.
pub async fn list_due(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Vec<Due>> {
    let rows = list_rows(conn, zone, now.plus_seconds(-REMEMBERED_S)).await?;
    let told = list_told(conn, zone).await?;
    let resting = list_resting(conn, zone, now).await?;
    // Rows come oldest first: what stays is the last of each medicine at each door.
    let mut last: BTreeMap<(BuildingId, String, Option<RequestId>, ItemKey), Row> = BTreeMap::new();
    for row in rows {
        // Two boxes shown by photo alone need not be the same.
        let alone = (row.3.4 == Some(true)).then_some(row.0);
        let key = (row.1.0, room_key(&row.1.4), alone, ItemKey::of(&row.3.0, row.3.1.as_deref()));
        last.insert(key, row);
    }
    let awake = last.into_iter().filter(|((.., key), row)| !resting.contains(&(row.0, key.clone())));
    let mut found: Vec<Due> = awake.filter_map(|((.., key), row)| judge(row, told.get(&key), now)).collect();
    found.sort_by_key(|due| (due.until.is_none(), due.until, due.delivered_at, due.request));
    Ok(found)
}

type Told = BTreeMap<RequestId, Option<At>>;

fn judge((request, place, times, what): Row, told: Option<&Told>, now: At) -> Option<Due> {
    let (_, code, compound, block, _) = place;
    let (state, _, delivered_at, left, per_day) = times;
    let delivered_at = delivered_at.filter(|_| matches!(state, State::Delivered | State::Closed))?;
    let (item, strength, quantity, unit, _) = what;
    let told = told.and_then(|told| told.get(&request));
    if told.is_some_and(Option::is_none) {
        return None;
    }
    let small = |number: Option<i32>| number.and_then(|number| u16::try_from(number).ok());
    let brought = Brought {
        delivered_at,
        doses_left: small(left),
        doses_per_day: small(per_day),
        quantity,
        unit: &unit,
        told: told.copied().flatten(),
    };
    let (cause, until) = due(brought, now)?;
    let building_name = format!("{compound} {block}");
    Some(Due { request, item, strength, quantity, unit, cause, until, delivered_at, building: code, building_name })
}

async fn list_rows(conn: &mut Conn, zone: ZoneId, since: At) -> Result<Vec<Row>> {
    let place = (requests::building_id, buildings::code, buildings::compound, buildings::name, contacts::room);
    let times = (
        requests::state,
        requests::submitted_at,
        requests::delivered_at,
        requests::doses_left,
        requests::doses_per_day,
    );
    let what = (items::name, items::strength, items::quantity, items::unit, items::unnamed);
    let query = items::table
        .inner_join(requests::table.inner_join(buildings::table).inner_join(contacts::table))
        .select((requests::id, place, times, what))
        .filter(requests::zone_id.eq(zone).and(requests::category.eq(Category::Medicine)))
        .filter(requests::submitted_at.ge(since).and(requests::state.ne(State::Cancelled)))
        .order((requests::submitted_at, requests::id));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// What homes told, the last word of each.
async fn list_told(conn: &mut Conn, zone: ZoneId) -> Result<BTreeMap<ItemKey, Told>> {
    let query = supplies::table
        .select((supplies::request_id, supplies::item, supplies::strength, supplies::enough_until))
        .filter(supplies::zone_id.eq(zone).and(supplies::again_at.is_null()))
        .order((supplies::asked_at, supplies::id));
    let rows: Vec<(RequestId, String, String, Option<At>)> = with!(conn, |c| query.load(c).await)?;
    let mut told = list_told_after(conn, zone).await?;
    for (request, item, strength, until) in rows {
        told.entry(ItemKey { item, strength }).or_default().insert(request, until);
    }
    Ok(told)
}

/// What was told after the delivery, of all that was brought: nobody is asked twice.
async fn list_told_after(conn: &mut Conn, zone: ZoneId) -> Result<BTreeMap<ItemKey, Told>> {
    let query = follow_ups::table
        .inner_join(requests::table.inner_join(items::table))
        .select((requests::id, items::name, items::strength, follow_ups::enough_until))
        .filter(follow_ups::zone_id.eq(zone).and(follow_ups::enough_until.is_not_null()))
        .order((follow_ups::opened_at, follow_ups::id));
    let rows: Vec<(RequestId, String, Option<String>, Option<At>)> = with!(conn, |c| query.load(c).await)?;
    let mut told: BTreeMap<ItemKey, Told> = BTreeMap::new();
    for (request, item, strength, until) in rows {
        told.entry(ItemKey::of(&item, strength.as_deref())).or_default().insert(request, until);
    }
    Ok(told)
}

/// The medicines nobody answered for that are not asked about again yet.
async fn list_resting(conn: &mut Conn, zone: ZoneId, now: At) -> Result<BTreeSet<(RequestId, ItemKey)>> {
    let query = supplies::table
        .select((supplies::request_id, supplies::item, supplies::strength))
        .filter(supplies::zone_id.eq(zone).and(supplies::again_at.gt(Some(now))));
    let rows: Vec<(RequestId, String, String)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(|(request, item, strength)| (request, ItemKey { item, strength })).collect())
}

/// Whom to call, by request. Write down the looks first.
///
/// # Errors
/// The store's.
pub async fn list_reaches(conn: &mut Conn, zone: ZoneId, ids: Vec<RequestId>) -> Result<BTreeMap<RequestId, Reach>> {
    let query = contacts::table
        .inner_join(requests::table)
        .select((requests::id, contacts::room, contacts::name, contacts::phone))
        .filter(requests::zone_id.eq(zone).and(requests::id.eq_any(ids)));
    let rows: Vec<(RequestId, String, String, String)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(|(id, room, name, phone)| (id, Reach { room, name, phone })).collect())
}
