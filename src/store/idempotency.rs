//! First answers, kept so that a resend is the same act.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::idempotency_keys as keys;
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::RequestId;
use crate::domain::secret::TokenHash;

/// A key as it came with a call, hashed, and what the call said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whose keys: `submit`, or an act and the person.
    pub scope: String,
    pub key: TokenHash,
    pub body: Vec<u8>,
}

/// What an earlier call of the same key left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    None,
    /// The same call: its subject and its answer.
    Same {
        about: Uuid,
        answer: String,
    },
    /// The key was used for something else.
    Other,
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, key: &Key, now: At) -> Result<Earlier> {
    let query = keys::table.select((keys::body_hash, keys::ref_id, keys::answer)).filter(
        keys::scope.eq(key.scope.clone()).and(keys::key_hash.eq(key.key.clone())).and(keys::expires_at.gt(now)),
    );
    let row: Option<(Vec<u8>, RequestId, String)> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(match row {
        None => Earlier::None,
        Some((body, about, answer)) if body == key.body => Earlier::Same { about: about.uuid(), answer },
        Some(_) => Earlier::Other,
    })
}

/// What a key was used for, whatever the call said.
///
/// # Errors
/// The store's.
pub async fn find_about(conn: &mut Conn, key: &Key, now: At) -> Result<Option<Uuid>> {
    let query = keys::table.select(keys::ref_id).filter(
        keys::scope.eq(key.scope.clone()).and(keys::key_hash.eq(key.key.clone())).and(keys::expires_at.gt(now)),
    );
    let about: Option<RequestId> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(about.map(RequestId::uuid))
}

/// Keeps the answer for `keep_s` seconds. A clash with a concurrent call of the same key is refused by the primary key.
///
/// # Errors
/// [`super::Error::Refused`] when the key is taken.
pub async fn keep(conn: &mut Conn, key: &Key, about: Uuid, answer: String, now: At) -> Result<()> {
    let stale = diesel::delete(keys::table.filter(
        keys::scope.eq(key.scope.clone()).and(keys::key_hash.eq(key.key.clone())).and(keys::expires_at.le(now)),
    ));
    with!(conn, |c| stale.execute(c).await)?;
    let insert = diesel::insert_into(keys::table).values((
        keys::scope.eq(key.scope.clone()),
        keys::key_hash.eq(key.key.clone()),
        keys::body_hash.eq(key.body.clone()),
        keys::ref_id.eq(RequestId::from_uuid(about)),
        keys::answer.eq(answer),
        keys::made_at.eq(now),
        keys::expires_at.eq(now.plus_seconds(KEEP_S)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Keeps the key for a call about to be done; `false` when it is taken. Of two at once the second waits here, and then finds
/// the first one's answer.
///
/// # Errors
/// The store's.
pub async fn reserve(conn: &mut Conn, key: &Key, about: Uuid, now: At) -> Result<bool> {
    let stale = keys::scope.eq(key.scope.clone()).and(keys::key_hash.eq(key.key.clone())).and(keys::expires_at.le(now));
    let stale = diesel::delete(keys::table.filter(stale));
    with!(conn, |c| stale.execute(c).await)?;
    let insert = diesel::insert_into(keys::table)
        .values((
            keys::scope.eq(key.scope.clone()),
            keys::key_hash.eq(key.key.clone()),
            keys::body_hash.eq(key.body.clone()),
            keys::ref_id.eq(RequestId::from_uuid(about)),
            keys::answer.eq(String::new()),
            keys::made_at.eq(now),
            keys::expires_at.eq(now.plus_seconds(KEEP_S)),
        ))
        .on_conflict_do_nothing();
    Ok(with!(conn, |c| insert.execute(c).await)? == 1)
}

/// A week: longer than any phone keeps resending.
pub const KEEP_S: i64 = 7 * 86_400;

/// Removes what expired; answers how many rows that were.
///
/// # Errors
/// The store's.
pub async fn sweep(conn: &mut Conn, now: At) -> Result<usize> {
    let removal = diesel::delete(keys::table.filter(keys::expires_at.le(now)));
    Ok(with!(conn, |c| removal.execute(c).await)?)
}
