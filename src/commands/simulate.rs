//! `paotui simulate`: lives recorded or drawn days under a policy and reports what came of them.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its user")]

use std::fs;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::domain::num;
use crate::flow::deciding::Rule;
use crate::simulate::policies::Policy;
use crate::simulate::policies::{board::Board, fifo::Fifo, nearest::Nearest, paotui::Paotui};
use crate::simulate::tally::Tally;
use crate::simulate::trace::Trace;
use crate::simulate::world::Day;
use crate::simulate::{engine, report_csv, report_html, report_json, report_text, scenario};

#[derive(Args, Debug)]
pub struct Simulate {
    /// Trace folders (trace.toml, requests.csv, runners.csv)
    #[arg(required_unless_present = "scenario")]
    folders: Vec<PathBuf>,
    /// Who decides
    #[arg(long, value_enum, default_value_t = PolicyName::Paotui)]
    policy: PolicyName,
    /// Print one JSON object a day, and one for all of them named `*`
    #[arg(long)]
    json: bool,
    /// Share of offers declined, and of offers left to lapse, instead of the trace's own
    #[arg(long, value_parser = share)]
    declines: Option<f64>,
    /// Seed of the answers (instead of the trace's own), or of the scenario
    #[arg(long)]
    seed: Option<u64>,
    /// Draw a day instead of reading one
    #[arg(long, value_enum, conflicts_with = "folders")]
    scenario: Option<ScenarioName>,
    /// Requests of the scenario, as a multiple of 2,500
    #[arg(long, default_value_t = 1.0, requires = "scenario", value_parser = load)]
    load: f64,
    /// Switch one rule off, to see what it is worth
    #[arg(long)]
    ablate: Option<Rule>,
    /// Write the last day as one page with drawings
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Write the schedule of the last day, one line an errand
    #[arg(long, value_name = "FILE.csv")]
    schedule: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScenarioName {
    SealedDay,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PolicyName {
    Fifo,
    Nearest,
    Board,
    Paotui,
}

impl PolicyName {
    fn build(self) -> Box<dyn Policy> {
        match self {
            Self::Fifo => Box::new(Fifo),
            Self::Nearest => Box::new(Nearest),
            Self::Board => Box::new(Board),
            Self::Paotui => Box::new(Paotui),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Fifo => "fifo",
            Self::Nearest => "nearest",
            Self::Board => "board",
            Self::Paotui => "paotui",
        }
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=0.5).contains(&share) { Ok(share) } else { Err("must lie between 0 and 0.5".to_owned()) }
}

fn load(text: &str) -> Result<f64, String> {
    let load: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if load > 0.0 && load <= 100.0 { Ok(load) } else { Err("must lie above 0 and not above 100".to_owned()) }
}

/// Runs the subcommand.
#[must_use]
pub fn run(args: &Simulate) -> ExitCode {
    match simulate(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(1)
        }
    }
}

fn simulate(args: &Simulate) -> Result<(), String> {
    let policy = args.policy.as_str();
    let mut tallies: Vec<Tally> = vec![];
    let days = days(args)?;
    for day in &days {
        let tally = engine::live(day, args.policy.build().as_mut(), |share| progress(&day.name, share));
        clear_progress();
        tell(args, &day.name, &[&tally]);
        tallies.push(tally);
    }
    if tallies.len() > 1 {
        tell(args, "*", &tallies.iter().collect::<Vec<_>>());
    }
    let Some((day, tally)) = days.last().zip(tallies.last()) else { return Ok(()) };
    let write =
        |file: &PathBuf, text: String| fs::write(file, text).map_err(|why| format!("{}: {why}", file.display()));
    args.report.as_ref().map_or(Ok(()), |file| write(file, report_html::page(&day.name, policy, tally)))?;
    args.schedule.as_ref().map_or(Ok(()), |file| write(file, report_csv::schedule(tally)))
}

fn days(args: &Simulate) -> Result<Vec<Day>, String> {
    if args.scenario.is_some() {
        return Ok(vec![scenario::sealed_day(args.seed.unwrap_or(1), args.load, args.ablate)]);
    }
    let read = |folder: &PathBuf| {
        let trace = Trace::read(folder).map_err(|why| why.to_string())?;
        let mut day = Day::from_trace(&trace, args.seed, args.declines);
        day.rules.without = args.ablate;
        Ok(day)
    };
    args.folders.iter().map(read).collect()
}

fn tell(args: &Simulate, name: &str, tallies: &[&Tally]) {
    let report = report_json::report(name, args.policy.as_str(), tallies);
    if args.json {
        println!("{report}");
    } else {
        println!("{}", report_text::lines(&report));
    }
}

fn progress(name: &str, share: f64) {
    if stderr().is_terminal() {
        let done = num::floor(share * 30.0).min(30);
        eprint!("\r{name} [{}{}]", "#".repeat(done), ".".repeat(30 - done));
    }
}

fn clear_progress() {
    if stderr().is_terminal() {
        eprint!("\r{}\r", " ".repeat(79));
    }
}
