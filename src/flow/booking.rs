//! The ledger: what the till printed, bag by bag, and what each household gave. Nothing is paid here.

use uuid::Uuid;

use super::{Fault, House, Result};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, PersonId, PhotoId, PlaceId, ReceiptId, RequestId, SettlementId};
use crate::domain::money::{Fen, How, adds_up, may_be_booked};
use crate::domain::permission::{Action, may};
use crate::domain::secret;
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::journal::Event;
use crate::store::ledger::{self, Outlay, Receipt};
use crate::store::{Conn, duties, errands, journal, photos, places, requests};

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
            // Of two receipts at once of one runner the second sees the first.
            duties::lock(conn, me.id).await?;
            let id = ReceiptId::mint();
            if let Some(earlier) = earlier(conn, bought.key.as_ref(), (id.uuid(), now)).await? {
                return Ok(ReceiptId::from_uuid(earlier));
            }
            let place = find_place(conn, &me, bought.place.as_deref()).await?;
            let lines = read_lines(conn, &me, &bought.bags).await?;
            let replaced = make_room(conn, &lines, (me.id, now)).await?;
            let photo = find_photo(conn, bought.photo, (&lines, &replaced)).await?;
            let receipt = Receipt { id, zone: me.zone, runner: me.id, place, total: bought.total, photo, at: now };
            ledger::write(conn, receipt, &lines).await?;
            let kind = if replaced.is_empty() { "booked" } else { "booked_again" };
            note(conn, &me, &lines, (kind, now)).await?;
            Ok::<_, Fault>(id)
        })
        .await
}

/// What this key stands for, if it came before; else it stands for `about` from now on.
async fn earlier(conn: &mut Conn, key: Option<&Key>, (about, now): (Uuid, At)) -> Result<Option<Uuid>> {
    let Some(key) = key else { return Ok(None) };
    if idempotency::reserve(conn, key, about, now).await? {
        return Ok(None);
    }
    match idempotency::find(conn, key, now).await? {
        Earlier::Same { about, .. } => Ok(Some(about)),
        Earlier::Other | Earlier::None => Err(Fault::KeyReused),
    }
}

/// The photo that came with the receipt; one that mends a single earlier receipt keeps that one's.
async fn find_photo(
    conn: &mut Conn,
    token: Option<String>,
    (lines, replaced): (&[Outlay], &[ReceiptId]),
) -> Result<Option<PhotoId>> {
    match (token, replaced) {
        (Some(token), _) => {
            let request = lines.first().ok_or(Fault::NotFound)?.request;
            let claimed = photos::claim_apart(conn, secret::hash(&token), request).await?;
            Ok(Some(claimed.ok_or(Fault::PhotoGone)?))
        }
        (None, [one]) => Ok(ledger::find_photo(conn, *one).await?),
        (None, _) => Ok(None),
    }
}

/// Into the journal of each request it is about: that something was booked, and no amount.
async fn note(conn: &mut Conn, me: &Person, lines: &[Outlay], (kind, now): (&str, At)) -> Result<()> {
    let mut known: Vec<RequestId> = lines.iter().map(|line| line.request).collect();
    known.sort_unstable();
    known.dedup();
    for request in known {
        let event = Event::new(now, me.zone, kind, Trace::runner(me.id));
        journal::write(conn, Event { request_id: Some(request), ..event }).await?;
    }
    Ok(())
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
    if is_own(me, &found) { Ok(found) } else { Err(Fault::NotFound) }
}

fn is_own(me: &Person, errand: &Errand) -> bool {
    may(&Actor::Person(me.clone()), Action::CarryErrand { carried_by: errand.runner_id }) && may_be_booked(errand.state)
}

/// This runner's earlier receipts of the same errands give way, if nothing of them would be left without one. What another
/// laid out for the errand before stays written down: it was laid out.
async fn make_room(conn: &mut Conn, lines: &[Outlay], (me, now): (PersonId, At)) -> Result<Vec<ReceiptId>> {
    let errands: Vec<ErrandId> = lines.iter().map(|line| line.errand).collect();
    let earlier = ledger::list_holding(conn, me, errands.clone()).await?;
    if earlier.iter().any(|(_, errand)| !errands.contains(errand)) {
        return Err(Fault::AlreadyBooked);
    }
    let mut receipts: Vec<ReceiptId> = earlier.into_iter().map(|(receipt, _)| receipt).collect();
    receipts.sort_unstable();
    receipts.dedup();
    for receipt in &receipts {
        ledger::void(conn, *receipt, now).await?;
    }
    Ok(receipts)
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
            let id = SettlementId::mint();
            if let Some(earlier) = earlier(conn, key.as_ref(), (id.uuid(), now)).await? {
                return Ok(SettlementId::from_uuid(earlier));
            }
            let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
            let by = settles_as(&me, &found)?;
            ledger::settle(conn, id, (found.zone_id, found.request_id), (fen, how), (by, me.id, now)).await?;
            let event = Event { request_id: Some(found.request_id), ..Event::new(now, found.zone_id, "settled", by) };
            journal::write(conn, event.because(Some(how.as_str()))).await?;
            Ok::<_, Fault>(id)
        })
        .await
}

fn settles_as(me: &Person, found: &Errand) -> Result<Trace> {
    if is_own(me, found) {
        return Ok(Trace::runner(me.id));
    }
    let staff = may(&Actor::Person(me.clone()), Action::EnterRequest { zone: found.zone_id });
    if staff { Ok(Trace::staff(me)) } else { Err(Fault::NotFound) }
}
