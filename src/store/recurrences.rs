//! Requests that are made again by themselves, and what became of each of their dates.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{recurrence_days as days, recurrences};
use super::{Conn, Error, Result, with};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::day::Day;
use crate::domain::ids::{RecurrenceId, RequestId, ZoneId};
use crate::domain::recurrence::{Due, Plan, Rhythm, Standing};

/// One as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    pub id: RecurrenceId,
    pub zone: ZoneId,
    pub origin: RequestId,
    /// The one made last: whom it is for is read there.
    pub last: RequestId,
    pub rhythm: Rhythm,
    pub lead_days: i32,
    pub state: Standing,
}

type Dates = (String, String, Option<String>, Option<String>);
type Row = (RecurrenceId, ZoneId, (RequestId, RequestId), (i32, i32), Dates, Standing);

macro_rules! row {
    () => {
        (
            recurrences::id,
            recurrences::zone_id,
            (recurrences::origin_id, recurrences::last_id),
            (recurrences::every_days, recurrences::lead_days),
            (recurrences::starts_on, recurrences::next_on, recurrences::made_on, recurrences::until_on),
            recurrences::state,
        )
    };
}

fn day(text: &str) -> Result<Day> {
    text.parse().map_err(|error: crate::domain::day::NoDay| Error::Broken(error.to_string()))
}

fn read((id, zone, (origin, last), (every_days, lead_days), dates, state): Row) -> Result<Recurrence> {
    let (starts_on, next_on, made_on, until_on) = dates;
    let rhythm = Rhythm {
        starts_on: day(&starts_on)?,
        every_days,
        until_on: until_on.as_deref().map(day).transpose()?,
        next_on: day(&next_on)?,
        made_on: made_on.as_deref().map(day).transpose()?,
    };
    Ok(Recurrence { id, zone, origin, last, rhythm, lead_days, state })
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, id: RecurrenceId) -> Result<Option<Recurrence>> {
    let query = recurrences::table.select(row!()).find(id);
    let found: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    found.map(read).transpose()
}

/// The active one that began with a request, or has made it.
///
/// # Errors
/// The store's.
pub async fn find_of(conn: &mut Conn, request: RequestId) -> Result<Option<Recurrence>> {
    let made = days::table.select(days::recurrence_id).filter(days::request_id.eq(Some(request)));
    let of = recurrences::origin_id.eq(request).or(recurrences::id.eq_any(made));
    let query = recurrences::table
        .select(row!())
        .filter(recurrences::state.eq(Standing::Active).and(of))
        .order(recurrences::id.desc());
    let found: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    found.map(read).transpose()
}

/// Those that may have a date to make on this day: the next one has come, or the calendar was turned back.
///
/// # Errors
/// The store's.
pub async fn list_due(conn: &mut Conn, today: Day) -> Result<Vec<Recurrence>> {
    let today = today.to_string();
    let looked_at = recurrences::next_on.le(today.clone()).or(recurrences::made_on.assume_not_null().gt(today));
    let query = recurrences::table
        .select(row!())
        .filter(recurrences::state.eq(Standing::Active).and(looked_at))
        .order((recurrences::next_on, recurrences::id));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    rows.into_iter().map(read).collect()
}

