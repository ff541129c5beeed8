//! `paotui serve`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::ValueEnum;
use tokio::signal::unix::{SignalKind, signal};

use super::screen;
use crate::app::{Application, Parts, Surroundings};
use crate::clocks::{ServiceClock, SystemChance};
use crate::config::Settings;
use crate::telemetry;
use crate::worker::Duties;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What this process does; several processes share one PostgreSQL and one Redis.
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Role {
    /// Everything in one process.
    All,
    /// Pages and API.
    Web,
    /// Finds runners for waiting errands.
    Dispatch,
    /// Letters, sweeps and comparisons.
    Worker,
}

impl Role {
    const fn parts(self) -> Parts {
        let (web, dispatch, worker) = match self {
            Self::All => (true, true, true),
            Self::Web => (true, false, false),
            Self::Dispatch => (false, true, false),
            Self::Worker => (false, false, true),
        };
        Parts { web, duties: Duties { dispatch, worker } }
    }
}

pub(super) fn run(args: &Args, settings: &Settings) -> anyhow::Result<ExitCode> {
    telemetry::start_log(&settings.log);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().context("no runtime")?;
    runtime.block_on(serve(args.role, settings))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(role: Role, settings: &Settings) -> anyhow::Result<()> {
    let around = surroundings(settings);
    let application = Application::build(settings, role.parts(), around).await?;
    if role.parts().web {
        screen::say(&format!("listening on http://{}", application.address));
    }
    application.run_until(asked_to_stop()).await
}

/// The real clock, chance, mail and line.
pub(super) fn surroundings(settings: &Settings) -> Surroundings {
    Surroundings {
        clock: Arc::new(ServiceClock::new(settings.clock.speed)),
        chance: Arc::new(SystemChance),
        mailer: None,
        line: None,
    }
}

/// Done at SIGTERM or Ctrl-C.
pub(super) async fn asked_to_stop() {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::error!(%error, "SIGTERM cannot be heard; stopping at Ctrl-C alone");
            let _heard = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
