//! Taking back what one did last: a slip of the thumb, for five minutes, as long as nobody has acted on it.

use super::moving::take_back;
use super::{Fault, House, Result, handing, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step, UNDO_S};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::permission::{Action, may};
use crate::store::deeds::{self, Deed};
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::{Conn, assignments, duties, errands, fetched, legs, proofs};

/// Takes back the last thing this runner did to the errand, and answers how it stands again. Sent twice it is done once.
///
/// # Errors
/// [`Fault::NotFound`] for an errand the runner never had, [`Fault::TooLateToUndo`] after [`UNDO_S`] seconds,
/// [`Fault::Overtaken`] when there is nothing to take back, or somebody has acted since.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn undo(house: &House, person: &Person, errand: ErrandId, key: Option<Key>) -> Result<Errand> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let me = person.clone();
    let undone = house
        .db
        .write(async move |conn| {
            // Runner first, then the errand: as carrying, assigning and sealing do.
            duties::lock(conn, me.id).await?;
            let (found, deed) = own_deed(conn, &me, errand).await?;
            if is_repeated(conn, (&found, &deed), key.as_ref(), now).await? {
                return Ok(Undone::again(found));
            }
            must_stand(conn, &found, &deed, now).await?;
            let by = Trace::runner(me.id);
            let back = bring_back(conn, found, &deed, (by, now)).await?;
            if !deeds::take_back(conn, &deed, now).await? {
                return Err(Fault::Overtaken(back.errand.state));
            }
            let moved = take_back(conn, &back.errand, &deed, (now, until)).await?;
            proofs::take_back(conn, errand, deed.step, now).await?;
            forget_goods(conn, errand, deed.step).await?;
            duties::seen(conn, me.id, None, now).await?;
            let next = match (deed.step, moved.state) {
                // It was fetched at the gate, as it seemed: somebody brings it up after all.
                (Step::Deliver, State::AtGate) => handing::pass_on(conn, &moved, (by, now)).await?,
                _ => None,
            };
            if let Some(key) = &key {
                idempotency::keep(conn, key, errand.uuid(), moved.state.to_string(), now).await?;
            }
            Ok::<_, Fault>(Undone { moved, is_new: true, next, not_needed: back.not_needed, asked: back.asked })
        })
        .await?;
    if undone.is_new {
        after(house, person, &undone).await;
    }
    Ok(undone.moved)
}

/// What came of it.
struct Undone {
    moved: Errand,
    is_new: bool,
    /// An errand from the gate on.
    next: Option<Errand>,
    not_needed: Option<Errand>,
    asked: Vec<PersonId>,
}

impl Undone {
    const fn again(moved: Errand) -> Self {
        Self { moved, is_new: false, next: None, not_needed: None, asked: Vec::new() }
    }
}

/// The errand, and what this runner did to it last.
async fn own_deed(conn: &mut Conn, me: &Person, errand: ErrandId) -> Result<(Errand, Deed)> {
    let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
    let deed = deeds::find(conn, errand).await?;
    let mine = |deed: &Deed| may(&Actor::Person(me.clone()), Action::CarryErrand { carried_by: Some(deed.runner_id) });
    match deed.filter(mine) {
        Some(deed) => Ok((found, deed)),
        None if assignments::ever_carried(conn, errand, me.id).await? => Err(Fault::Overtaken(found.state)),
        None => Err(Fault::NotFound),
    }
}

async fn is_repeated(conn: &mut Conn, (found, deed): (&Errand, &Deed), key: Option<&Key>, now: At) -> Result<bool> {
    if let Some(key) = key {
        match idempotency::find(conn, key, now).await? {
            Earlier::Same { .. } => return Ok(true),
            Earlier::Other => return Err(Fault::KeyReused),
            Earlier::None => {}
        }
    }
    let stands = found.state == deed.was && found.fence == deed.fence + 1 && found.runner_id == Some(deed.runner_id);
    Ok(deed.undone_at.is_some() && stands)
}

/// Nobody has acted since, and it is not long ago.
async fn must_stand(conn: &mut Conn, found: &Errand, deed: &Deed, now: At) -> Result<()> {
    let moved_on = found.fence != deed.fence || found.state.undo(deed.step, deed.was).is_err();
    if deed.undone_at.is_some() || moved_on || deeds::was_overtaken(conn, found.request_id, deed).await? {
        return Err(Fault::Overtaken(found.state));
    }
    if now > deed.done_at.plus_seconds(UNDO_S) { Err(Fault::TooLateToUndo) } else { Ok(()) }
}

/// What was told about the goods along with the step is told anew.
async fn forget_goods(conn: &mut Conn, errand: ErrandId, step: Step) -> Result<()> {
    match step {
        Step::Collect => fetched::put(conn, errand, Vec::new()).await?,
        Step::Deliver => fetched::put_refused(conn, errand, Vec::new()).await?,
        _ => {}
    }
    Ok(())
}

struct Back {
    errand: Errand,
    not_needed: Option<Errand>,
    asked: Vec<PersonId>,
}

/// The errand as the one that counts. What was handed over at a gate is called back from there, unless somebody inside has
/// said to bring it up.
async fn bring_back(conn: &mut Conn, found: Errand, deed: &Deed, (by, now): (Trace, At)) -> Result<Back> {
    if deed.step != Step::HandOver {
        return Ok(Back { errand: found, not_needed: None, asked: Vec::new() });
    }
    legs::tell_shelf(conn, found.id, None).await?;
    let current = handing::current(conn, found.request_id).await?;
    if current.id == found.id {
        return Ok(Back { errand: found, not_needed: None, asked: Vec::new() });
    }
    if !matches!(current.state, State::Waiting | State::Offered) {
        return Err(Fault::Overtaken(current.request_state()));
    }
    let moved = handing::call_back(conn, current, (deed.step, by, now)).await?;
    let errand = moved.current.filter(|brought| brought.id == found.id).ok_or(Fault::Overtaken(found.state))?;
    Ok(Back { errand, not_needed: moved.not_needed, asked: moved.concerned })
}

async fn after(house: &House, person: &Person, undone: &Undone) {
    let moved = &undone.moved;
    match moved.lease_until {
        Some(until) => shrug(house.line.lease(moved.zone_id, moved.id, until).await),
        None => shrug(house.line.dequeue(moved.zone_id, moved.id).await),
    }
    if let Some(next) = &undone.next {
        house.line_up(next).await;
    }
    if let Some(gone) = &undone.not_needed {
        handing::after_called_off(house, gone, &undone.asked).await;
    }
    for asked in &undone.asked {
        presence::restate(house, moved.zone_id, *asked).await;
    }
    presence::restate(house, person.zone, person.id).await;
    house.tell_change(moved, Some(person.id)).await;
}
