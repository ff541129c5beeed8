//! The check after a delivery: it begins with the delivery, is answered on the page or by a call, and ends with the
//! request. A round mends what was delivered by a door that forgot.

use super::recurring::{self, Again};
use super::{Fault, House, Result, calling, follow_up, handing};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::follow_up::{Brought, Kind, Outcome, Standing, Then, due_at, then};
use crate::domain::ids::{FollowUpId, PersonId, RequestId};
use crate::domain::local::LocalTime;
use crate::domain::reason::Reason;
use crate::domain::text::Note;
use crate::store::errands::Errand;
use crate::store::follow_ups::FollowUp;
use crate::store::journal::{self, Event};
use crate::store::{self, Conn, call_leases, follow_ups};

/// A home is one person's to call for so long; pressing again makes it longer.
pub const LEASE_S: i64 = 10 * 60;
/// So many at once; the next look takes the rest.
const AT_ONCE: i64 = 200;

/// What was answered.
#[derive(Debug, Clone)]
pub struct Told {
    pub outcome: Outcome,
    pub note: Option<Note>,
    /// Enough until then, and every so many days.
    pub again: Again,
    /// How often it had been tried when it was asked: the same press sent twice is one.
    pub tries: Option<i32>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    pub request: RequestId,
    pub state: State,
    /// It is asked again then.
    pub due_at: Option<At>,
}

/// Opens the check of what was delivered just now, in the same transaction.
pub(super) async fn begin(conn: &mut Conn, moved: &Errand, local: &LocalTime) -> Result<()> {
    if moved.request_state() != State::Delivered {
        return Ok(());
    }
    Ok(open(conn, moved.request_id, local).await?)
}

async fn open(conn: &mut Conn, request: RequestId, local: &LocalTime) -> store::Result<()> {
    let brought = follow_ups::load_delivered(conn, request).await?;
    let at = brought.at.unwrap_or_default();
    let due = due_at(Brought { category: brought.category, urgency: brought.urgency, care: &brought.care, at }, local);
    follow_ups::open(conn, (brought.zone, request), (Kind::of(brought.category), due), at).await
}

/// Compares: a delivered request has its check, and no other request has an open one. Answers how many were mended.
///
/// # Errors
/// [`Fault::Store`].
pub async fn mend(house: &House) -> Result<usize> {
    let forgotten = house.db.read(async move |conn| follow_ups::list_forgotten(conn, AT_ONCE).await).await?;
    let n = forgotten.len();
    for request in forgotten {
        let local = house.local.clone();
        house
            .db
            .write(async move |conn| {
                if follow_ups::hold_delivered(conn, request).await? {
                    open(conn, request, &local).await?;
                }
                Ok::<_, Fault>(())
            })
            .await?;
    }
    let now = house.now();
    let stray = house
        .db
        .write(async move |conn| {
            call_leases::sweep(conn, now).await?;
            follow_ups::drop_stray(conn, now).await
        })
        .await?;
    Ok(n + stray)
}

/// "I am calling": nobody else calls that home for a while. Answers the request, whose contact may be read now: the look
/// is written down in the same transaction.
///
/// # Errors
/// [`Fault::NotFound`], [`Fault::NotAllowed`], [`Fault::FollowedUp`], [`Fault::BeingCalled`].
#[tracing::instrument(skip_all, fields(follow_up_id = %id))]
pub async fn take_up(house: &House, person: &Person, id: FollowUpId) -> Result<RequestId> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let check = must_be_open(conn, &me, id).await?;
            hold_home(conn, check.request_id, (me.id, now)).await?;
            journal::write_look(conn, me.id, check.request_id, "follow_up", now).await?;
            Ok(check.request_id)
        })
        .await
}

/// The call was not made after all: the home is free for others.
///
/// # Errors
/// [`Fault::NotFound`], [`Fault::NotAllowed`].
pub async fn lay_down(house: &House, person: &Person, id: FollowUpId) -> Result<()> {
    let me = person.clone();
    house
        .db
        .write(async move |conn| {
            let check = must_be_ours(conn, &me, id).await?;
            Ok(free_home(conn, check.request_id, me.id).await?)
        })
        .await
}

