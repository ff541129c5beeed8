//! Checks after deliveries as the desk works them, and what its asker sees of one. The list holds no name and no
//! telephone; whom to call is read when the look is written down.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::queue::items_of;
use crate::domain::clock::At;
use crate::domain::follow_up::{Kind, Outcome, Standing};
use crate::domain::ids::{FollowUpId, PersonId, RecurrenceId, RequestId, ZoneId};
use crate::domain::recurrence;
use crate::domain::request::{Care, Category};
use crate::domain::urgency::Urgency;
use crate::domain::words::parse_list;
use crate::store::schema::{buildings, call_leases, contacts, follow_ups, marks, people, recurrences, requests};
use crate::store::{Conn, Error, Result, recurrences as kept, with};

/// A check to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub id: FollowUpId,
    pub request: RequestId,
    pub code: String,
    pub kind: Kind,
    pub category: Category,
    pub urgency: Urgency,
    pub care: Vec<Care>,
    pub due_at: At,
    pub tries: i32,
    pub outcome: Option<Outcome>,
    pub delivered_at: Option<At>,
    pub building: String,
    pub building_name: String,
    pub items: String,
    /// Who is calling that home just now.
    pub caller: Option<(PersonId, String)>,
}

/// Whom to call. Showing it is a look.
#[derive(Clone, PartialEq, Eq)]
pub struct Whom {
    pub room: String,
    pub name: String,
    pub phone: String,
    pub patient: Option<String>,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Whom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Whom(…)")
    }
}

/// What comes again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurs {
    pub id: RecurrenceId,
    /// The request made last.
    pub request: RequestId,
    pub code: String,
    pub building_name: String,
    pub items: String,
    pub next_on: String,
    /// `None`: once.
    pub every_days: Option<i32>,
}

/// What the asker is asked after the delivery, and what comes again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct After {
    /// It is asked now.
    pub kind: Option<Kind>,
    /// A person calls then, if nobody has answered.
    pub due_at: Option<At>,
    pub tries: i32,
    pub enough_until: Option<At>,
    pub recurs: Option<Recurs>,
}

/// More nobody calls before the list is looked at again.
const MOST: i64 = 200;

type Of = (RequestId, String, Category, Urgency, String, Option<At>);
type Row = ((FollowUpId, Kind, At, i32, Option<Outcome>), Of, (String, String, String));

/// The open checks of a zone, the one due first on top.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Vec<Check>> {
    let of =
        (requests::id, requests::code, requests::category, requests::urgency, requests::care, requests::delivered_at);
    let query = follow_ups::table
        .inner_join(requests::table.inner_join(buildings::table))
        .select((
            (follow_ups::id, follow_ups::kind, follow_ups::due_at, follow_ups::tries, follow_ups::outcome),
            of,
            (buildings::code, buildings::compound, buildings::name),
        ))
        .filter(follow_ups::zone_id.eq(zone).and(follow_ups::state.eq(Standing::Open)))
        .order((follow_ups::due_at, follow_ups::id))
        .limit(MOST);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let requests: Vec<RequestId> = rows.iter().map(|row| row.1.0).collect();
    let mut items = items_of(conn, requests.clone()).await?;
    let mut callers = list_callers(conn, requests, now).await?;
    let mut found = Vec::with_capacity(rows.len());
    for ((id, kind, due_at, tries, outcome), of, (building, compound, block)) in rows {
        let (request, code, category, urgency, care, delivered_at) = of;
        found.push(Check {
            id,
            request,
            code,
            kind,
            category,
            urgency,
            care: parse_list(&care).map_err(|error| Error::Broken(error.to_string()))?,
            due_at,
            tries,
            outcome,
            delivered_at,
            building,
            building_name: format!("{compound} {block}"),
            items: items.remove(&request).unwrap_or_default(),
            caller: callers.remove(&request),
        });
    }
    Ok(found)
}

/// How many are due, and how many are open at all.
///
/// # Errors
/// The store's.
pub async fn count(conn: &mut Conn, zone: ZoneId, now: At) -> Result<(i64, i64)> {
    let open = || follow_ups::table.filter(follow_ups::zone_id.eq(zone).and(follow_ups::state.eq(Standing::Open)));
    let due = open().filter(follow_ups::due_at.le(now)).count();
    let due: i64 = with!(conn, |c| due.get_result(c).await)?;
    let all = open().count();
    Ok((due, with!(conn, |c| all.get_result(c).await)?))
}

