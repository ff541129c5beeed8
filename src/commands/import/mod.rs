//! `paotui import`: a whole CSV file or nothing of it, with a reason for every row that does not fit.
//!
//! Reading is pure ([`table`], [`cells`], [`kinds`]); then one transaction checks what the rows refer to and puts them in.

mod cells;
mod kinds;
mod table;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ValueEnum;

pub(super) use cells::check_username;
use kinds::{Building, Household, Kind, Known, Person, Place, Zone};
use table::Wrong;

use super::{opened, screen, wall_clock};
use crate::config::Settings;
use crate::domain::clock::At;
use crate::store::{self, Db};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the file holds.
    #[arg(value_enum)]
    kind: What,
    /// CSV in UTF-8 with a header; docs/operations.md lists the columns.
    file: PathBuf,
    /// Says what would be wrong or brought in, and changes nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum What {
    Zones,
    Buildings,
    Places,
    People,
    Households,
}

pub(super) async fn run(args: Args, settings: Settings) -> anyhow::Result<ExitCode> {
    let place = args.file.display().to_string();
    let bytes = std::fs::read(&args.file).with_context(|| format!("{place} cannot be read"))?;
    let db = opened(&settings).await?;
    match import(&db, args.kind, &bytes, wall_clock(), args.dry_run).await {
        Ok(rows) => {
            let (kind, done) = (args.kind.as_str(), if args.dry_run { "would be brought in" } else { "brought in" });
            screen::say(&format!("{kind}: {rows} rows of {place} {done}"));
            Ok(ExitCode::SUCCESS)
        }
        Err(Stopped::Store(error)) => Err(error.into()),
        Err(Stopped::Wrong(wrongs)) => {
            for wrong in &wrongs {
                screen::tell(&format!("{place}: {wrong}"));
            }
            bail!("{place}: {} mistakes, nothing was changed", wrongs.len());
        }
    }
}

impl What {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Zones => "zones",
            Self::Buildings => "buildings",
            Self::Places => "places",
            Self::People => "people",
            Self::Households => "households",
        }
    }
}

/// Why nothing was brought in.
#[derive(Debug)]
pub enum Stopped {
    Wrong(Vec<Wrong>),
    Store(store::Error),
}

/// Brings a file in and answers the number of its rows: all of them, or none. `dry_run` does everything but keep it.
///
/// # Errors
/// [`Stopped::Wrong`] with every mistake found, [`Stopped::Store`].
pub async fn import(db: &Db, what: What, csv: &[u8], now: At, dry_run: bool) -> Result<usize, Stopped> {
    match what {
        What::Zones => bring_in::<Zone>(db, csv, now, dry_run).await,
        What::Buildings => bring_in::<Building>(db, csv, now, dry_run).await,
        What::Places => bring_in::<Place>(db, csv, now, dry_run).await,
        What::People => bring_in::<Person>(db, csv, now, dry_run).await,
        What::Households => bring_in::<Household>(db, csv, now, dry_run).await,
    }
}

/// How the transaction of an import ends without being kept.
enum Undone {
    Rehearsed,
    Stopped(Stopped),
}

impl From<store::Error> for Undone {
    fn from(error: store::Error) -> Self {
        Self::Stopped(Stopped::Store(error))
    }
}

async fn bring_in<K: Kind>(db: &Db, csv: &[u8], now: At, dry_run: bool) -> Result<usize, Stopped> {
    let rows = table::parse::<K>(csv).map_err(Stopped::Wrong)?;
    let count = rows.len();
    let done = db
        .write(async move |conn| {
            let known = Known::load(conn).await?;
            let strangers = kinds::strangers(&rows, &known);
            if !strangers.is_empty() {
                return Err(Undone::Stopped(Stopped::Wrong(strangers)));
            }
            for (_, row) in rows {
                row.put(conn, &known, now).await?;
            }
            if dry_run { Err(Undone::Rehearsed) } else { Ok(()) }
        })
        .await;
    match done {
        Ok(()) | Err(Undone::Rehearsed) => Ok(count),
        Err(Undone::Stopped(stopped)) => Err(stopped),
    }
}
