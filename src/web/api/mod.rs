//! The JSON API under `/api/v1`, and the machine's addresses at the root.

mod audit;
mod board;
mod care;
mod desk;
mod docs;
mod errands;
mod events;
mod follow_ups;
mod given;
mod health;
mod ledger;
mod offers;
mod photos;
mod questions;
mod requests;
mod rota;
mod runner;
mod seals;
mod sessions;
mod shapes;
mod shops;
mod sightings;
mod stock;
mod supplies;
mod volunteers;
mod watch;

use actix_web::web::{self, ServiceConfig};

pub(super) use audit::{AuditParams, load_audit};
pub(super) use care::{DecideBody, do_decide, load_care, must_settle, open_care, read_urgency};
pub(super) use desk::{SilentHome, SilentParams, channel, must_work_the_desk, outcome, silent_homes};
pub use docs::{document, endpoints};
pub(super) use follow_ups::whom;
pub(super) use given::{optional_reason, optional_shelf};
pub(super) use ledger::{Asked, LedgerParams, accounts};
pub(super) use questions::choice;
pub(super) use requests::ProblemBody;
pub(super) use rota::{WatchBody, keep as keep_rota, kept_zone, load as load_rota};
pub(super) use runner::must_be_runner;
pub(super) use stock::{StockParams, moment};
pub(super) use supplies::{DueCall, LastsBody, due_calls};
pub(super) use volunteers::{sign_in_url, waiting, why_not};
pub(super) use watch::{
    DialsBody, QueueParams, ShortageBody, TargetBody, TargetsBody, ZoneParams, alarms_of, load_shortages, must_answer,
    must_step_in, need_of, open, overseen_zone, pause_intake, put_before, watched_zone, whither,
};

use super::fault::Fault;

pub fn configure(config: &mut ServiceConfig) {
    health::configure(config);
    docs::configure(config);
    config.service(
        web::scope("/api/v1")
            .configure(questions::configure)
            .configure(events::configure)
            .configure(requests::configure)
            .configure(sessions::configure)
            .configure(runner::configure)
            .configure(board::configure)
            .configure(offers::configure)
            .configure(errands::configure)
            .configure(watch::configure)
            .configure(sightings::configure)
            .configure(shops::configure)
            .configure(seals::configure)
            .configure(stock::configure)
            .configure(photos::configure)
            .configure(desk::configure)
            .configure(care::configure)
            .configure(audit::configure)
            .configure(supplies::configure)
            .configure(follow_ups::configure)
            .configure(volunteers::configure)
            .configure(ledger::configure)
            .configure(rota::configure)
            .default_service(web::to(|| async { Err::<&str, _>(Fault::NotFound) })),
    );
}

/// An id in a path; what is no id is simply not there.
pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::NotFound)
}
