//! The waiting line: where to look next. Nothing outside this room knows Redis.
//!
//! **The line is a hint, the SQL store is the truth.** The line says who waits, who is near, whose lease has ended and
//! who should look again. It may be empty, stale, rolled back or gone at any moment, and nothing is lost or doubled:
//! every answer is checked by a compare-and-set in the store, and every zone is compared with the store and rebuilt
//! from it. So an error of the line is a value that the caller shrugs at: it asks the store instead.
//!
//! # What a zone's line is made of
//!
//! Everything is kept by zone, and everything of a zone belongs to one *generation* (below).
//!
//! - **ready** – the errands that wait for a runner, ordered by the time they are due, then by id, so that two with the
//!   same deadline come out in the order they were made. [`Line::most_urgent`] reads the front.
//! - **runners** – the runners who are available, each once, with a position. [`Line::near`] finds the nearest inside
//!   one ring; callers grow the ring through [`RINGS_M`], because a wide search first looks at everybody (100 times
//!   slower with 20 000 runners, shared/stack.md §4).
//! - **leases** – the errands that are held for somebody, ordered by the time the hold ends.
//!   [`Line::leases_ended`] reads those whose time has come; it takes nothing out, so a reader that dies loses nothing.
//!   Whoever reads one asks the store and then says what it found: `put_back`, `lease` again, or `dequeue`.
//! - **signals** – "look again" said to every process that listens, never kept. A signal may be lost; whoever waits for
//!   one also looks from time to time by itself.
//!
//! An errand is in `ready` or in `leases`, never in both: each act that puts it in one takes it out of the other, and the
//! last act wins.
//!
//! # Generations
//!
//! A zone's contents hang under a generation, a name minted by whoever built it from the store. [`Line::rebuild`] builds
//! beside the old contents and then turns one pointer; two that do so at once each build their own and the later turn
//! stands. What others write between the caller's look into the store and the turn may be missing afterwards; the next
//! comparison ([`compare`]) finds it. A zone without a generation is *lost*, not empty: every act answers
//! [`LineError::Lost`] (so that nobody mistakes a flushed Redis for a quiet evening), and [`Line::census`] answers
//! `None`, until somebody rebuilds it. That is also how every zone begins.
//!
//! # Time and names
//!
//! Time always comes as an argument; the line never asks a clock and never mints an id that leaves it. Times are kept to
//! the microsecond until the year 2255; a later one (`At(i64::MAX)` for "never") is kept, and comes back, as that last one. The
//! two implementations, [`memory`] (inside one process) and Redis, pass the same conformance suite (`tests/…/line`).

mod bounds;
mod breaker;
mod fault;
pub mod memory;
mod rebuild;
mod redis;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, PersonId, RequestId, ZoneId};

pub use self::fault::{LineError, Result};
pub use self::rebuild::{Counts, Reason, Sample, StoreCounts, Verdict, compare};

/// The radii, in metres, in which [`Line::near`] is asked one after the other until enough runners are found.
pub const RINGS_M: [f64; 4] = [250.0, 1_000.0, 4_000.0, 16_000.0];

/// How long Redis may take over an answer, and over a connection. The store answers as well, so waiting longer for a
/// hint is waste.
pub const ANSWER: Duration = Duration::from_millis(200);

/// How many signals a listener may lag behind before it misses some (it is told so: `RecvError::Lagged`, which means
/// "look at everything again").
const SIGNALS_KEPT: usize = 4_096;

/// An errand that waits for a runner. Ordered by the time it is due, then by id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ready {
    pub due: At,
    pub errand: ErrandId,
}

/// An available runner and how far off. Redis rounds a position to about half a metre and measures on a sphere larger
/// by 0.03 %; that is near enough for a hint.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Near {
    pub runner: PersonId,
    pub metres: f64,
}

/// All of a zone as the store knows it: what [`Line::rebuild`] builds. An errand named twice counts once, the later
/// entry standing, and one both ready and leased is leased.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Standing {
    pub ready: Vec<Ready>,
    pub runners: Vec<(PersonId, Point)>,
    pub leases: Vec<(ErrandId, At)>,
}

/// How much a zone's line holds, and under which generation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Census {
    pub generation: String,
    pub ready: u64,
    pub runners: u64,
    pub leases: u64,
}

/// Somebody should look again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Signal {
    pub zone: ZoneId,
    pub what: What,
}

