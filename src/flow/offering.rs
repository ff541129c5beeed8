//! Offers and claims: one row decides every race, and the loser is told so.

use super::moving::{Act, take};
use super::{Fault, House, Result, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, OfferId};
use crate::domain::offer::OfferState;
use crate::domain::permission::{Action, may};
use crate::domain::reason::Reason;
use crate::store::errands::{Errand, Lease};
use crate::store::offers::{Offer, Offered};
use crate::store::{Conn, duties, errands, offers};

/// Takes everything the offer holds.
///
/// # Errors
/// [`Fault::NotFound`] when it is not this runner's offer, [`Fault::OfferClosed`] when it lapsed or was withdrawn.
#[tracing::instrument(skip_all, fields(offer_id = %offer))]
pub async fn accept(house: &House, person: &Person, offer: OfferId) -> Result<Vec<Errand>> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let me = person.clone();
    let claimed = house
        .db
        .write(async move |conn| {
            let found = own_offer(conn, &me, offer).await?;
            let held = offers::list_errands(conn, offer).await?;
            if found.state == OfferState::Accepted {
                return already_accepted(conn, &me, &held).await;
            }
            if found.lapses_at <= now || !offers::end(conn, offer, OfferState::Accepted, None, now).await? {
                return Err(Fault::OfferClosed);
            }
            let mut claimed = Vec::with_capacity(held.len());
            for offered in held {
                let act = Act::new(Step::Accept, Trace::runner(me.id), now).into_hands_of(me.id, until);
                claimed.push(claim_offered(conn, offered, act.while_lease(Lease::Live)).await?);
            }
            duties::seen(conn, me.id, None, now).await?;
            Ok(claimed)
        })
        .await?;
    metrics::counter!("paotui_offers_total", "outcome" => "accepted").increment(1);
    after_claim(house, person, &claimed, until).await;
    Ok(claimed)
}

async fn own_offer(conn: &mut Conn, me: &Person, offer: OfferId) -> Result<Offer> {
    let found = offers::find(conn, offer).await?.ok_or(Fault::NotFound)?;
    let mine = may(&Actor::Person(me.clone()), Action::AnswerOffer { held_for: found.runner_id });
    if mine { Ok(found) } else { Err(Fault::NotFound) }
}

/// A second "yes" to the same offer is the same yes, while it still holds.
async fn already_accepted(conn: &mut Conn, me: &Person, held: &[Offered]) -> Result<Vec<Errand>> {
    let mut mine = Vec::with_capacity(held.len());
    for offered in held {
        let errand = errands::find(conn, offered.errand).await?.ok_or(Fault::NotFound)?;
        if errand.runner_id != Some(me.id) || errand.fence != offered.fence {
            return Err(Fault::OfferClosed);
        }
        mine.push(errand);
    }
    Ok(mine)
}

async fn claim_offered(conn: &mut Conn, offered: Offered, act: Act) -> Result<Errand> {
    let errand = errands::find(conn, offered.errand).await?.ok_or(Fault::OfferClosed)?;
    if errand.fence != offered.fence || errand.state != State::Offered {
        return Err(Fault::OfferClosed);
    }
    take(conn, &errand, act).await.map_err(|fault| match fault {
        Fault::Overtaken(_) | Fault::OutOfTurn(_) => Fault::OfferClosed,
        other => other,
    })
}

pub(super) async fn after_claim(house: &House, person: &Person, claimed: &[Errand], until: At) {
    shrug(house.line.leave(person.zone, person.id).await);
    for errand in claimed {
        shrug(house.line.dequeue(errand.zone_id, errand.id).await);
        shrug(house.line.lease(errand.zone_id, errand.id, until).await);
        record_wait(house, errand, "paotui_to_claim_seconds").await;
        house.tell_change(errand, Some(person.id)).await;
    }
}

