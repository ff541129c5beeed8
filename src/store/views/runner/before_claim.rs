//! What one sees of an errand nobody has claimed: of an offer, or on the board.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{BeforeClaim, Counter, Ends, Leg, OfferCard};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, OfferId, PersonId, PlaceId};
use crate::domain::matching::Pick;
use crate::domain::offer::{Kind, OfferState};
use crate::store::errands::Errand;
use crate::store::places::Place;
use crate::store::schema::{buildings, errands, offer_errands, offers, places};
use crate::store::zones::Building;
use crate::store::{Conn, Result, columns, with};

fn before_claim((errand, building, place): Leg, now: At) -> BeforeClaim {
    BeforeClaim {
        ends: Ends::of(&errand, &building, now),
        errand: errand.id,
        from: place.map(Counter::from),
        to: building.into(),
        category: errand.category,
        urgency: errand.urgency,
        bags: errand.bags,
        deliver_by: errand.deliver_by,
    }
}

/// The viewer's open offers, oldest first.
///
/// # Errors
/// The store's.
pub async fn list_offers(conn: &mut Conn, viewer: PersonId, now: At) -> Result<Vec<OfferCard>> {
    type Row = (OfferId, At, At, (Option<Kind>, String), Option<f64>);
    let why = (offers::kind, offers::reason);
    let open = offers::table
        .select((offers::id, offers::made_at, offers::lapses_at, why, offers::distance_m))
        .filter(offers::runner_id.eq(viewer).and(offers::state.eq(OfferState::Open)))
        .order(offers::id);
    let open: Vec<Row> = with!(conn, |c| open.load(c).await)?;
    let mut cards = Vec::with_capacity(open.len());
    for (offer, made_at, lapses_at, (kind, reason), distance_m) in open {
        let held = offer_errands::table
            .inner_join(errands::table)
            .select((offer_errands::errand_id, offer_errands::place_id))
            .filter(offer_errands::offer_id.eq(offer).and(offer_errands::fence.eq(errands::fence)))
            .filter(errands::state.eq(State::Offered))
            .order((offer_errands::position, offer_errands::errand_id));
        let held: Vec<(ErrandId, Option<PlaceId>)> = with!(conn, |c| held.load(c).await)?;
        let errands = list_before_claim(conn, held, now).await?;
        let (kind, reason) = (kind.unwrap_or(Kind::Next), reason.parse().unwrap_or(Pick::BestTrip));
        cards.push(OfferCard { offer, errands, made_at, lapses_at, kind, reason, distance_m });
    }
    Ok(cards)
}

/// These errands as one may see them before a claim, in the order given; each fetched from the place beside it.
///
/// # Errors
/// The store's.
pub async fn list_before_claim(
    conn: &mut Conn,
    wanted: Vec<(ErrandId, Option<PlaceId>)>,
    now: At,
) -> Result<Vec<BeforeClaim>> {
    let ids: Vec<ErrandId> = wanted.iter().map(|(errand, _)| *errand).collect();
    let legs = errands::table
        .inner_join(buildings::table)
        .left_join(places::table)
        .select((columns::<Errand>(), columns::<Building>(), columns::<Place>().nullable()))
        .filter(errands::id.eq_any(ids));
    let legs: Vec<Leg> = with!(conn, |c| legs.load(c).await)?;
    let mut legs: BTreeMap<ErrandId, Leg> = legs.into_iter().map(|leg| (leg.0.id, leg)).collect();
    let elsewhere: Vec<PlaceId> = wanted.iter().filter_map(|(_, place)| *place).collect();
    let places = places::table.select(columns::<Place>()).filter(places::id.eq_any(elsewhere));
    let places: Vec<Place> = with!(conn, |c| places.load(c).await)?;
    let seen = wanted.into_iter().filter_map(|(errand, place)| {
        let (errand, building, usual) = legs.remove(&errand)?;
        let place = place.and_then(|id| places.iter().find(|place| place.id == id).cloned());
        Some(before_claim((errand, building, place.or(usual)), now))
    });
    Ok(seen.collect())
}
