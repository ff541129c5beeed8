//! Links that let somebody in once: only the hash of the token is kept.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::people::Account;
use super::schema::{people, sign_in_links as links};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, SignInLinkId};
use crate::domain::secret::TokenHash;

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = links, treat_none_as_default_value = false)]
pub struct NewLink {
    pub id: SignInLinkId,
    pub token_hash: TokenHash,
    pub person_id: PersonId,
    pub made_by: PersonId,
    pub made_at: At,
    pub expires_at: At,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unspent() -> _ {
    links::used_at.is_null().and(links::ended_at.is_null())
}

/// # Errors
/// The store's.
pub async fn add(conn: &mut Conn, link: NewLink) -> Result<()> {
    let insert = diesel::insert_into(links::table).values(link);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Ends every link of a person that was not used: another takes their place.
///
/// # Errors
/// The store's.
pub async fn end_all(conn: &mut Conn, person: PersonId, now: At) -> Result<()> {
    let change = diesel::update(links::table.filter(links::person_id.eq(person).and(unspent())))
        .set(links::ended_at.eq(Some(now)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// The account a link opens, and by whom it was made, as long as it opens it: not used, not ended, not expired, the account not closed. Looking
/// changes nothing.
///
/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, token: TokenHash, now: At) -> Result<Option<(SignInLinkId, PersonId, Account)>> {
    let query = links::table
        .inner_join(people::table.on(people::id.eq(links::person_id)))
        .select((links::id, links::made_by, columns::<Account>()))
        .filter(links::token_hash.eq(token))
        .filter(links::expires_at.gt(now).and(unspent()))
        .filter(people::disabled_at.is_null());
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Uses a link. `false` when it does not open anything any more: somebody was faster, it ended or is too old.
///
/// # Errors
/// The store's.
pub async fn consume(conn: &mut Conn, id: SignInLinkId, now: At) -> Result<bool> {
    let change = diesel::update(links::table.filter(links::id.eq(id).and(links::expires_at.gt(now)).and(unspent())))
        .set(links::used_at.eq(Some(now)));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// A link that may still be used, as its letter needs it: whose, by whom, until when.
///
/// # Errors
/// The store's.
pub async fn find_unspent(conn: &mut Conn, id: SignInLinkId, now: At) -> Result<Option<(PersonId, PersonId, At)>> {
    let query = links::table
        .inner_join(people::table.on(people::id.eq(links::person_id)))
        .select((links::person_id, links::made_by, links::expires_at))
        .filter(links::id.eq(id).and(links::expires_at.gt(now)).and(unspent()))
        .filter(people::disabled_at.is_null());
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Removes links that ended before `before`; answers how many rows that were.
///
/// # Errors
/// The store's.
pub async fn sweep(conn: &mut Conn, before: At) -> Result<usize> {
    let removal = diesel::delete(links::table.filter(links::expires_at.lt(before)));
    Ok(with!(conn, |c| removal.execute(c).await)?)
}
