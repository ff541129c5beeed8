//! Offers made to runners, and what became of them.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{offer_errands, offers};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, OfferId, PersonId, ZoneId};
use crate::domain::matching::nearest::Pick;
use crate::domain::offer::OfferState;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = offers)]
pub struct Offer {
    pub id: OfferId,
    pub zone_id: ZoneId,
    pub runner_id: PersonId,
    pub state: OfferState,
    pub lapses_at: At,
}

/// An errand of an offer, with the fence it had when it was offered.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Offered {
    pub errand: ErrandId,
    pub fence: i64,
}

/// Writes an open offer of one errand.
///
/// # Errors
/// The store's.
pub async fn make(
    conn: &mut Conn,
    zone: ZoneId,
    offered: Offered,
    pick: Pick,
    (now, lapses_at): (At, At),
) -> Result<OfferId> {
    let id = OfferId::mint();
    let offer = diesel::insert_into(offers::table).values((
        offers::id.eq(id),
        offers::zone_id.eq(zone),
        offers::runner_id.eq(pick.runner),
        offers::state.eq(OfferState::Open),
        offers::reason.eq(pick.reason.as_str()),
        offers::distance_m.eq(Some(pick.metres)),
        offers::made_at.eq(now),
        offers::lapses_at.eq(lapses_at),
    ));
    with!(conn, |c| offer.execute(c).await)?;
    let errand = diesel::insert_into(offer_errands::table).values((
        offer_errands::offer_id.eq(id),
        offer_errands::errand_id.eq(offered.errand),
        offer_errands::position.eq(0),
        offer_errands::fence.eq(offered.fence),
    ));
    with!(conn, |c| errand.execute(c).await)?;
    Ok(id)
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, id: OfferId) -> Result<Option<Offer>> {
    let query = offers::table.select(columns::<Offer>()).find(id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// What an offer holds, in order.
///
/// # Errors
/// The store's.
pub async fn list_errands(conn: &mut Conn, id: OfferId) -> Result<Vec<Offered>> {
    let query = offer_errands::table
        .select((offer_errands::errand_id, offer_errands::fence))
        .filter(offer_errands::offer_id.eq(id))
        .order(offer_errands::position);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Ends an open offer; `false` when it was no longer open.
///
/// # Errors
/// The store's.
pub async fn end(conn: &mut Conn, id: OfferId, as_what: OfferState, reason: Option<&str>, now: At) -> Result<bool> {
    let change = diesel::update(offers::table.filter(offers::id.eq(id).and(offers::state.eq(OfferState::Open)))).set((
        offers::state.eq(as_what),
        offers::answered_at.eq(Some(now)),
        offers::decline_reason.eq(reason.map(ToOwned::to_owned)),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// The open offer an errand is held by.
///
/// # Errors
/// The store's.
pub async fn find_open_of_errand(conn: &mut Conn, errand: ErrandId) -> Result<Option<Offer>> {
    let query = offers::table
        .inner_join(offer_errands::table)
        .select(columns::<Offer>())
        .filter(offer_errands::errand_id.eq(errand).and(offers::state.eq(OfferState::Open)))
        .order(offers::id.desc());
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Open offers of a runner, oldest first.
///
/// # Errors
/// The store's.
pub async fn list_open_of(conn: &mut Conn, runner: PersonId) -> Result<Vec<OfferId>> {
    let query = offers::table
        .select(offers::id)
        .filter(offers::runner_id.eq(runner).and(offers::state.eq(OfferState::Open)))
        .order(offers::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Who is not to be asked about this errand: whoever declined it, and whoever let it lapse since `lapsed_since`
/// (a silent phone may be a basement: later it is asked again).
///
/// # Errors
/// The store's.
pub async fn list_refusers(conn: &mut Conn, errand: ErrandId, lapsed_since: At) -> Result<BTreeSet<PersonId>> {
    let said_no = offers::state.eq(OfferState::Declined);
    let silent = offers::state.eq(OfferState::Lapsed).and(offers::lapses_at.gt(lapsed_since));
    let query = offers::table
        .inner_join(offer_errands::table)
        .select(offers::runner_id)
        .filter(offer_errands::errand_id.eq(errand).and(said_no.or(silent)));
    let runners: Vec<PersonId> = with!(conn, |c| query.load(c).await)?;
    Ok(runners.into_iter().collect())
}
