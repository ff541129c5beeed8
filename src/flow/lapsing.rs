//! What becomes of an errand when its lease ends: an offer goes to the next, a silent claim goes back,
//! goods in silent hands go to a person.

use super::moving::{Act, take};
use super::{Fault, House, Result, offering, presence, shrug};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::learning::Lesson;
use crate::domain::letter::LetterKind;
use crate::domain::offer::OfferState;
use crate::line::What;
use crate::store::errands::{Errand, Lease};
use crate::store::{Conn, duties, errands, habits, offers, outbox};

/// Ends what is over about one errand: offers that nobody answered in time, or the claim of a runner who gave no sign of
/// life. The guards are repeated in the UPDATEs: whoever listed the errand may have seen an older row.
///
/// # Errors
/// [`Fault::Store`]; an errand that moved meanwhile is no error.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn lapse(house: &House, errand: ErrandId) -> Result<()> {
    let (now, quiet_until) = (house.now(), house.now().plus_seconds(house.terms.quiet_s));
    let lapsed = house
        .db
        .write(async move |conn| match errands::find(conn, errand).await? {
            Some(found) if found.state == State::Offered => lapse_offers(conn, found, now, quiet_until).await,
            Some(found) if found.lease_until.is_some_and(|until| until <= now) => {
                abandon(conn, found, now, quiet_until).await
            }
            Some(found) => Ok(Lapsed { stands: Some(found), ..Lapsed::default() }),
            None => Ok(Lapsed::default()),
        })
        .await;
    match lapsed {
        Ok(lapsed) => after(house, lapsed).await,
        Err(Fault::Overtaken(_) | Fault::OutOfTurn(_)) => {}
        Err(fault) => return Err(fault),
    }
    Ok(())
}

/// What was over.
#[derive(Default)]
struct Lapsed {
    /// Errands that wait again.
    freed: Vec<Errand>,
    /// Goods in silent hands: a person decides.
    set_aside: Option<Errand>,
    silent: Vec<PersonId>,
    /// Offers that lapsed.
    offers: u64,
    /// Nothing was over: how the errand stands.
    stands: Option<Errand>,
}

async fn lapse_offers(conn: &mut Conn, found: Errand, now: At, quiet_until: At) -> Result<Lapsed> {
    let mut lapsed = Lapsed::default();
    let open = offers::list_open_of_errand(conn, found.id).await?;
    let mut asked: Vec<PersonId> = open.iter().map(|offer| offer.runner_id).collect();
    asked.sort_unstable();
    for runner in asked {
        duties::lock(conn, runner).await?;
    }
    let mut left = open.len();
    for offer in open.into_iter().filter(|offer| offer.lapses_at <= now) {
        left -= 1;
        let act = Act::new(Step::Lapse, Trace::SERVICE, now).because("no_answer");
        let Some(freed) = offering::end_offer(conn, offer.id, OfferState::Lapsed, act).await? else { continue };
        duties::quieten(conn, offer.runner_id, quiet_until).await?;
        habits::learn(conn, offer.zone_id, Lesson::answer(offer.runner_id, false), now).await?;
        lapsed.freed.extend(freed);
        lapsed.silent.push(offer.runner_id);
        lapsed.offers += 1;
    }
    if left == 0 && lapsed.freed.is_empty() && found.lease_until.is_none_or(|until| until <= now) {
        // Held by no offer at all: whatever made it so, it must not stay so.
        let act = Act::new(Step::Lapse, Trace::SERVICE, now).while_lease(Lease::Ended).because("no_answer");
        lapsed.freed.push(take(conn, &found, act).await?);
    }
    if lapsed.freed.is_empty() {
        lapsed.stands = errands::find(conn, found.id).await?;
    }
    Ok(lapsed)
}

async fn abandon(conn: &mut Conn, found: Errand, now: At, quiet_until: At) -> Result<Lapsed> {
    let runner = found.runner_id;
    let custody = if found.state == State::Collected { runner } else { None };
    let act = Act::new(Step::Abandon, Trace::SERVICE, now).while_lease(Lease::Ended).because("no_answer");
    if let Some(runner) = runner {
        duties::quieten(conn, runner, quiet_until).await?;
    }
    let moved = take(conn, &found, Act { holder: custody, ..act }).await?;
    let silent = runner.into_iter().collect();
    Ok(match moved.state {
        State::Waiting => Lapsed { freed: vec![moved], silent, ..Lapsed::default() },
        _ => Lapsed { set_aside: Some(moved), silent, ..Lapsed::default() },
    })
}

async fn after(house: &House, lapsed: Lapsed) {
    metrics::counter!("paotui_offers_total", "outcome" => "lapsed").increment(lapsed.offers);
    offering::after_freed(house, &lapsed.freed).await;
    let zone = lapsed.freed.iter().chain(&lapsed.set_aside).chain(&lapsed.stands).map(|errand| errand.zone_id).next();
    if let Some(errand) = &lapsed.set_aside {
        shrug(house.line.dequeue(errand.zone_id, errand.id).await);
        house.tell_change(errand, errand.runner_id).await;
    }
    if let Some(errand) = &lapsed.stands {
        correct(house, errand).await;
    }
    if let Some(zone) = zone {
        for runner in lapsed.silent {
            presence::restate(house, zone, runner).await;
        }
    }
}

/// The line had an older lease end than the store: tell it the right one.
async fn correct(house: &House, errand: &Errand) {
    match errand.lease_until {
        Some(until) => shrug(house.line.lease(errand.zone_id, errand.id, until).await),
        None if errand.state == State::Waiting => house.line_up(errand).await,
        None => shrug(house.line.dequeue(errand.zone_id, errand.id).await),
    }
}

/// At once; the next round takes the rest.
const IDLE_AT_ONCE: i64 = 200;

/// Asks by letter and by news whoever gave no sign of life for half the time a claim holds whether he is still going: once a
/// silence. At its end the errand goes back.
///
/// # Errors
/// [`Fault::Store`].
pub async fn ask_the_idle(house: &House) -> Result<()> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.idle_s()));
    let asked = house.db.write(async move |conn| {
        let mut asked = Vec::new();
        for (errand, ends) in errands::list_idle(conn, (now, until), IDLE_AT_ONCE).await? {
            let dedupe = format!("still_going:{}:{}", errand.id, ends.0);
            if outbox::enqueue(conn, LetterKind::StillGoing, errand.id.uuid(), dedupe, now).await? {
                asked.push(errand);
            }
        }
        Ok::<_, Fault>(asked)
    });
    for errand in asked.await? {
        if let Some(runner) = errand.runner_id {
            house.tell(errand.zone_id, What::Runner(runner)).await;
        }
    }
    Ok(())
}
