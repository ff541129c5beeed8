//! What a runner did last to each errand, while it can be taken back.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::schema::{deeds, events};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, EventId, PersonId, RequestId};

#[derive(Debug, Clone, Copy, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = deeds, treat_none_as_default_value = false)]
pub struct Deed {
    pub errand_id: ErrandId,
    pub runner_id: PersonId,
    pub step: Step,
    /// How the errand stood before.
    pub was: State,
    /// Of the errand when it was done.
    pub fence: i64,
    /// Its line of the journal.
    pub event_id: EventId,
    /// When it was taken down, however long ago it was done.
    pub done_at: At,
    pub undone_at: Option<At>,
}

/// Keeps it in place of what was done to the errand before.
///
/// # Errors
/// The store's.
pub async fn put(conn: &mut Conn, deed: Deed) -> Result<()> {
    let insert = diesel::insert_into(deeds::table).values(deed).on_conflict(deeds::errand_id).do_update().set((
        deeds::runner_id.eq(excluded(deeds::runner_id)),
        deeds::step.eq(excluded(deeds::step)),
        deeds::was.eq(excluded(deeds::was)),
        deeds::fence.eq(excluded(deeds::fence)),
        deeds::event_id.eq(excluded(deeds::event_id)),
        deeds::done_at.eq(excluded(deeds::done_at)),
        deeds::undone_at.eq(excluded(deeds::undone_at)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, errand: ErrandId) -> Result<Option<Deed>> {
    let query = deeds::table.select(columns::<Deed>()).find(errand);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// What a runner did since then and did not take back, newest first.
///
/// # Errors
/// The store's.
pub async fn list_since(conn: &mut Conn, runner: PersonId, since: At) -> Result<Vec<Deed>> {
    let query = deeds::table
        .select(columns::<Deed>())
        .filter(deeds::runner_id.eq(runner).and(deeds::done_at.ge(since)).and(deeds::undone_at.is_null()))
        .order((deeds::done_at.desc(), deeds::event_id.desc()));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Takes it back: `false` when it was taken back already, or something else was done since.
///
/// # Errors
/// The store's.
pub async fn take_back(conn: &mut Conn, deed: &Deed, now: At) -> Result<bool> {
    let same = deeds::errand_id.eq(deed.errand_id).and(deeds::event_id.eq(deed.event_id));
    let change =
        diesel::update(deeds::table.filter(same.and(deeds::undone_at.is_null()))).set(deeds::undone_at.eq(Some(now)));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Whether somebody moved the errand after its line of the journal.
///
/// # Errors
/// The store's.
pub async fn was_overtaken(conn: &mut Conn, request: RequestId, deed: &Deed) -> Result<bool> {
    let steps: Vec<&str> = Step::ALL.iter().map(|step| step.as_str()).collect();
    let query = events::table
        .select(events::id)
        .filter(events::request_id.eq(Some(request)).and(events::errand_id.eq(Some(deed.errand_id))))
        .filter(events::kind.eq_any(steps))
        .order(events::id.desc());
    let last: Option<EventId> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(last != Some(deed.event_id))
}

/// Throws away what is too old to be taken back; answers how many rows that were.
///
/// # Errors
/// The store's.
pub async fn sweep(conn: &mut Conn, before: At) -> Result<usize> {
    let removal = diesel::delete(deeds::table.filter(deeds::done_at.lt(before)));
    Ok(with!(conn, |c| removal.execute(c).await)?)
}
