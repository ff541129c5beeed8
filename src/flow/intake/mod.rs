//! Taking a request in: durable first, then into the line.

mod gate;

use super::{Fault, House, Result, shrug};
use crate::domain::actor::{ActorRole, Trace};
use crate::domain::clock::At;
use crate::domain::code::Code;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, PlaceId, RequestId};
use crate::domain::place::{Counter, nearest_serving};
use crate::domain::request::Submission;
use crate::domain::secret;
use crate::domain::text::last_four;
use crate::domain::urgency::Urgency;
use crate::line::{Ready, What};
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::intake::{Answer, Arrival, Mark, Merged};
use crate::store::{self, legs, pauses, places, zones};
pub use gate::Gate;

/// What the asker gets back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub request: RequestId,
    pub code: String,
    pub token: String,
    pub urgency: Urgency,
    pub deliver_by: At,
    pub submitted_at: At,
    pub state: State,
    /// It was the same wish again: the open request that it joined, which is also `request`.
    pub merged_into: Option<RequestId>,
    /// The same key came before: this is the first answer again.
    pub replayed: bool,
}

/// How often a clash (a code or a key taken at the same moment) is tried again.
const TRIES: u32 = 4;

/// Stores a request and answers when it is durable; then tells the line, which may fail. The same wish of the same door
/// joins the open request.
///
/// # Errors
/// [`Fault::KeyReused`] for a known key with another body, [`Fault::IntakePaused`] while the zone takes red ones alone,
/// [`Fault::Overrun`] when arrivals pile up, [`Fault::Store`].
#[tracing::instrument(skip_all, fields(urgency = %submission.triage.urgency, category = %submission.category))]
pub async fn submit(house: &House, submission: Submission, by: Trace, key: Option<Key>) -> Result<Receipt> {
    let (place, paused) = look_around(house, &submission).await?;
    for _ in 0..TRIES {
        if let Some(earlier) = replay(house, key.as_ref()).await? {
            return Ok(earlier);
        }
        if let Some(said) = paused.as_ref().filter(|_| may_wait(&submission, by)) {
            return Err(Fault::IntakePaused(said.clone()));
        }
        let arrival = arrive(house, (submission.clone(), place), by, key.clone());
        let (id, errand) = (arrival.request, arrival.errand);
        match house.gate.pass(arrival).await {
            Ok(answer) => {
                let receipt = receipt_of(house, id, answer);
                announce(house, &receipt, errand, &submission).await;
                return Ok(receipt);
            }
            Err(Fault::Store(store::Error::Refused(about))) => tracing::debug!(about, "an arrival clashed; once more"),
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::Overrun)
}

/// Red is never refused, and what staff enter they have weighed themselves.
fn may_wait(submission: &Submission, by: Trace) -> bool {
    submission.triage.urgency != Urgency::Red && by.role == ActorRole::Resident
}

/// Where the goods are likely had: the place that was named, else the nearest open one until dispatch chooses. And what
/// the zone says, if it takes red ones alone just now.
pub(super) async fn look_around(house: &House, submission: &Submission) -> Result<(Option<PlaceId>, Option<String>)> {
    let (zone, building, named) = (submission.zone, submission.building, submission.place);
    let (category, minute) = (submission.category, house.local.minute_of_day(submission.submitted_at));
    house
        .db
        .read(async move |conn| {
            let paused = pauses::find(conn, zone).await?.filter(|pause| pause.paused).map(|pause| pause.said);
            if named.is_some() {
                return Ok((named, paused));
            }
            let door = zones::load_building(conn, building).await?.at();
            let counters: Vec<Counter> = places::list(conn, zone).await?.iter().map(Into::into).collect();
            Ok::<_, store::Error>((nearest_serving(&counters, category, door, minute), paused))
        })
        .await
        .map_err(Fault::Store)
}

/// Everything minted that it needs to be stored.
pub(super) fn arrive(
    house: &House,
    (submission, place): (Submission, Option<PlaceId>),
    by: Trace,
    key: Option<Key>,
) -> Arrival {
    let request = RequestId::mint();
    let code = Code::from_random(house.chance.number()).to_string();
    let contact = &submission.contact;
    let patient = contact.patient.as_ref().and_then(|patient| patient.phone.as_ref());
    let mark = Mark {
        door: house.key.door_mark(submission.building, contact.room.as_str()),
        phone: house.key.phone_mark(contact.phone.as_str()),
        last_four: house.key.last_four_mark(&last_four(contact.phone.as_str())),
        patient_phone: patient.map(|phone| house.key.phone_mark(phone.as_str())),
    };
    let token_hash = secret::hash(&house.token(request));
    Arrival { request, errand: ErrandId::mint(), code, token_hash, submission, place, by, key, mark }
}

/// What the asker gets back for it.
pub(super) fn receipt_of(house: &House, id: RequestId, answer: Answer) -> Receipt {
    let Merged { into, state } = answer.merged.unwrap_or(Merged { into: id, state: State::Waiting });
    Receipt {
        request: into,
        code: answer.code,
        token: house.token(id),
        urgency: answer.urgency,
        deliver_by: answer.deliver_by,
        submitted_at: answer.submitted_at,
        state,
        merged_into: answer.merged.map(|merged| merged.into),
        replayed: false,
    }
}

/// The request this key stands for, whatever came with it.
///
/// # Errors
/// [`Fault::Store`].
pub async fn find_earlier(house: &House, key: &Key) -> Result<Option<RequestId>> {
    let (key, now) = (key.clone(), house.now());
    let about = house.db.read(async move |conn| idempotency::find_about(conn, &key, now).await);
    Ok(about.await.map_err(Fault::Store)?.map(RequestId::from_uuid))
}

/// The first answer to this key, if it came before.
///
/// # Errors
/// [`Fault::KeyReused`] when it came with another body.
pub async fn replay(house: &House, key: Option<&Key>) -> Result<Option<Receipt>> {
    let Some(key) = key.cloned() else { return Ok(None) };
    let now = house.now();
    let earlier =
        house.db.read(async move |conn| idempotency::find(conn, &key, now).await).await.map_err(Fault::Store)?;
    match earlier {
        Earlier::None => Ok(None),
        Earlier::Other => Err(Fault::KeyReused),
        Earlier::Same { about, answer } => {
            let answer: Answer =
                serde_json::from_str(&answer).map_err(|error| store::Error::Broken(error.to_string()))?;
            Ok(Some(Receipt { replayed: true, ..receipt_of(house, RequestId::from_uuid(about), answer) }))
        }
    }
}

/// Once it is durable: the line hears of it.
pub(super) async fn announce(house: &House, receipt: &Receipt, errand: ErrandId, submission: &Submission) {
    if receipt.merged_into.is_some() {
        metrics::counter!("paotui_requests_joined_total", "channel" => submission.channel.as_str()).increment(1);
        return announce_joined(house, receipt).await;
    }
    let labels = [
        ("category", submission.category.as_str()),
        ("urgency", receipt.urgency.as_str()),
        ("channel", submission.channel.as_str()),
    ];
    metrics::counter!("paotui_requests_total", &labels).increment(1);
    shrug(house.line.enqueue(submission.zone, &[Ready { errand, due: receipt.deliver_by }]).await);
    house.tell(submission.zone, What::Work).await;
    house.tell(submission.zone, What::Request(receipt.request)).await;
}

/// It may be more urgent now, and hold more: the line and whoever has it look again.
async fn announce_joined(house: &House, receipt: &Receipt) {
    let request = receipt.request;
    let current = house.db.read(async move |conn| legs::find_current(conn, request).await).await;
    if let Ok(Some(leg)) = current {
        if leg.state == State::Waiting {
            house.line_up(&leg).await;
        }
        house.tell_change(&leg, leg.runner_id).await;
    }
}
