//! The one way an errand moves, whoever moves it: rule, guarded row, assignment, journal and letter in one transaction.

use super::{Fault, Result};
use crate::domain::actor::{ActorRole, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::follow_up;
use crate::domain::ids::{PersonId, PlaceId};
use crate::domain::letter::LetterKind;
use crate::domain::reason::Reason;
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
    /// Who holds the errand afterwards.
    pub holder: Option<PersonId>,
    pub lease_until: Option<At>,
    pub lease: Lease,
    pub reason: Option<Reason>,
    /// Where it is to be fetched, when that changes.
    pub place: Option<PlaceId>,
}

impl Act {
    pub fn new(step: Step, by: Trace, at: At) -> Self {
        Self { step, by, at, holder: None, lease_until: None, lease: Lease::Any, reason: None, place: None }
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
    let to = errand.state.step(act.step)?;
    let place = act.place.or(errand.place_id);
    let (runner, lease_until) = (act.holder, act.lease_until);
    let advance = Advance { step: act.step, to, runner, lease_until, at: act.at, lease: act.lease, place };
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

/// To the asker, unless it was the asker who said so; and to whoever joined, at each address once.
async fn write_letter(conn: &mut Conn, errand: &Errand, act: &Act) -> Result<()> {
    let now = act.at;
    let asker = contacts::find(conn, errand.request_id).await?.and_then(|contact| contact.email);
    if asker.is_some() && act.by.role != ActorRole::Resident {
        let dedupe = format!("delivered:{}:{}", errand.id, errand.fence);
        outbox::enqueue(conn, LetterKind::Delivered, errand.request_id.uuid(), dedupe, now).await?;
    }
    let is_asker = |email: &str| asker.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
    for (joiner, email) in joining::list_with_address(conn, errand.request_id).await? {
        if !is_asker(&email) {
            let dedupe = format!("delivered:{joiner}:{}:{}", errand.id, errand.fence);
            outbox::enqueue(conn, LetterKind::DeliveredToJoiner, joiner.uuid(), dedupe, now).await?;
        }
    }
    Ok(())
}
