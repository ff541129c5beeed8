//! After the door, and the asker's own word: confirm, cancel.

use super::handing::{self, Moved};
use super::moving::{Act, take};
use super::{Fault, House, Result, offering, presence, shrug};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::code::Code;
use crate::domain::errand::{State, Step};
use crate::domain::ids::RequestId;
use crate::domain::reason::Reason;
use crate::domain::request::Problem;
use crate::domain::secret;
use crate::domain::text::{Note, last_four as last_four_of};
use crate::line::What;
use crate::store::contacts::Contact;
use crate::store::errands::Errand;
use crate::store::{Conn, contacts, joining, requests};

/// Whoever holds a link: the asker, or one who asked for the same later and was told where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    pub request: RequestId,
    /// Somebody else's wish is not called off, answered for or closed by knowing the door and the drug: a joiner with
    /// another telephone may only see how it stands.
    pub may_act: bool,
    /// Asked for the same later, and was told of this one.
    pub joined: bool,
}

/// Who holds a tracking token: of which request, and what may be done with it.
///
/// # Errors
/// [`Fault::NotFound`]: the one answer for unknown, revoked and wiped.
pub async fn find_holder(house: &House, token: &str) -> Result<Holder> {
    let hash = secret::hash(token);
    let found = house
        .db
        .read(async move |conn| {
            if let Some(request) = requests::find_by_token(conn, hash.clone()).await? {
                return Ok(Some(Holder { request: request.id, may_act: true, joined: false }));
            }
            let joined = joining::find_by_token(conn, hash).await?;
            Ok(joined.map(|(request, same_phone)| Holder { request, may_act: same_phone, joined: true }))
        })
        .await
        .map_err(Fault::Store)?;
    found.ok_or(Fault::NotFound)
}

/// The request of a link whose holder may act for it: call it off, answer, confirm, report.
///
/// # Errors
/// [`Fault::NotFound`], [`Fault::NotAllowed`].
pub async fn find_own(house: &House, token: &str) -> Result<RequestId> {
    let holder = find_holder(house, token).await?;
    if holder.may_act { Ok(holder.request) } else { Err(Fault::NotAllowed) }
}

/// Whose link is opened by a spoken code and the last four digits of a telephone: the asker's or the patient's opens the
/// request's own, that of one who joined the joiner's. Whatever does not fit is the same "no".
///
/// # Errors
/// [`Fault::Store`].
pub async fn find_by_code(house: &House, code: &str, last_four: &str) -> Result<Option<RequestId>> {
    let Ok(code) = code.parse::<Code>() else { return Ok(None) };
    let given = last_four_of(last_four);
    if given.len() != 4 {
        return Ok(None);
    }
    let mark = house.key.last_four_mark(&given);
    house
        .db
        .read(async move |conn| {
            let Some(request) = requests::find_by_code(conn, code.as_str()).await? else { return Ok(None) };
            let contact = contacts::find(conn, request.id).await?;
            let fits = |phone: &str| last_four_of(phone) == given;
            let own = |contact: Contact| fits(&contact.phone) || contact.patient_phone.as_deref().is_some_and(fits);
            if contact.is_some_and(own) {
                return Ok(Some(request.id));
            }
            Ok(joining::find_by_last_four(conn, request.id, mark).await?)
        })
        .await
}

/// Something is wrong with what was reported delivered, even after it was closed: a person looks into it.
///
/// # Errors
/// [`Fault::OutOfTurn`] while it is not delivered.
pub async fn report(house: &House, request: RequestId, problem: Problem, note: Option<Note>) -> Result<State> {
    let reason = Reason { word: problem.as_str().to_owned(), said: note.map(|note| note.as_str().to_owned()) };
    end(house, request, (Step::Reopen, Trace::RESIDENT, Some(reason))).await
}

/// The asker has it: the request is closed. Saying so twice is saying it once.
///
/// # Errors
/// [`Fault::OutOfTurn`] while it is not delivered.
pub async fn confirm(house: &House, request: RequestId) -> Result<State> {
    end(house, request, (Step::Confirm, Trace::RESIDENT, None)).await
}

/// The asker wants it no more. Not possible once the goods are bought: then a person must be spoken to.
///
/// # Errors
/// [`Fault::OutOfTurn`].
pub async fn cancel(house: &House, request: RequestId, by: Trace, reason: Option<Reason>) -> Result<State> {
    end(house, request, (Step::Cancel, by, reason)).await
}

type Word = (Step, Trace, Option<Reason>);

#[tracing::instrument(skip_all, fields(request_id = %request, step = %word.0))]
async fn end(house: &House, request: RequestId, word: Word) -> Result<State> {
    let (now, target) = (house.now(), target_of(word.0));
    let ended = house.db.write(async move |conn| end_within(conn, request, word, now).await).await?;
    let Some(moved) = ended else { return Ok(target) };
    tell(house, &moved).await;
    Ok(target)
}

const fn target_of(step: Step) -> State {
    match step {
        Step::Confirm | Step::Close => State::Closed,
        Step::Reopen => State::Care,
        _ => State::Cancelled,
    }
}

/// Does it within a transaction; `None` when it stood like that already. Afterwards [`tell`].
pub(super) async fn end_within(
    conn: &mut Conn,
    request: RequestId,
    (step, by, reason): Word,
    now: At,
) -> Result<Option<Moved>> {
    let current = handing::current(conn, request).await?;
    if current.state == target_of(step) {
        return Ok(None);
    }
    let had = at_the_gate(conn, current, (step, by, now)).await?;
    let Some(current) = had.current else { return Err(Fault::NotFound) };
    let asked = offering::withdraw(conn, current.id, step.as_str(), now).await?;
    let concerned = had.concerned.into_iter().chain(current.runner_id).chain(asked).collect();
    // Who brought it stays known; who only had it on the way, or left it at the gate, does not.
    let has_left_it = step == Step::Cancel || (step == Step::Reopen && current.state == State::AtGate);
    let holder = current.runner_id.filter(|_| !has_left_it);
    let act = Act::new(step, by, now).saying(reason);
    let ended = take(conn, &current, Act { holder, ..act }).await?;
    Ok(Some(Moved { current: Some(ended), concerned, not_needed: had.not_needed }))
}

/// The line, and whoever is concerned, hear of it.
pub(super) async fn tell(house: &House, moved: &Moved) {
    let Moved { current: Some(errand), concerned, not_needed } = moved else { return };
    for gone in not_needed.iter().chain([errand]) {
        shrug(house.line.dequeue(gone.zone_id, gone.id).await);
    }
    house.tell_change(errand, None).await;
    for runner in concerned {
        presence::restate(house, errand.zone_id, *runner).await;
        house.tell(errand.zone_id, What::Runner(*runner)).await;
    }
}

/// Which errand of the request the asker's word is about, when the goods have come to the gate: they are bought, so that it
/// is too late to call the request off; whoever fetched them has received them; and what is wrong is wrong with all of it.
async fn at_the_gate(conn: &mut Conn, current: Errand, (step, by, now): (Step, Trace, At)) -> Result<Moved> {
    match step {
        Step::Cancel if current.state != State::Care => {
            current.request_state().step(step)?;
            Ok(Moved { current: Some(current), ..Moved::default() })
        }
        Step::Confirm => handing::received(conn, current, (by, now)).await,
        Step::Reopen => handing::recall(conn, current, (step, by, now)).await,
        _ => Ok(Moved { current: Some(current), ..Moved::default() }),
    }
}
