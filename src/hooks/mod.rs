//! Calls to doors outside: the webhooks of the settings, and no other address. Nothing else of ours makes such calls.
//!
//! One is called with a body that names no person, signed, within a timeout, without following where it points on. Trying
//! again is the outbox's business; the `id` in each call is the same then, so that a repetition is recognised.

mod body;
mod sign;

use std::fmt;
use std::time::Duration;

use serde_json::Value;

pub use body::Note;
pub use sign::{HEADER, signature};

use crate::domain::clock::At;

/// How long one door may take. Short: what hangs is tried again.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// A `WeCom` robot answers so when its key is no key, or it was taken out of its group.
const ROBOT_UNKNOWN: i64 = 93_000;
const ROBOT_REMOVED: i64 = 93_008;

/// What a door understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Ours: one JSON object, signed.
    Paotui,
    /// The robot of a `WeCom` group: Markdown in its envelope.
    Wecom,
}

/// A door outside.
#[derive(Clone)]
pub struct Hook {
    pub name: String,
    pub url: String,
    pub format: Format,
    pub secret: String,
}

// Url and secret let anybody speak in our name: they never reach a log by way of {:?}.
impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("name", &self.name).field("format", &self.format).finish_non_exhaustive()
    }
}

/// Why a call failed. No url is in it.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    #[error("calls cannot be made: {0}")]
    NoClient(String),
    #[error("the url of the webhook is no url")]
    BadUrl,
    #[error("the webhook took too long")]
    TimedOut,
    #[error("the webhook cannot be reached")]
    Unreachable,
    #[error("the webhook answered {0}")]
    Answered(u16),
    #[error("the robot refused (errcode {0})")]
    Robot(i64),
}

impl HookError {
    /// True when the same call again cannot help: the door says that it is not there, or will never take it.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        match self {
            Self::BadUrl => true,
            Self::Answered(status) => matches!(*status, 400 | 401 | 403 | 404 | 405 | 410 | 413 | 415 | 422),
            Self::Robot(code) => matches!(*code, ROBOT_UNKNOWN | ROBOT_REMOVED),
            Self::NoClient(_) | Self::TimedOut | Self::Unreachable => false,
        }
    }
}

/// Makes ring the process's cryptography for TLS, once: reqwest is built without one of its own and asks for it, even for
/// calls in the clear. Whoever makes a client says this first.
pub fn choose_tls() {
    // An error says that somebody has chosen already.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// All doors there are, and what calls them.
#[derive(Debug, Clone)]
pub struct Hooks {
    hooks: Vec<Hook>,
    client: reqwest::Client,
}

impl Hooks {
    /// # Errors
    /// [`HookError::NoClient`] when TLS cannot be set up.
    pub fn open(hooks: Vec<Hook>) -> Result<Self, HookError> {
        choose_tls();
        let failed = |error: &dyn fmt::Display| HookError::NoClient(error.to_string());
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .no_proxy()
            .user_agent("paotui")
            .build()
            .map_err(|error| failed(&error))?;
        Ok(Self { hooks, client })
    }

    /// The door of this name; `None` when the settings have it no more.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Hook> {
        self.hooks.iter().find(|hook| hook.name == name)
    }

    /// Calls a door, once.
    ///
    /// # Errors
    /// [`HookError::is_permanent`] tells whether trying again can help.
    pub async fn call(&self, hook: &Hook, note: &Note, now: At) -> Result<(), HookError> {
        let body = match hook.format {
            Format::Paotui => note.plain(),
            Format::Wecom => note.wecom(),
        };
        let body = body.to_string();
        let signed = signature(hook.secret.as_bytes(), now, &body);
        let url: reqwest::Url = hook.url.parse().map_err(|_| HookError::BadUrl)?;
        let call = self.client.post(url).header("Content-Type", "application/json").header("Paotui-Delivery", &note.id);
        let call = if hook.secret.is_empty() { call } else { call.header(HEADER, signed) };
        let answer = call.body(body).send().await.map_err(|error| told(&error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(HookError::Answered(status.as_u16()));
        }
        match hook.format {
            Format::Paotui => Ok(()),
            Format::Wecom => robot(answer).await,
        }
    }
}

/// A robot says 200 to everything and tells in the body whether it took it.
async fn robot(answer: reqwest::Response) -> Result<(), HookError> {
    let said: Value = answer.json().await.map_err(|error| told(&error))?;
    match said.get("errcode").and_then(Value::as_i64) {
        None | Some(0) => Ok(()),
        Some(code) => Err(HookError::Robot(code)),
    }
}

fn told(error: &reqwest::Error) -> HookError {
    if error.is_timeout() { HookError::TimedOut } else { HookError::Unreachable }
}
