//! Carrying an errand out: collect, deliver, fail, hand back. Each may be sent twice and is done once.

use super::moving::{Act, take_noted};
use super::proving::{self, Shown};
use super::{Fault, House, Result, claiming, dispatch, handing, learning, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step, UNDO_S};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::permission::{Action, may};
use crate::domain::proof::Proved;
use crate::domain::reason::Reason;
use crate::domain::text::Shelf;
use crate::store::deeds::{self, Deed};
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::{Conn, assignments, duties, errands, legs, routes};

/// What the runner did, and when it was truly done.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub reason: Option<Reason>,
    /// Earlier than now for something done offline; a time before the claim or after now is taken as now.
    pub done_at: Option<At>,
    pub key: Option<Key>,
    pub shown: Shown,
    /// Where at the gate the bag was put.
    pub shelf: Option<Shelf>,
}

/// Does `step` to an errand in the runner's hands and answers how it stands now.
///
/// # Errors
/// [`Fault::NotFound`] for an errand the runner never had, [`Fault::Overtaken`] for one that went to somebody else,
/// [`Fault::OutOfTurn`], [`Fault::KeyReused`], [`Fault::WrongCode`] and [`Fault::PhotoGone`], after which nothing is done.
#[tracing::instrument(skip_all, fields(errand_id = %errand, step = %step))]
pub async fn act(house: &House, person: &Person, errand: ErrandId, (step, done): (Step, Done)) -> Result<Errand> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let map = dispatch::Map::read(house, person.zone).await?;
    let me = person.clone();
    let done = house
        .db
        .write(async move |conn| {
            let found = own_errand(conn, &me, errand).await?;
            if repeats(conn, &found, step, &done, now).await? {
                return Ok(Carried::again(found));
            }
            found.state.step(step)?;
            if let Some(tries) = proving::wrong_codes(conn, &found, (step, &done.shown)).await? {
                return Ok(Carried { wrong_codes: Some(tries), ..Carried::again(found) });
            }
            let at = done_when(conn, &found, &done, now).await?;
            let (found, not_needed) = at_gate(conn, found, (step, me.id, at)).await?;
            let moved = do_it(conn, &found, (step, &done), (me.id, at, now, until)).await?;
            let by = (Trace::runner(me.id), at);
            let proved = proving::keep(conn, &moved, (step, &done.shown), by).await?;
            if let Some(key) = &done.key {
                idempotency::keep(conn, key, errand.uuid(), moved.state.to_string(), now).await?;
            }
            if matches!(step, Step::Collect | Step::HandOver | Step::Deliver) {
                learning::from_stop(conn, &map, &found, step, at).await?;
            } else {
                duties::seen(conn, me.id, None, now).await?;
            }
            let next = match step {
                Step::HandOver => leave_at_gate(conn, &moved, done.shelf, by).await?,
                _ => None,
            };
            Ok::<_, Fault>(Carried { is_new: true, moved, next, not_needed, proved, wrong_codes: None })
        })
        .await?;
    if let Some(tries) = done.wrong_codes {
        return Err(Fault::WrongCode { step, tries });
    }
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
    /// The one that was called off.
    not_needed: Option<Errand>,
    /// How a delivery was proved.
    proved: Option<Proved>,
    /// The code did not fit, and nothing was done; how often that was so.
    wrong_codes: Option<i32>,
}

impl Carried {
    const fn again(moved: Errand) -> Self {
        Self { moved, is_new: false, next: None, not_needed: None, proved: None, wrong_codes: None }
    }
}

/// Moves the errand, and remembers how it stood before, for as long as this can be taken back.
async fn do_it(
    conn: &mut Conn,
    found: &Errand,
    (step, done): (Step, &Done),
    (me, at, now, until): (PersonId, At, At, At),
) -> Result<Errand> {
    let act = Act::new(step, Trace::runner(me), at).saying(done.reason.clone());
    let act = Act { undo_until: step.can_be_undone().then(|| now.plus_seconds(UNDO_S)), ..act };
    let (moved, event_id) = take_noted(conn, found, held_on(act, found, step, until)).await?;
    if step.can_be_undone() {
        let (errand_id, fence, was) = (moved.id, moved.fence, found.state);
        let deed = Deed { errand_id, runner_id: me, step, was, fence, event_id, done_at: now, undone_at: None };
        deeds::put(conn, deed).await?;
    }
    Ok(moved)
}

/// The goods lie at the gate; the request goes on from there.
async fn leave_at_gate(
    conn: &mut Conn,
    brought: &Errand,
    shelf: Option<Shelf>,
    by: (Trace, At),
) -> Result<Option<Errand>> {
    if let Some(shelf) = shelf {
        legs::tell_shelf(conn, brought.id, Some(shelf.as_str().to_owned())).await?;
    }
    handing::pass_on(conn, brought, by).await
}

/// Handing over needs a gate. Whoever left the goods there may still see them fetched: then nobody need bring them to the
/// door any more. All else is for whoever brings them.
async fn at_gate(
    conn: &mut Conn,
    found: Errand,
    (step, me, at): (Step, PersonId, At),
) -> Result<(Errand, Option<Errand>)> {
    match (step, found.state, found.passed_on_at) {
        (Step::HandOver, _, _) => handing::must_have_gate(conn, &found, at).await?,
        (Step::Deliver, State::AtGate, Some(_)) => {
            let current = handing::current(conn, found.request_id).await?;
            let moved = handing::recall(conn, current, (step, Trace::runner(me), at)).await?;
            let brought = moved.current.filter(|brought| brought.id == found.id);
            return Ok((brought.ok_or(Fault::Overtaken(State::AtGate))?, moved.not_needed));
        }
        (_, _, Some(_)) => return Err(Fault::Overtaken(found.state)),
        (_, _, None) => {}
    }
    Ok((found, None))
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
    if let Some(proved) = done.proved {
        proving::count(proved);
    }
    if let Some(next) = &done.next {
        house.line_up(next).await;
    }
    if let Some(gone) = &done.not_needed {
        handing::after_called_off(house, gone).await;
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
