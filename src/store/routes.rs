//! The stops still before a runner, in order. Each errand in hand has two of them, the counter and the door; their
//! places in the route are kept with its assignment and written anew when something is added.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::errands::Errand;
use super::schema::{assignments, errands, requests};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, PersonId};

/// An errand in a runner's hands, with the places of its two stops.
#[derive(Debug, Clone, Queryable)]
pub struct Leg {
    pub runner: PersonId,
    pub made_at: At,
    /// In which order it was taken on.
    pub position: i32,
    pub collect_position: Option<i32>,
    pub deliver_position: Option<i32>,
    pub errand: Errand,
    pub submitted_at: At,
}

/// What a stop is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placing {
    pub errand: ErrandId,
    pub collect_position: Option<i32>,
    pub deliver_position: Option<i32>,
}

/// All that `runners` have in hand.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, runners: Vec<PersonId>) -> Result<Vec<Leg>> {
    let query = assignments::table
        .inner_join(errands::table.inner_join(requests::table))
        .select((
            assignments::runner_id,
            assignments::made_at,
            assignments::position,
            assignments::collect_position,
            assignments::deliver_position,
            columns::<Errand>(),
            requests::submitted_at,
        ))
        .filter(assignments::runner_id.eq_any(runners).and(assignments::ended_at.is_null()))
        .order((assignments::runner_id, assignments::position, assignments::id));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Writes where the stops of these errands stand in the route.
///
/// # Errors
/// The store's.
pub async fn write(conn: &mut Conn, placings: Vec<Placing>) -> Result<()> {
    for placing in placings {
        let active = assignments::errand_id.eq(placing.errand).and(assignments::ended_at.is_null());
        let change = diesel::update(assignments::table.filter(active)).set((
            assignments::collect_position.eq(placing.collect_position),
            assignments::deliver_position.eq(placing.deliver_position),
        ));
        with!(conn, |c| change.execute(c).await)?;
    }
    Ok(())
}
