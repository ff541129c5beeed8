//! What the holder of a tracking link sees: state and times, never address, phone or medicine.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::actor::{ActorRole, Role, form_of_address};
use crate::domain::alarm::Rung;
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{QuestionId, RequestId, ZoneId};
use crate::domain::money::Fen;
use crate::domain::proof::Proved;
use crate::domain::question::{About, Choice, is_worth_asking};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::domain::words::parse_list;
use crate::store::questions::{self, Question};
use crate::store::schema::{assignments, errands, events, items, looks, people, requests};
use crate::store::views::goods;
pub use crate::store::views::goods::Differs;
use crate::store::{Conn, Result, proofs, with};

/// One request, as its asker follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    pub request: RequestId,
    pub zone: ZoneId,
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
    /// With whom it is, and since when, once it is about to be late.
    pub now_with: Option<(Rung, At)>,
    /// What it cost and what was given for it, once anything is written down.
    pub money: Option<(Fen, Fen)>,
    /// How the delivery was proved, once it is delivered. The photo is for staff alone.
    pub proved: Option<Proved>,
    pub timeline: Vec<Moment>,
    pub questions: Vec<Asked>,
    /// What is brought otherwise than it was asked for.
    pub differing: Vec<Differs>,
    /// Who saw door and telephone, newest first.
    pub looks: Vec<Look>,
}

impl Tracking {
    /// As it is shown to somebody else who asked for the same at this door: how it stands, and nothing of whom it is for.
    #[must_use]
    pub fn for_joiner(self) -> Self {
        Self { questions: Vec::new(), differing: Vec::new(), looks: Vec::new(), money: None, ..self }
    }
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub at: At,
    pub state: State,
    /// A word of the event's kind or reason, to be said in the reader's language.
    pub note: Option<String>,
}

/// A question from the counter. The thing is told by its place in the list, not by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub id: QuestionId,
    /// From 1; 0: the shop as a whole.
    pub position: i32,
    /// The only thing asked for: then it needs no number.
    pub alone: bool,
    pub about: About,
    /// What there is instead, while it is asked.
    pub offer: Option<String>,
    pub asked_at: At,
    pub answer: Option<(Choice, At)>,
    pub answered_by: Option<ActorRole>,
    /// It can still be answered.
    pub open: bool,
}

/// Somebody opened door and telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub at: At,
    pub role: Role,
    /// Of a runner, as little of the name as is polite; of staff none.
    pub name: Option<String>,
}

/// How many looks are shown.
const LOOKS: i64 = 20;

/// What the holder of the link of `request` may see of it.
///
/// # Errors
/// [`crate::store::Error::NotFound`] when there is no such request.
pub async fn load(conn: &mut Conn, request: RequestId) -> Result<Tracking> {
    type Row = (ZoneId, String, State, Category, Urgency, At, At, Option<String>);
    let query = requests::table.find(request).select((
        requests::zone_id,
        requests::code,
        requests::state,
        requests::category,
        requests::urgency,
        requests::submitted_at,
        requests::deliver_by,
        requests::care_reason,
    ));
    let (zone, code, state, category, urgency, submitted_at, deliver_by, care_reason): Row =
        with!(conn, |c| query.first(c).await)?;
    let has_runner = state.is_with_runner() || matches!(state, State::AtGate | State::Delivered);
    let runner_name = if has_runner { find_runner(conn, request).await? } else { None };
    Ok(Tracking {
        request,
        zone,
        code,
        state,
        category,
        urgency,
        submitted_at,
        deliver_by,
        runner_name,
        care_reason,
        now_with: super::alarms::find_rung(conn, request).await?,
        money: super::ledger::find(conn, request).await?,
        proved: if state_is_brought(state) { find_proved(conn, request).await? } else { None },
        timeline: list_moments(conn, request).await?,
        questions: list_questions(conn, request, state).await?,
        differing: goods::list_differing(conn, request).await?,
        looks: list_looks(conn, request).await?,
    })
}

const fn state_is_brought(state: State) -> bool {
    matches!(state, State::Delivered | State::Closed)
}

async fn find_proved(conn: &mut Conn, request: RequestId) -> Result<Option<Proved>> {
    let stands = proofs::list(conn, request).await?;
    let delivery = |proof: &&proofs::Proof| matches!(proof.step, Step::Deliver | Step::Override);
    Ok(stands.iter().rev().find(delivery).map(|proof| proof.kind))
}

async fn find_runner(conn: &mut Conn, request: RequestId) -> Result<Option<String>> {
    let query = assignments::table
        .inner_join(errands::table)
        .inner_join(people::table)
        .select(people::name)
        .filter(errands::request_id.eq(request))
        .order(assignments::id.desc());
    let name: Option<String> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(name.map(|name| form_of_address(&name)))
}

/// The kind of event of a slip of the runner's thumb: what was told before was not so.
const UNDONE: &str = "undone";

const fn tells_why(state: State) -> bool {
    matches!(state, State::Care | State::Cancelled)
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
        let note = if kind == UNDONE { Some(kind) } else { note.filter(|_| tells_why(state)) };
        if moments.last().is_none_or(|last| last.state != state) {
            moments.push(Moment { at, state, note });
        }
    }
    Ok(moments)
}

async fn list_questions(conn: &mut Conn, request: RequestId, state: State) -> Result<Vec<Asked>> {
    let found = questions::list(conn, request).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let all = items::table.filter(items::request_id.eq(request)).count();
    let all: i64 = with!(conn, |c| all.get_result(c).await)?;
    let asked = |question: Question| {
        let open = question.answered_at.is_none() && is_worth_asking(state);
        Asked {
            id: question.id,
            position: question.position,
            alone: all == 1,
            about: question.kind,
            offer: question.offer.filter(|_| open),
            asked_at: question.asked_at,
            answer: question.answer.zip(question.answered_at),
            answered_by: question.answered_by,
            open,
        }
    };
    Ok(found.into_iter().map(asked).collect())
}

/// Staff who opened it, and runners who claimed it: to them door and telephone are open from then to the close.
async fn list_looks(conn: &mut Conn, request: RequestId) -> Result<Vec<Look>> {
    let opened = looks::table
        .inner_join(people::table)
        .select((looks::at, people::roles))
        .filter(looks::request_id.eq(request))
        .order(looks::id.desc())
        .limit(LOOKS);
    let opened: Vec<(At, String)> = with!(conn, |c| opened.load(c).await)?;
    let claimed = assignments::table
        .inner_join(errands::table)
        .inner_join(people::table)
        .select((assignments::made_at, people::name))
        .filter(errands::request_id.eq(request))
        .order(assignments::id.desc())
        .limit(LOOKS);
    let claimed: Vec<(At, String)> = with!(conn, |c| claimed.load(c).await)?;
    let carried =
        claimed.into_iter().map(|(at, name)| Look { at, role: Role::Runner, name: Some(form_of_address(&name)) });
    let staff = opened.into_iter().map(|(at, roles)| {
        let roles: Vec<Role> = parse_list(&roles).unwrap_or_default();
        Look { at, role: Role::main_of(&roles), name: None }
    });
    let mut found: Vec<Look> = carried.chain(staff).collect();
    found.sort_by_key(|look| std::cmp::Reverse(look.at));
    found.truncate(usize::try_from(LOOKS).unwrap_or(20));
    Ok(found)
}
