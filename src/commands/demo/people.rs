//! The stage the simulated people act on, and how they come and go.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::lists::Lists;
use super::{residents, runners};
use crate::domain::clock::At;
use crate::domain::ids::RequestId;

/// What all of them share.
pub(super) struct Stage {
    pub http: reqwest::Client,
    pub base: String,
    pub pace: u32,
    pub lists: Lists,
    pub began_at: At,
    told: Mutex<Told>,
}

/// What the service told the residents; compared with the store at the end.
#[derive(Debug, Default, Clone)]
pub(super) struct Told {
    /// Keys sent, whatever came of them: more requests than these would be doubles.
    pub keys: u64,
    /// Answered with 201: these must be in the store.
    pub acknowledged: Vec<RequestId>,
}

impl Stage {
    pub fn new(base: String, pace: u32) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).pool_max_idle_per_host(128).build()?;
        let (lists, began_at) = (Lists::read()?, crate::clocks::wall());
        Ok(Self { http, base, pace, lists, began_at, told: Mutex::default() })
    }

    pub fn note(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub fn told(&self) -> Told {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How long one errand takes a simulated runner: time-lapse, so that the runners keep up with the pace and are
    /// busy 60 % of the time.
    pub fn errand_takes(&self) -> Duration {
        let runners = f64::from(u32::try_from(self.lists.runners.len()).unwrap_or(u32::MAX));
        Duration::from_secs_f64(runners * 60.0 / f64::from(self.pace) * 0.6).min(Duration::from_mins(10))
    }

    /// A call that is expected to work; `None` when it did not, for whatever reason.
    pub async fn call(&self, request: reqwest::RequestBuilder) -> Option<Value> {
        let answer = request.send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let text = answer.text().await.ok()?;
        if text.is_empty() { Some(Value::Null) } else { serde_json::from_str(&text).ok() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }
}

/// A text at a JSON pointer, or nothing.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Everybody on stage.
pub(super) struct Crowd(JoinSet<()>);

impl Crowd {
    /// Waits until everybody has finished the call they were in the middle of.
    pub async fn leave(mut self) {
        let all = async { while self.0.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(15), all).await.is_err() {
            tracing::warn!("some of the simulated people did not find the way out");
        }
    }
}

/// Runners go on duty first, then residents begin to ask.
pub(super) async fn enter(
    stage: &Arc<Stage>,
    falling: &watch::Receiver<bool>,
    password: &str,
) -> anyhow::Result<Crowd> {
    let mut crowd = JoinSet::new();
    for runner in runners::sign_in_all(stage, password).await? {
        crowd.spawn(runner.work(Arc::clone(stage), falling.clone()));
    }
    crowd.spawn(residents::ask_at_pace(Arc::clone(stage), falling.clone()));
    Ok(Crowd(crowd))
}
