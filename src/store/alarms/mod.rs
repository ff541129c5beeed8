//! Alarms and their steps. Every change is one guarded row: however many look at once, one of them goes on.

mod facts;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

pub use facts::{Facts, find_facts};

use super::schema::{alarm_steps, alarm_tellings, alarms, errands, requests, zones};
use super::{Conn, Result, columns, with};
use crate::domain::alarm::{Case, Rung, Standing};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{AlarmId, PersonId, RequestId, StepId, TellingId, ZoneId};
use crate::domain::urgency::Urgency;

/// An open alarm.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = alarms)]
pub struct Alarm {
    pub id: AlarmId,
    pub request_id: RequestId,
    pub zone_id: ZoneId,
    pub rung: Rung,
    /// Of its last step, from 1.
    pub position: i32,
    pub fence: i64,
    /// How many there are on this rung.
    pub told: i32,
    pub told_at: At,
    pub acknowledged_at: Option<At>,
    pub acknowledged_by: Option<PersonId>,
}

impl Alarm {
    #[must_use]
    pub const fn standing(&self) -> Standing {
        Standing {
            rung: self.rung,
            told_at: self.told_at,
            nobody: self.told == 0,
            acknowledged_at: self.acknowledged_at,
        }
    }
}

/// A request that may fire, or has.
#[derive(Debug, Clone)]
pub struct Concerned {
    pub request: RequestId,
    pub zone: ZoneId,
    /// Who has it.
    pub runner: Option<PersonId>,
    pub case: Case,
}

type CaseRow = (RequestId, ZoneId, Urgency, At, State, (State, At, Option<PersonId>));

fn concerned((request, zone, urgency, deliver_by, state, (errand, waiting_since, runner)): CaseRow) -> Concerned {
    let case = Case { urgency, deliver_by, request: state, errand, waiting_since };
    Concerned { request, zone, runner: runner.filter(|_| case.moves()), case }
}

/// Open alarms with their requests, longest told first; of one request alone if it is named.
///
/// # Errors
/// The store's.
pub async fn list_open(conn: &mut Conn, of: Option<RequestId>) -> Result<Vec<(Alarm, Concerned)>> {
    let errand = (errands::state, errands::waiting_since, errands::runner_id);
    let case = (requests::id, requests::zone_id, requests::urgency, requests::deliver_by, requests::state, errand);
    let query = alarms::table
        .inner_join(requests::table.inner_join(errands::table))
        .select((columns::<Alarm>(), case))
        .filter(alarms::ended_at.is_null().and(errands::passed_on_at.is_null()))
        .order((alarms::told_at, alarms::id));
    let rows: Vec<(Alarm, CaseRow)> = match of {
        Some(request) => {
            let query = query.filter(alarms::request_id.eq(request));
            with!(conn, |c| query.load(c).await)?
        }
        None => with!(conn, |c| query.load(c).await)?,
    };
    Ok(rows.into_iter().map(|(alarm, row)| (alarm, concerned(row))).collect())
}

/// Requests of an urgency without an open alarm that are promised by `before` and not there yet, the earliest first.
///
/// # Errors
/// The store's.
pub async fn list_pressing(conn: &mut Conn, urgency: Urgency, before: At) -> Result<Vec<Concerned>> {
    let errand = (errands::state, errands::waiting_since, errands::runner_id);
    let open = alarms::table.filter(alarms::request_id.eq(requests::id).and(alarms::ended_at.is_null()));
    let query = requests::table
        .inner_join(errands::table)
        .select((requests::id, requests::zone_id, requests::urgency, requests::deliver_by, requests::state, errand))
        .filter(requests::closed_at.is_null().and(requests::delivered_at.is_null()))
        .filter(requests::deliver_by.le(before).and(requests::urgency.eq(urgency)))
        .filter(errands::passed_on_at.is_null().and(diesel::dsl::not(diesel::dsl::exists(open))))
        .order((requests::deliver_by, requests::id));
    let rows: Vec<CaseRow> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(concerned).collect())
}

/// How one request stands, whether or not there is an alarm.
///
/// # Errors
/// The store's.
pub async fn find_case(conn: &mut Conn, request: RequestId) -> Result<Option<Concerned>> {
    let errand = (errands::state, errands::waiting_since, errands::runner_id);
    let query = requests::table
        .inner_join(errands::table)
        .select((requests::id, requests::zone_id, requests::urgency, requests::deliver_by, requests::state, errand))
        .filter(requests::id.eq(request).and(errands::passed_on_at.is_null()));
    let row: Option<CaseRow> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(row.map(concerned))
}

/// Where an alarm goes to.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    pub rung: Rung,
    pub position: i32,
    pub told: i32,
    pub at: At,
}

/// Opens an alarm, unless there is one: then `None`.
///
/// # Errors
/// The store's.
pub async fn open(conn: &mut Conn, about: &Concerned, to: Move) -> Result<Option<AlarmId>> {
    let id = AlarmId::mint();
    let insert = diesel::insert_into(alarms::table)
        .values((
            alarms::id.eq(id),
            alarms::request_id.eq(about.request),
            alarms::zone_id.eq(about.zone),
            alarms::fired_at.eq(to.at),
            alarms::rung.eq(to.rung),
            alarms::position.eq(to.position),
            alarms::fence.eq(1_i64),
            alarms::told.eq(to.told),
            alarms::told_at.eq(to.at),
        ))
        .on_conflict_do_nothing();
    Ok((with!(conn, |c| insert.execute(c).await)? == 1).then_some(id))
}

