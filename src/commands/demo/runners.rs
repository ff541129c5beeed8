//! Runners: on duty from home, they answer offers also while under way, walk, fetch and deliver.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::people::{Programme, Stage, text};
use super::phone::Phone;
use super::trip::Stop;
use super::walk::Place;
use crate::domain::geo::Point;
use crate::domain::ground::Pace;
use crate::domain::trip::Act;

/// How often the phone says where its bearer is: while walking, and while nothing is to be done.
const TELLS_WALKING: Duration = Duration::from_secs(2);
const TELLS_RESTING: Duration = Duration::from_secs(20);
/// Somebody else may put an errand into these hands: the trip is looked at without an offer, too.
const LOOKS_AT_TRIP: Duration = Duration::from_secs(5);
const AFTER_TROUBLE: Duration = Duration::from_millis(500);

pub(super) struct Runner {
    stage: Arc<Stage>,
    phone: Phone,
    pace: Pace,
    place: Place,
    /// When the last stop was done with; what the phone did after that took none of the walk's time.
    free: Option<Instant>,
}

/// Why waiting ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    TimeIsUp,
    TakenOn,
    Over,
}

/// Signs everybody in, a few at a time: each password check costs tens of milliseconds of a core.
pub(super) async fn sign_in_all(stage: &Arc<Stage>, password: &str) -> anyhow::Result<Vec<Runner>> {
    let mut signed_in = Vec::new();
    for few in stage.lists.runners.chunks(4) {
        let mut together = JoinSet::new();
        for volunteer in few.iter().cloned() {
            let credentials = json!({ "username": volunteer.username, "password": password });
            let stage = Arc::clone(stage);
            together.spawn(async move {
                let answer = stage.call(stage.http.post(stage.url("/sessions")).json(&credentials)).await?;
                let phone = Phone::new(Arc::clone(&stage), text(&answer, "/token").to_owned());
                let pace = stage.physics.pace(volunteer.bike);
                Some(Runner { stage, phone, pace, place: Place::At(volunteer.home), free: None })
            });
        }
        for runner in together.join_all().await {
            signed_in.push(runner.context("a simulated runner could not sign in")?);
        }
    }
    Ok(signed_in)
}

impl Runner {
    pub async fn work(mut self, mut programme: Programme) {
        // Not all phones are looked at in the same moment.
        tokio::time::sleep(self.phone.looks_every().mul_f64(rand::random::<f64>())).await;
        while !programme.is_over() {
            match self.phone.route().await {
                None => {
                    self.wait(Instant::now() + AFTER_TROUBLE, &mut programme).await;
                }
                Some(route) => match route.first() {
                    Some(stop) => self.make(stop, &mut programme).await,
                    None => self.rest(&mut programme).await,
                },
            }
        }
    }

    /// Stands where he is until something is to be done.
    async fn rest(&mut self, programme: &mut Programme) {
        let here = self.here();
        (self.place, self.free) = (Place::At(here), None);
        self.phone.tell(here, TELLS_RESTING).await;
        self.wait(Instant::now() + LOOKS_AT_TRIP, programme).await;
    }

    /// Goes to a stop and does what is to be done there. Comes back early when something was taken on under way: the
    /// next stop may be another.
    async fn make(&mut self, stop: &Stop, programme: &mut Programme) {
        let Some(arrived) = self.walk(stop.at, programme).await else { return };
        let done = arrived + self.service(stop);
        while Instant::now() < done {
            if self.wait(done, programme).await == News::Over {
                return;
            }
        }
        self.free = Some(done);
        let what = match stop.act {
            Act::Collect => "collect",
            Act::Deliver if stop.at_gate => "hand_over",
            Act::Deliver => "deliver",
        };
        for errand in &stop.errands {
            if !self.phone.take_down(errand, what).await {
                // Out of turn or gone: the trip says what is true now.
                self.wait(Instant::now() + AFTER_TROUBLE, programme).await;
                return;
            }
        }
        self.phone.tell(stop.at, TELLS_WALKING).await;
    }

    fn service(&self, stop: &Stop) -> Duration {
        let known = match stop.act {
            Act::Collect => stop.place.is_some(),
            Act::Deliver => stop.building.as_ref().is_some_and(|code| self.stage.lists.gated.contains(code)),
        };
        Duration::from_secs_f64(self.stage.physics.stop_s(stop.act, known, stop.errands.len()))
    }

    /// Walks on to `to`; from the spot where he is, when that is not where he was walking. Answers when he arrived.
    async fn walk(&mut self, to: Point, programme: &mut Programme) -> Option<Instant> {
        let begins = self.free.take().unwrap_or_else(Instant::now);
        let walk = self.place.walk(to, begins, (&self.stage.physics, self.pace));
        let arrives = walk.arrives();
        self.place = Place::Between(walk);
        while Instant::now() < arrives {
            let news = self.wait(arrives.min(Instant::now() + TELLS_WALKING), programme).await;
            if news != News::TimeIsUp {
                return None;
            }
            if Instant::now() < arrives {
                let here = self.here();
                self.phone.tell(here, TELLS_WALKING).await;
            }
        }
        self.place = Place::At(to);
        Some(arrives)
    }

    fn here(&self) -> Point {
        self.place.here(Instant::now(), &self.stage.physics)
    }

    /// Waits until then with an eye on the phone; less when something is taken on, or the play is over.
    async fn wait(&mut self, until: Instant, programme: &mut Programme) -> News {
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(until.min(self.phone.rings())) => {}
                () = programme.end() => return News::Over,
            }
            if self.phone.rings() <= Instant::now() && self.phone.look().await {
                return News::TakenOn;
            }
            if until <= Instant::now() {
                return News::TimeIsUp;
            }
        }
    }
}