/// A request with the marks of its door and telephones.
type Marks = (RequestId, Vec<u8>, Vec<u8>, Option<Vec<u8>>);

/// By request: who holds its door or its telephone.
async fn list_callers(conn: &mut Conn, of: Vec<RequestId>, now: At) -> Result<BTreeMap<RequestId, (PersonId, String)>> {
    let query = call_leases::table
        .inner_join(people::table)
        .select((call_leases::mark, people::id, people::name))
        .filter(call_leases::until_at.gt(now));
    let leases: Vec<(Vec<u8>, PersonId, String)> = with!(conn, |c| query.load(c).await)?;
    if leases.is_empty() {
        return Ok(BTreeMap::new());
    }
    let query = marks::table
        .select((marks::request_id, marks::door, marks::phone, marks::patient_phone))
        .filter(marks::request_id.eq_any(of));
    let rows: Vec<Marks> = with!(conn, |c| query.load(c).await)?;
    let caller = |(request, door, phone, patient): Marks| {
        let held = leases.iter().find(|(mark, ..)| *mark == door || *mark == phone || Some(mark) == patient.as_ref());
        held.map(|(_, id, name)| (request, (*id, name.clone())))
    };
    Ok(rows.into_iter().filter_map(caller).collect())
}

/// Whom to call about a request; `None` when the contact was wiped. Write down the look first.
///
/// # Errors
/// The store's.
pub async fn find_whom(conn: &mut Conn, zone: ZoneId, request: RequestId) -> Result<Option<Whom>> {
    let query = contacts::table
        .inner_join(requests::table)
        .select((contacts::room, contacts::name, contacts::phone, contacts::patient_name))
        .filter(requests::zone_id.eq(zone).and(requests::id.eq(request)));
    let row: Option<(String, String, String, Option<String>)> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(row.map(|(room, name, phone, patient)| Whom { room, name, phone, patient }))
}

/// What comes again in a zone, the next one first.
///
/// # Errors
/// The store's.
pub async fn list_recurring(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Recurs>> {
    let query = recurrences::table
        .select(recurrences::id)
        .filter(recurrences::zone_id.eq(zone).and(recurrences::state.eq(recurrence::Standing::Active)))
        .order((recurrences::next_on, recurrences::id))
        .limit(MOST);
    let ids: Vec<RecurrenceId> = with!(conn, |c| query.load(c).await)?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(recurrence) = kept::find(conn, id).await? {
            found.push(told(conn, recurrence).await?);
        }
    }
    Ok(found)
}

async fn told(conn: &mut Conn, of: kept::Recurrence) -> Result<Recurs> {
    let query = requests::table.inner_join(buildings::table).filter(requests::id.eq(of.last)).select((
        requests::code,
        buildings::compound,
        buildings::name,
    ));
    let (code, compound, block): (String, String, String) = with!(conn, |c| query.first(c).await)?;
    let once = of.rhythm.until_on == Some(of.rhythm.starts_on);
    Ok(Recurs {
        id: of.id,
        request: of.last,
        code,
        building_name: format!("{compound} {block}"),
        items: items_of(conn, vec![of.last]).await?.remove(&of.last).unwrap_or_default(),
        next_on: of.rhythm.next_on.to_string(),
        every_days: (!once).then_some(of.rhythm.every_days),
    })
}

/// What its asker is asked, and what comes again of it.
///
/// # Errors
/// The store's.
pub async fn load_after(conn: &mut Conn, request: RequestId) -> Result<After> {
    let mut all = crate::store::follow_ups::list_of(conn, request).await?;
    let last = all.pop();
    let open = last.as_ref().filter(|check| check.state == Standing::Open);
    let recurs = match kept::find_of(conn, request).await? {
        Some(recurrence) => Some(told(conn, recurrence).await?),
        None => None,
    };
    Ok(After {
        kind: open.map(|check| check.kind),
        due_at: open.map(|check| check.due_at),
        tries: open.map_or(0, |check| check.tries),
        enough_until: last.as_ref().and_then(|check| check.enough_until),
        recurs,
    })
}