/// Takes an alarm to another rung as it was seen; `false` when another was faster. Whoever had it has it no more.
///
/// # Errors
/// The store's.
pub async fn advance(conn: &mut Conn, seen: &Alarm, to: Move) -> Result<bool> {
    let mine = alarms::id.eq(seen.id).and(alarms::fence.eq(seen.fence)).and(alarms::ended_at.is_null());
    let change = diesel::update(alarms::table.filter(mine)).set((
        alarms::rung.eq(to.rung),
        alarms::position.eq(to.position),
        alarms::fence.eq(seen.fence + 1),
        alarms::told.eq(to.told),
        alarms::told_at.eq(to.at),
        alarms::acknowledged_at.eq(None::<At>),
        alarms::acknowledged_by.eq(None::<PersonId>),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// "I have it", to the alarm as it was seen; `false` when another was faster.
///
/// # Errors
/// The store's.
pub async fn acknowledge(conn: &mut Conn, seen: &Alarm, by: PersonId, now: At) -> Result<bool> {
    let mine = alarms::id.eq(seen.id).and(alarms::fence.eq(seen.fence)).and(alarms::ended_at.is_null());
    let change = diesel::update(alarms::table.filter(mine)).set((
        alarms::fence.eq(seen.fence + 1),
        alarms::acknowledged_at.eq(Some(now)),
        alarms::acknowledged_by.eq(Some(by)),
    ));
    if with!(conn, |c| change.execute(c).await)? == 0 {
        return Ok(false);
    }
    let step = alarm_steps::alarm_id.eq(seen.id).and(alarm_steps::position.eq(seen.position));
    let change = diesel::update(alarm_steps::table.filter(step))
        .set((alarm_steps::acknowledged_at.eq(Some(now)), alarm_steps::acknowledged_by.eq(Some(by))));
    with!(conn, |c| change.execute(c).await)?;
    Ok(true)
}

/// The alarm ends as it was seen; `false` when another was faster.
///
/// # Errors
/// The store's.
pub async fn end(conn: &mut Conn, seen: &Alarm, now: At) -> Result<bool> {
    let mine = alarms::id.eq(seen.id).and(alarms::fence.eq(seen.fence)).and(alarms::ended_at.is_null());
    let change = diesel::update(alarms::table.filter(mine)).set(alarms::ended_at.eq(Some(now)));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// One rung told.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = alarm_steps, treat_none_as_default_value = false)]
pub struct Step {
    pub id: StepId,
    pub alarm_id: AlarmId,
    pub position: i32,
    pub rung: Rung,
    /// When it was to be told, to the microsecond; `told_at` is when it was.
    pub due_at: At,
    pub told_at: At,
    pub told: i32,
    /// Who sent it there by hand.
    pub sent_by: Option<PersonId>,
}

/// # Errors
/// The store's.
pub async fn write_step(conn: &mut Conn, step: Step) -> Result<()> {
    let insert = diesel::insert_into(alarm_steps::table).values(step);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Who is told: a person, or a listener by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    Person(PersonId),
    Hook(String),
}

/// Writes down that somebody is told; what is sent is written from this row.
///
/// # Errors
/// The store's.
pub async fn write_telling(conn: &mut Conn, step: &Step, whom: &Whom) -> Result<TellingId> {
    let id = TellingId::mint();
    let (person, hook) = match whom {
        Whom::Person(person) => (Some(*person), None),
        Whom::Hook(name) => (None, Some(name.clone())),
    };
    let insert = diesel::insert_into(alarm_tellings::table).values((
        alarm_tellings::id.eq(id),
        alarm_tellings::step_id.eq(step.id),
        alarm_tellings::alarm_id.eq(step.alarm_id),
        alarm_tellings::person_id.eq(person),
        alarm_tellings::hook.eq(hook),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(id)
}

/// Who was told of an alarm on any rung.
///
/// # Errors
/// The store's.
pub async fn list_told(conn: &mut Conn, alarm: AlarmId) -> Result<Vec<PersonId>> {
    let query = alarm_tellings::table
        .select(alarm_tellings::person_id)
        .filter(alarm_tellings::alarm_id.eq(alarm).and(alarm_tellings::person_id.is_not_null()));
    let told: Vec<Option<PersonId>> = with!(conn, |c| query.load(c).await)?;
    Ok(told.into_iter().flatten().collect())
}

/// Open alarms counted by zone and rung; zones without any are there, too.
///
/// # Errors
/// The store's.
pub async fn count_open(conn: &mut Conn) -> Result<Vec<(String, Vec<(Rung, i64)>)>> {
    let all = zones::table.select((zones::id, zones::code)).order(zones::code);
    let all: Vec<(ZoneId, String)> = with!(conn, |c| all.load(c).await)?;
    let open = alarms::table.select((alarms::zone_id, alarms::rung)).filter(alarms::ended_at.is_null());
    let open: Vec<(ZoneId, Rung)> = with!(conn, |c| open.load(c).await)?;
    let count = |zone: ZoneId, rung: Rung| {
        i64::try_from(open.iter().filter(|row| **row == (zone, rung)).count()).unwrap_or(i64::MAX)
    };
    let counted =
        |(zone, code): (ZoneId, String)| (code, Rung::ALL.iter().map(|rung| (*rung, count(zone, *rung))).collect());
    Ok(all.into_iter().map(counted).collect())
}