/// Seconds since the request was made, into the histogram of this phase.
pub(super) async fn record_wait(house: &House, errand: &Errand, histogram: &'static str) {
    let (request, now) = (errand.request_id, house.now());
    let submitted = house.db.read(async move |conn| errands::submitted_at(conn, request).await).await;
    if let Ok(submitted) = submitted {
        let waited = std::time::Duration::from_micros(now.micros_since(submitted).unsigned_abs());
        metrics::histogram!(histogram, "urgency" => errand.urgency.as_str()).record(waited.as_secs_f64());
    }
}

/// Says no: the runner is not asked about these errands again, and they go on to the next.
///
/// # Errors
/// [`Fault::NotFound`] when it is not this runner's offer, [`Fault::OfferClosed`] when it was answered otherwise.
#[tracing::instrument(skip_all, fields(offer_id = %offer))]
pub async fn decline(house: &House, person: &Person, offer: OfferId, reason: Option<Reason>) -> Result<()> {
    let now = house.now();
    let me = person.clone();
    let freed = house
        .db
        .write(async move |conn| {
            let found = own_offer(conn, &me, offer).await?;
            if found.state == OfferState::Declined {
                return Ok(Vec::new());
            }
            duties::seen(conn, me.id, None, now).await?;
            let act = Act::new(Step::Decline, Trace::runner(me.id), now).saying(reason);
            end_offer(conn, offer, OfferState::Declined, act).await?.ok_or(Fault::OfferClosed)
        })
        .await?;
    metrics::counter!("paotui_offers_total", "outcome" => "declined").increment(1);
    after_freed(house, &freed).await;
    presence::restate(house, person.zone, person.id).await;
    Ok(())
}

/// Ends an open offer and lets its errands wait again; `None` when it was not open any more.
pub(super) async fn end_offer(
    conn: &mut Conn,
    offer: OfferId,
    as_what: OfferState,
    act: Act,
) -> Result<Option<Vec<Errand>>> {
    if !offers::end(conn, offer, as_what, act.word(), act.at).await? {
        return Ok(None);
    }
    let mut freed = Vec::new();
    for offered in offers::list_errands(conn, offer).await? {
        let Some(errand) = errands::find(conn, offered.errand).await? else { continue };
        // Cancelled or taken over by staff meanwhile: then there is nothing to free.
        if errand.state == State::Offered && errand.fence == offered.fence {
            freed.push(take(conn, &errand, act.clone()).await?);
        }
    }
    Ok(Some(freed))
}

pub(super) async fn after_freed(house: &House, freed: &[Errand]) {
    for errand in freed {
        house.line_up(errand).await;
        house.tell_change(errand, None).await;
    }
}

/// Takes a waiting errand from the open board: of all who try, one wins.
///
/// # Errors
/// [`Fault::AlreadyClaimed`] for the others, [`Fault::HandsFull`], [`Fault::NotFound`] when it is not of this runner's zone.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn claim(house: &House, person: &Person, errand: ErrandId) -> Result<Errand> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let most = i64::from(house.terms.max_bags);
    let me = person.clone();
    let claimed = house
        .db
        .write(async move |conn| {
            let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
            if !may(&Actor::Person(me.clone()), Action::ClaimFromBoard { zone: found.zone_id }) {
                return Err(Fault::NotFound);
            }
            if found.state == State::Claimed && found.runner_id == Some(me.id) {
                return Ok(found);
            }
            if found.state != State::Waiting {
                return Err(Fault::AlreadyClaimed);
            }
            let (carried, more) = (errands::bags_in_hand(conn, me.id).await?, i64::from(found.bags));
            if carried > 0 && carried + more > most {
                return Err(Fault::HandsFull { carried, more, most });
            }
            let act =
                Act::new(Step::Claim, Trace::runner(me.id), now).into_hands_of(me.id, until).because("from_board");
            take(conn, &found, act).await.map_err(|fault| match fault {
                Fault::Overtaken(_) => Fault::AlreadyClaimed,
                other => other,
            })
        })
        .await?;
    after_claim(house, person, std::slice::from_ref(&claimed), until).await;
    Ok(claimed)
}
