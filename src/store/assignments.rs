//! Who carries what. A partial unique index allows one active assignment an errand, whatever else fails.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::assignments;
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::errand::Step;
use crate::domain::ids::{AssignmentId, ErrandId, PersonId, TripId};

/// Starts an assignment on the runner's running trip, or on a new one.
///
/// # Errors
/// [`super::Error::Refused`] by `assignments_one_active` when somebody has it.
pub async fn start(conn: &mut Conn, errand: ErrandId, runner: PersonId, fence: i64, now: At) -> Result<()> {
    let running = assignments::table
        .select((assignments::trip_id, assignments::position))
        .filter(assignments::runner_id.eq(runner).and(assignments::ended_at.is_null()))
        .order(assignments::position.desc());
    let last: Option<(TripId, i32)> = with!(conn, |c| running.first(c).await.optional())?;
    let (trip, position) = last.map_or_else(|| (TripId::mint(), 0), |(trip, position)| (trip, position + 1));
    let insert = diesel::insert_into(assignments::table).values((
        assignments::id.eq(AssignmentId::mint()),
        assignments::errand_id.eq(errand),
        assignments::runner_id.eq(runner),
        assignments::trip_id.eq(trip),
        assignments::position.eq(position),
        assignments::fence.eq(fence),
        assignments::made_at.eq(now),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Ends the active assignment of an errand, if there is one.
///
/// # Errors
/// The store's.
pub async fn end(conn: &mut Conn, errand: ErrandId, step: Step, now: At) -> Result<()> {
    let change = diesel::update(
        assignments::table.filter(assignments::errand_id.eq(errand).and(assignments::ended_at.is_null())),
    )
    .set((assignments::ended_at.eq(Some(now)), assignments::ended_as.eq(Some(step.as_str()))));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// The errand is in the same hands again as before its last assignment ended, at its place in the route; on the runner's
/// running trip, if another began meanwhile.
///
/// # Errors
/// [`super::Error::NotFound`] when this runner never had it.
pub async fn reopen(conn: &mut Conn, errand: ErrandId, runner: PersonId, fence: i64) -> Result<()> {
    let last = assignments::table
        .select(assignments::id)
        .filter(assignments::errand_id.eq(errand).and(assignments::runner_id.eq(runner)))
        .order(assignments::id.desc());
    let last: AssignmentId = with!(conn, |c| last.first(c).await)?;
    let running = assignments::table
        .select(assignments::trip_id)
        .filter(assignments::runner_id.eq(runner).and(assignments::ended_at.is_null()))
        .order(assignments::position.desc());
    let running: Option<TripId> = with!(conn, |c| running.first(c).await.optional())?;
    let change = diesel::update(assignments::table.find(last)).set((
        assignments::fence.eq(fence),
        assignments::ended_at.eq(None::<At>),
        assignments::ended_as.eq(None::<String>),
    ));
    with!(conn, |c| change.execute(c).await)?;
    if let Some(trip) = running {
        let change = diesel::update(assignments::table.find(last)).set(assignments::trip_id.eq(trip));
        with!(conn, |c| change.execute(c).await)?;
    }
    Ok(())
}

/// When the active assignment of an errand began.
///
/// # Errors
/// The store's.
pub async fn started_at(conn: &mut Conn, errand: ErrandId) -> Result<Option<At>> {
    let query = assignments::table
        .select(assignments::made_at)
        .filter(assignments::errand_id.eq(errand).and(assignments::ended_at.is_null()));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Whether this runner ever carried the errand: such a late-comer hears "taken", a stranger "not there".
///
/// # Errors
/// The store's.
pub async fn ever_carried(conn: &mut Conn, errand: ErrandId, runner: PersonId) -> Result<bool> {
    let query =
        assignments::table.filter(assignments::errand_id.eq(errand).and(assignments::runner_id.eq(runner))).count();
    let found: i64 = with!(conn, |c| query.get_result(c).await)?;
    Ok(found > 0)
}
