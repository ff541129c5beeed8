//! `paotui demo`.

use std::process::ExitCode;

use crate::config::Settings;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Requests the simulated residents make in a minute.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub pace: u32,
    /// Ends by itself after this many seconds and prints a summary line.
    #[arg(long = "for", value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub seconds: Option<u32>,
}

pub(super) fn run(args: &Args, settings: Settings) -> anyhow::Result<ExitCode> {
    anyhow::bail!("demo --pace {} --for {:?} on {} is not wired yet", args.pace, args.seconds, settings.server.listen)
}
