//! Who did what, and who looked at whose data, latest first: from the journal and the looks. Usernames and codes of
//! requests; never a name, a door or a telephone.
//!
//! The viewer's right to the zone is checked by the door (`permission::may`) before this is called.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::ids::{EventId, PersonId, RequestId, ZoneId};
use crate::store::schema::{
    buildings, events, household_looks, households, looks, people, requests, volunteer_looks, volunteers,
};
use crate::store::{Conn, Result, with};

/// What to show of it.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A username.
    pub who: Option<String>,
    /// A request's code.
    pub request: Option<String>,
    pub from: Option<At>,
    pub to: Option<At>,
    /// The last entry of the page before.
    pub after: Option<EventId>,
    pub limit: usize,
}

/// One deed, or one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub id: EventId,
    pub at: At,
    /// The account's username.
    pub who: String,
    /// A step's word, or `looked_request`, `looked_home`, `looked_volunteer`.
    pub what: String,
    /// A code.
    pub request: Option<String>,
    /// A word: why it was done, what was looked for.
    pub why: Option<String>,
}

/// 9999-12-31, within what both databases know.
const END_OF_TIME: At = At(253_402_214_400_000_000);

/// Where a page begins and ends.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    who: Option<PersonId>,
    request: Option<RequestId>,
    from: At,
    to: At,
    /// Only what is older.
    before: EventId,
    limit: i64,
}

/// One page of a zone: what accounts did. The service's own moves and what residents do are in each request's journal.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, wanted: Wanted) -> Result<Vec<AuditRow>> {
    let who = match &wanted.who {
        None => None,
        Some(username) => match find_person(conn, username).await? {
            None => return Ok(Vec::new()),
            known => known,
        },
    };
    let request = match &wanted.request {
        None => None,
        Some(code) => match find_request(conn, zone, code).await? {
            None => return Ok(Vec::new()),
            known => known,
        },
    };
    let bounds = Bounds {
        who,
        request,
        from: wanted.from.unwrap_or_default(),
        to: wanted.to.unwrap_or(END_OF_TIME),
        before: wanted.after.unwrap_or(EventId::from_uuid(uuid::Uuid::max())),
        limit: i64::try_from(wanted.limit).unwrap_or(i64::MAX),
    };
    let mut rows = list_deeds(conn, zone, bounds).await?;
    rows.extend(list_looks(conn, zone, bounds).await?);
    if request.is_none() {
        rows.extend(list_home_looks(conn, zone, bounds).await?);
        rows.extend(list_volunteer_looks(conn, zone, bounds).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.truncate(wanted.limit);
    Ok(rows)
}

async fn find_person(conn: &mut Conn, username: &str) -> Result<Option<PersonId>> {
    Ok(crate::store::people::find(conn, username).await?.map(|account| account.id))
}

async fn find_request(conn: &mut Conn, zone: ZoneId, code: &str) -> Result<Option<RequestId>> {
    let found = crate::store::requests::find_by_code(conn, code).await?;
    Ok(found.filter(|found| found.zone_id == zone).map(|found| found.id))
}

type Row = (EventId, At, String, String, Option<String>, Option<String>);

fn told((id, at, who, what, request, why): Row) -> AuditRow {
    AuditRow { id, at, who, what, request, why }
}

async fn list_deeds(conn: &mut Conn, zone: ZoneId, bounds: Bounds) -> Result<Vec<AuditRow>> {
    let (anyone, anything) = (bounds.who.is_none(), bounds.request.is_none());
    let query = events::table
        .inner_join(people::table.on(events::actor_id.eq(people::id.nullable())))
        .left_join(requests::table.on(events::request_id.eq(requests::id.nullable())))
        .select((events::id, events::at, people::username, events::kind, requests::code.nullable(), events::reason))
        .filter(events::zone_id.eq(zone).and(events::id.lt(bounds.before)))
        .filter(events::at.ge(bounds.from).and(events::at.lt(bounds.to)))
        .filter(events::actor_id.eq(bounds.who).or(anyone.into_sql::<Bool>()))
        .filter(events::request_id.eq(bounds.request).or(anything.into_sql::<Bool>()))
        .order(events::id.desc())
        .limit(bounds.limit);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(told).collect())
}

