//! Photos: of boxes, and of doors and gates as a proof. Each waits without a request until its form is sent, and is thrown
//! away when it never is.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{assignments, errands, photos};
use super::{Conn, Error, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, PhotoId, RequestId};
use crate::domain::secret::TokenHash;

/// How long a photo waits for its form: somebody may fetch the glasses first.
const WAITS_S: i64 = 86_400;

#[derive(Insertable)]
#[diesel(table_name = photos, treat_none_as_default_value = false)]
struct Row {
    id: PhotoId,
    token_hash: TokenHash,
    jpeg: Vec<u8>,
    made_at: At,
}

/// # Errors
/// The store's.
pub async fn add(conn: &mut Conn, token_hash: TokenHash, jpeg: Vec<u8>, now: At) -> Result<()> {
    let insert = diesel::insert_into(photos::table).values(Row { id: PhotoId::mint(), token_hash, jpeg, made_at: now });
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// The photo of a token, while no request has it.
///
/// # Errors
/// The store's.
pub async fn find_waiting(conn: &mut Conn, token_hash: TokenHash) -> Result<Option<PhotoId>> {
    let query =
        photos::table.select(photos::id).filter(photos::token_hash.eq(token_hash).and(photos::request_id.is_null()));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// From here on the photo belongs to an item of a request.
///
/// # Errors
/// [`Error::NotFound`] when another request has it, or it was thrown away.
pub(super) async fn claim(conn: &mut Conn, photo: PhotoId, request: RequestId, position: i32) -> Result<()> {
    let change = diesel::update(photos::table.find(photo).filter(photos::request_id.is_null()))
        .set((photos::request_id.eq(Some(request)), photos::position.eq(Some(position))));
    match with!(conn, |c| change.execute(c).await)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// From here on the photo behind a token belongs to a request, and to no item of it: so it is not among the boxes. `None`
/// when another request has it, or it was thrown away.
///
/// # Errors
/// The store's.
pub async fn claim_apart(conn: &mut Conn, token_hash: TokenHash, request: RequestId) -> Result<Option<PhotoId>> {
    let waiting = photos::token_hash.eq(token_hash).and(photos::request_id.is_null());
    let change =
        diesel::update(photos::table.filter(waiting)).set(photos::request_id.eq(Some(request))).returning(photos::id);
    let claimed: Vec<PhotoId> = with!(conn, |c| change.get_results(c).await)?;
    Ok(claimed.into_iter().next())
}

/// The request a photo belongs to.
///
/// # Errors
/// The store's.
pub async fn find_request(conn: &mut Conn, photo: PhotoId) -> Result<Option<RequestId>> {
    let query = photos::table.select(photos::request_id).find(photo);
    let request: Option<Option<RequestId>> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(request.flatten())
}

/// # Errors
/// [`Error::NotFound`] when there is no such photo.
pub async fn load(conn: &mut Conn, photo: PhotoId) -> Result<Vec<u8>> {
    let query = photos::table.select(photos::jpeg).find(photo);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// Whether an errand of this request is in these hands now.
///
/// # Errors
/// The store's.
pub async fn is_carried_by(conn: &mut Conn, request: RequestId, runner: PersonId) -> Result<bool> {
    let query = assignments::table
        .inner_join(errands::table)
        .select(assignments::runner_id)
        .filter(errands::request_id.eq(request))
        .filter(assignments::runner_id.eq(runner).and(assignments::ended_at.is_null()));
    let found: Option<PersonId> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(found.is_some())
}

/// The photos of boxes of a request by the place of their item.
///
/// # Errors
/// The store's.
pub async fn list_of(conn: &mut Conn, request: RequestId) -> Result<Vec<(i32, PhotoId)>> {
    let query = photos::table
        .select((photos::position, photos::id))
        .filter(photos::request_id.eq(Some(request)).and(photos::position.is_not_null()))
        .order((photos::position, photos::id));
    let rows: Vec<(Option<i32>, PhotoId)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(|(position, photo)| (position.unwrap_or(0), photo)).collect())
}

/// Throws away what was taken for forms that were never sent; answers how many rows that were.
///
/// # Errors
/// The store's.
pub async fn sweep(conn: &mut Conn, now: At) -> Result<usize> {
    let before = now.plus_seconds(-WAITS_S);
    let removal = diesel::delete(photos::table.filter(photos::request_id.is_null().and(photos::made_at.lt(before))));
    Ok(with!(conn, |c| removal.execute(c).await)?)
}
