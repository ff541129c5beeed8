//! Counts what came of a day.

use std::time::Duration;

use crate::domain::clock::At;
use crate::domain::ground::Spot;
use crate::domain::num;
use crate::domain::span;
use crate::domain::trip::{Act, Stop};
use crate::domain::urgency::Urgency;
use crate::simulate::walk::Body;
use crate::simulate::world::{Day, errand_index};

/// The life of one errand.
#[derive(Clone, Debug)]
pub struct Life {
    pub name: String,
    pub urgency: Urgency,
    pub placed_at: At,
    pub due_by: At,
    pub from: Spot,
    pub to: Spot,
    pub claimed_at: Option<At>,
    pub at_shop: Option<At>,
    pub collected_at: Option<At>,
    pub delivered_at: Option<At>,
    pub approach_m: f64,
    /// How often it was taken: never more than once.
    pub claims: u32,
}

/// The day of one runner.
#[derive(Clone, Debug)]
pub struct Work {
    pub name: String,
    pub hours: f64,
    pub delivered: usize,
    pub metres: f64,
}

/// A halt, for the schedule and the map.
#[derive(Clone, Debug)]
pub struct Halt {
    pub runner: usize,
    pub act: Act,
    pub spot: Spot,
    pub arrive_at: At,
    pub leave_at: At,
    pub errands: Vec<usize>,
}

/// All that happened.
#[derive(Clone, Debug)]
pub struct Tally {
    pub placed: usize,
    pub lives: Vec<Life>,
    pub work: Vec<Work>,
    pub halts: Vec<Halt>,
    pub offers: usize,
    pub lapses: usize,
    pub decision_us: Vec<f64>,
    pub wall_s: f64,
}

impl Tally {
    #[must_use]
    pub fn new(day: &Day) -> Self {
        let hours = |on, off| span::between(on, off) / 3600.0;
        let lives = day.errands.iter().map(|asking| Life {
            name: asking.name.clone(),
            urgency: asking.open.parcel.due.urgency,
            placed_at: asking.at,
            due_by: asking.open.parcel.due.by(),
            from: asking.open.parcel.from,
            to: asking.open.parcel.to,
            claimed_at: None,
            at_shop: None,
            collected_at: None,
            delivered_at: None,
            approach_m: 0.0,
            claims: 0,
        });
        let work = day.runners.iter().map(|person| Work {
            name: person.name.clone(),
            hours: hours(person.on_at, person.duty.off_at),
            delivered: 0,
            metres: 0.0,
        });
        Self {
            placed: 0,
            lives: lives.collect(),
            work: work.collect(),
            halts: vec![],
            offers: 0,
            lapses: 0,
            decision_us: vec![],
            wall_s: 0.0,
        }
    }

    pub fn decided(&mut self, took: Duration) {
        self.decision_us.push(took.as_secs_f64() * 1e6);
    }

    pub const fn offered(&mut self) {
        self.offers += 1;
    }

    pub const fn lapsed(&mut self) {
        self.lapses += 1;
    }

    pub fn claimed(&mut self, errand: usize, now: At, approach_m: f64) {
        if let Some(life) = self.lives.get_mut(errand) {
            life.claimed_at = Some(now);
            life.approach_m = approach_m;
            life.claims += 1;
        }
    }

    /// Taken, but not to be had, or lost: it waits again.
    pub fn missed(&mut self, errand: usize) {
        if let Some(life) = self.lives.get_mut(errand) {
            life.claims = life.claims.saturating_sub(1);
            (life.claimed_at, life.at_shop, life.collected_at) = (None, None, None);
        }
    }

    pub fn stopped(&mut self, runner: usize, stop: &Stop, arrive_at: At, leave_at: At) {
        let errands: Vec<usize> = stop.parcels.iter().map(|parcel| errand_index(parcel.errand)).collect();
        for &errand in &errands {
            let Some(life) = self.lives.get_mut(errand) else { continue };
            match stop.act {
                Act::Collect => (life.at_shop, life.collected_at) = (Some(arrive_at), Some(leave_at)),
                Act::Deliver => life.delivered_at = Some(leave_at),
            }
        }
        if let Some(work) = self.work.get_mut(runner).filter(|_| stop.act == Act::Deliver) {
            work.delivered += errands.len();
        }
        self.halts.push(Halt { runner, act: stop.act, spot: stop.spot, arrive_at, leave_at, errands });
    }

    pub fn ended(&mut self, wall: Duration, bodies: Vec<Body>) {
        self.wall_s = wall.as_secs_f64();
        for (work, body) in self.work.iter_mut().zip(bodies) {
            work.metres = body.metres;
        }
    }

    /// Gini coefficient of deliveries an hour on duty: 0 when all do the same.
    #[must_use]
    pub fn gini(&self) -> f64 {
        let hourly = |work: &Work| num::float(work.delivered) / work.hours.max(1e-9);
        let mut rates: Vec<f64> = self.work.iter().filter(|work| work.hours > 0.0).map(hourly).collect();
        rates.sort_by(f64::total_cmp);
        let sum: f64 = rates.iter().sum();
        let ranked: f64 = rates.iter().enumerate().map(|(rank, rate)| num::float(rank + 1) * rate).sum();
        let n = num::float(rates.len());
        if sum <= 0.0 { 0.0 } else { 2.0 * ranked / (n * sum) - (n + 1.0) / n }
    }
}
