//! The database: is it there, is it up to date, can it be written, does its clock agree.

use std::path::Path;

use super::{Found, Report, hooks, in_time, wall_clock};
use crate::config::Settings;
use crate::domain::clock::At;
use crate::domain::ids::ZoneId;
use crate::store::import::{ZoneRow, put_zone};
use crate::store::{Backing, Db, Error, lists, zones};

/// More than this between our clock and the database's, and somebody's NTP is not running.
const CLOCKS_APART_S: i64 = 5;

/// Stops at the first that is not well: the rest would only say the same again.
pub(super) async fn look(settings: &Settings, report: &mut Report) {
    let found = in_time(reach(settings)).await;
    let reached = found.is_ok();
    report.add("database", found);
    if !reached {
        return;
    }
    let Ok(db) = Db::open(settings.database.url.reveal()) else { return };
    let found = in_time(up_to_date(&db)).await;
    let usable = found.is_ok();
    report.add("migrations", found);
    if usable {
        report.add("writing", in_time(can_write(&db)).await);
        report.add("db clock", in_time(clocks_agree(&db)).await);
        report.add("lists", in_time(everything_is_listed(&db)).await);
    }
}

async fn reach(settings: &Settings) -> Found {
    let url = &settings.database.url;
    if let Some(file) = url.reveal().strip_prefix("sqlite://")
        && !Path::new(file).exists()
    {
        return Err(format!("{url} does not exist yet: run `paotui migrate`, or mend database.url"));
    }
    let told = |error: Error| format!("{url}: {}: {}", said(&error), advice(url.scheme()));
    let db = Db::open(url.reveal()).map_err(told)?;
    // Any question will do to see whether it answers at all; that there are no tables yet is the next probe's matter.
    match db.read(async |conn| zones::list(conn).await).await {
        Ok(_) | Err(Error::Broken(_) | Error::Refused(_) | Error::NotFound) => {}
        Err(error @ (Error::Unavailable(_) | Error::Contended(_))) => return Err(told(error)),
    }
    let backing = match db.backing() {
        Backing::Postgres => "PostgreSQL",
        Backing::Sqlite => "SQLite",
    };
    Ok(format!("{backing} at {url}"))
}

fn advice(scheme: &str) -> &'static str {
    if scheme == "sqlite" {
        "check database.url, and that this user may write the file and its folder"
    } else {
        "check database.url (host, port, user, password, name) and that the server is running"
    }
}

async fn up_to_date(db: &Db) -> Found {
    let behind = "the tables are not all there: run `paotui migrate`";
    match hooks::pending_migrations(db).await? {
        Some(0) => return Ok("all applied".to_owned()),
        Some(pending) => return Err(format!("{pending} not applied: run `paotui migrate`")),
        None => {}
    }
    match db.read(async |conn| zones::list(conn).await).await {
        Ok(_) => Ok("the tables are there".to_owned()),
        Err(error) => Err(format!("{behind} ({})", said(&error))),
    }
}

/// How the trial write ends: never kept.
enum Trial {
    Worked,
    Failed(Error),
}

impl From<Error> for Trial {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

async fn can_write(db: &Db) -> Found {
    let id = ZoneId::mint();
    let empty = String::new;
    let row = ZoneRow {
        id,
        code: format!("check-{id}"),
        name: empty(),
        street: empty(),
        district: empty(),
        created_at: At(0),
    };
    let tried = db
        .write(async move |conn| put_zone(conn, row).await.map_err(Trial::from).and(Err::<(), _>(Trial::Worked)))
        .await;
    match tried {
        Ok(()) | Err(Trial::Worked) => Ok("a row was written and rolled back".to_owned()),
        Err(Trial::Failed(error)) => {
            Err(format!("{}: check that the user may write and that the disk has room", said(&error)))
        }
    }
}

async fn clocks_agree(db: &Db) -> Found {
    let before = wall_clock();
    let Some(theirs) = hooks::database_clock(db).await? else { return Ok("was not looked at".to_owned()) };
    // Asking takes a moment; their answer was given somewhere in between.
    let ours = At(i64::midpoint(before.0, wall_clock().0));
    let apart_ms = theirs.micros_since(ours) / 1000;
    if apart_ms.abs() > CLOCKS_APART_S * 1000 {
        return Err(format!(
            "the database's clock is {apart_ms} ms from ours: run NTP (chrony, timesyncd) on both machines"
        ));
    }
    Ok(format!("{} ms from ours", apart_ms.abs()))
}

/// Each open request is in exactly one of the queue, a runner's hands, the follow-ups and the care inbox.
async fn everything_is_listed(db: &Db) -> Found {
    let zones = db.read(async |conn| lists::count_all(conn).await).await.map_err(|error| said(&error))?;
    let open: usize = zones.iter().flat_map(|(_, lists)| lists.counted.values()).sum();
    let lost: Vec<String> = zones
        .iter()
        .flat_map(|(zone, lists)| lists.lost.iter().map(move |(request, why)| format!("{request} ({zone}, {why})")))
        .collect();
    if lost.is_empty() {
        return Ok(format!("{open} open requests, each in one list"));
    }
    let first = lost.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    Err(format!(
        "{} open requests are in no list: {first}: open each at /watch/requests/ID and tell the makers",
        lost.len()
    ))
}

fn said(error: &Error) -> String {
    error.to_string()
}