/// Keeps what came of a call, and does what follows from it.
///
/// # Errors
/// Those of [`take_up`]; [`Fault::NotRepeatable`] when it cannot be asked for again.
#[tracing::instrument(skip_all, fields(follow_up_id = %id, outcome = %told.outcome))]
pub async fn record(house: &House, person: &Person, id: FollowUpId, told: Told) -> Result<Came> {
    let (me, now, local) = (person.clone(), house.now(), house.local.clone());
    let (came, moved) = house
        .db
        .write(async move |conn| {
            let check = must_be_ours(conn, &me, id).await?;
            if check.state != Standing::Open {
                return Err(Fault::FollowedUp);
            }
            hold_home(conn, check.request_id, (me.id, now)).await?;
            let done = settle(conn, &check, told, (Trace::staff(&me), now, &local)).await?;
            free_home(conn, check.request_id, me.id).await?;
            Ok::<_, Fault>(done)
        })
        .await?;
    if let Some(moved) = moved {
        follow_up::tell(house, &moved).await;
    }
    Ok(came)
}

/// The asker answers on the page. The call that was due is not needed any more.
///
/// # Errors
/// [`Fault::FollowedUp`] when nothing is asked, [`Fault::NotRepeatable`].
#[tracing::instrument(skip_all, fields(request_id = %request, outcome = %told.outcome))]
pub async fn answer(house: &House, request: RequestId, told: Told) -> Result<Came> {
    let (now, local) = (house.now(), house.local.clone());
    let (came, moved) = house
        .db
        .write(async move |conn| {
            let check = follow_ups::find_open(conn, request).await?.ok_or(Fault::FollowedUp)?;
            settle(conn, &check, told, (Trace::RESIDENT, now, &local)).await
        })
        .await?;
    if let Some(moved) = moved {
        follow_up::tell(house, &moved).await;
    }
    Ok(came)
}

type Settled = (Came, Option<handing::Moved>);

async fn settle(
    conn: &mut Conn,
    check: &FollowUp,
    told: Told,
    (by, now, local): (Trace, At, &LocalTime),
) -> Result<Settled> {
    let request = check.request_id;
    let still = Came { request, state: State::Delivered, due_at: Some(check.due_at) };
    if told.tries.is_some_and(|tries| tries != check.tries) {
        return Ok((still, None));
    }
    recurring::keep(conn, request, told.again, (by, now, local)).await?;
    let (step, word) = match then(told.outcome, (check.tries, now), local) {
        Then::Again(due_at) => {
            if follow_ups::put_off(conn, check, (told.outcome, due_at), (by, now)).await? {
                write_try(conn, check, &told, (by, now)).await?;
            }
            return Ok((Came { due_at: Some(due_at), ..still }, None));
        }
        Then::Close => (Step::Close, told.outcome.as_str()),
        Then::Reopen(why) => (Step::Reopen, why),
    };
    // Who answers the same question at the same time went another way with it.
    if handing::current(conn, request).await?.request_state() != State::Delivered {
        return Err(Fault::FollowedUp);
    }
    let said = told.note.map(|note| note.as_str().to_owned());
    let reason = Reason { word: word.to_owned(), said };
    let moved = follow_up::end_within(conn, request, (step, by, Some(reason)), now).await?;
    let state = if step == Step::Close { State::Closed } else { State::Care };
    Ok((Came { request, state, due_at: None }, moved))
}

/// A call that settled nothing is part of the history.
async fn write_try(conn: &mut Conn, check: &FollowUp, told: &Told, (by, now): (Trace, At)) -> Result<()> {
    let event = Event::new(now, check.zone_id, "called_after", by).of_request(check.request_id, State::Delivered);
    let event_id = event.id;
    journal::write(conn, event.because(Some(told.outcome.as_str()))).await?;
    if let Some(note) = &told.note {
        journal::write_remark(conn, event_id, check.request_id, note.as_str()).await?;
    }
    Ok(())
}

async fn must_be_ours(conn: &mut Conn, me: &Person, id: FollowUpId) -> Result<FollowUp> {
    let check = follow_ups::find(conn, id).await?.ok_or(Fault::NotFound)?;
    calling::must_work_there(me, Some(check.zone_id))?;
    Ok(check)
}

async fn must_be_open(conn: &mut Conn, me: &Person, id: FollowUpId) -> Result<FollowUp> {
    let check = must_be_ours(conn, me, id).await?;
    if check.state == Standing::Open { Ok(check) } else { Err(Fault::FollowedUp) }
}

async fn hold_home(conn: &mut Conn, request: RequestId, (me, now): (PersonId, At)) -> Result<()> {
    for mark in call_leases::list_marks(conn, request).await? {
        if !call_leases::take(conn, &mark, me, (now, now.plus_seconds(LEASE_S))).await? {
            return Err(Fault::BeingCalled);
        }
    }
    Ok(())
}

async fn free_home(conn: &mut Conn, request: RequestId, me: PersonId) -> store::Result<()> {
    let marks = call_leases::list_marks(conn, request).await?;
    call_leases::give_back(conn, marks, me).await
}
