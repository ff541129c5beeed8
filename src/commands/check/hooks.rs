//! What `check` asks of the other rooms.

use super::Found;
use crate::config::Settings;
use crate::domain::clock::At;
use crate::store::Db;
use crate::web::pages;
use crate::{line, mail};

/// Is the waiting line there?
pub(super) async fn line(settings: &Settings) -> Found {
    let url = &settings.line.url;
    let advice = "check line.url and that Redis is running; meanwhile requests are still taken, only found more slowly";
    let line = line::open(url.reveal(), &settings.line.prefix).await.map_err(|error| error.to_string())?;
    match line.ping().await {
        Ok(()) => Ok(url.to_string()),
        Err(error) => Err(format!("{url}: {error}: {advice}")),
    }
}

/// Can letters leave?
pub(super) async fn mail(settings: &Settings) -> Found {
    let url = &settings.mail.url;
    let mailer = mail::open(url.reveal(), &settings.mail.from).map_err(|error| error.to_string())?;
    match mailer.check().await {
        Ok(()) => Ok(url.to_string()),
        Err(error) => Err(format!("{url}: {error}: check mail.url and that the mail server is running")),
    }
}

/// Does a page render in every language, with all its words?
pub(super) fn templates() -> Found {
    pages::try_out().map(|tried| format!("{tried} pages written"))
}

/// How many migrations are not applied.
pub(super) async fn pending_migrations(db: &Db) -> Result<Option<usize>, String> {
    db.pending_migrations().await.map(Some).map_err(|error| error.to_string())
}

/// What time the database has; `None` for an embedded one, which has ours.
pub(super) async fn database_clock(db: &Db) -> Result<Option<At>, String> {
    db.time().await.map_err(|error| error.to_string())
}
