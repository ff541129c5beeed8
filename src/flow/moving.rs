//! The one way an errand moves, whoever moves it: rule, guarded row, assignment, journal and letter in one transaction.

use super::{Fault, Result};
use crate::domain::actor::{ActorRole, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::follow_up;
use crate::domain::ids::{EventId, PersonId, PlaceId, RequestId};
use crate::domain::letter::LetterKind;
use crate::domain::reason::Reason;
use crate::store::deeds::Deed;
use crate::store::errands::{Advance, Errand, Lease};
use crate::store::journal::Event;
use crate::store::{Conn, assignments, contacts, errands, follow_ups, joining, journal, outbox, requests};

/// What is done to an errand.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub step: Step,
    pub by: Trace,
    /// When it happened; for something done offline earlier than now.
    pub at: At,
    /// When it was heard of, where that is later.
    pub heard_at: Option<At>,
    /// Who holds the errand afterwards.
    pub holder: Option<PersonId>,
    pub lease_until: Option<At>,
    pub lease: Lease,
    pub reason: Option<Reason>,
    /// Where it is to be fetched, when that changes.
    pub place: Option<PlaceId>,
    /// Until when it can be taken back: what is told of it by letter waits for so long.
    pub undo_until: Option<At>,
}

impl Act {
    pub fn new(step: Step, by: Trace, at: At) -> Self {
        let (heard_at, holder, lease_until, lease) = (None, None, None, Lease::Any);
        Self { step, by, at, heard_at, holder, lease_until, lease, reason: None, place: None, undo_until: None }
    }

    /// Heard of at `now`, perhaps long after it was done.
    pub const fn heard(mut self, now: At) -> Self {
        self.heard_at = Some(now);
        self
    }

    pub const fn into_hands_of(mut self, runner: PersonId, until: At) -> Self {
        self.holder = Some(runner);
        self.lease_until = Some(until);
        self
    }

    pub const fn while_lease(mut self, lease: Lease) -> Self {
        self.lease = lease;
        self
    }

    /// The service's own reason: a word.
    pub fn because(mut self, word: &str) -> Self {
        self.reason = Some(Reason::word(word));
        self
    }

    /// What a person gave as the reason.
    pub fn saying(mut self, reason: Option<Reason>) -> Self {
        self.reason = reason;
        self
    }

    pub fn word(&self) -> Option<&str> {
        self.reason.as_ref().map(|reason| reason.word.as_str())
    }
}

/// Does `act` to `errand` as it stood when it was read, and answers how it stands now.
///
/// # Errors
/// [`Fault::OutOfTurn`] when the rule refuses, [`Fault::Overtaken`] when the row changed meanwhile.
pub(super) async fn take(conn: &mut Conn, errand: &Errand, act: Act) -> Result<Errand> {
    Ok(take_noted(conn, errand, act).await?.0)
}

/// As [`take`], and answers its line of the journal too.
///
/// # Errors
/// As [`take`].
pub(super) async fn take_noted(conn: &mut Conn, errand: &Errand, act: Act) -> Result<(Errand, EventId)> {
    let to = errand.state.step(act.step)?;
    let place = act.place.or(errand.place_id);
    let (runner, lease_until) = (act.holder, act.lease_until);
    let new_fence = act.step.makes_new_fence();
    let is_news = act.step != Step::Elsewhere;
    let advance = Advance { to, new_fence, runner, lease_until, at: act.at, lease: act.lease, place, is_news };
    let Some(fence) = errands::advance(conn, errand, advance).await? else {
        let now = errands::find(conn, errand.id).await?.map_or(errand.state, |errand| errand.state);
        return Err(Fault::Overtaken(now));
    };
    let moved = Errand {
        state: to,
        fence,
        runner_id: act.holder,
        lease_until: act.lease_until,
        place_id: place,
        nobody_reason: None,
        ..errand.clone()
    };
    follow_custody(conn, errand, &moved, &act).await?;
    if to == State::Care {
        requests::set_care_reason(conn, errand.request_id, care_reason(&act)).await?;
    }
    let event = Event::new(act.at, errand.zone_id, act.step.as_str(), act.by);
    let event = event.about(errand.request_id, errand.id, moved.request_state());
    let event = event.received(act.heard_at.unwrap_or(act.at));
    let event_id = event.id;
    journal::write(conn, event.because(act.word())).await?;
    if let Some(said) = act.reason.as_ref().and_then(|reason| reason.said.as_deref()) {
        journal::write_remark(conn, event_id, errand.request_id, said).await?;
    }
    if to == State::Delivered {
        write_letter(conn, &moved, &act).await?;
    }
    if errand.state == State::Delivered {
        let told = follow_up::told_by(act.step, act.word());
        follow_ups::end(conn, errand.request_id, told, (act.by, act.at)).await?;
    }
    Ok((moved, event_id))
}

