//! An account of everything since a moment, for whoever checks the service from outside: nothing lost, nothing doubled.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, RequestId};
use crate::store::schema::{assignments, errands, requests};
use crate::store::{Conn, Result, with};

/// One request, as the account counts it.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub id: RequestId,
    pub submitted_at: At,
    pub to_claim_us: Option<i64>,
    pub to_door_us: Option<i64>,
}

impl Counted {
    #[must_use]
    pub const fn is_delivered(&self) -> bool {
        self.to_door_us.is_some()
    }
}

#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub requests: Vec<Counted>,
    /// Requests nobody would ever carry: without an errand.
    pub errandless: usize,
    /// Errands with two active assignments: the index forbids them, the account looks all the same.
    pub doubly_assigned: usize,
}

/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, since: At) -> Result<Tally> {
    type Row = (RequestId, At, Option<i64>, Option<i64>);
    let query = requests::table
        .select((requests::id, requests::submitted_at, requests::to_claim_us, requests::to_deliver_us))
        .filter(requests::submitted_at.ge(since));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let with_errand = errands::table.select(errands::request_id).filter(errands::created_at.ge(since));
    let with_errand: Vec<RequestId> = with!(conn, |c| with_errand.load(c).await)?;
    let with_errand: BTreeSet<RequestId> = with_errand.into_iter().collect();
    let active = assignments::table.select(assignments::errand_id).filter(assignments::ended_at.is_null());
    let active: Vec<ErrandId> = with!(conn, |c| active.load(c).await)?;
    let distinct: BTreeSet<&ErrandId> = active.iter().collect();
    let doubly_assigned = active.len() - distinct.len();
    let errandless = rows.iter().filter(|row| !with_errand.contains(&row.0)).count();
    let counted =
        |(id, submitted_at, to_claim_us, to_door_us): Row| Counted { id, submitted_at, to_claim_us, to_door_us };
    Ok(Tally { requests: rows.into_iter().map(counted).collect(), errandless, doubly_assigned })
}

/// How many of them somebody still waits for: asked since then, not brought, and on their way by themselves.
///
/// # Errors
/// The store's.
pub async fn count_open(conn: &mut Conn, since: At) -> Result<i64> {
    let moving = [State::Waiting, State::Offered, State::Claimed, State::Collected, State::AtGate];
    let query = requests::table.filter(requests::submitted_at.ge(since).and(requests::state.eq_any(moving))).count();
    Ok(with!(conn, |c| query.get_result(c).await)?)
}
