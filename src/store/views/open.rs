//! The requests somebody still waits for: how many, how old, and the ten that wait longest, each with who must act.

use diesel::dsl::{case_when, count, count_star, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use diesel_async::RunQueryDsl;

use super::supervisor::{LongWait, MustAct, OpenAges};
use crate::domain::actor::Role;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::store::schema::{buildings, errands, people, requests};
use crate::store::{Conn, Result, with};

/// In the words of the index `requests_undelivered`: with a bound value neither database would know that it fits.
fn undelivered() -> SqlLiteral<Bool> {
    sql("(requests.closed_at IS NULL AND requests.state <> 'delivered')")
}

/// Says nothing, and with [`OLDEST`] leads SQLite to that index: without them its planner takes one that also holds all that
/// is delivered, which among a million requests took 0.2 to 2.7 s instead of 1 ms.
fn ever() -> diesel::dsl::Gt<requests::submitted_at, At> {
    requests::submitted_at.gt(At(0))
}

/// The order of the index.
const OLDEST: (requests::submitted_at, requests::deliver_by) = (requests::submitted_at, requests::deliver_by);

const UNCLAIMED: [State; 3] = [State::Waiting, State::Offered, State::Care];

/// # Errors
/// The store's.
pub async fn count_ages(conn: &mut Conn, zone: ZoneId, now: At) -> Result<OpenAges> {
    let one = || 1.into_sql::<Integer>();
    let younger = |seconds: i64| count(case_when(requests::submitted_at.gt(now.plus_seconds(-seconds)), one()));
    let late = count(case_when(requests::deliver_by.lt(now), one()));
    let unclaimed = count(case_when(requests::state.eq_any(UNCLAIMED), one()));
    let query = requests::table
        .select((count_star(), (younger(600), younger(1800), younger(7200)), late, unclaimed))
        .filter(requests::zone_id.eq(zone).and(ever()).and(undelivered()));
    let (all, (ten_min, half_hour, two_h), late, unclaimed): (i64, (i64, i64, i64), i64, i64) =
        with!(conn, |c| query.get_result(c).await)?;
    let oldest = requests::table
        .select(requests::submitted_at)
        .filter(requests::zone_id.eq(zone).and(ever()).and(undelivered()))
        .order(OLDEST)
        .limit(1);
    let oldest: Option<At> = with!(conn, |c| oldest.first(c).await.optional())?;
    let waiting = requests::table
        .select(requests::submitted_at)
        .filter(requests::zone_id.eq(zone).and(ever()).and(undelivered()).and(requests::state.eq_any(UNCLAIMED)))
        .order(OLDEST)
        .limit(1);
    let waiting: Option<At> = with!(conn, |c| waiting.first(c).await.optional())?;
    let n = |count: i64| u64::try_from(count).unwrap_or(0);
    let age = |since: At| now.seconds_since(since).max(0);
    Ok(OpenAges {
        under_10_min: n(ten_min),
        under_30_min: n(half_hour - ten_min),
        under_2_h: n(two_h - half_hour),
        over_2_h: n(all - two_h),
        n: n(all),
        unclaimed: n(unclaimed),
        oldest_s: oldest.map(age),
        oldest_waiting_s: waiting.map(age),
        late: n(late),
    })
}

type Row = ((RequestId, String, State, Urgency, Category), (String, At, At), (State, Option<PersonId>, Option<String>));

/// Those who wait longest now, the longest first.
///
/// # Errors
/// The store's.
pub async fn list_longest(conn: &mut Conn, zone: ZoneId, (now, limit): (At, i64)) -> Result<Vec<LongWait>> {
    let what = (requests::id, requests::code, requests::state, requests::urgency, requests::category);
    let query = requests::table
        .inner_join(errands::table.left_join(people::table.on(people::id.nullable().eq(errands::runner_id))))
        .inner_join(buildings::table)
        .select((
            what,
            (buildings::code, requests::submitted_at, requests::deliver_by),
            (errands::state, errands::runner_id, people::name.nullable()),
        ))
        .filter(requests::zone_id.eq(zone).and(ever()).and(undelivered()).and(errands::passed_on_at.is_null()))
        .order(OLDEST)
        .limit(limit);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let told = |((request, code, state, urgency, category), (building, submitted_at, deliver_by), who): Row| LongWait {
        request,
        code,
        state,
        urgency,
        category,
        building,
        submitted_at,
        deliver_by,
        wait_s: now.seconds_since(submitted_at).max(0),
        must_act: must_act(state, who),
    };
    Ok(rows.into_iter().map(told).collect())
}

/// One request somebody still waits for, as much of it as a plan of the blocks needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    pub request: RequestId,
    /// Of the errand of it that counts.
    pub state: State,
    pub urgency: Urgency,
    /// A building's code.
    pub building: String,
    pub deliver_by: At,
}

/// All of them, what is promised first comes first.
///
/// # Errors
/// The store's.
pub async fn list_undelivered(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Undelivered>> {
    type Row = (RequestId, State, Urgency, String, At);
    let query = requests::table
        .inner_join(errands::table)
        .inner_join(buildings::table)
        .select((requests::id, errands::state, requests::urgency, buildings::code, requests::deliver_by))
        .filter(requests::zone_id.eq(zone).and(ever()).and(undelivered()).and(errands::passed_on_at.is_null()))
        .order((requests::deliver_by, requests::id));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let told =
        |(request, state, urgency, building, deliver_by)| Undelivered { request, state, urgency, building, deliver_by };
    Ok(rows.into_iter().map(told).collect())
}

/// Whoever has it, or is asked, must act; else whoever steps in; what cannot go on by itself is the desk's.
fn must_act(state: State, (errand, _, name): (State, Option<PersonId>, Option<String>)) -> MustAct {
    let asked = errand.is_with_runner() || errand == State::Offered;
    match (state, name.filter(|_| asked)) {
        (State::Care, _) => MustAct { role: Role::Desk, name: None },
        (_, Some(name)) => MustAct { role: Role::Runner, name: Some(name) },
        (_, None) => MustAct { role: Role::Supervisor, name: None },
    }
}
