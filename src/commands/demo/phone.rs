//! A runner's phone: it shows offers, tells where its bearer is, and takes down what was done.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::lists::chance;
use super::people::{Stage, text};
use super::trip::{self, Stop};
use crate::domain::geo::Point;
use crate::simulate::chance::Chance;

const DECLINES: f64 = 0.05;
/// Looked at as often as this, in the time of people; but the service is spared a storm of calls.
const LOOKS_EVERY_S: f64 = 12.0;
const LOOKS: (f64, f64) = (0.3, 3.0);

pub(super) struct Phone {
    stage: Arc<Stage>,
    token: String,
    looked: Instant,
    told: Option<Instant>,
    asked: Option<Asked>,
}

/// An offer that was seen and will be answered.
struct Asked {
    offer: String,
    answers: Instant,
    yes: bool,
}

impl Phone {
    pub fn new(stage: Arc<Stage>, token: String) -> Self {
        Self { stage, token, looked: Instant::now(), told: None, asked: None }
    }

    pub fn looks_every(&self) -> Duration {
        let (least, most) = LOOKS;
        Duration::from_secs_f64(self.stage.physics.hastened(LOOKS_EVERY_S).clamp(least, most))
    }

    /// When it wants attention next: an answer is due, or it is time to look.
    pub fn rings(&self) -> Instant {
        self.asked.as_ref().map_or(self.looked + self.looks_every(), |asked| asked.answers)
    }

    /// Looks for offers, and answers what is due. True when something was taken on.
    pub async fn look(&mut self) -> bool {
        let asked = self.asked.take();
        match asked {
            Some(asked) if asked.answers <= Instant::now() => {
                self.looked = Instant::now();
                let answer = if asked.yes { "accept" } else { "decline" };
                self.post(&format!("/offers/{}/{answer}", asked.offer)).await && asked.yes
            }
            Some(asked) => {
                self.asked = Some(asked);
                false
            }
            None => {
                self.asked = self.find_offer().await;
                self.looked = Instant::now();
                false
            }
        }
    }

    async fn find_offer(&self) -> Option<Asked> {
        let offers = self.get("/runner/offers").await?;
        let offer = text(&offers, "/items/0/id").to_owned();
        let thinks_s = self.stage.physics.answer_s(Chance::new(rand::random()).normal());
        // Seen at one look, answered at the next at the earliest.
        let thinks = Duration::from_secs_f64(thinks_s).max(self.looks_every());
        let asked = Asked { offer, answers: Instant::now() + thinks, yes: !chance(DECLINES) };
        (!asked.offer.is_empty()).then_some(asked)
    }

    /// The stops still to be made; `None` when the service did not say.
    pub async fn route(&self) -> Option<Vec<Stop>> {
        self.get("/runner/trip").await.map(|told| trip::route(&told))
    }

    /// Says where its bearer is, unless it did so less than `after` ago. That also puts the runner on duty.
    pub async fn tell(&mut self, at: Point, after: Duration) {
        if self.told.is_some_and(|told| told.elapsed() < after) {
            return;
        }
        let body = json!({ "on": true, "lat": at.lat, "lon": at.lon });
        let duty = self.stage.http.put(self.stage.url("/runner/duty")).bearer_auth(&self.token).json(&body);
        self.told = self.stage.call(duty).await.map(|_| Instant::now());
    }

    /// Takes down a step of an errand; false when it was refused.
    pub async fn take_down(&self, errand: &str, step: &str) -> bool {
        self.post(&format!("/errands/{errand}/{step}")).await
    }

    async fn get(&self, path: &str) -> Option<Value> {
        self.stage.call(self.stage.http.get(self.stage.url(path)).bearer_auth(&self.token)).await
    }

    async fn post(&self, path: &str) -> bool {
        self.stage.call(self.stage.http.post(self.stage.url(path)).bearer_auth(&self.token)).await.is_some()
    }
}
