//! What the viewer did last and may still take back.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::errand::{State, Step, UNDO_S};
use crate::domain::ids::{ErrandId, PersonId, RequestId};
use crate::store::deeds::{self, Deed};
use crate::store::schema::{errands, requests};
use crate::store::{Conn, Result, legs, with};

/// A deed that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    pub errand: ErrandId,
    /// Of the request: it stands on the bag, and tells nothing about the door.
    pub code: String,
    pub step: Step,
    pub until: At,
}

/// Looked at of the newest deeds: who does more within minutes takes back the last of them.
const NEWEST: usize = 5;

/// The last thing the viewer did, if nobody has acted on it and it is not long ago.
///
/// # Errors
/// The store's.
pub async fn find_undoable(conn: &mut Conn, viewer: PersonId, now: At) -> Result<Option<Undoable>> {
    for deed in deeds::list_since(conn, viewer, now.plus_seconds(-UNDO_S)).await?.into_iter().take(NEWEST) {
        if let Some(code) = stands(conn, &deed).await? {
            let until = deed.done_at.plus_seconds(UNDO_S);
            return Ok(Some(Undoable { errand: deed.errand_id, code, step: deed.step, until }));
        }
    }
    Ok(None)
}

/// The code of the request, while the deed is the last thing that happened to it.
async fn stands(conn: &mut Conn, deed: &Deed) -> Result<Option<String>> {
    let query = errands::table
        .inner_join(requests::table)
        .select((errands::request_id, requests::code, errands::state, errands::fence))
        .filter(errands::id.eq(deed.errand_id));
    let (request, code, state, fence): (RequestId, String, State, i64) = with!(conn, |c| query.first(c).await)?;
    let moved_on = fence != deed.fence || state.undo(deed.step, deed.was).is_err();
    if moved_on || deeds::was_overtaken(conn, request, deed).await? {
        return Ok(None);
    }
    let current = legs::find_current(conn, request).await?;
    let taken = |other: &crate::store::errands::Errand| {
        other.id != deed.errand_id && !matches!(other.state, State::Waiting | State::Offered)
    };
    Ok(if current.is_some_and(|current| taken(&current)) { None } else { Some(code) })
}
