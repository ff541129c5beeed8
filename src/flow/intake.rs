//! Taking a request in: durable first, then into the line.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{Fault, House, Result, shrug};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::code::Code;
use crate::domain::ids::{ErrandId, PlaceId, RequestId};
use crate::domain::place::{Counter, nearest_serving};
use crate::domain::request::Submission;
use crate::domain::secret;
use crate::domain::urgency::Urgency;
use crate::line::{Ready, What};
use crate::store::idempotency::{self, Earlier, Key};
use crate::store::intake::{Arrival, store};
use crate::store::{self, Backing, Db, places, zones};

/// What the asker gets back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub request: RequestId,
    pub code: String,
    pub token: String,
    pub urgency: Urgency,
    pub deliver_by: At,
    pub submitted_at: At,
    /// The same key came before: this is the first answer again.
    pub replayed: bool,
}

/// The part of a receipt that is kept beside the idempotency key. The token is not: it is computed from the id.
#[derive(Serialize, Deserialize)]
struct Answer {
    code: String,
    urgency: Urgency,
    deliver_by: At,
    submitted_at: At,
}

/// How often a clash (a code or a key taken at the same moment) is tried again.
const TRIES: u32 = 4;

/// Stores a request and answers when it is durable; then tells the line, which may fail.
///
/// # Errors
/// [`Fault::KeyReused`] for a known key with another body, [`Fault::Overrun`] when arrivals pile up, [`Fault::Store`].
#[tracing::instrument(skip_all, fields(urgency = %submission.triage.urgency, category = %submission.category))]
pub async fn submit(house: &House, submission: Submission, by: Trace, key: Option<Key>) -> Result<Receipt> {
    let place = likely_place(house, &submission).await?;
    for _ in 0..TRIES {
        if let Some(earlier) = replay(house, key.as_ref()).await? {
            return Ok(earlier);
        }
        let arrival = arrive(house, (submission.clone(), place), by, key.clone());
        let (receipt, errand) = (receipt_of(house, &arrival), arrival.errand);
        match house.gate.pass(arrival).await {
            Ok(()) => {
                announce(house, &receipt, errand, &submission).await;
                return Ok(receipt);
            }
            Err(Fault::Store(store::Error::Refused(about))) => tracing::debug!(about, "an arrival clashed; once more"),
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::Overrun)
}

/// Where the goods are likely had: the place that was named, else the nearest open one until dispatch chooses.
async fn likely_place(house: &House, submission: &Submission) -> Result<Option<PlaceId>> {
    if submission.place.is_some() {
        return Ok(submission.place);
    }
    let (zone, building) = (submission.zone, submission.building);
    let (category, minute) = (submission.category, house.local.minute_of_day(submission.submitted_at));
    house
        .db
        .read(async move |conn| {
            let door = zones::load_building(conn, building).await?.at();
            let counters: Vec<Counter> = places::list(conn, zone).await?.iter().map(Into::into).collect();
            Ok::<_, store::Error>(nearest_serving(&counters, category, door, minute))
        })
        .await
        .map_err(Fault::Store)
}

fn arrive(house: &House, (submission, place): (Submission, Option<PlaceId>), by: Trace, key: Option<Key>) -> Arrival {
    let request = RequestId::mint();
    let code = Code::from_random(house.chance.number()).to_string();
    let answer = Answer {
        code: code.clone(),
        urgency: submission.triage.urgency,
        deliver_by: submission.triage.deliver_by,
        submitted_at: submission.submitted_at,
    };
    let answer = serde_json::to_string(&answer).unwrap_or_default();
    let token_hash = secret::hash(&house.token(request));
    Arrival {
        request,
        errand: ErrandId::mint(),
        code,
        token_hash,
        submission,
        place,
        by,
        key: key.map(|key| (key, answer)),
    }
}

fn receipt_of(house: &House, arrival: &Arrival) -> Receipt {
    Receipt {
        request: arrival.request,
        code: arrival.code.clone(),
        token: house.token(arrival.request),
        urgency: arrival.submission.triage.urgency,
        deliver_by: arrival.submission.triage.deliver_by,
        submitted_at: arrival.submission.submitted_at,
        replayed: false,
    }
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
            let request = RequestId::from_uuid(about);
            Ok(Some(Receipt {
                request,
                code: answer.code,
                token: house.token(request),
                urgency: answer.urgency,
                deliver_by: answer.deliver_by,
                submitted_at: answer.submitted_at,
                replayed: true,
            }))
        }
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

async fn announce(house: &House, receipt: &Receipt, errand: ErrandId, submission: &Submission) {
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

type Waiting = (Arrival, oneshot::Sender<std::result::Result<(), store::Error>>);

/// Where arrivals gather: what queued up while the last commit ran is committed together, so waiting is never added.
#[derive(Clone, Debug)]
pub struct Gate {
    sender: mpsc::Sender<Waiting>,
}

const MOST_WAITING: usize = 8_192;
const MOST_TOGETHER: usize = 500;

impl Gate {
    /// Opens the gate: two writers on PostgreSQL (one batch fills while another commits), one on SQLite. They end when the gate is dropped.
    #[must_use]
    pub fn open(db: &Db) -> Self {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        let receiver = Arc::new(Mutex::new(receiver));
        let writers = if db.backing() == Backing::Postgres { 2 } else { 1 };
        for _ in 0..writers {
            tokio::spawn(write_batches(db.clone(), Arc::clone(&receiver)));
        }
        Self { sender }
    }

    /// Passes when the arrival is durable.
    async fn pass(&self, arrival: Arrival) -> Result<()> {
        let (tell, told) = oneshot::channel();
        self.sender.try_send((arrival, tell)).map_err(|_| Fault::Overrun)?;
        match told.await {
            Ok(stored) => stored.map_err(Fault::Store),
            Err(_) => Err(Fault::Store(store::Error::Unavailable("the writer stopped".to_owned()))),
        }
    }
}

async fn write_batches(db: Db, receiver: Arc<Mutex<mpsc::Receiver<Waiting>>>) {
    loop {
        let mut batch = Vec::new();
        if receiver.lock().await.recv_many(&mut batch, MOST_TOGETHER).await == 0 {
            return;
        }
        let (arrivals, tellers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        for (teller, result) in tellers.into_iter().zip(write_together(&db, arrivals).await) {
            // The asker may be gone; the request is stored all the same.
            let _gone = teller.send(result);
        }
    }
}

/// All in one commit; when one of them is refused, each by itself, so that one bad row hurts nobody.
async fn write_together(db: &Db, arrivals: Vec<Arrival>) -> Vec<std::result::Result<(), store::Error>> {
    let arrivals = Arc::new(arrivals);
    let all = Arc::clone(&arrivals);
    match db.write(async move |conn| store(conn, &all).await).await {
        Ok(()) => arrivals.iter().map(|_| Ok(())).collect(),
        Err(error) if arrivals.len() == 1 => vec![Err(error)],
        Err(store::Error::Unavailable(why)) => {
            arrivals.iter().map(|_| Err(store::Error::Unavailable(why.clone()))).collect()
        }
        Err(error) => {
            tracing::info!(error = %error, together = arrivals.len(), "a batch was refused; one by one");
            let mut results = Vec::with_capacity(arrivals.len());
            for arrival in arrivals.iter().cloned() {
                results.push(db.write(async move |conn| store(conn, &[arrival]).await).await);
            }
            results
        }
    }
}
