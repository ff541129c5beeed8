//! Runners: on duty from home, they answer offers, fetch, deliver, and now and then say no.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::lists::chance;
use super::people::{Stage, text};

const DECLINES: f64 = 0.05;

pub(super) struct Runner {
    token: String,
}

/// Signs everybody in, a few at a time: each password check costs tens of milliseconds of a core.
pub(super) async fn sign_in_all(stage: &Arc<Stage>, password: &str) -> anyhow::Result<Vec<Runner>> {
    let mut signed_in = Vec::new();
    for few in stage.lists.runners.chunks(4) {
        let mut together = JoinSet::new();
        for username in few {
            let (stage, credentials) = (Arc::clone(stage), json!({ "username": username, "password": password }));
            together.spawn(async move { stage.call(stage.http.post(stage.url("/sessions")).json(&credentials)).await });
        }
        for answer in together.join_all().await {
            let answer = answer.context("a simulated runner could not sign in")?;
            signed_in.push(Runner { token: text(&answer, "/token").to_owned() });
        }
    }
    Ok(signed_in)
}

impl Runner {
    pub async fn work(self, stage: Arc<Stage>, mut falling: watch::Receiver<bool>) {
        let look_every = (stage.errand_takes() / 6).clamp(Duration::from_millis(300), Duration::from_secs(3));
        // Not all phones look at the same moment.
        tokio::time::sleep(look_every.mul_f64(rand::random::<f64>())).await;
        self.go_on_duty(&stage).await;
        let mut looks = 0_u32;
        while !*falling.borrow() {
            if !self.answer_offer(&stage).await {
                looks += 1;
                if looks.is_multiple_of(20) {
                    self.go_on_duty(&stage).await;
                }
            }
            self.carry(&stage, &falling).await;
            tokio::select! {
                () = tokio::time::sleep(look_every) => {}
                _ = falling.changed() => {}
            }
        }
    }

    async fn get(&self, stage: &Stage, path: &str) -> Option<Value> {
        stage.call(stage.http.get(stage.url(path)).bearer_auth(&self.token)).await
    }

    async fn post(&self, stage: &Stage, path: &str) -> Option<Value> {
        stage.call(stage.http.post(stage.url(path)).bearer_auth(&self.token)).await
    }

    async fn go_on_duty(&self, stage: &Stage) {
        let duty = stage.http.put(stage.url("/runner/duty")).bearer_auth(&self.token).json(&json!({ "on": true }));
        let _on = stage.call(duty).await;
    }

    /// True when there was an offer to answer.
    async fn answer_offer(&self, stage: &Stage) -> bool {
        let Some(offers) = self.get(stage, "/runner/offers").await else { return false };
        let offer = text(&offers, "/items/0/id").to_owned();
        if offer.is_empty() {
            return false;
        }
        let answer = if chance(DECLINES) { "decline" } else { "accept" };
        self.post(stage, &format!("/offers/{offer}/{answer}")).await;
        true
    }

    /// Carries out whatever is in these hands, stop by stop.
    async fn carry(&self, stage: &Stage, falling: &watch::Receiver<bool>) {
        let Some(trip) = self.get(stage, "/runner/trip").await else { return };
        let stops = trip.pointer("/stops").and_then(Value::as_array).cloned().unwrap_or_default();
        for stop in stops {
            for (state, step) in [("claimed", "collect"), ("collected", "deliver")] {
                let at_or_before = text(&stop, "/state") == state || text(&stop, "/state") == "claimed";
                if at_or_before && !self.walk_and(stage, falling, (text(&stop, "/errand"), step)).await {
                    return;
                }
            }
        }
    }

    /// False when the play is over, or the step could not be done now (it is tried again at the next look).
    async fn walk_and(&self, stage: &Stage, falling: &watch::Receiver<bool>, (errand, step): (&str, &str)) -> bool {
        let mut falling = falling.clone();
        if *falling.borrow() {
            return false;
        }
        tokio::select! {
            () = tokio::time::sleep(stage.errand_takes().mul_f64(0.25 + rand::random::<f64>() * 0.4)) => {}
            _ = falling.changed() => return false,
        }
        self.post(stage, &format!("/errands/{errand}/{step}")).await.is_some()
    }
}
