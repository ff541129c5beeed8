//! What becomes of an errand when its lease ends: an offer goes to the next, a silent claim goes back,
//! goods in silent hands go to a person.

use super::moving::{Act, take};
use super::{Fault, House, Result, offering, presence, shrug};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::offer::OfferState;
use crate::store::errands::{Errand, Lease};
use crate::store::{Conn, duties, errands, offers};

/// Ends the lease of one errand if it is really over. The guard is repeated in the UPDATE: whoever listed the errand
/// may have seen an older row.
///
/// # Errors
/// [`Fault::Store`]; an errand that moved meanwhile is no error.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn lapse(house: &House, errand: ErrandId) -> Result<()> {
    let (now, quiet_until) = (house.now(), house.now().plus_seconds(house.terms.quiet_s));
    let lapsed = house
        .db
        .write(async move |conn| match errands::find(conn, errand).await? {
            Some(found) if found.lease_until.is_some_and(|until| until <= now) => {
                end_lease(conn, found, now, quiet_until).await
            }
            Some(found) => Ok(Lapsed::StillRuns(found)),
            None => Ok(Lapsed::Gone),
        })
        .await;
    match lapsed {
        Ok(Lapsed::Over(errand, runner)) => after(house, &errand, runner).await,
        Ok(Lapsed::StillRuns(errand)) => correct(house, &errand).await,
        Ok(Lapsed::Gone) | Err(Fault::Overtaken(_) | Fault::OutOfTurn(_)) => {}
        Err(fault) => return Err(fault),
    }
    Ok(())
}

enum Lapsed {
    Over(Errand, Option<PersonId>),
    StillRuns(Errand),
    Gone,
}

async fn end_lease(conn: &mut Conn, found: Errand, now: At, quiet_until: At) -> Result<Lapsed> {
    let runner = found.runner_id;
    let step = if found.state == State::Offered { Step::Lapse } else { Step::Abandon };
    let custody = if found.state == State::Collected { runner } else { None };
    let act =
        Act { holder: custody, ..Act::new(step, Trace::SERVICE, now).while_lease(Lease::Ended).because("no_answer") };
    if let (Step::Lapse, Some(offer)) = (step, offers::find_open_of_errand(conn, found.id).await?) {
        offers::end(conn, offer.id, OfferState::Lapsed, None, now).await?;
    }
    if let Some(runner) = runner {
        duties::quieten(conn, runner, quiet_until).await?;
    }
    Ok(Lapsed::Over(take(conn, &found, act).await?, runner))
}

async fn after(house: &House, errand: &Errand, runner: Option<PersonId>) {
    if errand.state == State::Waiting {
        metrics::counter!("paotui_offers_total", "outcome" => "lapsed").increment(1);
        offering::after_freed(house, std::slice::from_ref(errand)).await;
    } else {
        shrug(house.line.dequeue(errand.zone_id, errand.id).await);
        house.tell_change(errand, runner).await;
    }
    if let Some(runner) = runner {
        presence::restate(house, errand.zone_id, runner).await;
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
