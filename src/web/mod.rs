//! HTTP: two doors, pages and API, to the same stages.

pub mod answer;
pub mod api;
pub mod assets;
pub mod board;
pub mod drugs;
pub mod extract;
pub mod fault;
pub mod follow_ups;
pub mod goods;
pub mod intake_door;
pub mod iso;
pub mod ledger;
pub mod limits;
pub mod links;
pub mod live;
pub mod load;
pub mod log;
pub mod pages;
pub mod photos;
pub mod seals;
pub mod sightings;
pub mod submission;
pub mod volunteers;

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;

use actix_web::web::ServiceConfig;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::flow::House;
use limits::Limit;

/// What the doors know beside the house.
pub struct Site {
    pub house: House,
    pub name: String,
    /// The desk's telephone, on every resident page.
    pub phone: String,
    /// When the desk answers.
    pub hours: String,
    pub time_zone: String,
    pub public_url: String,
    pub trusted_proxies: Vec<IpAddr>,
    pub submissions: Limit,
    pub sign_ins: Limit,
    /// Tries to find a request by code.
    pub searches: Limit,
    /// Names of drugs while somebody types.
    pub lookups: Limit,
    /// Photos of boxes: each costs time to read.
    pub photos: Limit,
    pub metrics: PrometheusHandle,
    /// How busy the zones are.
    pub loads: load::Loads,
    /// Streams of news.
    pub live: live::Places,
    /// Shutting down: answers ask clients to close, so that no connection keeps the process.
    pub draining: AtomicBool,
}

impl Site {
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// `__Host-` ties the cookie to this very host, but needs https.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-paotui" } else { "paotui" }
    }
}

/// All routes.
pub fn configure(config: &mut ServiceConfig) {
    api::configure(config);
    drugs::configure(config);
    pages::configure(config);
}
