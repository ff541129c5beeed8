//! Offers made to runners, what they hold, and what became of them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{offer_errands, offers};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, OfferId, PersonId, PlaceId, ZoneId};
use crate::domain::matching::Pick;
use crate::domain::offer::{Kind, OfferState};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = offers)]
pub struct Offer {
    pub id: OfferId,
    pub zone_id: ZoneId,
    pub runner_id: PersonId,
    pub state: OfferState,
    /// Empty for offers made before there were kinds.
    pub kind: Option<Kind>,
    pub made_at: At,
    pub lapses_at: At,
}

/// An errand of an offer, with the fence it had when it was offered, and where its two stops stand among the offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = offer_errands)]
pub struct Offered {
    pub errand_id: ErrandId,
    pub fence: i64,
    pub place_id: Option<PlaceId>,
    pub collect_position: Option<i32>,
    pub deliver_position: Option<i32>,
}

/// An offer about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    pub zone: ZoneId,
    pub runner: PersonId,
    pub kind: Kind,
    pub reason: Pick,
    /// Metres as the crow flies to the first stop.
    pub distance_m: Option<f64>,
    pub made_at: At,
    pub lapses_at: At,
}

/// Writes an open offer of these errands.
///
/// # Errors
/// The store's.
pub async fn make(conn: &mut Conn, draft: Draft, held: &[Offered]) -> Result<OfferId> {
    let id = OfferId::mint();
    insert(conn, id, draft, OfferState::Open).await?;
    for offered in held {
        hold(conn, id, *offered).await?;
    }
    Ok(id)
}

async fn insert(conn: &mut Conn, id: OfferId, draft: Draft, state: OfferState) -> Result<()> {
    let answered_at = (state != OfferState::Open).then_some(draft.lapses_at);
    let offer = diesel::insert_into(offers::table).values((
        offers::id.eq(id),
        offers::zone_id.eq(draft.zone),
        offers::runner_id.eq(draft.runner),
        offers::state.eq(state),
        offers::kind.eq(Some(draft.kind)),
        offers::reason.eq(draft.reason.as_str()),
        offers::distance_m.eq(draft.distance_m),
        offers::made_at.eq(draft.made_at),
        offers::lapses_at.eq(draft.lapses_at),
        offers::answered_at.eq(answered_at),
    ));
    with!(conn, |c| offer.execute(c).await)?;
    Ok(())
}

async fn hold(conn: &mut Conn, offer: OfferId, held: Offered) -> Result<()> {
    let errand = diesel::insert_into(offer_errands::table).values((
        offer_errands::offer_id.eq(offer),
        offer_errands::errand_id.eq(held.errand_id),
        offer_errands::position.eq(held.collect_position.unwrap_or_default()),
        offer_errands::fence.eq(held.fence),
        offer_errands::place_id.eq(held.place_id),
        offer_errands::collect_position.eq(held.collect_position),
        offer_errands::deliver_position.eq(held.deliver_position),
    ));
    with!(conn, |c| errand.execute(c).await)?;
    Ok(())
}

/// Takes what the runner dropped out of an offer and keeps it as declined, so that this runner is not asked about it again.
///
/// # Errors
/// The store's.
pub async fn drop_from(conn: &mut Conn, offer: &Offer, dropped: &[Offered], now: At) -> Result<()> {
    if dropped.is_empty() {
        return Ok(());
    }
    let gone: Vec<ErrandId> = dropped.iter().map(|offered| offered.errand_id).collect();
    let held = offer_errands::offer_id.eq(offer.id).and(offer_errands::errand_id.eq_any(gone));
    let removal = diesel::delete(offer_errands::table.filter(held));
    with!(conn, |c| removal.execute(c).await)?;
    let (id, kind) = (OfferId::mint(), offer.kind.unwrap_or(Kind::Next));
    let draft = Draft {
        zone: offer.zone_id,
        runner: offer.runner_id,
        kind,
        reason: Pick::BestTrip,
        distance_m: None,
        made_at: offer.made_at,
        lapses_at: now,
    };
    insert(conn, id, draft, OfferState::Declined).await?;
    for offered in dropped {
        hold(conn, id, *offered).await?;
    }
    Ok(())
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
        .select(columns::<Offered>())
        .filter(offer_errands::offer_id.eq(id))
        .order((offer_errands::position, offer_errands::errand_id));
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

/// The open offers an errand is held by: one, or for a red errand one a wave.
///
/// # Errors
/// The store's.
pub async fn list_open_of_errand(conn: &mut Conn, errand: ErrandId) -> Result<Vec<Offer>> {
    let query = offers::table
        .inner_join(offer_errands::table)
        .select(columns::<Offer>())
        .filter(offer_errands::errand_id.eq(errand).and(offers::state.eq(OfferState::Open)))
        .order(offers::id);
    Ok(with!(conn, |c| query.load(c).await)?)
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

/// Errands of open offers whose time to answer is over, longest first.
///
/// # Errors
/// The store's.
pub async fn list_lapsed(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<ErrandId>> {
    let query = offers::table
        .inner_join(offer_errands::table)
        .select(offer_errands::errand_id)
        .filter(offers::state.eq(OfferState::Open).and(offers::lapses_at.le(now)))
        .order(offers::lapses_at)
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}
