//! The errands of one request: the first from a place, each later one from a gate. Exactly one of them counts at a time.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::errands::Errand;
use super::schema::errands;
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, RequestId};

/// The errand of a request that counts.
///
/// # Errors
/// The store's.
pub async fn find_current(conn: &mut Conn, request: RequestId) -> Result<Option<Errand>> {
    let query = errands::table
        .select(columns::<Errand>())
        .filter(errands::request_id.eq(request).and(errands::passed_on_at.is_null()))
        .order(errands::leg.desc());
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// The errand that brought the goods of a request to the gate, where it went on with another.
///
/// # Errors
/// The store's.
pub async fn find_passed_on(conn: &mut Conn, request: RequestId) -> Result<Option<Errand>> {
    let at_gate = errands::state.eq(State::AtGate).and(errands::passed_on_at.is_not_null());
    let query = errands::table
        .select(columns::<Errand>())
        .filter(errands::request_id.eq(request).and(at_gate))
        .order(errands::leg.desc());
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Notes where at the gate the bag lies, or that it lies there no more.
///
/// # Errors
/// The store's.
pub async fn tell_shelf(conn: &mut Conn, brought: ErrandId, shelf: Option<String>) -> Result<()> {
    let change = diesel::update(errands::table.find(brought)).set(errands::shelf.eq(shelf));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// Where at the gate the bag of a request lies: said by the errand that left it there, for as long as it stands there.
///
/// # Errors
/// The store's.
pub async fn find_shelf(conn: &mut Conn, request: RequestId) -> Result<Option<String>> {
    let there = errands::state.eq(State::AtGate).and(errands::shelf.is_not_null());
    let query = errands::table
        .select(errands::shelf)
        .filter(errands::request_id.eq(request).and(there))
        .order(errands::leg.desc());
    let found: Option<Option<String>> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(found.flatten())
}

/// The request goes on with a new errand from the gate, which waits as of now. The request's row is no part of it.
///
/// # Errors
/// The store's.
pub async fn pass_on(conn: &mut Conn, brought: &Errand, at: At) -> Result<Errand> {
    let last = errands::table
        .select(errands::leg)
        .filter(errands::request_id.eq(brought.request_id))
        .order(errands::leg.desc());
    let last: i32 = with!(conn, |c| last.first(c).await)?;
    let next = Errand {
        id: ErrandId::mint(),
        leg: last + 1,
        state: State::Waiting,
        fence: 0,
        runner_id: None,
        lease_until: None,
        place_id: None,
        waiting_since: at,
        nobody_reason: None,
        passed_on_at: None,
        ..brought.clone()
    };
    let row = (
        (errands::id.eq(next.id), errands::request_id.eq(next.request_id), errands::leg.eq(next.leg)),
        (errands::zone_id.eq(next.zone_id), errands::building_id.eq(next.building_id), errands::floor.eq(next.floor)),
        (errands::category.eq(next.category), errands::urgency.eq(next.urgency), errands::bags.eq(next.bags)),
        (errands::state.eq(next.state), errands::fence.eq(next.fence), errands::deliver_by.eq(next.deliver_by)),
        (errands::waiting_since.eq(at), errands::created_at.eq(at)),
    );
    let insert = diesel::insert_into(errands::table).values(row);
    with!(conn, |c| insert.execute(c).await)?;
    let passed = diesel::update(errands::table.find(brought.id)).set(errands::passed_on_at.eq(Some(at)));
    with!(conn, |c| passed.execute(c).await)?;
    Ok(next)
}

/// The errand that brought the goods to the gate counts again, and `seen` no more: one that was not carried out yet is
/// called off. `false` when one of them changed meanwhile; then the transaction must not be committed.
///
/// # Errors
/// The store's.
pub async fn go_back(conn: &mut Conn, seen: &Errand, to: &Errand, at: At) -> Result<bool> {
    let same = errands::id.eq(seen.id).and(errands::state.eq(seen.state)).and(errands::fence.eq(seen.fence));
    let same = same.and(errands::passed_on_at.is_null());
    let carried_out = matches!(seen.state, State::Delivered | State::Closed);
    let state = if carried_out { seen.state } else { State::Cancelled };
    let holder = seen.runner_id.filter(|_| carried_out);
    let change = (
        errands::runner_id.eq(holder),
        errands::passed_on_at.eq(Some(at)),
        errands::state.eq(state),
        errands::lease_until.eq(None::<At>),
        errands::nobody_reason.eq(None::<String>),
    );
    let ended = diesel::update(errands::table.filter(same)).set(change);
    if with!(conn, |c| ended.execute(c).await)? == 0 {
        return Ok(false);
    }
    let gone_on = errands::id.eq(to.id).and(errands::state.eq(to.state)).and(errands::passed_on_at.is_not_null());
    let counts = diesel::update(errands::table.filter(gone_on)).set((
        errands::passed_on_at.eq(None::<At>),
        errands::urgency.eq(to.urgency),
        errands::deliver_by.eq(to.deliver_by),
    ));
    Ok(with!(conn, |c| counts.execute(c).await)? == 1)
}
