//! Typed settings: `config/default.toml`, then `--config FILE`, then `PAOTUI__SECTION__KEY`.
//!
//! The default file is the manual and the model: a key that is not in it is unknown, and its values tell the kind each
//! key takes. What cannot be is refused before anything starts, with the key, the value and the way to mend it.
//! `Debug` of [`Settings`] is safe to log: secrets and passwords of urls do not show.

mod alarms;
mod bounds;
mod hidden;
mod key;
mod layers;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use serde::Deserialize;

pub use alarms::{Alarms, Format, Webhook};
pub use hidden::{Hidden, Url};
pub use layers::environment;

/// Why the settings were refused: every reason found, on one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("settings: {}", .0.join("; "))]
pub struct Refused(pub Vec<String>);

impl Refused {
    fn one(reason: impl Into<String>) -> Self {
        Self(vec![reason.into()])
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub database: Database,
    pub line: Line,
    pub mail: Mail,
    pub clock: Clock,
    pub limits: Limits,
    pub dispatch: Dispatch,
    pub alarms: Alarms,
    pub log: Log,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Development,
    Production,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    /// Empty: made from the address listened on ([`Server::public_url`]).
    pub public_url: String,
    pub mode: Mode,
    pub name: String,
    pub phone: String,
    pub hours: String,
    pub time_zone: String,
    pub secret: Hidden,
    pub secret_file: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: Url,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub url: Url,
    pub prefix: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub url: Url,
    pub from: String,
    pub timeout_seconds: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub speed: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// 0: no limit.
    pub requests_per_minute: u32,
    /// 0: no limit.
    pub sign_ins_per_minute: u32,
    pub trusted_proxies: Vec<IpAddr>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispatch {
    pub offer_seconds: i64,
    pub red_offer_seconds: i64,
    pub wave_seconds: i64,
    pub claim_seconds: i64,
    pub quiet_seconds: i64,
    pub max_bags: i32,
    pub cart_bags: i32,
    pub max_errands: i64,
    pub speed_mps: f64,
    pub road_factor: f64,
    pub counter_seconds: f64,
    pub counter_more_seconds: f64,
    pub door_seconds: f64,
    pub door_more_seconds: f64,
    pub gate_seconds: f64,
    pub position_stale_seconds: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

impl Settings {
    /// The settings that hold: the defaults, changed by `file`, changed by those of `env` that start with `PAOTUI__`.
    ///
    /// # Errors
    /// [`Refused`] names every unknown key and impossible value, and the file when it cannot be read.
    pub fn load(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Self, Refused> {
        let merged = layers::merge(file, env)?;
        let settings = layers::typed(merged)?;
        let reasons = bounds::impossible(&settings);
        if reasons.is_empty() { Ok(settings) } else { Err(Refused(reasons)) }
    }

    /// The key of the service, at least 32 bytes. In development one is made and kept when none is set, so ask only
    /// where it is needed: `serve` and `demo`.
    ///
    /// # Errors
    /// [`Refused`] when there is none and none may be made, when it is too short, or its file cannot be read.
    pub fn secret(&self) -> Result<Hidden, Refused> {
        key::of(&self.server)
    }
}

impl Server {
    /// What links start with, without a slash at the end. `bound` is the address really listened on: `listen` may have
    /// left the port open.
    #[must_use]
    pub fn public_url(&self, bound: SocketAddr) -> String {
        if self.public_url.is_empty() { format!("http://{bound}") } else { self.public_url.clone() }
    }

    #[must_use]
    pub fn is_production(&self) -> bool {
        self.mode == Mode::Production
    }
}