/// Begins a recurrence.
///
/// # Errors
/// [`Error::Refused`] when the origin has an active one.
pub async fn begin(
    conn: &mut Conn,
    (zone, origin, last): (ZoneId, RequestId, RequestId),
    plan: Plan,
    (by, now): (Trace, At),
) -> Result<RecurrenceId> {
    let id = RecurrenceId::mint();
    let insert = diesel::insert_into(recurrences::table).values((
        recurrences::id.eq(id),
        recurrences::zone_id.eq(zone),
        recurrences::origin_id.eq(origin),
        recurrences::last_id.eq(last),
        recurrences::every_days.eq(plan.every_days),
        recurrences::lead_days.eq(plan.lead_days),
        (recurrences::starts_on.eq(plan.starts_on.to_string()), recurrences::next_on.eq(plan.starts_on.to_string())),
        recurrences::until_on.eq(plan.until_on.map(|day| day.to_string())),
        recurrences::state.eq(Standing::Active),
        recurrences::set_at.eq(now),
        recurrences::actor_role.eq(by.role),
        recurrences::actor_id.eq(by.id),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(id)
}

/// Ends it; `false` when it had ended.
///
/// # Errors
/// The store's.
pub async fn end(conn: &mut Conn, id: RecurrenceId, why: &str, now: At) -> Result<bool> {
    let active = recurrences::table.filter(recurrences::id.eq(id).and(recurrences::state.eq(Standing::Active)));
    let change = diesel::update(active).set((
        recurrences::state.eq(Standing::Ended),
        recurrences::ended_at.eq(Some(now)),
        recurrences::ended_why.eq(Some(why.to_owned())),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Goes on to the next date, as it was seen; `false` when somebody was faster. Whoever does it makes the request in the
/// same transaction.
///
/// # Errors
/// The store's.
pub async fn go_on(conn: &mut Conn, seen: &Recurrence, due: &Due) -> Result<bool> {
    let same = recurrences::id
        .eq(seen.id)
        .and(recurrences::state.eq(Standing::Active))
        .and(recurrences::next_on.eq(seen.rhythm.next_on.to_string()));
    let to = || (recurrences::next_on.eq(due.next_on.to_string()), recurrences::made_on.eq(Some(due.on.to_string())));
    let changed = if let Some(made_on) = seen.rhythm.made_on.map(|day| day.to_string()) {
        let row = recurrences::table.filter(same.and(recurrences::made_on.eq(Some(made_on))));
        with!(conn, |c| diesel::update(row).set(to()).execute(c).await)?
    } else {
        let row = recurrences::table.filter(same.and(recurrences::made_on.is_null()));
        with!(conn, |c| diesel::update(row).set(to()).execute(c).await)?
    };
    Ok(changed == 1)
}

/// Whether a date has its request.
///
/// # Errors
/// The store's.
pub async fn is_made(conn: &mut Conn, id: RecurrenceId, on: Day) -> Result<bool> {
    let query = days::table.find((id, on.to_string())).filter(days::request_id.is_not_null()).count();
    let made: i64 = with!(conn, |c| query.get_result(c).await)?;
    Ok(made > 0)
}

/// Keeps the request of a date; `false` when it has one, and then nothing of this transaction may stay.
///
/// # Errors
/// The store's.
pub async fn keep_made(conn: &mut Conn, id: RecurrenceId, (on, request): (Day, RequestId), now: At) -> Result<bool> {
    let row = (
        days::recurrence_id.eq(id),
        days::on_date.eq(on.to_string()),
        days::request_id.eq(Some(request)),
        days::at.eq(now),
    );
    let insert = diesel::insert_into(days::table).values(row).on_conflict_do_nothing();
    let mut kept = with!(conn, |c| insert.execute(c).await)?;
    if kept == 0 {
        // It was let go by a clock that ran ahead.
        let let_go = days::table.find((id, on.to_string())).filter(days::request_id.is_null());
        let change = diesel::update(let_go).set((days::request_id.eq(Some(request)), days::at.eq(now)));
        kept = with!(conn, |c| change.execute(c).await)?;
    }
    Ok(kept == 1)
}

/// From now on whom it is for is read there.
///
/// # Errors
/// The store's.
pub async fn follow(conn: &mut Conn, id: RecurrenceId, request: RequestId) -> Result<()> {
    let last = diesel::update(recurrences::table.find(id)).set(recurrences::last_id.eq(request));
    with!(conn, |c| last.execute(c).await)?;
    Ok(())
}

/// Keeps that these dates passed without a request.
///
/// # Errors
/// The store's.
pub async fn keep_skipped(conn: &mut Conn, id: RecurrenceId, skipped: &[Day], now: At) -> Result<()> {
    for on in skipped {
        let row = (
            days::recurrence_id.eq(id),
            days::on_date.eq(on.to_string()),
            days::request_id.eq(None::<RequestId>),
            days::at.eq(now),
        );
        let insert = diesel::insert_into(days::table).values(row).on_conflict_do_nothing();
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// What became of each date, the first one first.
///
/// # Errors
/// The store's.
pub async fn list_days(conn: &mut Conn, id: RecurrenceId) -> Result<Vec<(Day, Option<RequestId>)>> {
    let query =
        days::table.select((days::on_date, days::request_id)).filter(days::recurrence_id.eq(id)).order(days::on_date);
    let rows: Vec<(String, Option<RequestId>)> = with!(conn, |c| query.load(c).await)?;
    rows.into_iter().map(|(on, request)| Ok((day(&on)?, request))).collect()
}
