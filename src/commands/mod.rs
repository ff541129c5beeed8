//! The command line: one file a subcommand. Exit codes: 0 well, 1 it could not be done, 2 wrong usage.

mod check;
mod demo;
mod import;
mod migrate;
mod screen;
mod serve;
mod simulate;
mod user;

use std::future::Future;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{self, Settings};
use crate::domain::clock::At;
use crate::store::Db;

/// Paotui (跑腿): errands for sealed residential communities.
#[derive(Debug, Parser)]
#[command(name = "paotui", version, about)]
struct Cli {
    /// Settings file; it overrides the defaults, and the environment (`PAOTUI__SECTION__KEY`) overrides it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the service.
    Serve(serve::Args),
    /// Runs the service on embedded storage with a demonstration zone and simulated people.
    Demo(demo::Args),
    /// Applies the migrations; safe to run twice and from two processes at once.
    Migrate,
    /// Brings in zones, buildings, places, people or households from a CSV file: all of it or nothing.
    Import(import::Args),
    /// Looks at settings, database, Redis, mail, clock and templates and says what to do.
    Check,
    /// Lives recorded or drawn days under a policy and reports what came of them.
    Simulate(simulate::Simulate),
    /// Manages accounts.
    #[command(subcommand)]
    User(user::Command),
}

/// Runs the command line; wrong usage ends the process with 2 before this returns.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match obey(cli) {
        Ok(code) => code,
        Err(error) => {
            screen::tell(&format!("paotui: {}", one_line(&error)));
            ExitCode::FAILURE
        }
    }
}

fn obey(cli: Cli) -> anyhow::Result<ExitCode> {
    crate::hooks::choose_tls();
    let settings = Settings::load(cli.config.as_deref(), config::environment().into_iter());
    match cli.command {
        Command::Check => waited(check::run(settings)),
        Command::Serve(args) => serve::run(&args, &settings?),
        Command::Demo(args) => demo::run(&args, settings?),
        Command::Migrate => waited(migrate::run(settings?)),
        Command::Import(args) => waited(import::run(args, settings?)),
        Command::Simulate(args) => Ok(simulate::run(&args)),
        Command::User(command) => waited(user::run(command, settings?)),
    }
}

fn waited(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(work)
}

/// The store of the settings, with its migrations applied.
async fn opened(settings: &Settings) -> anyhow::Result<Db> {
    let db = Db::open(settings.database.url.reveal())?;
    db.migrate().await.with_context(|| format!("database.url {}", settings.database.url))?;
    Ok(db)
}

/// Commands that change rows have no service clock at hand: they take the time of whoever types them.
fn wall_clock() -> At {
    crate::clocks::wall()
}

/// The error with its causes, without the line ends that libraries put into their texts.
fn one_line(error: &anyhow::Error) -> String {
    format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_settings_file_may_be_named_after_the_subcommand() {
        let cli =
            Cli::try_parse_from(["paotui", "import", "zones", "zones.csv", "--dry-run", "--config", "x.toml"]).unwrap();
        assert_eq!(cli.config, Some(PathBuf::from("x.toml")));
    }

    #[test]
    fn an_error_is_told_on_one_line() {
        let error = anyhow::anyhow!("deep\n  reason").context("it could not be done");
        assert_eq!(one_line(&error), "it could not be done: deep reason");
    }
}
