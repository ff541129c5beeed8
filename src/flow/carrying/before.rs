//! What must be so before an act: whose errand it is, whether it was done before, and when it was truly done.

use super::Done;
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::permission::{Action, may};
use crate::flow::{Fault, Result, handing};
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Earlier};
use crate::store::{Conn, assignments, errands, journal};

/// The errand, the one at the gate that is not needed then, and who had it or was asked.
pub(super) type AtGate = (Errand, Option<Errand>, Vec<PersonId>);

/// Handing over needs a gate. Whoever left the goods there may still see them fetched: then nobody need bring them to the
/// door any more. All else is for whoever brings them.
pub(super) async fn at_gate(conn: &mut Conn, found: Errand, (step, me, at): (Step, PersonId, At)) -> Result<AtGate> {
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
pub(super) async fn own_errand(conn: &mut Conn, me: &Person, errand: ErrandId) -> Result<Errand> {
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
pub(super) async fn repeats(conn: &mut Conn, found: &Errand, step: Step, done: &Done, now: At) -> Result<bool> {
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
pub(super) async fn done_when(conn: &mut Conn, found: &Errand, (done, me): (&Done, PersonId), now: At) -> Result<At> {
    let Some(told) = done.done_at else { return Ok(now) };
    let claimed = assignments::started_at(conn, found.id).await?.unwrap_or(now);
    let last = journal::last_at(conn, (found.request_id, found.id), me).await?;
    Ok(true_time(told, claimed.max(last.unwrap_or(claimed)), now))
}

/// What a phone told, between `earliest` and `now`: nothing is delivered before it was collected, or in the future.
fn true_time(told: At, earliest: At, now: At) -> At {
    told.min(now).max(earliest.min(now))
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
