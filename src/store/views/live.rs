//! News, as far as the reader may see them: that something changed, never what it is about in words.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::audience::Audience;
use crate::domain::errand::State;
use crate::domain::ids::{EventId, RequestId};
use crate::store::schema::{errands, events};
use crate::store::{Conn, Result, with};

/// One thing that happened. `kind` is the event's word.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct News {
    #[serde(skip)]
    pub id: EventId,
    pub kind: String,
    pub state: Option<State>,
    pub request: Option<RequestId>,
}

/// As many are read at once.
pub const MOST: usize = 200;
/// Of the events without a state, those the asker hears of.
const QUESTIONS: [&str; 2] = ["asked", "answered"];

/// What happened after an event, oldest first.
///
/// # Errors
/// The store's.
pub async fn list_since(conn: &mut Conn, audience: Audience, since: EventId) -> Result<Vec<News>> {
    type Row = (EventId, String, Option<State>, Option<RequestId>);
    let columns = (events::id, events::kind, events::state, events::request_id);
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let later = events::id.gt(since);
    let rows: Vec<Row> = match audience {
        Audience::Holder { request, may_act } => {
            // What is noted beside the way (money, who joined, what was refused) is not for whoever holds a link.
            let also: &[&str] = if may_act { &QUESTIONS } else { &[] };
            let own = events::table
                .select(columns)
                .filter(events::request_id.eq(Some(request)).and(later))
                .filter(events::state.is_not_null().or(events::kind.eq_any(also.to_vec())));
            with!(conn, |c| own.order(events::id).limit(limit).load(c).await)?
        }
        Audience::Zone(zone) => {
            let own = events::table.select(columns).filter(events::zone_id.eq(zone).and(later));
            with!(conn, |c| own.order(events::id).limit(limit).load(c).await)?
        }
        Audience::Runner(runner) => {
            let held = errands::table.select(errands::id.nullable()).filter(errands::runner_id.eq(Some(runner)));
            let own = events::table.select(columns).filter(events::errand_id.eq_any(held).and(later));
            with!(conn, |c| own.order(events::id).limit(limit).load(c).await)?
        }
    };
    let news = |(id, kind, state, request): Row| News { id, kind, state, request };
    Ok(rows.into_iter().map(news).collect())
}
