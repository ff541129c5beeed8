//! What runners asked at the counter, and what was answered.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{items, questions};
use super::{Conn, Result, columns, with};
use crate::domain::actor::{ActorRole, Trace};
use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, PersonId, QuestionId, RequestId};
use crate::domain::question::{About, Choice, THE_SHOP};
use crate::domain::stock::ItemKey;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = questions, treat_none_as_default_value = false)]
pub struct Question {
    pub id: QuestionId,
    pub request_id: RequestId,
    pub errand_id: ErrandId,
    /// Place of the thing in the list, from 1; 0: the shop as a whole.
    pub position: i32,
    pub kind: About,
    /// What the shop has instead, as the runner put it.
    pub offer: Option<String>,
    pub asked_at: At,
    pub asked_by: PersonId,
    pub answered_at: Option<At>,
    pub answer: Option<Choice>,
    pub answered_by: Option<ActorRole>,
    pub answered_by_id: Option<PersonId>,
}

/// Asks; the same asked before and not answered yet is that question again.
///
/// # Errors
/// The store's.
pub async fn ask(conn: &mut Conn, question: Question) -> Result<(Question, bool)> {
    // Two may ask at once: the second is not refused, it reads what the first has written.
    let insert = diesel::insert_into(questions::table).values(question.clone()).on_conflict_do_nothing();
    if with!(conn, |c| insert.execute(c).await)? == 1 {
        return Ok((question, true));
    }
    let open = questions::table
        .select(columns::<Question>())
        .filter(questions::request_id.eq(question.request_id).and(questions::position.eq(question.position)))
        .filter(questions::kind.eq(question.kind).and(questions::answered_at.is_null()));
    Ok((with!(conn, |c| open.first(c).await)?, false))
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, id: QuestionId) -> Result<Option<Question>> {
    let query = questions::table.select(columns::<Question>()).find(id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// All that was asked about a request, oldest first.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, request: RequestId) -> Result<Vec<Question>> {
    let query =
        questions::table.select(columns::<Question>()).filter(questions::request_id.eq(request)).order(questions::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// All that was asked by the runners of an errand, oldest first.
///
/// # Errors
/// The store's.
pub async fn list_of_errand(conn: &mut Conn, errand: ErrandId) -> Result<Vec<Question>> {
    let query =
        questions::table.select(columns::<Question>()).filter(questions::errand_id.eq(errand)).order(questions::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Whether anything asked about a request still waits for its answer.
///
/// # Errors
/// The store's.
pub async fn any_open(conn: &mut Conn, request: RequestId) -> Result<bool> {
    let open = questions::table.filter(questions::request_id.eq(request).and(questions::answered_at.is_null()));
    let query = open.count();
    let open: i64 = with!(conn, |c| query.get_result(c).await)?;
    Ok(open > 0)
}

/// Keeps the first answer; `false` when it was answered already.
///
/// # Errors
/// The store's.
pub async fn answer(conn: &mut Conn, id: QuestionId, choice: Choice, by: Trace, now: At) -> Result<bool> {
    let open = questions::table.filter(questions::id.eq(id).and(questions::answered_at.is_null()));
    let change = diesel::update(open).set((
        questions::answered_at.eq(Some(now)),
        questions::answer.eq(Some(choice)),
        questions::answered_by.eq(Some(by.role)),
        questions::answered_by_id.eq(by.id),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Where a thing stands in the list of a request, from 1: by its place, or by its name. The shop as a whole is
/// [`THE_SHOP`].
///
/// # Errors
/// The store's.
pub async fn find_position(conn: &mut Conn, request: RequestId, item: &Named) -> Result<Option<i32>> {
    if *item == Named::Place(THE_SHOP) {
        return Ok(Some(THE_SHOP));
    }
    let query = items::table
        .select((items::position, items::name))
        .filter(items::request_id.eq(request))
        .order(items::position);
    let rows: Vec<(i32, String)> = with!(conn, |c| query.load(c).await)?;
    let fits = |(place, (_, name)): &(i32, (i32, String))| match item {
        Named::Place(wanted) => wanted == place,
        Named::Name(wanted) => ItemKey::of(name, None) == ItemKey::of(wanted, None),
    };
    Ok((1..).zip(rows).find(fits).map(|(place, _)| place))
}

/// How a runner names a thing of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// From 1; 0: the shop as a whole.
    Place(i32),
    Name(String),
}
