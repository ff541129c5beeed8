//! The five figures computed from the journal alone, by another way than the service's: no query and no estimator of it.
//!
//! A percentile with open waits is computed by handing each open wait's weight on to all that are longer (B. Efron, "The two
//! sample problem with censored data", 1967): the same curve as the product-limit estimator's, by other arithmetic.

#![allow(clippy::cast_precision_loss, reason = "a few thousand seconds are exact in a float")]

use std::collections::BTreeMap;

use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl};
use serde_json::Value;

use super::House;

/// One event: which request, when (microseconds), what, and the state it led to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub request: String,
    pub at: i64,
    pub kind: String,
    pub state: String,
}

/// Answers one text a row.
pub async fn lines(house: &House, text: &str, rest: &str) -> Vec<String> {
    let query = format!("SELECT {text} AS line {rest}");
    if let Some(path) = house.database_url.strip_prefix("sqlite://") {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = Text)]
            line: String,
        }
        let mut conn = diesel::SqliteConnection::establish(path).unwrap();
        return diesel::sql_query(query).load::<Line>(&mut conn).unwrap().into_iter().map(|row| row.line).collect();
    }
    let (client, connection) = tokio_postgres::connect(&house.database_url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let row = |message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap().to_owned()),
        _ => None,
    };
    client.simple_query(&query).await.unwrap().into_iter().filter_map(row).collect()
}

/// The journal as it would be exported, in the order it was written.
pub async fn read_events(house: &House) -> Vec<Event> {
    let text = if house.database_url.starts_with("sqlite") {
        "lower(hex(request_id)) || '|' || at || '|' || kind || '|' || state"
    } else {
        "replace(request_id::text, '-', '') || '|' || (extract(epoch FROM at) * 1000000)::bigint || '|' || kind || '|' || state"
    };
    let event = |line: String| {
        let parts: Vec<&str> = line.split('|').collect();
        let [request, at, kind, state] = parts[..] else { panic!("{line}") };
        Event { request: request.into(), at: at.parse().unwrap(), kind: kind.into(), state: state.into() }
    };
    lines(house, text, "FROM events WHERE state IS NOT NULL ORDER BY id").await.into_iter().map(event).collect()
}

#[derive(Debug, Default)]
struct Life {
    submitted: i64,
    claimed: Option<i64>,
    delivered: Option<i64>,
    over: Option<i64>,
    state: String,
}

/// What the events say of each request.
fn lives(events: &[Event]) -> BTreeMap<&str, Life> {
    let mut lives: BTreeMap<&str, Life> = BTreeMap::new();
    for event in events {
        let life = lives.entry(&event.request).or_default();
        match event.state.as_str() {
            _ if event.kind == "submitted" => life.submitted = event.at,
            "waiting" => life.claimed = None,
            "claimed" if event.kind != "elsewhere" => life.claimed = Some(event.at),
            "delivered" => life.delivered = Some(event.at),
            _ => {}
        }
        life.over = matches!(event.state.as_str(), "closed" | "cancelled").then_some(event.at);
        event.state.clone_into(&mut life.state);
    }
    lives
}

/// The five, in seconds.
#[derive(Debug)]
pub struct Figures {
    pub n: usize,
    pub to_claim: [Option<f64>; 2],
    pub to_deliver: [Option<f64>; 2],
    pub open: usize,
    pub oldest: Option<f64>,
    pub late: usize,
    pub share: Option<f64>,
}

/// By request (its id without dashes or with): the urgency, and the promised time in microseconds.
pub type Promised = BTreeMap<String, (String, i64)>;

