//! What the holder of a tracking link sees: state and times, never address, phone or medicine.

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::RequestId;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;

/// One request, as its asker follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    pub request: RequestId,
    pub code: String,
    pub state: State,
    pub category: Category,
    pub urgency: Urgency,
    pub submitted_at: At,
    pub deliver_by: At,
    /// First name (given name as the runner entered it), from claim to close.
    pub runner_name: Option<String>,
    /// A word of `care_reason-*`, when a person must decide.
    pub care_reason: Option<String>,
    pub timeline: Vec<Moment>,
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub at: At,
    pub state: State,
    /// A word of the event's kind or reason, to be said in the reader's language.
    pub note: Option<String>,
}

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::store::schema::{assignments, events, people, requests};
use crate::store::{Conn, Result, with};

/// What the holder of the link of `request` may see of it.
///
/// # Errors
/// [`crate::store::Error::NotFound`] when there is no such request.
pub async fn load(conn: &mut Conn, request: RequestId) -> Result<Tracking> {
    type Row = (String, State, Category, Urgency, At, At, Option<String>);
    let query = requests::table.find(request).select((
        requests::code,
        requests::state,
        requests::category,
        requests::urgency,
        requests::submitted_at,
        requests::deliver_by,
        requests::care_reason,
    ));
    let (code, state, category, urgency, submitted_at, deliver_by, care_reason): Row =
        with!(conn, |c| query.first(c).await)?;
    let runner_name =
        if state.is_with_runner() || state == State::Delivered { find_runner(conn, request).await? } else { None };
    let timeline = list_moments(conn, request).await?;
    Ok(Tracking {
        request,
        code,
        state,
        category,
        urgency,
        submitted_at,
        deliver_by,
        runner_name,
        care_reason,
        timeline,
    })
}

async fn find_runner(conn: &mut Conn, request: RequestId) -> Result<Option<String>> {
    use crate::store::schema::errands;
    let query = assignments::table
        .inner_join(errands::table)
        .inner_join(people::table)
        .select(people::name)
        .filter(errands::request_id.eq(request))
        .order(assignments::id.desc());
    let name: Option<String> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(name.map(|name| form_of_address(&name)))
}

/// As little of a name as is polite: surname and 师傅 of a Chinese name, the first word of another.
fn form_of_address(name: &str) -> String {
    match name.chars().next() {
        Some(surname) if ('\u{4E00}'..='\u{9FFF}').contains(&surname) => format!("{surname}师傅"),
        _ => name.split_whitespace().next().unwrap_or_default().to_owned(),
    }
}

/// Kinds of events that tell of a seal.
const SEALS: [&str; 3] = ["sealed", "unsealed", "stairs_only"];

async fn list_moments(conn: &mut Conn, request: RequestId) -> Result<Vec<Moment>> {
    type Row = (At, Option<State>, Option<String>, String);
    let query = events::table
        .select((events::at, events::state, events::reason, events::kind))
        .filter(events::request_id.eq(Some(request)).and(events::state.is_not_null()))
        .order(events::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let mut moments: Vec<Moment> = Vec::new();
    for (at, state, note, kind) in rows {
        let Some(state) = state else { continue };
        // A seal on the building changes nothing about the state, and everything for whoever waits behind it.
        if SEALS.contains(&kind.as_str()) {
            moments.push(Moment { at, state, note: Some(kind) });
            continue;
        }
        // A reason is the resident's business only where it needs a person or ended; how often it was offered is not.
        let note = note.filter(|_| matches!(state, State::Care | State::Cancelled));
        if moments.last().is_none_or(|last| last.state != state) {
            moments.push(Moment { at, state, note });
        }
    }
    Ok(moments)
}
