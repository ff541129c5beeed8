//! At the gate of a sealed building: goods are handed over there and a second errand, for somebody inside, brings them to
//! the door. Until somebody has them they can still be fetched by whoever they are for; then the second is not needed.

use super::moving::{Act, take};
use super::{Fault, House, Result, offering, presence, shrug};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::errand::{Refused, State, Step};
use crate::domain::ids::{PersonId, RequestId};
use crate::domain::request::HandOver;
use crate::store::errands::Errand;
use crate::store::journal::Event;
use crate::store::{Conn, assignments, journal, legs, requests, zones};

/// What was done to a request as a whole.
#[derive(Default)]
pub(super) struct Moved {
    /// The errand of it that counts now.
    pub current: Option<Errand>,
    /// Runners who had it, or were asked.
    pub concerned: Vec<PersonId>,
    /// An errand that is not needed any more.
    pub not_needed: Option<Errand>,
}

/// Goods can be handed over at a gate if there is one, or nobody may go further; not what comes from there.
///
/// # Errors
/// [`Fault::NoGate`].
pub(super) async fn must_have_gate(conn: &mut Conn, errand: &Errand, now: At) -> Result<()> {
    let building = zones::load_building(conn, errand.building_id).await?;
    if errand.goes_inside() {
        return Err(Fault::NoGate);
    }
    if building.gate().is_some() || building.is_sealed(now) { Ok(()) } else { Err(Fault::NoGate) }
}

/// The goods lie at the gate: the request goes on with a second errand from there, which is answered. Whoever asked to
/// fetch them at the gate needs none.
pub(super) async fn pass_on(conn: &mut Conn, brought: &Errand, (by, at): (Trace, At)) -> Result<Option<Errand>> {
    if requests::load_hand_over(conn, brought.request_id).await? == HandOver::Gate {
        return Ok(None);
    }
    let (urgency, deliver_by) = requests::load_pressure(conn, brought.request_id).await?;
    let next = legs::pass_on(conn, &Errand { urgency, deliver_by, ..brought.clone() }, at).await?;
    let event = Event::new(at, next.zone_id, "second_leg", by);
    journal::write(conn, event.about(next.request_id, next.id, next.request_state())).await?;
    Ok(Some(next))
}

/// The errand of a request for what `step` does to the request as a whole. At the gate that is the one that brought the
/// goods there: the other is called off, unless somebody is on the way to the door with them.
///
/// # Errors
/// [`Fault::OutOfTurn`] once the goods are on the way from the gate, [`Fault::Overtaken`].
pub(super) async fn recall(conn: &mut Conn, current: Errand, (step, by, at): (Step, Trace, At)) -> Result<Moved> {
    // Called off or over: the goods at the gate bring it back no more than those at the door.
    if step != Step::Confirm && legs::find_passed_on(conn, current.request_id).await?.is_some() {
        current.request_state().step(step)?;
    }
    call_back(conn, current, (step, by, at)).await
}

/// As [`recall`], whatever `step` is to the request: to take back that the goods were left at the gate.
///
/// # Errors
/// As [`recall`].
pub(super) async fn call_back(conn: &mut Conn, current: Errand, (step, by, at): (Step, Trace, At)) -> Result<Moved> {
    let brought = legs::find_passed_on(conn, current.request_id).await?;
    let Some(brought) = brought.filter(|brought| brought.leg < current.leg) else {
        return Ok(Moved { current: Some(current), ..Moved::default() });
    };
    if matches!(current.state, State::Collected | State::Care) {
        return Err(Refused::OutOfTurn { state: current.request_state(), step }.into());
    }
    let asked = offering::withdraw(conn, current.id, step.as_str(), at).await?;
    let concerned = current.runner_id.into_iter().chain(asked).collect();
    let (urgency, deliver_by) = requests::load_pressure(conn, current.request_id).await?;
    let brought = Errand { urgency, deliver_by, ..brought };
    if !legs::go_back(conn, &current, &brought, at).await? {
        return Err(Fault::Overtaken(current.request_state()));
    }
    // Nobody carried it out: no delivery is counted for whoever had taken it on.
    assignments::end(conn, current.id, Step::Cancel, at).await?;
    let event = Event::new(at, current.zone_id, "not_needed", by).because(Some(step.as_str()));
    journal::write(conn, event.about(current.request_id, current.id, current.request_state())).await?;
    let counts = Errand { passed_on_at: None, ..brought };
    Ok(Moved { current: Some(counts), concerned, not_needed: Some(current) })
}

/// The asker has the goods: brought to the door, or fetched at the gate.
///
/// # Errors
/// [`Fault::OutOfTurn`].
pub(super) async fn received(conn: &mut Conn, current: Errand, (by, at): (Trace, At)) -> Result<Moved> {
    if current.request_state() != State::AtGate {
        return Ok(Moved { current: Some(current), ..Moved::default() });
    }
    // Somebody is bringing them up: then they have been brought.
    let moved = if current.state == State::Collected {
        let concerned = current.runner_id.into_iter().collect();
        Moved { current: Some(current), concerned, not_needed: None }
    } else {
        recall(conn, current, (Step::Confirm, by, at)).await?
    };
    let Moved { current: Some(current), concerned, not_needed } = moved else { return Ok(moved) };
    let act = Act { holder: current.runner_id, ..Act::new(Step::Deliver, by, at).because("fetched") };
    let delivered = take(conn, &current, act).await?;
    Ok(Moved { current: Some(delivered), concerned, not_needed })
}

/// Whoever went to fetch a bag at the gate found none: the request begins at the shop again, and a person decides. Answers
/// the errand that counts now.
///
/// # Errors
/// As [`recall`].
pub(super) async fn missing(conn: &mut Conn, found: Errand, (act, me): (Act, PersonId)) -> Result<Moved> {
    let moved = recall(conn, found, (Step::Reopen, act.by, act.at)).await?;
    let Some(brought) = moved.current else { return Err(Fault::NotFound) };
    let reopened = take(conn, &brought, Act { step: Step::Reopen, holder: None, ..act }).await?;
    let concerned = moved.concerned.into_iter().filter(|runner| *runner != me).collect();
    Ok(Moved { current: Some(reopened), concerned, not_needed: moved.not_needed })
}

/// It leaves the line, and whoever had it, or was asked, is told.
pub(super) async fn after_called_off(house: &House, gone: &Errand, concerned: &[PersonId]) {
    shrug(house.line.dequeue(gone.zone_id, gone.id).await);
    for runner in concerned {
        house.tell_change(gone, Some(*runner)).await;
        presence::restate(house, gone.zone_id, *runner).await;
    }
}

/// The errand of a request that counts.
///
/// # Errors
/// [`Fault::NotFound`].
pub(super) async fn current(conn: &mut Conn, request: RequestId) -> Result<Errand> {
    legs::find_current(conn, request).await?.ok_or(Fault::NotFound)
}
