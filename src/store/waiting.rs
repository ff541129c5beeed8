//! What waits, as dispatch reads it: the errand with what its request says, and who was already asked about it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::errands::Errand;
use super::schema::{errands, items, offer_errands, offers, requests};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, PersonId, PlaceId, RequestId, ZoneId};
use crate::domain::offer::OfferState;
use crate::domain::urgency::Urgency;

/// A red errand that is offered may be offered to one more.
macro_rules! offered_red {
    () => {
        errands::state.eq(State::Offered).and(errands::urgency.eq(Urgency::Red))
    };
}

/// An errand nobody has taken, with what its request says of it.
#[derive(Debug, Clone, Queryable)]
pub struct Waiting {
    pub errand: Errand,
    pub submitted_at: At,
    /// The place the resident named; no other will do.
    pub named_place: Option<PlaceId>,
}

/// Those of `ids` that wait, or are red and offered: they may be offered to one more.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, ids: Vec<ErrandId>) -> Result<Vec<Waiting>> {
    let open = errands::state.eq(State::Waiting).or(offered_red!());
    let query = errands::table
        .inner_join(requests::table)
        .select((columns::<Errand>(), requests::submitted_at, requests::place_id))
        .filter(errands::id.eq_any(ids).and(open))
        .order(errands::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// The red errands of a zone that are offered to somebody.
///
/// # Errors
/// The store's.
pub async fn list_offered_red(conn: &mut Conn, zone: ZoneId) -> Result<Vec<ErrandId>> {
    let query = errands::table.select(errands::id).filter(errands::zone_id.eq(zone).and(offered_red!()));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Who is not to be asked about which: whoever declined, and whoever let it lapse since `lapsed_since` (a silent phone
/// may be in a basement: later it is asked again).
///
/// # Errors
/// The store's.
pub async fn list_refusals(conn: &mut Conn, ids: Vec<ErrandId>, lapsed_since: At) -> Result<Vec<(ErrandId, PersonId)>> {
    let said_no = offers::state.eq(OfferState::Declined);
    let silent = offers::state.eq(OfferState::Lapsed).and(offers::lapses_at.gt(lapsed_since));
    let query = offers::table
        .inner_join(offer_errands::table)
        .select((offer_errands::errand_id, offers::runner_id))
        .filter(offer_errands::errand_id.eq_any(ids).and(said_no.or(silent)));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Who holds an unanswered offer of which, and since when.
///
/// # Errors
/// The store's.
pub async fn list_asked(conn: &mut Conn, ids: Vec<ErrandId>) -> Result<Vec<(ErrandId, PersonId, At)>> {
    let query = offers::table
        .inner_join(offer_errands::table)
        .select((offer_errands::errand_id, offers::runner_id, offers::made_at))
        .filter(offer_errands::errand_id.eq_any(ids).and(offers::state.eq(OfferState::Open)))
        .order(offers::made_at);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Name and strength of what these requests ask for, as far as it has a name.
///
/// # Errors
/// The store's.
pub async fn list_items(conn: &mut Conn, ids: Vec<RequestId>) -> Result<Vec<(RequestId, String, Option<String>)>> {
    let query = items::table
        .select((items::request_id, items::name, items::strength))
        .filter(items::request_id.eq_any(ids).and(items::unnamed.is_null().or(items::unnamed.eq(Some(false)))))
        .order((items::request_id, items::position));
    Ok(with!(conn, |c| query.load(c).await)?)
}
