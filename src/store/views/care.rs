//! The care inbox of a zone: what cannot go on by itself, each with why and since when. Name, door and phone are not here:
//! opening one is a look of its own.
//!
//! The viewer's right to the zone is checked by the door (`permission::may`) before any of these is called.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::queue::{self, Filter};
use super::supervisor::QueueRow;
use crate::domain::care::{Suggestion, Why, holds_goods, suggest};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::lists::List;
use crate::store::schema::{events, people, questions, requests};
use crate::store::{Conn, Result, with};

/// A question from the counter that nobody has answered for so long is a matter for the telephone.
const UNANSWERED_S: i64 = 5 * 60;

/// One thing a person must decide about.
#[derive(Debug, Clone, PartialEq)]
pub struct CareRow {
    pub row: QueueRow,
    pub why: Why,
    /// Somebody's own word for it, when we have none.
    pub word: Option<String>,
    pub since: At,
    /// A runner has the goods in hand.
    pub held: bool,
    pub suggestion: Suggestion,
}

impl CareRow {
    fn new(row: QueueRow, since: Option<At>, brought: bool) -> Self {
        let why = Why::read(row.errand_state, row.care_reason.as_deref());
        let word = row.care_reason.clone().filter(|_| why == Why::Other);
        let held = holds_goods(row.errand_state, row.runner.is_some(), brought);
        let since = since.unwrap_or(row.submitted_at);
        Self { row, why, word, since, held, suggestion: suggest(why, held) }
    }
}

/// What is in care, by time left; then questions that wait for an answer.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Vec<CareRow>> {
    let in_care = Filter { list: Some(List::Care), limit: usize::MAX, ..Filter::default() };
    let rows = queue::list(conn, zone, in_care).await?;
    let ids: Vec<RequestId> = rows.iter().map(|row| row.request).collect();
    let since = list_since(conn, ids.clone()).await?;
    let brought = list_brought(conn, ids).await?;
    let told = |row: QueueRow| {
        let id = row.request;
        CareRow::new(row, since.get(&id).copied(), brought.contains(&id))
    };
    let mut found: Vec<CareRow> = rows.into_iter().map(told).collect();
    found.extend(list_unanswered(conn, zone, now).await?);
    Ok(found)
}

/// One of them.
///
/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, zone: ZoneId, (request, now): (RequestId, At)) -> Result<Option<CareRow>> {
    Ok(list(conn, zone, now).await?.into_iter().find(|row| row.row.request == request))
}

/// When each came to stand as it stands: the last time the journal says so.
async fn list_since(conn: &mut Conn, of: Vec<RequestId>) -> Result<BTreeMap<RequestId, At>> {
    let query = events::table
        .select((events::request_id.assume_not_null(), events::at))
        .filter(events::request_id.assume_not_null().eq_any(of))
        .filter(events::state.assume_not_null().eq_any([State::Care, State::AtGate]))
        .filter(events::kind.ne_all(["care_called", "urgency_red", "urgency_yellow", "urgency_green"]))
        .order(events::id);
    let rows: Vec<(RequestId, At)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().collect())
}

/// Those that were brought once: their goods are with the household.
async fn list_brought(conn: &mut Conn, of: Vec<RequestId>) -> Result<Vec<RequestId>> {
    let query =
        requests::table.select(requests::id).filter(requests::id.eq_any(of).and(requests::delivered_at.is_not_null()));
    Ok(with!(conn, |c| query.load(c).await)?)
}

async fn list_unanswered(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Vec<CareRow>> {
    let query = questions::table
        .inner_join(requests::table.on(requests::id.eq(questions::request_id)))
        .select((questions::request_id, questions::asked_at))
        .filter(requests::zone_id.eq(zone).and(requests::state.eq(State::Claimed)))
        .filter(questions::answered_at.is_null().and(questions::asked_at.le(now.plus_seconds(-UNANSWERED_S))))
        .order(questions::asked_at.desc());
    let asked: Vec<(RequestId, At)> = with!(conn, |c| query.load(c).await)?;
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let asked: BTreeMap<RequestId, At> = asked.into_iter().collect();
    let with_runner = Filter { list: Some(List::WithRunner), limit: usize::MAX, ..Filter::default() };
    let rows = queue::list(conn, zone, with_runner).await?;
    let told = |row: QueueRow| {
        let since = *asked.get(&row.request)?;
        let suggestion = suggest(Why::Unanswered, false);
        Some(CareRow { why: Why::Unanswered, word: None, since, held: false, suggestion, row })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}

/// The telephone of a runner of this zone, for whoever asks him for the goods.
///
/// # Errors
/// The store's.
pub async fn find_phone_of_runner(conn: &mut Conn, zone: ZoneId, runner: PersonId) -> Result<Option<String>> {
    let query = people::table.select(people::phone).filter(people::id.eq(runner).and(people::zone_id.eq(zone)));
    Ok(with!(conn, |c| query.first::<Option<String>>(c).await.optional())?.flatten())
}
