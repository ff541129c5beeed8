//! Carrying an errand out: collect, deliver, fail, hand back. Each may be sent twice and is done once.

use super::moving::{Act, take};
use super::{Fault, House, Result, claiming, dispatch, handing, learning, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::permission::{Action, may};
use crate::domain::reason::Reason;
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::{Conn, assignments, duties, errands, journal, routes};

/// What the runner did, and when it was truly done.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub reason: Option<Reason>,
    /// Earlier than now for something done offline. Phones' clocks are wrong: see [`true_time`].
    pub done_at: Option<At>,
    pub key: Option<Key>,
}

/// Does `step` to an errand in the runner's hands and answers how it stands now.
///
/// # Errors
/// [`Fault::NotFound`] for an errand the runner never had, [`Fault::Overtaken`] for one that went to somebody else,
/// [`Fault::OutOfTurn`], [`Fault::KeyReused`].
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
            let at = done_when(conn, &found, (&done, me.id), now).await?;
            let (found, not_needed) = at_gate(conn, found, (step, me.id, at)).await?;
            let act = Act::new(step, Trace::runner(me.id), at).heard(now).saying(done.reason.clone());
            let moved = take(conn, &found, held_on(act, &found, step, until)).await?;
            if let Some(key) = &done.key {
                idempotency::keep(conn, key, errand.uuid(), moved.state.to_string(), now).await?;
            }
            if matches!(step, Step::Collect | Step::HandOver | Step::Deliver) {
                learning::from_stop(conn, &map, &found, step, at).await?;
            } else {
                duties::seen(conn, me.id, None, now).await?;
            }
            let next = match step {
                Step::HandOver => handing::pass_on(conn, &moved, (Trace::runner(me.id), at)).await?,
                _ => None,
            };
            Ok::<_, Fault>(Carried { is_new: true, moved, next, not_needed })
        })
        .await?;
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
}

impl Carried {
    const fn again(moved: Errand) -> Self {
        Self { moved, is_new: false, next: None, not_needed: None }
    }
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

/// The true time, as far as it can be: after what the runner last did to the errand, not after now.
async fn done_when(conn: &mut Conn, found: &Errand, (done, me): (&Done, PersonId), now: At) -> Result<At> {
    let Some(told) = done.done_at else { return Ok(now) };
    let claimed = assignments::started_at(conn, found.id).await?.unwrap_or(now);
    let last = journal::last_at(conn, (found.request_id, found.id), me).await?;
    Ok(true_time(told, claimed.max(last.unwrap_or(claimed)), now))
}

/// What a phone told, between `earliest` and `now`: nothing is delivered before it was collected, or in the future.
fn true_time(told: At, earliest: At, now: At) -> At {
    told.min(now).max(earliest.min(now))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_phone_s_clock_never_puts_an_act_before_the_last_one_or_into_the_future(
            told in 0..2_000_000_i64, last in 0..1_000_000_i64, passed in 0..1_000_000_i64,
        ) {
            let (told, last, now) = (At(told), At(last), At(last + passed));
            let kept = true_time(told, last, now);
            prop_assert!((last..=now).contains(&kept));
            prop_assert!(!(last..=now).contains(&told) || kept == told, "a believable time is kept as it was told");
        }
    }
}
