//! The requests of a window, each with how long its asker waited for what: the ground of every figure.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::figures::{By, Span};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{RequestId, ZoneId};
use crate::domain::pause::{Stood, stood_still};
use crate::domain::request::{Care, Category, Channel};
use crate::domain::target::{Target, Targets};
use crate::domain::urgency::Urgency;
use crate::domain::waiting_times::Wait;
use crate::domain::words::parse_list;
use crate::store::schema::{assignments, buildings, errands, people, requests};
use crate::store::{Conn, Result, clock_pauses, with};

/// One request. What has a time has happened, unless it was taken back since.
#[derive(Debug, Clone)]
pub struct Sample {
    pub id: RequestId,
    pub state: State,
    pub urgency: Urgency,
    pub submitted_at: At,
    closed_at: Option<At>,
    claim_us: Option<i64>,
    collect_us: Option<i64>,
    deliver_us: Option<i64>,
}

type Row = (RequestId, State, Urgency, At, Option<At>, (Option<i64>, Option<i64>, Option<i64>));

impl From<Row> for Sample {
    fn from((id, state, urgency, submitted_at, closed_at, (claim_us, collect_us, deliver_us)): Row) -> Self {
        Self { id, state, urgency, submitted_at, closed_at, claim_us, collect_us, deliver_us }
    }
}

impl Sample {
    /// One that was reopened is not delivered, though its goods once were.
    #[must_use]
    pub const fn delivered_us(&self) -> Option<i64> {
        match self.state {
            State::Delivered | State::Closed => self.deliver_us,
            _ => None,
        }
    }

    const fn collected_us(&self) -> Option<i64> {
        match self.state {
            State::Collected | State::AtGate | State::Delivered | State::Closed | State::Care => self.collect_us,
            _ => None,
        }
    }

    /// Somebody still waits for it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.state.is_over() && self.state != State::Delivered
    }

    /// How long has been waited so far; it stops when the request was given up.
    fn age(&self, now: At) -> i64 {
        self.closed_at.unwrap_or(now).min(now).micros_since(self.submitted_at)
    }

    fn wait(&self, over: Option<i64>, now: At) -> Wait {
        over.map_or_else(|| Wait::open(self.age(now)), Wait::over)
    }

    #[must_use]
    pub fn to_claim(&self, now: At) -> Wait {
        self.wait(self.claim_us, now)
    }

    #[must_use]
    pub fn to_collect(&self, now: At) -> Wait {
        self.wait(self.collected_us(), now)
    }

    #[must_use]
    pub fn to_deliver(&self, now: At) -> Wait {
        self.wait(self.delivered_us(), now)
    }

    /// The same by the team's clock, which stood still in between.
    #[must_use]
    pub fn team_to_deliver(&self, now: At, pauses: &Pauses) -> Wait {
        let wait = self.to_deliver(now);
        let Some(pauses) = pauses.get(&self.id) else { return wait };
        let ended = At(self.submitted_at.0.saturating_add(wait.micros));
        let stood = stood_still(pauses, (self.submitted_at, ended));
        Wait { micros: wait.micros - stood, ..wait }
    }

    /// Whether it came in time; nothing to say of one that was cancelled, or whose time is not over.
    #[must_use]
    pub fn in_time(&self, target: Target, now: At) -> Option<bool> {
        if self.state == State::Cancelled {
            return None;
        }
        let allowed = i64::from(target.deliver_s).saturating_mul(1_000_000);
        match self.delivered_us() {
            Some(micros) => Some(micros <= allowed),
            None => (now.micros_since(self.submitted_at) > allowed).then_some(false),
        }
    }
}

/// Each with the target that was valid when it was submitted.
pub type Aimed = (Sample, Target);

#[must_use]
pub fn aim(samples: Vec<Sample>, targets: &Targets) -> Vec<Aimed> {
    let aimed = |sample: Sample| {
        let target = targets.at(sample.urgency, sample.submitted_at);
        (sample, target)
    };
    samples.into_iter().map(aimed).collect()
}

/// When the team's clock stood still, by request.
pub type Pauses = BTreeMap<RequestId, Vec<Stood>>;

/// # Errors
/// The store's.
pub async fn load_pauses(conn: &mut Conn, zone: ZoneId, since: At) -> Result<Pauses> {
    let mut pauses = Pauses::new();
    for pause in clock_pauses::list_since(conn, zone, since).await? {
        pauses.entry(pause.request_id).or_default().push((pause.from_at, pause.to()));
    }
    Ok(pauses)
}

/// Requests of a zone submitted in a window.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, (from, to): (At, At)) -> Result<Vec<Sample>> {
    let waits = (requests::to_claim_us, requests::to_collect_us, requests::to_deliver_us);
    let query = requests::table
        .select((requests::id, requests::state, requests::urgency, requests::submitted_at, requests::closed_at, waits))
        .filter(requests::zone_id.eq(zone).and(requests::submitted_at.ge(from)).and(requests::submitted_at.lt(to)));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(Sample::from).collect())
}

/// The groups a request belongs to. With several care flags it counts in the group of each.
pub type Keys = BTreeMap<RequestId, Vec<String>>;

/// Who belongs where, when figures are split by anything but urgency and hour, which every sample knows.
///
/// # Errors
/// The store's.
pub async fn load_keys(conn: &mut Conn, zone: ZoneId, span: &Span) -> Result<Keys> {
    match span.by {
        By::Urgency | By::Hour => Ok(Keys::new()),
        By::Runner => runners(conn, zone, span).await,
        By::Building | By::Category | By::Channel | By::Care => traits(conn, zone, span).await,
    }
}

async fn traits(conn: &mut Conn, zone: ZoneId, span: &Span) -> Result<Keys> {
    type Row = (RequestId, Category, Channel, String, String);
    let query = requests::table
        .inner_join(buildings::table)
        .select((requests::id, requests::category, requests::channel, requests::care, buildings::code))
        .filter(
            requests::zone_id
                .eq(zone)
                .and(requests::submitted_at.ge(span.from))
                .and(requests::submitted_at.lt(span.to)),
        );
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let keys = |category: Category, channel: Channel, care: &str, building: String| match span.by {
        By::Building => vec![building],
        By::Channel => vec![channel.to_string()],
        By::Care => care_groups(care),
        _ => vec![category.to_string()],
    };
    Ok(rows.into_iter().map(|(id, category, channel, care, at)| (id, keys(category, channel, &care, at))).collect())
}

fn care_groups(care: &str) -> Vec<String> {
    let flags: Vec<Care> = parse_list(care).unwrap_or_default();
    if flags.is_empty() { vec!["none".to_owned()] } else { flags.iter().map(ToString::to_string).collect() }
}

/// The runner who last carried each request, by username.
async fn runners(conn: &mut Conn, zone: ZoneId, span: &Span) -> Result<Keys> {
    let query = assignments::table
        .inner_join(errands::table.inner_join(requests::table))
        .inner_join(people::table)
        .select((errands::request_id, people::username))
        .filter(
            requests::zone_id
                .eq(zone)
                .and(requests::submitted_at.ge(span.from))
                .and(requests::submitted_at.lt(span.to)),
        )
        .order(assignments::id);
    let rows: Vec<(RequestId, String)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().map(|(request, runner)| (request, vec![runner])).collect())
}
