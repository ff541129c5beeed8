//! Offers: said yes or no to. One row decides every race, and the loser is told so.

mod accept;

use super::moving::{Act, take};
use super::{Fault, House, Result, dispatch, presence};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, OfferId, PersonId};
use crate::domain::learning::Lesson;
use crate::domain::offer::OfferState;
use crate::domain::permission::{Action, may};
use crate::domain::reason::Reason;
use crate::domain::span;
use crate::store::errands::Errand;
use crate::store::offers::{Offer, Offered};
use crate::store::{Conn, duties, errands, habits, offers};

pub use accept::{accept, find_holder};

async fn own_offer(conn: &mut Conn, me: &Person, offer: OfferId) -> Result<Offer> {
    let found = offers::find(conn, offer).await?.ok_or(Fault::NotFound)?;
    let mine = may(&Actor::Person(me.clone()), Action::AnswerOffer { held_for: found.runner_id });
    if mine { Ok(found) } else { Err(Fault::NotFound) }
}

/// The runner's answer is learned from.
async fn answered(conn: &mut Conn, offer: &Offer, yes: bool, now: At) -> Result<()> {
    let took_s = span::between(offer.made_at, now);
    habits::learn(conn, offer.zone_id, Lesson::answer(offer.runner_id, yes), now).await?;
    habits::learn(conn, offer.zone_id, Lesson::answered_in(offer.runner_id, took_s), now).await?;
    duties::seen(conn, offer.runner_id, None, now).await?;
    Ok(())
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
            duties::lock(conn, me.id).await?;
            let found = own_offer(conn, &me, offer).await?;
            if found.state == OfferState::Declined {
                return Ok(Vec::new());
            }
            answered(conn, &found, false, now).await?;
            let act = Act::new(Step::Decline, Trace::runner(me.id), now).saying(reason);
            end_offer(conn, offer, OfferState::Declined, act).await?.ok_or(Fault::OfferClosed(None))
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
    let Some(found) = offers::find(conn, offer).await? else { return Ok(None) };
    if !offers::end(conn, offer, as_what, act.word(), act.at).await? {
        return Ok(None);
    }
    let held = offers::list_errands(conn, offer).await?;
    Ok(Some(let_go(conn, &found, &held, act).await?))
}

/// What an offer held waits again, unless somebody else is still asked about it, or it went elsewhere.
async fn let_go(conn: &mut Conn, offer: &Offer, held: &[Offered], act: Act) -> Result<Vec<Errand>> {
    let mut freed = Vec::new();
    for offered in held {
        let Some(errand) = errands::find(conn, offered.errand_id).await? else { continue };
        // Cancelled or taken over by staff meanwhile: then there is nothing to free.
        if errand.state != State::Offered || errand.fence != offered.fence {
            continue;
        }
        let open = offers::list_open_of_errand(conn, errand.id).await?;
        if dispatch::others(&open, offer.runner_id).next().is_none() {
            freed.push(take(conn, &errand, act.clone()).await?);
        }
    }
    Ok(freed)
}

/// An errand leaves the offers that hold it: those that held nothing else are withdrawn. Answers who was asked.
pub(super) async fn withdraw(conn: &mut Conn, errand: ErrandId, word: &str, now: At) -> Result<Vec<PersonId>> {
    let mut asked = Vec::new();
    for offer in offers::list_open_of_errand(conn, errand).await? {
        asked.push(offer.runner_id);
        let mut holds_more = false;
        for offered in offers::list_errands(conn, offer.id).await?.into_iter().filter(|other| other.errand_id != errand)
        {
            let other = errands::find(conn, offered.errand_id).await?;
            holds_more |= other.is_some_and(|other| other.state == State::Offered && other.fence == offered.fence);
        }
        if !holds_more {
            offers::end(conn, offer.id, OfferState::Withdrawn, Some(word), now).await?;
        }
    }
    Ok(asked)
}

pub(super) async fn after_freed(house: &House, freed: &[Errand]) {
    for errand in freed {
        house.line_up(errand).await;
        house.tell_change(errand, None).await;
    }
}
