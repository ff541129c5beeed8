//! Carrying an errand out: collect, deliver, fail, hand back. Each may be sent twice and is done once.

mod before;

use super::fetching::Goods;
use super::moving::{Act, take_noted};
use super::proving::{self, Shown};
use super::{Fault, House, Result, claiming, dispatch, fetching, following, handing, learning, presence, shrug};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step, UNDO_S};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::proof::Proved;
use crate::domain::reason::Reason;
use crate::domain::text::Shelf;
use crate::store::deeds::{self, Deed};
use crate::store::errands::Errand;
use crate::store::idempotency::{self, Key};
use crate::store::{Conn, duties, legs, routes};

/// Why a bag is not fetched at a gate: none is there, so that the request begins at the shop again.
pub const NOT_AT_GATE: &str = "not_at_gate";

/// What the runner did, and when it was truly done.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub reason: Option<Reason>,
    /// Earlier than now for something done offline. Phones' clocks are wrong: it is taken as between the runner's last act
    /// on the errand and now.
    pub done_at: Option<At>,
    pub key: Option<Key>,
    /// What was truly got, or not taken.
    pub goods: Goods,
    pub shown: Shown,
    /// Where at the gate the bag was put.
    pub shelf: Option<Shelf>,
}

/// Does `step` to an errand in the runner's hands and answers how it stands now.
///
/// # Errors
/// [`Fault::NotFound`] for an errand the runner never had, [`Fault::Overtaken`] for one that went to somebody else,
/// [`Fault::OutOfTurn`], [`Fault::KeyReused`]; [`Fault::WrongCode`] and [`Fault::PhotoGone`], after which nothing is done;
/// [`Fault::ConsentNeeded`] for goods that differ (then the resident is asked), [`Fault::NothingGot`],
/// [`Fault::UnknownItem`].
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
            let found = before::own_errand(conn, &me, errand).await?;
            if before::repeats(conn, &found, step, &done, now).await? {
                return Ok(Carried::again(found));
            }
            found.state.step(step)?;
            if let Some(tries) = proving::wrong_codes(conn, &found, (step, &done.shown)).await? {
                return Ok(Carried { wrong_codes: Some(tries), ..Carried::again(found) });
            }
            let at = before::done_when(conn, &found, (&done, me.id), now).await?;
            let (found, not_needed, concerned) = before::at_gate(conn, found, (step, me.id, at)).await?;
            let goods = fetching::check(conn, &found, &done.goods, at).await?;
            if is_missing(&found, (step, &done)) {
                return missing(conn, found, (me.id, at, now), &done).await;
            }
            let moved = do_it(conn, &found, (step, &done), (me.id, at, now, until)).await?;
            fetching::keep(conn, &moved, (step, at), goods).await?;
            following::begin(conn, &moved, &local).await?;
            let by = (Trace::runner(me.id), at);
            let proved = proving::keep(conn, &moved, (step, &done.shown), by).await?;
            if let Some(key) = &done.key {
                idempotency::keep(conn, key, errand.uuid(), moved.state.to_string(), now).await?;
            }
            // Who says later that a bag was fetched need not stand there.
            if not_needed.is_none() && matches!(step, Step::Collect | Step::HandOver | Step::Deliver) {
                learning::from_stop(conn, &map, &found, step, at).await?;
            } else {
                duties::seen(conn, me.id, None, now).await?;
            }
            let next = match step {
                Step::HandOver => leave_at_gate(conn, &moved, done.shelf, by).await?,
                _ => None,
            };
            Ok::<_, Fault>(Carried { next, not_needed, concerned, proved, ..Carried::new(moved) })
        })
        .await;
    if let Err(Fault::ConsentNeeded(unheard)) = &done {
        fetching::ask_about(house, person, errand, unheard).await?;
    }
    told(house, person, done?, (step, until)).await
}

/// What the runner hears of it, after those whom it concerns have heard.
async fn told(house: &House, person: &Person, done: Carried, (step, until): (Step, At)) -> Result<Errand> {
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
    /// The one that was called off, and who had it or was asked.
    not_needed: Option<Errand>,
    concerned: Vec<PersonId>,
    /// How a delivery was proved.
    proved: Option<Proved>,
    /// The code did not fit, and nothing was done; how often that was so.
    wrong_codes: Option<i32>,
}

impl Carried {
    fn new(moved: Errand) -> Self {
        let (next, not_needed, concerned, proved) = (None, None, Vec::new(), None);
        Self { moved, is_new: true, next, not_needed, concerned, proved, wrong_codes: None }
    }

    fn again(moved: Errand) -> Self {
        Self { is_new: false, ..Self::new(moved) }
    }
}

/// Whoever went to fetch a bag at the gate says that none is there; for other reasons he cannot bring it up.
fn is_missing(found: &Errand, (step, done): (Step, &Done)) -> bool {
    let says = done.reason.as_ref().is_some_and(|reason| reason.word == NOT_AT_GATE);
    step == Step::Fail && found.leg > 1 && found.state == State::Claimed && says
}

/// The bag is not at the gate.
async fn missing(conn: &mut Conn, found: Errand, (me, at, now): (PersonId, At, At), done: &Done) -> Result<Carried> {
    let (errand, by) = (found.id, (Trace::runner(me), at));
    proving::keep(conn, &found, (Step::Fail, &done.shown), by).await?;
    let act = Act::new(Step::Fail, by.0, at).heard(now).saying(done.reason.clone());
    let moved = handing::missing(conn, found, (act, me)).await?;
    let Some(reopened) = moved.current else { return Err(Fault::NotFound) };
    if let Some(key) = &done.key {
        idempotency::keep(conn, key, errand.uuid(), reopened.state.to_string(), now).await?;
    }
    duties::seen(conn, me, None, now).await?;
    Ok(Carried { not_needed: moved.not_needed, concerned: moved.concerned, ..Carried::new(reopened) })
}

/// Moves the errand, and remembers how it stood before, for as long as this can be taken back.
async fn do_it(
    conn: &mut Conn,
    found: &Errand,
    (step, done): (Step, &Done),
    (me, at, now, until): (PersonId, At, At, At),
) -> Result<Errand> {
    let act = Act::new(step, Trace::runner(me), at).heard(now).saying(done.reason.clone());
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
