//! Checks after deliveries. That a delivered request has exactly one that is open, and no other request any, is kept by
//! whoever moves the request, in the same transaction; by a unique index; and by a round that compares.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{follow_ups, requests};
use super::{Conn, Error, Result, columns, with};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::follow_up::{Kind, Outcome, Standing};
use crate::domain::ids::{FollowUpId, RequestId, ZoneId};
use crate::domain::request::{Care, Category};
use crate::domain::urgency::Urgency;
use crate::domain::words::parse_list;

/// A check as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = follow_ups)]
pub struct FollowUp {
    pub id: FollowUpId,
    pub zone_id: ZoneId,
    pub request_id: RequestId,
    pub kind: Kind,
    pub state: Standing,
    pub opened_at: At,
    pub due_at: At,
    pub tries: i32,
    pub outcome: Option<Outcome>,
    pub enough_until: Option<At>,
    pub ended_at: Option<At>,
}

/// What the rule needs to know of a request that was delivered.
#[derive(Debug, Clone)]
pub struct Delivered {
    pub zone: ZoneId,
    pub category: Category,
    pub urgency: Urgency,
    pub care: Vec<Care>,
    pub at: Option<At>,
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, id: FollowUpId) -> Result<Option<FollowUp>> {
    let query = follow_ups::table.select(columns::<FollowUp>()).find(id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// The one that is open.
///
/// # Errors
/// The store's.
pub async fn find_open(conn: &mut Conn, request: RequestId) -> Result<Option<FollowUp>> {
    let open = follow_ups::request_id.eq(request).and(follow_ups::state.eq(Standing::Open));
    let query = follow_ups::table.select(columns::<FollowUp>()).filter(open);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// All there were of a request, the last one last.
///
/// # Errors
/// The store's.
pub async fn list_of(conn: &mut Conn, request: RequestId) -> Result<Vec<FollowUp>> {
    let query = follow_ups::table
        .select(columns::<FollowUp>())
        .filter(follow_ups::request_id.eq(request))
        .order((follow_ups::opened_at, follow_ups::id));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// # Errors
/// [`Error::NotFound`].
pub async fn load_delivered(conn: &mut Conn, request: RequestId) -> Result<Delivered> {
    type Row = (ZoneId, Category, Urgency, String, Option<At>);
    let query = requests::table.find(request).select((
        requests::zone_id,
        requests::category,
        requests::urgency,
        requests::care,
        requests::delivered_at,
    ));
    let (zone, category, urgency, care, at): Row = with!(conn, |c| query.first(c).await)?;
    let care = parse_list(&care).map_err(|error| Error::Broken(error.to_string()))?;
    Ok(Delivered { zone, category, urgency, care, at })
}

/// Opens the check of a delivery; nothing when one is open already.
///
/// # Errors
/// The store's.
pub async fn open(
    conn: &mut Conn,
    (zone, request): (ZoneId, RequestId),
    (kind, due_at): (Kind, At),
    now: At,
) -> Result<()> {
    let insert = diesel::insert_into(follow_ups::table)
        .values((
            follow_ups::id.eq(FollowUpId::mint()),
            follow_ups::zone_id.eq(zone),
            follow_ups::request_id.eq(request),
            follow_ups::kind.eq(kind),
            follow_ups::state.eq(Standing::Open),
            follow_ups::opened_at.eq(now),
            follow_ups::due_at.eq(due_at),
            follow_ups::tries.eq(0),
        ))
        .on_conflict_do_nothing();
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Ends the open check of a request, if there is one: with what was told, or because there is nothing to ask any more.
///
/// # Errors
/// The store's.
pub async fn end(conn: &mut Conn, request: RequestId, outcome: Option<Outcome>, (by, now): (Trace, At)) -> Result<()> {
    let state = if outcome.is_some() { Standing::Done } else { Standing::Dropped };
    let open = follow_ups::table.filter(follow_ups::request_id.eq(request).and(follow_ups::state.eq(Standing::Open)));
    let change = diesel::update(open).set((
        follow_ups::state.eq(state),
        follow_ups::outcome.eq(outcome),
        follow_ups::ended_at.eq(Some(now)),
        follow_ups::actor_role.eq(Some(by.role)),
        follow_ups::actor_id.eq(by.id),
    ));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// It is asked again at `due_at`; `false` when it is not as it was seen any more.
///
/// # Errors
/// The store's.
pub async fn put_off(
    conn: &mut Conn,
    seen: &FollowUp,
    (outcome, due_at): (Outcome, At),
    (by, now): (Trace, At),
) -> Result<bool> {
    let same = follow_ups::id.eq(seen.id).and(follow_ups::tries.eq(seen.tries));
    let open = follow_ups::table.filter(same.and(follow_ups::state.eq(Standing::Open)));
    let change = diesel::update(open).set((
        follow_ups::tries.eq(seen.tries + 1),
        follow_ups::tried_at.eq(Some(now)),
        follow_ups::outcome.eq(Some(outcome)),
        follow_ups::due_at.eq(due_at),
        follow_ups::actor_role.eq(Some(by.role)),
        follow_ups::actor_id.eq(by.id),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Keeps until when it is enough beside the last check of a request; `false` when there never was one.
///
/// # Errors
/// The store's.
pub async fn keep_enough_until(conn: &mut Conn, request: RequestId, until: At) -> Result<bool> {
    let Some(last) = list_of(conn, request).await?.pop() else { return Ok(false) };
    let change = diesel::update(follow_ups::table.find(last.id)).set(follow_ups::enough_until.eq(Some(until)));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Requests that are delivered and have no open check: from before there were any, or by a door that forgot.
///
/// # Errors
/// The store's.
pub async fn list_forgotten(conn: &mut Conn, limit: i64) -> Result<Vec<RequestId>> {
    let open = follow_ups::table
        .select(follow_ups::id)
        .filter(follow_ups::request_id.eq(requests::id).and(follow_ups::state.eq(Standing::Open)));
    let query = requests::table
        .select(requests::id)
        .filter(requests::state.eq(State::Delivered).and(diesel::dsl::not(diesel::dsl::exists(open))))
        .order(requests::id)
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Holds a request that is delivered until the transaction ends; `false` when it is not delivered any more.
///
/// # Errors
/// The store's.
pub async fn hold_delivered(conn: &mut Conn, request: RequestId) -> Result<bool> {
    let delivered = requests::table.filter(requests::id.eq(request).and(requests::state.eq(State::Delivered)));
    let hold = diesel::update(delivered).set(requests::state.eq(State::Delivered));
    Ok(with!(conn, |c| hold.execute(c).await)? == 1)
}

/// How many open checks belong to requests that are not delivered.
///
/// # Errors
/// The store's.
pub async fn count_stray(conn: &mut Conn) -> Result<usize> {
    let query = follow_ups::table
        .inner_join(requests::table)
        .select(follow_ups::request_id)
        .filter(follow_ups::state.eq(Standing::Open).and(requests::state.ne(State::Delivered)));
    let stray: Vec<RequestId> = with!(conn, |c| query.load(c).await)?;
    Ok(stray.len())
}

/// Drops open checks of requests that are not delivered; answers how many.
///
/// # Errors
/// The store's.
pub async fn drop_stray(conn: &mut Conn, now: At) -> Result<usize> {
    let query = follow_ups::table
        .inner_join(requests::table)
        .select(follow_ups::request_id)
        .filter(follow_ups::state.eq(Standing::Open).and(requests::state.ne(State::Delivered)));
    let stray: Vec<RequestId> = with!(conn, |c| query.load(c).await)?;
    for request in &stray {
        end(conn, *request, None, (Trace::SERVICE, now)).await?;
    }
    Ok(stray.len())
}
