//! `paotui check`: looks at everything the service leans on, one line each, and says what to do about what is not well.

mod database;
mod hooks;

use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use super::{screen, wall_clock};
use crate::config::{Refused, Settings};

/// No probe may hang the others.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a probe found: a word on what is there, or what is wrong and what to do.
type Found = Result<String, String>;

pub(super) async fn run(settings: Result<Settings, Refused>) -> anyhow::Result<ExitCode> {
    let mut report = Report { well: true };
    let settings = match settings {
        Ok(settings) => settings,
        Err(refused) => {
            report.add("config", Err(refused.to_string()));
            return Ok(ExitCode::FAILURE);
        }
    };
    report.add("config", config(&settings));
    database::look(&settings, &mut report).await;
    report.add("clock", clock(&settings));
    report.add(line_name(&settings), in_time(hooks::line(&settings)).await);
    report.add("mail", in_time(hooks::mail(&settings)).await);
    report.add("templates", hooks::templates());
    Ok(if report.well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Report {
    well: bool,
}

impl Report {
    fn add(&mut self, name: &str, found: Found) {
        self.well &= found.is_ok();
        screen::say(&printed(name, found));
    }
}

fn printed(name: &str, found: Found) -> String {
    let (mark, text) = match found {
        Ok(text) => ("ok  ", text),
        Err(text) => ("FAIL", text),
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{mark} {name:<10} {line}")
}

async fn in_time(probe: impl Future<Output = Found>) -> Found {
    within(PATIENCE, probe).await
}

async fn within(patience: Duration, probe: impl Future<Output = Found>) -> Found {
    let late =
        || Err(format!("no answer within {} s: is the address right, is a firewall in between?", patience.as_secs()));
    tokio::time::timeout(patience, probe).await.unwrap_or_else(|_| late())
}

fn config(settings: &Settings) -> Found {
    let server = &settings.server;
    let mode = if server.is_production() { "production" } else { "development" };
    // In development asking would make a key; looking must not change anything.
    if server.is_production() || !server.secret_file.is_empty() {
        settings.secret().map_err(|refused| refused.to_string())?;
    }
    let links = match server.public_url.as_str() {
        "" => format!("links start with http://{} (server.public_url is empty)", server.listen),
        url => format!("links start with {url}"),
    };
    Ok(format!("{mode}, listens on {}, {links}", server.listen))
}

/// A clock that was never set is worse than one that is a little off: leases and times of medicine hang on it.
fn clock(settings: &Settings) -> Found {
    let now = wall_clock();
    let told = jiff::Timestamp::from_microsecond(now.0).map_err(|error| error.to_string())?;
    if told < BUILT {
        return Err(format!("{told:.0} lies before this program was written: set the clock of this machine (NTP)"));
    }
    Ok(format!("{told:.0}, speed {}, shown in {}", settings.clock.speed, settings.server.time_zone))
}

const BUILT: jiff::Timestamp = jiff::Timestamp::constant(1_795_392_000, 0);

fn line_name(settings: &Settings) -> &'static str {
    if settings.line.url.scheme() == "memory" { "line" } else { "redis" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_probe_is_one_line_with_its_verdict_first() {
        assert_eq!(printed("mail", Ok("none".to_owned())), "ok   mail       none");
        assert_eq!(printed("database", Err("gone\n  away".to_owned())), "FAIL database   gone away");
    }

    #[tokio::test]
    async fn a_probe_that_hangs_is_given_up() {
        let hanging = within(Duration::from_millis(5), std::future::pending());
        assert!(hanging.await.unwrap_err().contains("no answer"));
    }
}
