//! The JSON API under `/api/v1`, and the machine's addresses at the root.

mod board;
mod docs;
mod errands;
mod given;
mod health;
mod offers;
mod requests;
mod runner;
mod seals;
mod sessions;
mod shapes;
mod sightings;
mod stock;
mod watch;

use actix_web::web::{self, ServiceConfig};

pub use docs::{document, endpoints};
pub(super) use given::optional_reason;
pub(super) use runner::must_be_runner;
pub(super) use stock::{StockParams, moment};
pub(super) use watch::{DialsBody, QueueParams, ZoneParams, must_step_in, open, overseen_zone, watched_zone};

use super::fault::Fault;

pub fn configure(config: &mut ServiceConfig) {
    health::configure(config);
    docs::configure(config);
    config.service(
        web::scope("/api/v1")
            .configure(requests::configure)
            .configure(sessions::configure)
            .configure(runner::configure)
            .configure(board::configure)
            .configure(offers::configure)
            .configure(errands::configure)
            .configure(watch::configure)
            .configure(sightings::configure)
            .configure(seals::configure)
            .configure(stock::configure)
            .default_service(web::to(|| async { Err::<&str, _>(Fault::NotFound) })),
    );
}

/// An id in a path; what is no id is simply not there.
pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::NotFound)
}
