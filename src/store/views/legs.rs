//! The errands of a request, each with its own clock.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::supervisor::LegRow;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, RequestId};
use crate::store::schema::{assignments, errands, people};
use crate::store::{Conn, Result, with};

/// The errands of a request by leg, when there are several.
pub(super) async fn list_legs(conn: &mut Conn, request: RequestId) -> Result<Vec<LegRow>> {
    type Row = (ErrandId, i32, State, At, Option<At>);
    let query = errands::table
        .select((errands::id, errands::leg, errands::state, errands::waiting_since, errands::passed_on_at))
        .filter(errands::request_id.eq(request))
        .order(errands::leg);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    if rows.len() < 2 {
        return Ok(Vec::new());
    }
    let mut legs = Vec::with_capacity(rows.len());
    for (errand, leg, state, waiting_since, passed_on_at) in rows {
        let last = assignments::table
            .inner_join(people::table)
            .select((people::name, assignments::made_at, assignments::ended_at))
            .filter(assignments::errand_id.eq(errand))
            .order(assignments::id.desc());
        let last: Option<(String, At, Option<At>)> = with!(conn, |c| last.first(c).await.optional())?;
        // Given back, it is in nobody's hands and its clock runs on.
        let last = last.filter(|_| !matches!(state, State::Waiting | State::Offered | State::Cancelled));
        let (runner, taken_at, ended_at) =
            last.map_or((None, None, None), |(name, taken, ended)| (Some(name), Some(taken), ended));
        let ended_at = passed_on_at.or(ended_at.filter(|_| matches!(state, State::Delivered | State::Closed)));
        legs.push(LegRow { leg, state, runner, waiting_since, taken_at, ended_at });
    }
    Ok(legs)
}
