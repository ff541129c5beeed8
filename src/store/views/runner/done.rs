//! What a runner finished today: a code, a block and a time. Whose door it was is closed again.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId};
use crate::store::schema::{assignments, buildings, errands, requests};
use crate::store::{Conn, Result, with};

/// So many are told of a day.
const MOST: i64 = 60;

/// A finished errand. No door, name, telephone, item or note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneErrand {
    pub code: String,
    pub compound: String,
    pub block: String,
    pub at: At,
    /// Left at the gate, for somebody inside.
    pub at_gate: bool,
}

/// What the viewer brought to its end since `since`, the latest first.
///
/// # Errors
/// The store's.
pub async fn list_done(conn: &mut Conn, viewer: PersonId, since: At) -> Result<Vec<DoneErrand>> {
    type Row = (ErrandId, Option<At>, Option<String>, (String, String, String));
    let ends = [Step::Deliver.as_str(), Step::HandOver.as_str()];
    let query = assignments::table
        .inner_join(errands::table.inner_join(buildings::table).inner_join(requests::table))
        .select((
            errands::id,
            assignments::ended_at,
            assignments::ended_as,
            (requests::code, buildings::compound, buildings::name),
        ))
        .filter(assignments::runner_id.eq(viewer).and(assignments::ended_at.ge(Some(since))))
        .filter(assignments::ended_as.eq_any(ends))
        // What was taken up again is not done.
        .filter(errands::state.eq_any([State::Delivered, State::AtGate, State::Closed]))
        .order((assignments::ended_at.desc(), assignments::id.desc()))
        .limit(MOST);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let mut told: Vec<ErrandId> = Vec::new();
    let mut done = Vec::with_capacity(rows.len());
    for (errand, ended_at, ended_as, (code, compound, block)) in rows {
        let Some(at) = ended_at.filter(|_| !told.contains(&errand)) else { continue };
        told.push(errand);
        let at_gate = ended_as.as_deref() == Some(Step::HandOver.as_str());
        done.push(DoneErrand { code, compound, block, at, at_gate });
    }
    Ok(done)
}
