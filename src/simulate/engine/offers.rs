//! Offers: made, answered, lapsed, withdrawn; what a yes does to a route.

use crate::domain::clock::At;
use crate::domain::ids::PersonId;
use crate::domain::matching::{Asked, OpenErrand};
use crate::domain::span;
use crate::domain::trip::Stop;
use crate::flow::deciding::{Offer, join};
use crate::simulate::engine::{Engine, Event};
use crate::simulate::walk::Phase;
use crate::simulate::world::{Person, Reply, errand_id, errand_index, runner_index};

/// Silence costs a runner this long a rest from offers.
const SILENT_REST_S: f64 = 120.0;

impl Engine<'_> {
    pub(super) fn offer(&mut self, offer: Offer) {
        let (runner, number) = (runner_index(offer.runner), self.offers.len());
        let Some(person) = self.day.runners.get(runner) else { return };
        let (at, event) = self.answer(&offer, runner, person, number);
        self.push(at, event);
        for errand in offer.errands() {
            self.note_asked(errand_index(errand), offer.runner);
        }
        self.duty_of(runner, |duty| duty.is_asked = true);
        self.tally.offered();
        if offer.worth.weight > 0.0 {
            self.scene.price = self.scene.price.after(offer.worth);
        }
        self.offers.push(Some(offer));
    }

    /// What the runner will do about it, and when.
    fn answer(&mut self, offer: &Offer, runner: usize, person: &Person, number: usize) -> (At, Event) {
        let now = self.scene.now;
        let turn = self.bodies.get_mut(runner).map_or(0, |body| {
            body.offers += 1;
            body.offers
        });
        let first = offer.errands().next().map_or(0, errand_index);
        let is_dark = person.temper.dark_at.is_some_and(|dark| dark <= now);
        let reply = if is_dark { Reply::Silence } else { self.day.nature.reply(&person.temper, runner, first, turn) };
        let lapse = (offer.until, Event::Lapsed { offer: number });
        let after = |seconds, yes| (span::after(now, seconds), Event::Answered { offer: number, yes });
        match reply {
            Reply::Accept { after_s } => after(after_s, true).min(lapse),
            Reply::Decline { after_s } => after(after_s, false).min(lapse),
            Reply::Silence => lapse,
        }
    }

    pub(super) fn note_asked(&mut self, errand: usize, runner: PersonId) {
        let now = self.scene.now;
        if let Some(open) = self.open(errand) {
            open.asked.push(Asked { runner, at: now });
        }
    }

    pub(super) fn open(&mut self, errand: usize) -> Option<&mut OpenErrand> {
        let at = self.waiting_at.get(errand).copied().flatten()?;
        self.scene.waiting.get_mut(at)
    }

    /// An offer is over: its errands and its runner are free for other offers.
    pub(super) fn close(&mut self, number: usize) -> Option<Offer> {
        let offer = self.offers.get_mut(number)?.take()?;
        for errand in offer.errands() {
            if let Some(open) = self.open(errand_index(errand)) {
                open.asked.retain(|asked| asked.runner != offer.runner);
            }
        }
        self.duty_of(runner_index(offer.runner), |duty| duty.is_asked = false);
        Some(offer)
    }

    pub(super) fn answered(&mut self, number: usize, yes: bool) {
        let Some(offer) = self.close(number) else { return };
        let runner = runner_index(offer.runner);
        self.learn(runner, yes);
        if yes {
            self.accepted(offer);
            return self.leaves_when_done(runner);
        }
        for errand in offer.errands() {
            if let Some(open) = self.open(errand_index(errand)) {
                open.refused_by.push(offer.runner);
            }
        }
    }

    pub(super) fn lapsed(&mut self, number: usize) {
        let now = self.scene.now;
        if let Some(offer) = self.close(number) {
            self.tally.lapsed();
            self.learn(runner_index(offer.runner), false);
            self.duty_of(runner_index(offer.runner), |duty| duty.rests_until = span::after(now, SILENT_REST_S));
        }
    }

    pub(super) fn learn(&mut self, runner: usize, accepted: bool) {
        if let Some(body) = self.bodies.get_mut(runner) {
            body.accepts.see(f64::from(u8::from(accepted)), self.scene.now);
        }
    }

    /// The runner takes what is still to be had of the offer; others who were asked for the same hear that it is gone.
    pub(super) fn accepted(&mut self, mut offer: Offer) {
        let waiting = |errand| self.waiting_at.get(errand_index(errand)).copied().flatten().is_some();
        for stop in &mut offer.stops {
            stop.parcels.retain(|parcel| waiting(parcel.errand));
        }
        offer.stops.retain(|stop| !stop.parcels.is_empty());
        let runner = runner_index(offer.runner);
        let (now, ground) = (self.scene.now, self.scene.ground);
        let Some(at) = self.place_of(runner) else { return };
        let (Some(duty), Some(body)) = (self.scene.runners.get_mut(at), self.bodies.get(runner)) else { return };
        body.show(duty, now, &ground);
        if offer.stops.is_empty() {
            return;
        }
        let Some(route) = join(duty, &offer, &ground, now) else { return };
        for errand in offer.errands() {
            self.claimed(errand_index(errand), runner);
        }
        self.set_route(runner, route);
    }

    pub(super) fn claimed(&mut self, errand: usize, runner: usize) {
        let Some(at) = self.waiting_at.get_mut(errand).and_then(Option::take) else { return };
        let open = self.scene.waiting.swap_remove(at);
        let moved = self.scene.waiting.get(at).map(|moved| errand_index(moved.parcel.errand));
        if let Some(place) = moved.and_then(|moved| self.waiting_at.get_mut(moved)) {
            *place = Some(at);
        }
        let from = self.place_of(runner).and_then(|at| self.scene.runners.get(at)).map(|duty| duty.last().0);
        let approach = from.map_or(0.0, |from| self.scene.ground.metres(from, open.parcel.from));
        self.tally.claimed(errand, self.scene.now, approach);
        if let Some(body) = self.bodies.get_mut(runner) {
            body.taken += 1;
        }
        for asked in open.asked {
            self.withdraw(errand, asked.runner);
        }
    }

    /// Another runner was quicker: an offer that held only this errand is over.
    pub(super) fn withdraw(&mut self, errand: usize, runner: PersonId) {
        let alone = |offer: &Offer| offer.runner == runner && offer.errands().eq([errand_id(errand)]);
        let number = self.offers.iter().rposition(|offer| offer.as_ref().is_some_and(alone));
        if let Some(number) = number {
            self.close(number);
        }
    }

    /// A new route: whoever walks to another stop than before turns around on the spot.
    pub(super) fn set_route(&mut self, runner: usize, route: Vec<Stop>) {
        let (now, ground) = (self.scene.now, self.scene.ground);
        let next = route.first().map(|stop| stop.spot);
        self.duty_of(runner, |duty| duty.route = route);
        let Some(body) = self.bodies.get_mut(runner) else { return };
        match body.phase {
            Phase::Serving { .. } => {}
            Phase::Walking { to, .. } if Some(to) == next => {}
            Phase::Walking { .. } => {
                body.turn(now, &ground);
                self.walk_on(runner);
            }
            Phase::Idle => self.walk_on(runner),
        }
    }
}
