//! The stage the simulated people act on, and how they come and go.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::lists::Lists;
use super::physics::Physics;
use super::{residents, runners};
use crate::domain::clock::At;
use crate::domain::ids::RequestId;

/// What all of them share.
pub(super) struct Stage {
    pub http: reqwest::Client,
    pub base: String,
    pub pace: u32,
    pub lists: Lists,
    pub physics: Physics,
    pub began_at: At,
    told: Mutex<Told>,
}

/// How far the play is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Residents ask, runners bring.
    Day,
    /// Nobody asks any more; runners finish what is open.
    Evening,
    Over,
}

/// Until when somebody goes on: the play tells.
#[derive(Clone)]
pub(super) struct Programme(watch::Receiver<Act>);

impl Programme {
    pub fn is_over(&self) -> bool {
        *self.0.borrow() == Act::Over
    }

    /// When the residents stop asking.
    pub async fn evening(&mut self) {
        let _gone = self.0.wait_for(|act| *act != Act::Day).await;
    }

    /// When everybody goes home.
    pub async fn end(&mut self) {
        let _gone = self.0.wait_for(|act| *act == Act::Over).await;
    }
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
    pub fn new(base: String, pace: u32, (lists, physics): (Lists, Physics)) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).pool_max_idle_per_host(128).build()?;
        Ok(Self { http, base, pace, lists, physics, began_at: crate::clocks::wall(), told: Mutex::default() })
    }

    pub fn note(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub fn told(&self) -> Told {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
pub(super) async fn enter(stage: &Arc<Stage>, acts: watch::Receiver<Act>, password: &str) -> anyhow::Result<Crowd> {
    let (mut crowd, programme) = (JoinSet::new(), Programme(acts));
    for runner in runners::sign_in_all(stage, password).await? {
        crowd.spawn(runner.work(programme.clone()));
    }
    crowd.spawn(residents::ask_at_pace(Arc::clone(stage), programme));
    Ok(Crowd(crowd))
}
