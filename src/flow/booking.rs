//! The ledger: what the till printed, bag by bag, and what each household gave. Nothing is paid here.

use super::{Fault, House, Result};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, PlaceId, ReceiptId, SettlementId};
use crate::domain::money::{Fen, How, adds_up};
use crate::domain::permission::{Action, may};
use crate::domain::secret;
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::journal::Event;
use crate::store::ledger::{self, Outlay, Receipt};
use crate::store::{Conn, errands, journal, photos, places, requests};

/// What one errand's bag cost, thing by thing (place in the list from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bag {
    pub errand: ErrandId,
    pub items: Vec<(i32, Fen)>,
}

/// A receipt of one counter, for one or several bags.
#[derive(Debug, Clone)]
pub struct Bought {
    /// Code of the place.
    pub place: Option<String>,
    pub total: Fen,
    /// Token of a photo of the receipt.
    pub photo: Option<String>,
    pub bags: Vec<Bag>,
    pub key: Option<Key>,
}

/// Keeps a receipt. One that holds all errands of an earlier one stands in its place.
///
/// # Errors
/// [`Fault::DoesNotAddUp`], [`Fault::NotFound`] for an errand or place that is not the runner's, [`Fault::UnknownItem`],
/// [`Fault::AlreadyBooked`] when an earlier receipt holds an errand that this one leaves out, [`Fault::PhotoGone`],
/// [`Fault::KeyReused`].
#[tracing::instrument(skip_all)]
pub async fn book(house: &House, person: &Person, bought: Bought) -> Result<ReceiptId> {
    adds_up(bought.total, bought.bags.iter().flat_map(|bag| bag.items.iter().map(|(_, fen)| *fen)))
        .map_err(Fault::DoesNotAddUp)?;
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            if let Some(key) = &bought.key {
                match idempotency::find(conn, key, now).await? {
                    Earlier::Same { about, .. } => return Ok(ReceiptId::from_uuid(about)),
                    Earlier::Other => return Err(Fault::KeyReused),
                    Earlier::None => {}
                }
            }
            let place = find_place(conn, &me, bought.place.as_deref()).await?;
            let lines = read_lines(conn, &me, &bought.bags).await?;
            make_room(conn, &lines, now).await?;
            let first = lines.first().ok_or(Fault::NotFound)?;
            let photo = match bought.photo {
                Some(token) => {
                    let claimed = photos::claim_apart(conn, secret::hash(&token), first.request).await?;
                    Some(claimed.ok_or(Fault::PhotoGone)?)
                }
                None => None,
            };
            let id = ReceiptId::mint();
            let receipt = Receipt { id, zone: me.zone, runner: me.id, place, total: bought.total, photo, at: now };
            ledger::write(conn, receipt, &lines).await?;
            if let Some(key) = &bought.key {
                idempotency::keep(conn, key, id.uuid(), String::new(), now).await?;
            }
            Ok::<_, Fault>(id)
        })
        .await
}

async fn find_place(conn: &mut Conn, me: &Person, code: Option<&str>) -> Result<Option<PlaceId>> {
    let Some(code) = code else { return Ok(None) };
    let place = places::find(conn, code).await?.filter(|place| place.zone_id == me.zone);
    Ok(Some(place.ok_or(Fault::NotFound)?.id))
}

async fn read_lines(conn: &mut Conn, me: &Person, bags: &[Bag]) -> Result<Vec<Outlay>> {
    let mut lines = Vec::new();
    for bag in bags {
        let errand = own(conn, me, bag.errand).await?;
        let things = i32::try_from(requests::list_keys(conn, errand.request_id).await?.len()).unwrap_or(i32::MAX);
        for (position, fen) in &bag.items {
            if !(1..=things).contains(position) {
                return Err(Fault::UnknownItem);
            }
            lines.push(Outlay { request: errand.request_id, errand: errand.id, position: *position, fen: *fen });
        }
    }
    Ok(lines)
}

/// An errand in the runner's hands, or brought by him.
async fn own(conn: &mut Conn, me: &Person, errand: ErrandId) -> Result<Errand> {
    let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
    let mine = may(&Actor::Person(me.clone()), Action::CarryErrand { carried_by: found.runner_id });
    let had = matches!(
        found.state,
        State::Claimed | State::Collected | State::AtGate | State::Delivered | State::Closed | State::Care
    );
    if mine && had { Ok(found) } else { Err(Fault::NotFound) }
}

/// Earlier receipts of the same errands give way, if nothing of them would be left without one.
async fn make_room(conn: &mut Conn, lines: &[Outlay], now: At) -> Result<()> {
    let errands: Vec<ErrandId> = lines.iter().map(|line| line.errand).collect();
    let earlier = ledger::list_holding(conn, errands.clone()).await?;
    if earlier.iter().any(|(_, errand)| !errands.contains(errand)) {
        return Err(Fault::AlreadyBooked);
    }
    let mut receipts: Vec<ReceiptId> = earlier.into_iter().map(|(receipt, _)| receipt).collect();
    receipts.sort_unstable();
    receipts.dedup();
    for receipt in receipts {
        ledger::void(conn, receipt, now).await?;
    }
    Ok(())
}

/// Keeps what a household gave for its goods: told by the runner who brings them, or by staff of the zone.
///
/// # Errors
/// [`Fault::NotFound`] for an errand that is not the caller's to see, [`Fault::KeyReused`].
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn settle(
    house: &House,
    person: &Person,
    errand: ErrandId,
    (fen, how, key): (Fen, How, Option<Key>),
) -> Result<SettlementId> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            if let Some(key) = &key {
                match idempotency::find(conn, key, now).await? {
                    Earlier::Same { about, .. } => return Ok(SettlementId::from_uuid(about)),
                    Earlier::Other => return Err(Fault::KeyReused),
                    Earlier::None => {}
                }
            }
            let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
            let by = settles_as(conn, &me, &found).await?;
            let id = ledger::settle(conn, (found.zone_id, found.request_id), (fen, how), (by, me.id, now)).await?;
            let event = Event { request_id: Some(found.request_id), ..Event::new(now, found.zone_id, "settled", by) };
            journal::write(conn, event.because(Some(how.as_str()))).await?;
            if let Some(key) = &key {
                idempotency::keep(conn, key, id.uuid(), String::new(), now).await?;
            }
            Ok::<_, Fault>(id)
        })
        .await
}

async fn settles_as(conn: &mut Conn, me: &Person, found: &Errand) -> Result<Trace> {
    if own(conn, me, found.id).await.is_ok() {
        return Ok(Trace::runner(me.id));
    }
    let staff = may(&Actor::Person(me.clone()), Action::EnterRequest { zone: found.zone_id });
    if staff { Ok(Trace::staff(me)) } else { Err(Fault::NotFound) }
}