/// Takes `deed` back: the errand stands as it stood before, in the same hands, under a new fence. The letter about it, which
/// waits for as long as this can be done, is called off.
///
/// # Errors
/// [`Fault::OutOfTurn`] when it was not the last thing done, [`Fault::Overtaken`] when the row changed meanwhile.
pub(super) async fn take_back(conn: &mut Conn, errand: &Errand, deed: &Deed, (now, until): (At, At)) -> Result<Errand> {
    let to = errand.state.undo(deed.step, deed.was)?;
    let (runner, place) = (Some(deed.runner_id), errand.place_id);
    let lease_until = to.is_with_runner().then_some(until);
    let (new_fence, is_news, lease) = (true, true, Lease::Any);
    let advance = Advance { to, new_fence, runner, lease_until, at: now, lease, place, is_news };
    let Some(fence) = errands::go_back(conn, errand, advance).await? else {
        let now = errands::find(conn, errand.id).await?.map_or(errand.state, |errand| errand.state);
        return Err(Fault::Overtaken(now));
    };
    let moved = Errand { state: to, fence, runner_id: runner, lease_until, ..errand.clone() };
    if to.is_with_runner() && !errand.state.is_with_runner() {
        assignments::reopen(conn, errand.id, deed.runner_id, fence).await?;
    }
    let event = Event::new(now, errand.zone_id, "undone", Trace::runner(deed.runner_id));
    let event = event.about(errand.request_id, errand.id, moved.request_state());
    journal::write(conn, event.because(Some(deed.step.as_str()))).await?;
    if errand.state == State::Delivered {
        follow_ups::end(conn, errand.request_id, None, (Trace::runner(deed.runner_id), now)).await?;
    }
    call_off_letters(conn, errand, now).await?;
    Ok(moved)
}

/// Why a person must decide: what the runner or the asker said, else what happened.
fn care_reason(act: &Act) -> &str {
    match act.step {
        Step::Abandon => "gone_silent",
        Step::Release => "released",
        Step::HandBack => act.word().unwrap_or("handed_back"),
        _ => act.word().unwrap_or("other"),
    }
}

/// The assignment begins with a claim and ends when the errand leaves the runner's hands.
async fn follow_custody(conn: &mut Conn, before: &Errand, after: &Errand, act: &Act) -> Result<()> {
    let stays = before.runner_id == after.runner_id && before.state.is_with_runner() && after.state.is_with_runner();
    if stays && act.step != Step::Assign {
        return Ok(());
    }
    assignments::end(conn, before.id, act.step, act.at).await?;
    if let (true, Some(runner)) = (after.state.is_with_runner(), after.runner_id) {
        assignments::start(conn, after.id, runner, after.fence, act.at).await?;
    }
    Ok(())
}

/// The one letter about this delivery.
fn delivered_letter(errand: &Errand) -> String {
    format!("delivered:{}:{}", errand.id, errand.fence)
}

/// As [`delivered_letter`], to one who joined.
fn delivered_to(errand: &Errand, joiner: RequestId) -> String {
    format!("delivered:{joiner}:{}:{}", errand.id, errand.fence)
}

/// To the asker, unless it was the asker who said so; and to whoever joined, at each address once. Pages tell it at once;
/// the letters wait until it cannot be taken back any more: one that tells the truth is better than two, the second of
/// which takes the first back.
async fn write_letter(conn: &mut Conn, errand: &Errand, act: &Act) -> Result<()> {
    let (at, due) = (act.at, act.undo_until.map_or(act.at, |until| until.plus_seconds(1)));
    let asker = contacts::find(conn, errand.request_id).await?.and_then(|contact| contact.email);
    if asker.is_some() && act.by.role != ActorRole::Resident {
        let letter = (LetterKind::Delivered, errand.request_id.uuid(), delivered_letter(errand));
        outbox::enqueue_for(conn, letter, at, due).await?;
    }
    let is_asker = |email: &str| asker.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
    for (joiner, email) in joining::list_with_address(conn, errand.request_id).await? {
        if !is_asker(&email) {
            let letter = (LetterKind::DeliveredToJoiner, joiner.uuid(), delivered_to(errand, joiner));
            outbox::enqueue_for(conn, letter, at, due).await?;
        }
    }
    Ok(())
}

async fn call_off_letters(conn: &mut Conn, errand: &Errand, now: At) -> Result<()> {
    outbox::call_off(conn, delivered_letter(errand), now).await?;
    for (joiner, _) in joining::list_with_address(conn, errand.request_id).await? {
        outbox::call_off(conn, delivered_to(errand, joiner), now).await?;
    }
    Ok(())
}
