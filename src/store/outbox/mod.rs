//! Letters to send, enqueued in the transaction they tell of. At least once: a Message-ID made from the row's id
//! lets a mail server see a repetition.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::outbox;
use super::{Conn, Result, columns, with};

mod facts;
use crate::domain::clock::At;
use crate::domain::ids::LetterId;
use crate::domain::letter::LetterKind;
pub use facts::{
    DeliveredFacts, IdleFacts, OfferFacts, SealedInFacts, find_delivered, find_delivered_to_joiner, find_idle,
    find_offer, find_sealed_in,
};

/// A row, as the relay takes it. `ref_id` is an offer, a request, a runner or an errand, by `kind`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Letter {
    pub id: LetterId,
    pub kind: LetterKind,
    pub ref_id: LetterId,
    pub attempts: i32,
    pub made_at: At,
}

/// Enqueues one letter; a second one of the same `dedupe_key` is the same letter: then it is `false`.
///
/// # Errors
/// The store's.
pub async fn enqueue(
    conn: &mut Conn,
    kind: LetterKind,
    about: uuid::Uuid,
    dedupe_key: String,
    now: At,
) -> Result<bool> {
    enqueue_for(conn, (kind, about, dedupe_key), now, now).await
}

/// As [`enqueue`], to be sent at `due` and not before.
///
/// # Errors
/// The store's.
pub async fn enqueue_for(
    conn: &mut Conn,
    (kind, about, dedupe_key): (LetterKind, uuid::Uuid, String),
    now: At,
    due: At,
) -> Result<bool> {
    let insert = diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(LetterId::mint()),
            outbox::kind.eq(kind),
            outbox::ref_id.eq(LetterId::from_uuid(about)),
            outbox::dedupe_key.eq(dedupe_key),
            outbox::made_at.eq(now),
            outbox::attempts.eq(0),
            outbox::next_at.eq(due),
        ))
        .on_conflict(outbox::dedupe_key)
        .do_nothing();
    Ok(with!(conn, |c| insert.execute(c).await)? == 1)
}

/// What a letter that was not sent yet was to tell is not true any more.
///
/// # Errors
/// The store's.
pub async fn call_off(conn: &mut Conn, dedupe_key: String, now: At) -> Result<()> {
    let waiting = outbox::dedupe_key.eq(dedupe_key).and(outbox::done_at.is_null()).and(outbox::dead_at.is_null());
    let change = diesel::update(outbox::table.filter(waiting)).set(outbox::done_at.eq(Some(now)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// Takes up to `limit` due letters of these kinds for this process until `until`: counted as tried before anything is sent, so that
/// a letter that kills its sender cannot do so for ever.
///
/// # Errors
/// The store's.
pub async fn take_due(
    conn: &mut Conn,
    kinds: &[LetterKind],
    (now, until): (At, At),
    limit: i64,
) -> Result<Vec<Letter>> {
    let free = || outbox::locked_until.is_null().or(outbox::locked_until.lt(Some(now)));
    let open = || outbox::done_at.is_null().and(outbox::dead_at.is_null()).and(outbox::next_at.le(now));
    let due = outbox::table.select(columns::<Letter>()).filter(open().and(free())).order(outbox::next_at).limit(limit);
    let due = due.filter(outbox::kind.eq_any(kinds.to_vec()));
    let due: Vec<Letter> = with!(conn, |c| due.load(c).await)?;
    let mut taken = Vec::with_capacity(due.len());
    for letter in due {
        let mine = diesel::update(
            outbox::table
                .filter(outbox::id.eq(letter.id).and(outbox::attempts.eq(letter.attempts)).and(open()).and(free())),
        )
        .set((outbox::locked_until.eq(Some(until)), outbox::attempts.eq(letter.attempts + 1)));
        if with!(conn, |c| mine.execute(c).await)? == 1 {
            taken.push(Letter { attempts: letter.attempts + 1, ..letter });
        }
    }
    Ok(taken)
}

/// # Errors
/// The store's.
pub async fn done(conn: &mut Conn, letter: LetterId, now: At) -> Result<()> {
    let change = diesel::update(outbox::table.find(letter))
        .set((outbox::done_at.eq(Some(now)), outbox::last_error.eq(None::<String>)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// Not now: again at `next`.
///
/// # Errors
/// The store's.
pub async fn again(conn: &mut Conn, letter: LetterId, next: At, error: &str) -> Result<()> {
    let change = diesel::update(outbox::table.find(letter)).set((
        outbox::next_at.eq(next),
        outbox::locked_until.eq(None::<At>),
        outbox::last_error.eq(Some(error.to_owned())),
    ));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// Never again by itself: a person sees it in the list of dead letters.
///
/// # Errors
/// The store's.
pub async fn bury(conn: &mut Conn, letter: LetterId, now: At, error: &str) -> Result<()> {
    let change = diesel::update(outbox::table.find(letter))
        .set((outbox::dead_at.eq(Some(now)), outbox::last_error.eq(Some(error.to_owned()))));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// How many letters wait, and how many are dead.
///
/// # Errors
/// The store's.
pub async fn count(conn: &mut Conn) -> Result<(i64, i64)> {
    let waiting = outbox::table.filter(outbox::done_at.is_null().and(outbox::dead_at.is_null())).count();
    let dead = outbox::table.filter(outbox::dead_at.is_not_null()).count();
    let waiting: i64 = with!(conn, |c| waiting.get_result(c).await)?;
    let dead: i64 = with!(conn, |c| dead.get_result(c).await)?;
    Ok((waiting, dead))
}
