//! The outbox relay: sends due letters. At least once; the Message-ID is the outbox id, so a repetition is recognised.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::domain::alarm::Rung;
use crate::domain::backoff::LETTERS;
use crate::domain::ids::{ErrandId, OfferId, PersonId, RequestId, SignInLinkId, TellingId};
use crate::domain::letter::LetterKind;
use crate::domain::offer::OfferState;
use crate::flow::{Fault, House, alarming, inviting};
use crate::mail::letters::{
    AlarmLetter, DeliveredLetter, Letter as _, OfferLetter, SealedLetter, SignInLetter, StillGoingLetter,
};
use crate::mail::{Envelope, Mailer};
use crate::store::outbox::{self, Letter};
use crate::words::Lang;

const AT_ONCE: i64 = 20;
/// A relay that dies frees its letters after this.
const HOLD_S: i64 = 60;
const PERIOD: Duration = Duration::from_secs(1);

/// Sends letters from the outbox.
#[derive(Debug, Clone)]
pub struct Relay {
    pub mailer: Arc<Mailer>,
    pub public_url: String,
}

/// What came of one letter.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Sent,
    /// Nothing to say any more: the offer is answered, the address is gone.
    Pointless,
    Again(String),
    Dead(String),
}

impl Relay {
    pub(super) async fn run(self, house: House, mut stop: watch::Receiver<bool>) {
        let period = PERIOD.div_f64(house.clock.speed().max(1.0)).max(Duration::from_millis(100));
        while !*stop.borrow() {
            let sent = self.send_due(&house).await;
            if let Err(fault) = &sent {
                tracing::debug!(error = %fault, "letters could not be looked for; trying on");
            }
            if sent.is_ok_and(|sent| sent > 0) {
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(period) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Sends what is due now; answers how many letters were tried.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn send_due(&self, house: &House) -> Result<usize, Fault> {
        let now = house.now();
        let until = now.plus_seconds(HOLD_S);
        let kinds = LetterKind::BY_MAIL;
        let due = house.db.write(async move |conn| outbox::take_due(conn, kinds, (now, until), AT_ONCE).await).await?;
        for letter in &due {
            let outcome = self.send(house, letter).await;
            settle(house, letter, outcome, "paotui_letters_total").await?;
        }
        Ok(due.len())
    }

    async fn send(&self, house: &House, letter: &Letter) -> Outcome {
        let envelope = match self.write(house, letter).await {
            Ok(Some(envelope)) => envelope,
            Ok(None) => return Outcome::Pointless,
            Err(fault) => return Outcome::Again(fault.to_string()),
        };
        match self.mailer.send(&envelope).await {
            Ok(_) => Outcome::Sent,
            Err(error) if error.is_permanent() => Outcome::Dead(error.to_string()),
            Err(error) => Outcome::Again(error.to_string()),
        }
    }

    /// The letter from fresh rows; `None` when there is nothing to say any more.
    async fn write(&self, house: &House, letter: &Letter) -> Result<Option<Envelope>, Fault> {
        let (message_id, about) = (letter.id.to_string(), letter.ref_id.uuid());
        match letter.kind {
            LetterKind::Offer => {
                let offer = OfferId::from_uuid(about);
                let facts = house.db.read(async move |conn| outbox::find_offer(conn, offer).await).await?;
                let open = facts.filter(|facts| facts.state == OfferState::Open && facts.lapses_at > house.now());
                Ok(open.and_then(|facts| self.offer_letter(house, facts, &message_id)))
            }
            LetterKind::Delivered => {
                let request = RequestId::from_uuid(about);
                let facts = house.db.read(async move |conn| outbox::find_delivered(conn, request).await).await?;
                Ok(facts.and_then(|facts| self.delivered_letter(house, request, facts, &message_id)))
            }
            LetterKind::DeliveredToJoiner => {
                let joiner = RequestId::from_uuid(about);
                let facts = house.db.read(async move |conn| outbox::find_delivered_to_joiner(conn, joiner).await);
                Ok(facts.await?.and_then(|facts| self.delivered_letter(house, joiner, facts, &message_id)))
            }
            LetterKind::StillGoing => {
                let errand = ErrandId::from_uuid(about);
                let facts = house.db.read(async move |conn| outbox::find_idle(conn, errand).await).await?;
                // He showed himself, or it went back, before it was sent.
                let idle_from = house.now().plus_seconds(house.terms.idle_s());
                let idle = facts.filter(|facts| (house.now()..=idle_from).contains(&facts.lease_until));
                Ok(idle.and_then(|facts| self.still_going_letter(house, facts, &message_id)))
            }
            LetterKind::SealedIn | LetterKind::Unsealed => self.sealed_letter(house, letter).await,
            LetterKind::Alarm => {
                let facts = alarming::facts(house, TellingId::from_uuid(about)).await?;
                Ok(facts.and_then(|facts| self.alarm_letter(house, facts, &message_id)))
            }
            // A call to a door outside: never taken by this relay.
            LetterKind::AlarmHook => Ok(None),
            LetterKind::SignIn => {
                let link = inviting::link_for_letter(house, SignInLinkId::from_uuid(about)).await?;
                Ok(link.and_then(|link| {
                    let lang = Lang::parse(&link.lang).unwrap_or_default();
                    let (runner, username) = (link.name, link.username);
                    let url = format!("{}/sign-in/{}", self.public_url, link.token);
                    SignInLetter { lang, runner, username, link: url }.envelope(&message_id, &link.email).ok()
                }))
            }
        }
    }

    async fn sealed_letter(&self, house: &House, letter: &Letter) -> Result<Option<Envelope>, Fault> {
        let (runner, sealed) = (PersonId::from_uuid(letter.ref_id.uuid()), letter.kind == LetterKind::SealedIn);
        let facts = house.db.read(async move |conn| outbox::find_sealed_in(conn, runner).await).await?;
        // Opened again, or sealed again, before it was sent.
        let holds = facts.filter(|facts| facts.sealed_off == sealed);
        let link = format!("{}/run", self.public_url);
        Ok(holds.and_then(|facts| {
            let letter_told = SealedLetter { lang: Lang::default(), runner: facts.runner, sealed, link };
            letter_told.envelope(&letter.id.to_string(), &facts.email?).ok()
        }))
    }

    /// With the link of whoever asked: each has one of his own.
    fn delivered_letter(
        &self,
        house: &House,
        asker: RequestId,
        facts: outbox::DeliveredFacts,
        message_id: &str,
    ) -> Option<Envelope> {
        let link = format!("{}/r/{}", self.public_url, house.token(asker));
        let lang = Lang::parse(&facts.lang).unwrap_or_default();
        DeliveredLetter { lang, code: facts.code, link, asks: facts.may_act }.envelope(message_id, &facts.email).ok()
    }

    fn offer_letter(&self, house: &House, facts: outbox::OfferFacts, message_id: &str) -> Option<Envelope> {
        let letter = OfferLetter {
            lang: Lang::default(),
            runner: facts.runner,
            category: facts.category,
            urgency: facts.urgency,
            block: facts.block,
            lapses_in_minutes: (facts.lapses_at.seconds_since(house.now()) + 59) / 60,
            link: format!("{}/run", self.public_url),
        };
        letter.envelope(message_id, &facts.email?).ok()
    }

    fn still_going_letter(&self, house: &House, facts: outbox::IdleFacts, message_id: &str) -> Option<Envelope> {
        let letter = StillGoingLetter {
            lang: Lang::default(),
            runner: facts.runner,
            category: facts.category,
            block: facts.block,
            lapses_in_minutes: (facts.lease_until.seconds_since(house.now()) + 59) / 60,
            link: format!("{}/run", self.public_url),
        };
        letter.envelope(message_id, &facts.email?).ok()
    }

    fn alarm_letter(&self, house: &House, facts: alarming::Facts, message_id: &str) -> Option<Envelope> {
        let (_, email) = facts.person?;
        let letter = AlarmLetter {
            lang: Lang::default(),
            to_runner: facts.rung == Rung::Runner,
            urgency: facts.urgency,
            category: facts.category,
            code: facts.code,
            building: facts.building,
            left_minutes: facts.deliver_by.seconds_since(house.now()).div_euclid(60),
            link: format!("{}/{}", self.public_url, if facts.rung == Rung::Runner { "run" } else { "watch/alarms" }),
        };
        letter.envelope(message_id, &email?).ok()
    }
}

/// Writes down what came of one; a failure is tried again after a wait that grows, and given up in the end.
pub(super) async fn settle(
    house: &House,
    letter: &Letter,
    outcome: Outcome,
    counter: &'static str,
) -> Result<(), Fault> {
    let (id, now) = (letter.id, house.now());
    let attempt = u32::try_from(letter.attempts).unwrap_or(u32::MAX);
    let chance = house.chance.fraction();
    let told = match &outcome {
        Outcome::Sent => "sent",
        Outcome::Pointless => "dropped",
        Outcome::Again(_) if LETTERS.wait(attempt, chance).is_some() => "retried",
        Outcome::Again(_) | Outcome::Dead(_) => "dead",
    };
    metrics::counter!(counter, "outcome" => told).increment(1);
    house
        .db
        .write(async move |conn| match outcome {
            Outcome::Sent | Outcome::Pointless => outbox::done(conn, id, now).await,
            Outcome::Dead(why) => outbox::bury(conn, id, now, &why).await,
            Outcome::Again(why) => match LETTERS.wait(attempt, chance) {
                Some(wait) => outbox::again(conn, id, now + wait, &why).await,
                None => outbox::bury(conn, id, now, &why).await,
            },
        })
        .await
        .map_err(Fault::Store)
}