type Look = (EventId, At, String, String, String);

fn looked(what: &'static str) -> impl Fn(Look) -> AuditRow {
    move |(id, at, who, purpose, about): Look| AuditRow {
        id,
        at,
        who,
        what: what.to_owned(),
        request: Some(about).filter(|about| !about.is_empty()),
        why: Some(purpose),
    }
}

async fn list_looks(conn: &mut Conn, zone: ZoneId, bounds: Bounds) -> Result<Vec<AuditRow>> {
    let (anyone, anything) = (bounds.who.is_none(), bounds.request.is_none());
    let query = looks::table
        .inner_join(people::table)
        .inner_join(requests::table.on(requests::id.eq(looks::request_id)))
        .select((looks::id, looks::at, people::username, looks::purpose, requests::code))
        .filter(requests::zone_id.eq(zone).and(looks::id.lt(bounds.before)))
        .filter(looks::at.ge(bounds.from).and(looks::at.lt(bounds.to)))
        .filter(looks::person_id.nullable().eq(bounds.who).or(anyone.into_sql::<Bool>()))
        .filter(looks::request_id.nullable().eq(bounds.request).or(anything.into_sql::<Bool>()))
        .order(looks::id.desc())
        .limit(bounds.limit);
    let rows: Vec<Look> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(looked("looked_request")).collect())
}

async fn list_home_looks(conn: &mut Conn, zone: ZoneId, bounds: Bounds) -> Result<Vec<AuditRow>> {
    let anyone = bounds.who.is_none();
    let query = household_looks::table
        .inner_join(people::table.on(people::id.eq(household_looks::person_id)))
        .inner_join(households::table.on(households::id.eq(household_looks::household_id)))
        .inner_join(buildings::table.on(buildings::id.eq(households::building_id)))
        .select((household_looks::id, household_looks::at, people::username, household_looks::purpose))
        .filter(buildings::zone_id.eq(zone).and(household_looks::id.lt(bounds.before)))
        .filter(household_looks::at.ge(bounds.from).and(household_looks::at.lt(bounds.to)))
        .filter(household_looks::person_id.nullable().eq(bounds.who).or(anyone.into_sql::<Bool>()))
        .order(household_looks::id.desc())
        .limit(bounds.limit);
    let rows: Vec<(EventId, At, String, String)> = with!(conn, |c| query.load(c).await)?;
    let look = |(id, at, who, purpose)| looked("looked_home")((id, at, who, purpose, String::new()));
    Ok(rows.into_iter().map(look).collect())
}

async fn list_volunteer_looks(conn: &mut Conn, zone: ZoneId, bounds: Bounds) -> Result<Vec<AuditRow>> {
    let anyone = bounds.who.is_none();
    let query = volunteer_looks::table
        .inner_join(people::table.on(people::id.eq(volunteer_looks::person_id)))
        .inner_join(volunteers::table.on(volunteers::id.eq(volunteer_looks::volunteer_id)))
        .select((volunteer_looks::id, volunteer_looks::at, people::username, volunteer_looks::purpose))
        .filter(volunteers::zone_id.eq(zone).and(volunteer_looks::id.lt(bounds.before)))
        .filter(volunteer_looks::at.ge(bounds.from).and(volunteer_looks::at.lt(bounds.to)))
        .filter(volunteer_looks::person_id.nullable().eq(bounds.who).or(anyone.into_sql::<Bool>()))
        .order(volunteer_looks::id.desc())
        .limit(bounds.limit);
    let rows: Vec<(EventId, At, String, String)> = with!(conn, |c| query.load(c).await)?;
    let look = |(id, at, who, purpose)| looked("looked_volunteer")((id, at, who, purpose, String::new()));
    Ok(rows.into_iter().map(look).collect())
}
