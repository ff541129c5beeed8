//! Stepping in on a request as a whole: another urgency, calling it off; and doing for a runner what he did and cannot say.

use super::moving::{Act, take};
use super::office::Office;
use super::{Errand, Fault, House, Result, follow_up, presence, shrug};
use crate::domain::actor::{Person, Trace};
use crate::domain::care;
use crate::domain::clock::At;
use crate::domain::errand::{Refused, State, Step};
use crate::domain::ids::{ErrandId, RequestId};
use crate::domain::reason::Reason;
use crate::domain::urgency::{Urgency, deadline_when_set};
use crate::store::journal::Event;
use crate::store::{Conn, journal, pressure, requests};

/// How urgent a request is now, and by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pressure {
    pub urgency: Urgency,
    pub deliver_by: At,
}

/// Sets how urgent a request is. The reason is kept; setting what is set already changes nothing.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone, [`Fault::OutOfTurn`] once it is delivered or over.
#[tracing::instrument(skip_all, fields(request_id = %request, urgency = %urgency))]
pub async fn set_urgency(
    house: &House,
    person: &Person,
    request: RequestId,
    (urgency, reason): (Urgency, Reason),
) -> Result<Pressure> {
    set_urgency_as(house, person, request, (urgency, reason, Office::Overseer)).await
}

pub(super) async fn set_urgency_as(
    house: &House,
    person: &Person,
    request: RequestId,
    (urgency, reason, office): (Urgency, Reason, Office),
) -> Result<Pressure> {
    let (me, now) = (person.clone(), house.now());
    let (set, errand) = house
        .db
        .write(async move |conn| {
            let errand = office.find_of(conn, &me, request).await?;
            if matches!(errand.state, State::Delivered | State::Closed | State::Cancelled) {
                return Err(Refused::Over(errand.state).into());
            }
            office.must_decide(&errand, (care::Act::Urgency, Step::Reopen))?;
            let (from, deliver_by) = requests::load_pressure(conn, request).await?;
            let (asked, _) = requests::load_origin(conn, request).await?;
            let deliver_by = deadline_when_set((from, deliver_by), urgency, (asked, now));
            if from != urgency {
                if !pressure::set(conn, request, (urgency, deliver_by)).await? {
                    return Err(Fault::Overtaken(errand.request_state()));
                }
                let event = Event::new(now, errand.zone_id, urgency_event(urgency), Trace::staff(&me));
                let event = event.about(request, errand.id, errand.request_state());
                write_with_words(conn, event, request, &reason).await?;
            }
            Ok((Pressure { urgency, deliver_by }, Errand { urgency, deliver_by, ..errand }))
        })
        .await?;
    if errand.state == State::Waiting {
        house.line_up(&errand).await;
    }
    house.tell_change(&errand, errand.runner_id).await;
    Ok(set)
}

/// The journal tells which way it went.
const fn urgency_event(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Red => "urgency_red",
        Urgency::Yellow => "urgency_yellow",
        Urgency::Green => "urgency_green",
    }
}

/// The word beside the event, own words kept apart from the journal.
pub(super) async fn write_with_words(conn: &mut Conn, event: Event, request: RequestId, reason: &Reason) -> Result<()> {
    let id = event.id;
    journal::write(conn, event.because(Some(&reason.word))).await?;
    if let Some(said) = &reason.said {
        journal::write_remark(conn, id, request, said).await?;
    }
    Ok(())
}

/// Calls a request off.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone, [`Fault::OutOfTurn`] once the goods are bought.
pub async fn cancel(house: &House, person: &Person, request: RequestId, reason: Reason) -> Result<State> {
    cancel_as(house, person, request, (reason, Office::Overseer)).await
}

pub(super) async fn cancel_as(
    house: &House,
    person: &Person,
    request: RequestId,
    (reason, office): (Reason, Office),
) -> Result<State> {
    let (me, now) = (person.clone(), house.now());
    let ended = house
        .db
        .write(async move |conn| {
            let found = office.find_of(conn, &me, request).await?;
            if found.state != State::Cancelled {
                office.must_decide(&found, (care::Act::Cancel, Step::Cancel))?;
            }
            follow_up::end_within(conn, request, (Step::Cancel, Trace::staff(&me), Some(reason)), now).await
        })
        .await?;
    if let Some(moved) = ended {
        follow_up::tell(house, &moved).await;
    }
    Ok(State::Cancelled)
}

/// The errand of a request that counts now, for whoever steps in there.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone.
pub async fn find_errand(house: &House, person: &Person, request: RequestId) -> Result<Errand> {
    let me = person.clone();
    house.db.read(async move |conn| Office::Overseer.find_of(conn, &me, request).await).await
}

/// Writes down for a runner that he has fetched it: his telephone is flat, and he says so himself. The journal names who
/// wrote it, and why. That it was brought is vouched for (`proving::vouch`).
///
/// # Errors
/// [`Fault::NotFound`] for an errand of another zone, [`Fault::OutOfTurn`] when no runner is on the way to fetch it.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn collect_for_runner(house: &House, person: &Person, errand: ErrandId, reason: Reason) -> Result<Errand> {
    let (me, now, until) = (person.clone(), house.now(), house.now().plus_seconds(house.terms.claim_s));
    let moved = house
        .db
        .write(async move |conn| {
            let found = Office::Overseer.find(conn, &me, errand).await?;
            let Some(runner) = found.runner_id.filter(|_| found.state.is_with_runner()) else {
                return Err(Refused::OutOfTurn { state: found.state, step: Step::Collect }.into());
            };
            let act = Act::new(Step::Collect, Trace::staff(&me), now).into_hands_of(runner, until);
            take(conn, &found, act.saying(Some(reason))).await
        })
        .await?;
    shrug(house.line.lease(moved.zone_id, moved.id, until).await);
    house.tell_change(&moved, moved.runner_id).await;
    if let Some(runner) = moved.runner_id {
        presence::restate(house, moved.zone_id, runner).await;
    }
    Ok(moved)
}
