//! Carrying an errand out: collect, deliver, fail, hand back. Each may be sent twice and is done once.

use super::fetching::Goods;
use super::moving::{Act, take};
use super::{Fault, House, Result, claiming, dispatch, fetching, following, handing, learning, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::permission::{Action, may};
use crate::domain::reason::Reason;
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::{Conn, assignments, duties, errands, routes};

/// What the runner did, and when it was truly done.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub reason: Option<Reason>,
    /// Earlier than now for something done offline; a time before the claim or after now is taken as now.
    pub done_at: Option<At>,
    pub key: Option<Key>,
    /// What was truly got, or not taken.
    pub goods: Goods,
}

/// Does `step` to an errand in the runner's hands and answers how it stands now.
///
/// # Errors
/// [`Fault::NotFound`] for an errand the runner never had, [`Fault::Overtaken`] for one that went to somebody else,
/// [`Fault::OutOfTurn`], [`Fault::KeyReused`]; [`Fault::ConsentNeeded`] for goods that differ (then the resident is asked),
/// [`Fault::NothingGot`], [`Fault::UnknownItem`].
#[tracing::instrument(skip_all, fields(errand_id = %errand, step = %step))]
pub async fn act(house: &House, person: &Person, errand: ErrandId, (step, done): (Step, Done)) -> Result<Errand> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let map = dispatch::Map::read(house, person.zone).await?;
    let (me, local) = (person.clone(), house.local.clone());
    let done = house
        .db
        .write(async move |conn| {
            // Runner first, then the errand: as offering and sealing do.
            duties::lock(conn, me.id).await?;
            let found = own_errand(conn, &me, errand).await?;
            if repeats(conn, &found, step, &done, now).await? {
                return Ok(Carried::again(found));
            }
            let at = done_when(conn, &found, &done, now).await?;
            let (found, not_needed, concerned) = at_gate(conn, found, (step, me.id, at)).await?;
            let goods = fetching::check(conn, &found, &done.goods, at).await?;
            let act = Act::new(step, Trace::runner(me.id), at).saying(done.reason.clone());
            if step == Step::Fail && found.leg > 1 && found.state == State::Claimed {
                return missing(conn, found, (act, me.id), &done).await;
            }
            let moved = take(conn, &found, held_on(act, &found, step, until)).await?;
            fetching::keep(conn, &moved, (step, at), goods).await?;
            following::begin(conn, &moved, &local).await?;
            if let Some(key) = &done.key {
                idempotency::keep(conn, key, errand.uuid(), moved.state.to_string(), now).await?;
            }
            // Who says later that a bag was fetched need not stand there.
            if matches!(step, Step::Collect | Step::HandOver | Step::Deliver) && not_needed.is_none() {
                learning::from_stop(conn, &map, &found, step, at).await?;
            } else {
                duties::seen(conn, me.id, None, now).await?;
            }
            let next = match step {
                Step::HandOver => handing::pass_on(conn, &moved, (Trace::runner(me.id), at)).await?,
                _ => None,
            };
            Ok::<_, Fault>(Carried { is_new: true, moved, next, not_needed, concerned })
        })
        .await;
    if let Err(Fault::ConsentNeeded(unheard)) = &done {
        fetching::ask_about(house, person, errand, unheard).await?;
    }
    let done = done?;
    if done.is_new {
        after(house, person, &done, until).await;
    }
    Ok(done.moved)
}

/// What came of an act.
struct Carried {
    moved: Errand,
    is_new: bool,
    /// The errand from the gate on.
    next: Option<Errand>,
    /// The one that was called off, and who had it or was asked.
    not_needed: Option<Errand>,
    concerned: Vec<PersonId>,
}

impl Carried {
    const fn again(moved: Errand) -> Self {
        Self { moved, is_new: false, next: None, not_needed: None, concerned: Vec::new() }
    }
}

/// The bag is not at the gate.
async fn missing(conn: &mut Conn, found: Errand, (act, me): (Act, PersonId), done: &Done) -> Result<Carried> {
    let (errand, now) = (found.id, act.at);
    let moved = handing::missing(conn, found, (act, me)).await?;
    let Some(reopened) = moved.current else { return Err(Fault::NotFound) };
    if let Some(key) = &done.key {
        idempotency::keep(conn, key, errand.uuid(), reopened.state.to_string(), now).await?;
    }
    let (not_needed, concerned) = (moved.not_needed, moved.concerned);
    Ok(Carried { moved: reopened, is_new: true, next: None, not_needed, concerned })
}

type AtGate = (Errand, Option<Errand>, Vec<PersonId>);

