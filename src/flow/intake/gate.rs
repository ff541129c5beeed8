//! The gate: arrivals that queue up while the last commit runs are committed together.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::flow::{Fault, Result};
use crate::store::intake::{Answer, Arrival, store};
use crate::store::{self, Backing, Db};

type Stored = std::result::Result<Answer, store::Error>;
type Waiting = (Arrival, oneshot::Sender<Stored>);

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

    /// Passes when the arrival is durable: what its asker is told.
    pub(super) async fn pass(&self, arrival: Arrival) -> Result<Answer> {
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

/// Two that stood in each other's way may do so again.
const TRIES: usize = 3;

/// All in one commit; when one of them is refused or stood in somebody's way, each by itself, so that one bad row hurts nobody.
async fn write_together(db: &Db, arrivals: Vec<Arrival>) -> Vec<Stored> {
    let arrivals = Arc::new(arrivals);
    let all = Arc::clone(&arrivals);
    match db.write(async move |conn| store(conn, &all).await).await {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(error) if arrivals.len() == 1 && !matches!(error, store::Error::Contended(_)) => vec![Err(error)],
        Err(store::Error::Unavailable(why)) => {
            arrivals.iter().map(|_| Err(store::Error::Unavailable(why.clone()))).collect()
        }
        Err(error) => {
            tracing::info!(error = %error, together = arrivals.len(), "a batch was refused; one by one");
            let mut results = Vec::with_capacity(arrivals.len());
            for arrival in arrivals.iter() {
                results.push(write_alone(db, arrival).await);
            }
            results
        }
    }
}

async fn write_alone(db: &Db, arrival: &Arrival) -> Stored {
    for _ in 1..TRIES {
        let this = arrival.clone();
        match db.write(async move |conn| store(conn, &[this]).await).await {
            Err(store::Error::Contended(why)) => tracing::debug!(why, "an arrival gave in to another; once more"),
            other => return other.and_then(only),
        }
    }
    let this = arrival.clone();
    db.write(async move |conn| store(conn, &[this]).await).await.and_then(only)
}

fn only(answers: Vec<Answer>) -> Stored {
    answers.into_iter().next().ok_or_else(|| store::Error::Broken("an arrival was not told of".to_owned()))
}