/// What changed. Ids only, and opaque ones: no personal data passes the line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something of this zone is to be dispatched. It is also said, for every zone this instance has had to do with,
    /// whenever signals may have been missed (the line went away and came back): then look at everything of the zone.
    Work,
    /// The state of this request changed.
    Request(RequestId),
    /// The offers or the trip of this runner changed.
    Runner(PersonId),
}

/// The waiting line. See the module for what it holds; every method may fail at any time, and no failure matters.
#[async_trait]
pub trait Line: Send + Sync {
    /// These errands wait for a runner from now on, and are held for nobody. Known ones get their new due time.
    async fn enqueue(&self, zone: ZoneId, ready: &[Ready]) -> Result<()>;

    /// This errand neither waits nor is held any more.
    async fn dequeue(&self, zone: ZoneId, errand: ErrandId) -> Result<()>;

    /// The first `limit` errands that wait, most urgent first.
    async fn most_urgent(&self, zone: ZoneId, limit: usize) -> Result<Vec<Ready>>;

    /// This runner is available, here. Said again, it moves the runner.
    async fn stand(&self, zone: ZoneId, runner: PersonId, at: Point) -> Result<()>;

    /// This runner is not available any more.
    async fn leave(&self, zone: ZoneId, runner: PersonId) -> Result<()>;

    /// At most `limit` available runners within `ring_m` metres of `from`, nearest first.
    async fn near(&self, zone: ZoneId, from: Point, ring_m: f64, limit: usize) -> Result<Vec<Near>>;

    /// One atomic act: the errand leaves ready, the runner leaves the available, the errand is held until `until`.
    /// False, and nothing changed, when either is not there any more. After an error it may or may not have happened;
    /// then the hold ends by itself, or the next comparison puts things right.
    async fn claim(&self, zone: ZoneId, errand: ErrandId, runner: PersonId, until: At) -> Result<bool>;

    /// The hold ends and the errand waits again. The runner, if available, has to `stand` again.
    async fn put_back(&self, zone: ZoneId, ready: Ready) -> Result<()>;

    /// The errand is held until `until`: a new hold or a renewed one.
    async fn lease(&self, zone: ZoneId, errand: ErrandId, until: At) -> Result<()>;

    /// At most `limit` errands whose hold has ended by `now`, longest ended first. They stay until something is said of
    /// them.
    async fn leases_ended(&self, zone: ZoneId, now: At, limit: usize) -> Result<Vec<ErrandId>>;

    /// How much the zone holds; `None` when it has no generation, which is to say it is lost.
    async fn census(&self, zone: ZoneId) -> Result<Option<Census>>;

    /// Up to `n` errands picked by chance from those that wait, to be looked up in the store.
    async fn sample(&self, zone: ZoneId, n: usize) -> Result<Vec<ErrandId>>;

    /// Builds the zone anew under a new generation and then turns to it. Harmless from any number of processes at once.
    /// A runner whose position no map can hold is left out.
    async fn rebuild(&self, zone: ZoneId, standing: &Standing) -> Result<()>;

    /// Tells everybody who listens, in this and every other process. Best effort: when the line is down, the listeners
    /// of this process are still told.
    async fn publish(&self, signal: Signal) -> Result<()>;

    /// Hears the signals of all zones from now on.
    fn subscribe(&self) -> broadcast::Receiver<Signal>;

    /// Asks whether the line answers, even while other acts are spared the wait (see `breaker`).
    async fn ping(&self) -> Result<()>;
}

/// Opens the line named by `line.url`. Redis need not be there: the line connects when it can, and again when it must.
/// `prefix` begins every key and channel, so that several services (or tests) can share one Redis.
///
/// Connections live on the runtime that calls this, however many runtimes use the line afterwards.
///
/// # Errors
/// [`LineError::Setting`] when the url or the prefix cannot be used; it names what can.
pub async fn open(url: &str, prefix: &str) -> Result<Arc<dyn Line>> {
    open_patient(url, prefix, ANSWER).await
}

/// As [`open`], for a Redis that may take longer over an answer (or over a connection) than [`ANSWER`].
///
/// # Errors
/// As [`open`].
#[expect(clippy::unused_async, reason = "async says that a runtime must be there: connections are tended in it")]
pub async fn open_patient(url: &str, prefix: &str, answer: Duration) -> Result<Arc<dyn Line>> {
    if url == "memory:" {
        return Ok(Arc::new(memory::MemoryLine::new()));
    }
    Ok(Arc::new(self::redis::RedisLine::open(url, prefix, answer)?))
}