/// Handing over needs a gate. Whoever left the goods there may still see them fetched: then nobody need bring them to the
/// door any more. All else is for whoever brings them.
async fn at_gate(conn: &mut Conn, found: Errand, (step, me, at): (Step, PersonId, At)) -> Result<AtGate> {
    match (step, found.state, found.passed_on_at) {
        (Step::HandOver, State::Collected, None) => handing::must_have_gate(conn, &found, at).await?,
        (Step::Deliver, State::AtGate, Some(_)) => {
            let current = handing::current(conn, found.request_id).await?;
            let moved = handing::recall(conn, current, (step, Trace::runner(me), at)).await?;
            let brought = moved.current.filter(|brought| brought.id == found.id);
            return Ok((brought.ok_or(Fault::Overtaken(State::AtGate))?, moved.not_needed, moved.concerned));
        }
        (_, _, Some(_)) => return Err(Fault::Overtaken(found.state)),
        (_, _, None) => {}
    }
    Ok((found, None, Vec::new()))
}

/// The errand, if it is (or was) this runner's.
async fn own_errand(conn: &mut Conn, me: &Person, errand: ErrandId) -> Result<Errand> {
    let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
    if may(&Actor::Person(me.clone()), Action::CarryErrand { carried_by: found.runner_id })
        && found.state != State::Offered
    {
        return Ok(found);
    }
    if assignments::ever_carried(conn, errand, me.id).await? {
        Err(Fault::Overtaken(found.state))
    } else {
        Err(Fault::NotFound)
    }
}

/// True when this very thing was done before: the same key, or the same step by the same hands.
async fn repeats(conn: &mut Conn, found: &Errand, step: Step, done: &Done, now: At) -> Result<bool> {
    if let Some(key) = &done.key {
        match idempotency::find(conn, key, now).await? {
            Earlier::Same { .. } => return Ok(true),
            Earlier::Other => return Err(Fault::KeyReused),
            Earlier::None => {}
        }
    }
    let done = matches!(
        (step, found.state),
        (Step::Collect, State::Collected) | (Step::HandOver, State::AtGate) | (Step::Deliver, State::Delivered)
    );
    Ok(done)
}

/// The true time, as far as it can be: not before the errand was claimed, not after now.
async fn done_when(conn: &mut Conn, found: &Errand, done: &Done, now: At) -> Result<At> {
    let earliest = assignments::started_at(conn, found.id).await?.unwrap_or(now);
    Ok(done.done_at.filter(|at| (earliest..=now).contains(at)).unwrap_or(now))
}

/// Goods stay in the runner's custody through collect, hand-over and deliver, and while a person decides about them.
fn held_on(act: Act, found: &Errand, step: Step, until: At) -> Act {
    let keeps = match step {
        Step::Collect | Step::HandOver | Step::Deliver => true,
        Step::Fail | Step::HandBack => found.state == State::Collected,
        _ => false,
    };
    match found.runner_id {
        Some(runner) if keeps => {
            let act = act.into_hands_of(runner, until);
            if step == Step::Collect { act } else { Act { lease_until: None, ..act } }
        }
        _ => act,
    }
}

async fn after(house: &House, person: &Person, done: &Carried, until: At) {
    let moved = &done.moved;
    match moved.state {
        State::Waiting => house.line_up(moved).await,
        State::Collected => shrug(house.line.lease(moved.zone_id, moved.id, until).await),
        _ => shrug(house.line.dequeue(moved.zone_id, moved.id).await),
    }
    if moved.state == State::Delivered {
        claiming::record_wait(house, moved, "paotui_to_deliver_seconds").await;
    }
    if let Some(next) = &done.next {
        house.line_up(next).await;
    }
    if let Some(gone) = &done.not_needed {
        handing::after_called_off(house, gone, &done.concerned).await;
    }
    presence::restate(house, person.zone, person.id).await;
    house.tell_change(moved, Some(person.id)).await;
}

/// Gives everything in hand back at once: what is not collected goes to the next runner, goods already bought go to a
/// person who decides, each with its own record. Answers how each stands.
///
/// # Errors
/// [`Fault::Store`].
#[tracing::instrument(skip_all)]
pub async fn hand_back_all(house: &House, person: &Person, reason: Option<Reason>) -> Result<Vec<Errand>> {
    let me = person.id;
    let legs = house.db.read(async move |conn| routes::list(conn, vec![me]).await).await.map_err(Fault::Store)?;
    let mut given = Vec::with_capacity(legs.len());
    for leg in legs {
        let done = Done { reason: reason.clone(), ..Done::default() };
        match act(house, person, leg.errand.id, (Step::HandBack, done)).await {
            Ok(moved) => given.push(moved),
            // Delivered or taken back a moment ago: nothing to give.
            Err(Fault::Overtaken(_) | Fault::OutOfTurn(_) | Fault::NotFound) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(given)
}
