//! The JSON of the contract: one object a trace, and one for all of them pooled.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::domain::clock::At;
use crate::domain::num;
use crate::domain::span;
use crate::domain::urgency::Urgency;
use crate::simulate::tally::{Life, Tally};

/// Spread of a measure. All zero when nothing was measured.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Spread {
    pub p50: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

impl Spread {
    /// Percentiles are the value at the nearest rank, so always one that occurred.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_by(f64::total_cmp);
        let rank = |share: f64| {
            let rank = num::floor((num::float(sorted.len()) - 1.0).max(0.0).mul_add(share, 0.5));
            // In time-lapse a whole delivery is a matter of seconds.
            thousandth(sorted.get(rank).copied().unwrap_or_default())
        };
        Self { p50: rank(0.5), p90: rank(0.9), p95: rank(0.95), p99: rank(0.99), max: rank(1.0) }
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn thousandth(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The object of one trace, or of several lived under one policy.
#[must_use]
pub fn report(name: &str, policy: &str, days: &[&Tally]) -> Value {
    let mut object = counts(name, policy, days);
    let lives: Vec<&Life> = days.iter().flat_map(|day| &day.lives).collect();
    for (key, moment) in MOMENTS {
        object.insert(key.to_owned(), json!(spread(&lives, moment)));
    }
    object.insert("by_urgency".to_owned(), by_urgency(&lives));
    efficiency(&mut object, days);
    Value::Object(object)
}

type Moment = fn(&Life) -> Option<At>;

const MOMENTS: [(&str, Moment); 3] = [
    ("to_claim_s", |life| life.claimed_at),
    ("to_shop_s", |life| life.at_shop),
    ("to_door_s", |life| life.delivered_at),
];

fn spread(lives: &[&Life], moment: Moment) -> Spread {
    Spread::of(lives.iter().filter_map(|life| Some(span::between(life.placed_at, moment(life)?))))
}

fn counts(name: &str, policy: &str, days: &[&Tally]) -> Map<String, Value> {
    let lives = || days.iter().flat_map(|day| &day.lives);
    let requests = lives().count();
    let delivered = lives().filter(|life| life.delivered_at.is_some()).count();
    let late = lives().filter(|life| life.delivered_at.is_none_or(|at| at > life.due_by)).count();
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("trace", json!(name));
    put("policy", json!(policy));
    put("requests", json!(requests));
    put("runners", json!(days.iter().map(|day| day.work.len()).sum::<usize>()));
    put("delivered", json!(delivered));
    put("unserved", json!(requests - delivered));
    put("double_assigned", json!(lives().filter(|life| life.claims > 1).count()));
    put("late", json!(late));
    put("within_target", json!(thousandth(1.0 - num::float(late) / num::float(requests).max(1.0))));
    object
}

fn by_urgency(lives: &[&Life]) -> Value {
    let mut object = Map::new();
    for urgency in [Urgency::Red, Urgency::Yellow, Urgency::Green] {
        let of: Vec<&Life> = lives.iter().copied().filter(|life| life.urgency == urgency).collect();
        if of.is_empty() {
            continue;
        }
        let in_time = of.iter().filter(|life| life.delivered_at.is_some_and(|at| at <= life.due_by)).count();
        let share = num::float(in_time) / num::float(of.len());
        let mut entry = Map::from_iter([
            ("n".to_owned(), json!(of.len())),
            ("delivered".to_owned(), json!(of.iter().filter(|life| life.delivered_at.is_some()).count())),
            ("within_target".to_owned(), json!(thousandth(share))),
        ]);
        for (key, moment) in MOMENTS {
            entry.insert(key.to_owned(), json!(spread(&of, moment)));
        }
        object.insert(urgency.as_str().to_owned(), Value::Object(entry));
    }
    Value::Object(object)
}

fn efficiency(object: &mut Map<String, Value>, days: &[&Tally]) {
    let work = || days.iter().flat_map(|day| &day.work);
    let delivered = num::float(work().map(|work| work.delivered).sum());
    let approach = days.iter().flat_map(|day| &day.lives).filter(|life| life.claims > 0).map(|life| life.approach_m);
    let approach = Spread::of(approach);
    let thought = Spread::of(days.iter().flat_map(|day| &day.decision_us).copied());
    let metres: f64 = work().map(|work| work.metres).sum();
    let hours: f64 = work().map(|work| work.hours).sum();
    let gini = days.iter().map(|day| day.gini()).sum::<f64>() / num::float(days.len()).max(1.0);
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("approach_m", json!({ "p50": approach.p50, "p90": approach.p90 }));
    put("metres_per_delivery", json!(tenth(metres / delivered.max(1.0))));
    put("deliveries_per_runner_hour", json!(thousandth(delivered / hours.max(1e-9))));
    put("gini", json!(thousandth(gini)));
    put("weighted_mean_to_door_s", json!(tenth(weighted_mean(days))));
    put("offers", json!(days.iter().map(|day| day.offers).sum::<usize>()));
    put("offers_lapsed", json!(days.iter().map(|day| day.lapses).sum::<usize>()));
    put("decision_us", json!({ "p50": thought.p50, "p99": thought.p99 }));
    put("wall_s", json!(thousandth(days.iter().map(|day| day.wall_s).sum())));
}

/// Mean time to the door with weights 20, 2, 1, over what was delivered.
fn weighted_mean(days: &[&Tally]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for life in days.iter().flat_map(|day| &day.lives) {
        let Some(at) = life.delivered_at else { continue };
        let weight = crate::domain::deadline::base_weight(life.urgency);
        sum += weight * span::between(life.placed_at, at);
        weights += weight;
    }
    sum / f64::max(weights, 1.0)
}
