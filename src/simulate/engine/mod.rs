//! Lives a day in virtual time: events in order of time, and after each instant the policy decides once.

mod moves;
mod offers;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use crate::domain::clock::At;
use crate::domain::matching::{OnDuty, OpenErrand};
use crate::domain::num;
use crate::domain::span;
use crate::domain::trip::Price;
use crate::flow::deciding::{Decision, Offer, Scene};
use crate::simulate::policies::Policy;
use crate::simulate::tally::Tally;
use crate::simulate::walk::{Body, Phase};
use crate::simulate::world::{Day, runner_id};

/// What can happen. The order of the variants is the order within one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Event {
    Served {
        runner: usize,
        version: u32,
    },
    Arrived {
        runner: usize,
        version: u32,
    },
    ComesOn {
        runner: usize,
    },
    Placed {
        errand: usize,
    },
    Answered {
        offer: usize,
        yes: bool,
    },
    Lapsed {
        offer: usize,
    },
    GoesOff {
        runner: usize,
    },
    /// His phone is dark for so long that his lease ends.
    LeaseEnds {
        runner: usize,
    },
    LookAgain,
}

/// A runner without a sign of life for so long loses what he has not collected.
const LEASE_S: f64 = 300.0;

/// A day under way.
pub struct Engine<'a> {
    day: &'a Day,
    scene: Scene,
    bodies: Vec<Body>,
    /// Where each errand stands in `scene.waiting`.
    waiting_at: Vec<Option<usize>>,
    offers: Vec<Option<Offer>>,
    events: BinaryHeap<Reverse<(At, Event)>>,
    looks_at: Option<At>,
    tally: Tally,
}

/// Lives `day` under `policy` to its end.
pub fn live(day: &Day, policy: &mut dyn Policy, mut progress: impl FnMut(f64)) -> Tally {
    let mut engine = Engine::new(day);
    let began = Instant::now();
    let mut steps: usize = 0;
    while let Some(Reverse((now, _))) = engine.events.peek().copied() {
        engine.instant(now);
        let asked = Instant::now();
        let outcome = policy.decide(&engine.scene);
        engine.tally.decided(asked.elapsed());
        engine.apply(outcome.decisions);
        engine.look_again(outcome.look_again_at);
        steps += 1;
        if steps.is_multiple_of(256) {
            progress(num::float(engine.tally.placed) / num::float(day.errands.len()).max(1.0));
        }
    }
    engine.tally.ended(began.elapsed(), engine.bodies);
    engine.tally
}

impl<'a> Engine<'a> {
    fn new(day: &'a Day) -> Self {
        let mut engine = Self {
            day,
            scene: Scene {
                now: At(0),
                ground: day.ground,
                rules: day.rules,
                price: Price::default(),
                waiting: vec![],
                runners: vec![],
                stale: false,
            },
            bodies: day.runners.iter().map(|person| Body::new(person.duty.here)).collect(),
            waiting_at: vec![None; day.errands.len()],
            offers: vec![],
            events: BinaryHeap::new(),
            looks_at: None,
            tally: Tally::new(day),
        };
        for (errand, asking) in day.errands.iter().enumerate() {
            engine.push(asking.at, Event::Placed { errand });
        }
        for (runner, person) in day.runners.iter().enumerate() {
            engine.push(person.on_at, Event::ComesOn { runner });
            engine.push(person.duty.off_at, Event::GoesOff { runner });
            if let Some(dark) = person.temper.dark_at {
                engine.push(span::after(dark, LEASE_S), Event::LeaseEnds { runner });
            }
        }
        engine
    }

    fn push(&mut self, at: At, event: Event) {
        self.events.push(Reverse((at, event)));
    }

    /// Everything that happens at `now`.
    fn instant(&mut self, now: At) {
        self.scene.now = now;
        while let Some(Reverse((at, event))) = self.events.peek().copied() {
            if at > now {
                break;
            }
            self.events.pop();
            self.happen(event);
        }
        self.refresh();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Placed { errand } => self.placed(errand),
            Event::ComesOn { runner } => self.comes_on(runner),
            Event::GoesOff { runner } => self.leaves_when_done(runner),
            Event::Arrived { runner, version } if self.is_current(runner, version) => self.arrived(runner),
            Event::Served { runner, version } if self.is_current(runner, version) => self.served(runner),
            Event::Answered { offer, yes } => self.answered(offer, yes),
            Event::Lapsed { offer } => self.lapsed(offer),
            Event::LeaseEnds { runner } => self.lease_ends(runner),
            Event::LookAgain => self.looks_at = None,
            Event::Arrived { .. } | Event::Served { .. } => {}
        }
    }

    fn is_current(&self, runner: usize, version: u32) -> bool {
        self.bodies.get(runner).is_some_and(|body| body.version == version)
    }

    fn placed(&mut self, errand: usize) {
        let Some(asking) = self.day.errands.get(errand) else { return };
        self.reopen(errand, asking.open.clone());
        self.tally.placed += 1;
    }

    fn comes_on(&mut self, runner: usize) {
        let Some(person) = self.day.runners.get(runner) else { return };
        let at = self.scene.runners.partition_point(|duty| duty.id < person.duty.id);
        self.scene.runners.insert(at, person.duty.clone());
    }

    /// Off duty, he finishes what he has begun and leaves the scene.
    fn leaves_when_done(&mut self, runner: usize) {
        let Some(at) = self.place_of(runner) else { return };
        let now = self.scene.now;
        let over = |duty: &OnDuty| duty.off_at <= now && duty.route.is_empty() && !duty.is_asked;
        let gone = self.scene.runners.get(at).is_some_and(over);
        if gone && self.bodies.get(runner).is_some_and(|body| body.phase == Phase::Idle) {
            self.scene.runners.remove(at);
        }
    }

    fn place_of(&self, runner: usize) -> Option<usize> {
        self.scene.runners.binary_search_by_key(&runner_id(runner), |duty| duty.id).ok()
    }

    fn reopen(&mut self, errand: usize, open: OpenErrand) {
        if let Some(place) = self.waiting_at.get_mut(errand) {
            *place = Some(self.scene.waiting.len());
        }
        self.scene.waiting.push(open);
    }

    fn apply(&mut self, decisions: Vec<Decision>) {
        for decision in decisions {
            if let Decision::Offer(offer) = decision {
                self.offer(offer);
            }
        }
    }

    fn duty_of(&mut self, runner: usize, change: impl FnOnce(&mut OnDuty)) {
        if let Some(duty) = self.place_of(runner).and_then(|at| self.scene.runners.get_mut(at)) {
            change(duty);
        }
    }

    fn look_again(&mut self, at: Option<At>) {
        let Some(at) = at.filter(|&at| at > self.scene.now) else { return };
        if self.looks_at.is_none_or(|planned| at < planned) {
            self.looks_at = Some(at);
            self.push(at, Event::LookAgain);
        }
    }
}