/// Of what was submitted from `from` on; open and late whenever it was submitted.
pub fn of_events(events: &[Event], promised: &Promised, (from, now): (i64, i64)) -> Figures {
    let promised: BTreeMap<String, &(String, i64)> =
        promised.iter().map(|(id, promise)| (id.replace('-', ""), promise)).collect();
    let lives = lives(events);
    let arrived = |life: &Life| life.delivered.filter(|_| matches!(life.state.as_str(), "delivered" | "closed"));
    let is_open = |life: &Life| !matches!(life.state.as_str(), "delivered" | "closed" | "cancelled");
    let inside: Vec<(&&str, &Life)> = lives.iter().filter(|(_, life)| life.submitted >= from).collect();
    let waits = |happened: &dyn Fn(&Life) -> Option<i64>| -> Vec<(i64, bool)> {
        let wait = |life: &Life| match happened(life) {
            Some(at) => (at - life.submitted, true),
            None => (life.over.unwrap_or(now) - life.submitted, false),
        };
        inside.iter().map(|(_, life)| wait(life)).collect()
    };
    let target = |urgency: &str| {
        60_000_000
            * match urgency {
                "red" => 30,
                "yellow" => 120,
                _ => 240,
            }
    };
    let mut due = Vec::new();
    for (id, life) in &inside {
        let allowed = target(&promised[&***id].0);
        match arrived(life) {
            _ if life.state == "cancelled" => {}
            Some(at) => due.push(at - life.submitted <= allowed),
            None if now - life.submitted > allowed => due.push(false),
            None => {}
        }
    }
    let open: Vec<(&&str, &Life)> = lives.iter().filter(|(_, life)| is_open(life)).collect();
    let (claim, deliver) = (waits(&|life| life.claimed), waits(&arrived));
    Figures {
        n: inside.len(),
        to_claim: [0.5, 0.9].map(|share| quantile(&claim, share)),
        to_deliver: [0.5, 0.9].map(|share| quantile(&deliver, share)),
        open: open.len(),
        oldest: open.iter().map(|(_, life)| now - life.submitted).max().map(|micros| micros as f64 / 1e6),
        late: open.iter().filter(|(id, _)| promised[&***id].1 < now).count(),
        share: (!due.is_empty()).then(|| due.iter().filter(|met| **met).count() as f64 / due.len() as f64),
    }
}

/// Each wait weighs the same; an open one hands its weight on to all that are longer.
fn quantile(waits: &[(i64, bool)], share: f64) -> Option<f64> {
    if waits.len() < 10 {
        return None;
    }
    let mut sorted = waits.to_vec();
    sorted.sort_by_key(|(micros, over)| (*micros, !over));
    let mut weight = 1.0 / sorted.len() as f64;
    let mut reached = 0.0;
    for (place, (micros, over)) in sorted.iter().enumerate() {
        let longer = sorted.len() - place - 1;
        if *over {
            reached += weight;
            if reached >= share - 1e-9 {
                return Some(*micros as f64 / 1e6);
            }
        } else if longer > 0 {
            weight += weight / longer as f64;
        }
    }
    None
}

impl Figures {
    /// Equal to the second, with `five` as the service tells it.
    pub fn must_equal(&self, five: &Value) {
        let near = |what: &str, own: Option<f64>, told: &Value| {
            let same = match (own, told.as_f64()) {
                (Some(own), Some(told)) => (own - told).abs() < 1.0,
                (own, told) => own == told,
            };
            assert!(same, "{what}: events say {own:?}, the service {told} ({self:?})");
        };
        for (name, own) in [("to_claim", self.to_claim), ("to_deliver", self.to_deliver)] {
            assert_eq!(five[name]["n"].as_u64(), Some(self.n as u64), "{name}");
            near(&format!("{name} p50"), own[0], &five[name]["p50"]);
            near(&format!("{name} p90"), own[1], &five[name]["p90"]);
        }
        assert_eq!(five["open"]["n"].as_u64(), Some(self.open as u64));
        near("oldest", self.oldest.map(f64::floor), &five["open"]["oldest_s"]);
        assert_eq!(five["late"]["n"].as_u64(), Some(self.late as u64));
        let share = five["late"]["share_within_target"].as_f64();
        assert!(
            share.zip(self.share).is_none_or(|(a, b)| (a - b).abs() < 1e-9) && share.is_some() == self.share.is_some()
        );
    }
}
