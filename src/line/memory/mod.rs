//! The line inside one process: the embedded default, and what tests and demonstrations run on. Same meaning as Redis,
//! call for call, including that a zone begins lost and has to be rebuilt from the store once.
//!
//! One mutex guards everything. No act holds it for longer than a few microseconds (a rebuild: a few milliseconds for
//! 100 000 errands, built before the lock is taken), and none waits for anything while holding it.

mod agenda;
mod grid;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::broadcast;

use self::agenda::Agenda;
use self::grid::Grid;
use super::bounds::{at_most, is_a_ring, kept, on_the_map};
use super::{Census, Line, LineError, Near, Ready, Result, SIGNALS_KEPT, Signal, Standing};
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, EventId, PersonId, ZoneId};

/// See the module.
pub struct MemoryLine {
    zones: Mutex<HashMap<ZoneId, Zone>>,
    signals: broadcast::Sender<Signal>,
}

/// One generation of a zone.
struct Zone {
    generation: String,
    ready: Agenda,
    runners: Grid,
    leases: Agenda,
}

impl MemoryLine {
    #[must_use]
    pub fn new() -> Self {
        Self { zones: Mutex::default(), signals: broadcast::channel(SIGNALS_KEPT).0 }
    }

    /// Forgets every zone: what FLUSHALL is to Redis. For drills and tests.
    pub fn lose(&self) {
        self.zones().clear();
    }

    fn zones(&self) -> MutexGuard<'_, HashMap<ZoneId, Zone>> {
        self.zones.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, zone: ZoneId, act: impl FnOnce(&mut Zone) -> T) -> Result<T> {
        self.zones().get_mut(&zone).map(act).ok_or(LineError::Lost(zone))
    }
}

impl Default for MemoryLine {
    fn default() -> Self {
        Self::new()
    }
}

impl Zone {
    fn built_from(standing: &Standing) -> Self {
        // A generation is named by a fresh id of the kind nearest to it: building one is an event.
        let generation = EventId::mint().to_string();
        let mut zone =
            Self { generation, ready: Agenda::default(), runners: Grid::default(), leases: Agenda::default() };
        for ready in &standing.ready {
            zone.wait(*ready);
        }
        for (errand, until) in &standing.leases {
            zone.hold(*errand, *until);
        }
        for (runner, at) in standing.runners.iter().filter(|(_, at)| on_the_map(*at).is_ok()) {
            zone.runners.put(*runner, *at);
        }
        zone
    }

    fn wait(&mut self, ready: Ready) {
        self.leases.remove(ready.errand);
        self.ready.put(ready.errand, kept(ready.due));
    }

    fn hold(&mut self, errand: ErrandId, until: At) {
        self.ready.remove(errand);
        self.leases.put(errand, kept(until));
    }

    fn claim(&mut self, errand: ErrandId, runner: PersonId, until: At) -> bool {
        let both_there = self.ready.holds(errand) && self.runners.holds(runner);
        if both_there {
            self.hold(errand, until);
            self.runners.remove(runner);
        }
        both_there
    }

    fn census(&self) -> Census {
        Census {
            generation: self.generation.clone(),
            ready: self.ready.count(),
            runners: self.runners.count(),
            leases: self.leases.count(),
        }
    }
}

#[async_trait]
impl Line for MemoryLine {
    async fn enqueue(&self, zone: ZoneId, ready: &[Ready]) -> Result<()> {
        if ready.is_empty() {
            return Ok(());
        }
        self.with(zone, |zone| ready.iter().for_each(|ready| zone.wait(*ready)))
    }

    async fn dequeue(&self, zone: ZoneId, errand: ErrandId) -> Result<()> {
        self.with(zone, |zone| {
            zone.ready.remove(errand);
            zone.leases.remove(errand);
        })
    }

    async fn most_urgent(&self, zone: ZoneId, limit: usize) -> Result<Vec<Ready>> {
        self.with(zone, |zone| {
            zone.ready.in_order().take(at_most(limit)).map(|(due, errand)| Ready { due, errand }).collect()
        })
    }

    async fn stand(&self, zone: ZoneId, runner: PersonId, at: Point) -> Result<()> {
        let at = on_the_map(at)?;
        self.with(zone, |zone| zone.runners.put(runner, at))
    }

    async fn leave(&self, zone: ZoneId, runner: PersonId) -> Result<()> {
        self.with(zone, |zone| zone.runners.remove(runner))
    }

    async fn near(&self, zone: ZoneId, from: Point, ring_m: f64, limit: usize) -> Result<Vec<Near>> {
        let from = on_the_map(from)?;
        self.with(
            zone,
            |zone| if is_a_ring(ring_m) { zone.runners.near(from, ring_m, at_most(limit)) } else { Vec::new() },
        )
    }

    async fn claim(&self, zone: ZoneId, errand: ErrandId, runner: PersonId, until: At) -> Result<bool> {
        self.with(zone, |zone| zone.claim(errand, runner, until))
    }

    async fn put_back(&self, zone: ZoneId, ready: Ready) -> Result<()> {
        self.enqueue(zone, &[ready]).await
    }

    async fn lease(&self, zone: ZoneId, errand: ErrandId, until: At) -> Result<()> {
        self.with(zone, |zone| zone.hold(errand, until))
    }

    async fn leases_ended(&self, zone: ZoneId, now: At, limit: usize) -> Result<Vec<ErrandId>> {
        self.with(zone, |zone| {
            let ended = zone.leases.in_order().take_while(|(until, _)| *until <= kept(now));
            ended.take(at_most(limit)).map(|(_, errand)| errand).collect()
        })
    }

    async fn census(&self, zone: ZoneId) -> Result<Option<Census>> {
        Ok(self.zones().get(&zone).map(Zone::census))
    }

    async fn sample(&self, zone: ZoneId, n: usize) -> Result<Vec<ErrandId>> {
        self.with(zone, |zone| zone.ready.sample(at_most(n)))
    }

    async fn rebuild(&self, zone: ZoneId, standing: &Standing) -> Result<()> {
        let built = Zone::built_from(standing);
        self.zones().insert(zone, built);
        Ok(())
    }

    async fn publish(&self, signal: Signal) -> Result<()> {
        // An error only says that nobody listens, which is nobody's trouble.
        let _ = self.signals.send(signal);
        Ok(())
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }
}
