//! Runners on their way: walking on, arriving, finding an empty shelf, going dark.

use crate::domain::clock::At;
use crate::domain::ids::ErrandId;
use crate::domain::matching::OnDuty;
use crate::domain::matching::share::{mean_rate, share};
use crate::domain::num;
use crate::domain::span;
use crate::domain::trip::{Act, Parcel, Stop};
use crate::simulate::engine::{Engine, Event};
use crate::simulate::walk::Phase;
use crate::simulate::world::{Day, errand_index, runner_index};

impl Engine<'_> {
    /// Sets a runner walking to his next stop, if he has one; before a new trip he takes a breath.
    pub(super) fn walk_on(&mut self, runner: usize) {
        let (now, ground) = (self.scene.now, self.scene.ground);
        let Some(at) = self.place_of(runner) else { return };
        let (Some(duty), Some(body)) = (self.scene.runners.get(at), self.bodies.get_mut(runner)) else { return };
        body.version += 1;
        let version = body.version;
        let Some(stop) = duty.route.first() else {
            body.phase = Phase::Idle;
            return self.leaves_when_done(runner);
        };
        let rest_s = if body.rested || duty.bags > 0 { 0.0 } else { self.day.nature.rest_s(runner, body.trips) };
        if rest_s > 0.0 {
            body.rest(span::after(now, rest_s));
            return self.push(span::after(now, rest_s), Event::Served { runner, version });
        }
        body.street = self.day.nature.street(runner, body.legs);
        body.legs += 1;
        let until = span::after(now, stop.leg_s(body.here, &ground, duty.pace) * body.street);
        body.phase = Phase::Walking { to: stop.spot, since: now, until };
        self.push(until, Event::Arrived { runner, version });
    }

    pub(super) fn arrived(&mut self, runner: usize) {
        let now = self.scene.now;
        let Some(at) = self.place_of(runner) else { return };
        let (Some(duty), Some(body)) = (self.scene.runners.get_mut(at), self.bodies.get_mut(runner)) else { return };
        if duty.route.is_empty() {
            return;
        }
        let mut stop = duty.route.remove(0);
        body.reach(stop.spot, &self.scene.ground);
        body.rested = stop.act == Act::Collect;
        let missing = if stop.act == Act::Collect { missing(self.day, &mut stop) } else { vec![] };
        for parcel in &missing {
            drop_from(&mut duty.route, parcel.errand);
        }
        let until = stop.done_at(now);
        match stop.act {
            Act::Collect => duty.bags += stop.bags(),
            Act::Deliver => duty.bags = duty.bags.saturating_sub(stop.bags()),
        }
        body.phase = Phase::Serving { until };
        let version = body.version;
        self.tally.stopped(runner, &stop, now, until);
        body.serving = Some(stop);
        self.push(until, Event::Served { runner, version });
        for parcel in missing {
            self.missed(&parcel);
        }
    }

    pub(super) fn served(&mut self, runner: usize) {
        if let Some(body) = self.bodies.get_mut(runner) {
            body.serving = None;
        }
        self.walk_on(runner);
    }

    /// The counter has not got it: the errand waits again, for the other places.
    pub(super) fn missed(&mut self, parcel: &Parcel) {
        let errand = errand_index(parcel.errand);
        self.tally.missed(errand);
        let Some(asking) = self.day.errands.get(errand) else { return };
        let mut open = asking.open.clone();
        if let Some(next) = open.others.iter().position(|source| source.spot != parcel.from) {
            let source = open.others.swap_remove(next);
            (open.parcel, open.chance) = (open.parcel.fetched_from(&source), source.chance);
        }
        open.others.retain(|source| source.spot != parcel.from);
        self.reopen(errand, open);
    }

    /// What a runner gone dark has not collected waits again; what he has in hand stays with him.
    pub(super) fn lease_ends(&mut self, runner: usize) {
        let now = self.scene.now;
        let mut lost = vec![];
        self.duty_of(runner, |duty| {
            duty.off_at = duty.off_at.min(now);
            let collects = duty.route.iter().filter(|stop| stop.act == Act::Collect);
            lost = collects.flat_map(|stop| stop.parcels.iter().map(|parcel| parcel.errand)).collect();
            for errand in &lost {
                drop_from(&mut duty.route, *errand);
            }
        });
        for errand in lost.into_iter().map(errand_index) {
            self.tally.missed(errand);
            if let Some(asking) = self.day.errands.get(errand) {
                self.reopen(errand, asking.open.clone());
            }
        }
        let route = self.place_of(runner).and_then(|at| self.scene.runners.get(at)).map(|duty| duty.route.clone());
        self.set_route(runner, route.unwrap_or_default());
    }

    /// Brings positions and times of the scene up to now.
    pub(super) fn refresh(&mut self) {
        let (now, ground) = (self.scene.now, self.scene.ground);
        let mean = self.mean_rate();
        for duty in &mut self.scene.runners {
            let runner = runner_index(duty.id);
            if let (Some(body), Some(person)) = (self.bodies.get(runner), self.day.runners.get(runner)) {
                body.show(duty, now, &ground);
                let hours = span::between(person.on_at, now.min(duty.off_at)) / 3600.0;
                duty.accepts = body.accepts.value();
                duty.share = share(num::float(body.taken), hours, mean);
            }
        }
    }

    /// Errands taken for each hour on duty, over all runners so far.
    fn mean_rate(&self) -> f64 {
        let now = self.scene.now;
        let hours = |duty: &OnDuty, on_at: At| span::between(on_at, now.min(duty.off_at)) / 3600.0;
        let people = self.day.runners.iter().zip(&self.bodies);
        mean_rate(people.map(|(person, body)| (num::float(body.taken), hours(&person.duty, person.on_at))))
    }
}

/// Takes out of a collect what the counter has not got.
fn missing(day: &Day, stop: &mut Stop) -> Vec<Parcel> {
    let is_missing = |parcel: &Parcel| {
        day.errands.get(errand_index(parcel.errand)).is_some_and(|asking| asking.misses.contains(&parcel.from))
    };
    let missing = stop.parcels.iter().copied().filter(|parcel| is_missing(parcel)).collect();
    stop.parcels.retain(|parcel| !is_missing(parcel));
    missing
}

fn drop_from(route: &mut Vec<Stop>, errand: ErrandId) {
    for stop in &mut *route {
        stop.parcels.retain(|parcel| parcel.errand != errand);
    }
    route.retain(|stop| !stop.parcels.is_empty());
}
