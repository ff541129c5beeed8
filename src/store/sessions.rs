//! Server-side sign-ins: only the hash of a token is kept.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::people::Account;
use super::schema::{people, sessions};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, SessionId};
use crate::domain::secret::TokenHash;

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct NewSession {
    pub id: SessionId,
    pub token_hash: TokenHash,
    pub person_id: PersonId,
    pub made_at: At,
    pub seen_at: At,
    pub expires_at: At,
}

/// # Errors
/// The store's.
pub async fn open(conn: &mut Conn, session: NewSession) -> Result<()> {
    let insert = diesel::insert_into(sessions::table).values(session);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// The account behind a live session: not expired, not revoked, used since `idle_since`, account not disabled.
///
/// # Errors
/// The store's.
pub async fn find(
    conn: &mut Conn,
    token: TokenHash,
    now: At,
    idle_since: At,
) -> Result<Option<(SessionId, At, Account)>> {
    let query = sessions::table
        .inner_join(people::table)
        .select((sessions::id, sessions::seen_at, columns::<Account>()))
        .filter(sessions::token_hash.eq(token))
        .filter(sessions::revoked_at.is_null().and(sessions::expires_at.gt(now)).and(sessions::seen_at.gt(idle_since)))
        .filter(people::disabled_at.is_null());
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// The store's.
pub async fn seen(conn: &mut Conn, session: SessionId, now: At) -> Result<()> {
    let change = diesel::update(sessions::table.find(session)).set(sessions::seen_at.eq(now));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// # Errors
/// The store's.
pub async fn revoke(conn: &mut Conn, token: TokenHash, now: At) -> Result<()> {
    let change =
        diesel::update(sessions::table.filter(sessions::token_hash.eq(token).and(sessions::revoked_at.is_null())))
            .set(sessions::revoked_at.eq(Some(now)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// Ends all sessions of an account: its password changed, or it was closed.
///
/// # Errors
/// The store's.
pub async fn revoke_all(conn: &mut Conn, username: &str, now: At) -> Result<usize> {
    let owner = people::table.select(people::id).filter(people::username.eq(username.to_owned()));
    let live = sessions::person_id.eq_any(owner).and(sessions::revoked_at.is_null());
    let change = diesel::update(sessions::table.filter(live)).set(sessions::revoked_at.eq(Some(now)));
    Ok(with!(conn, |c| change.execute(c).await)?)
}

/// Removes what ended before `before`; answers how many rows that were.
///
/// # Errors
/// The store's.
pub async fn sweep(conn: &mut Conn, before: At) -> Result<usize> {
    let removal = diesel::delete(sessions::table.filter(sessions::expires_at.lt(before)));
    Ok(with!(conn, |c| removal.execute(c).await)?)
}
