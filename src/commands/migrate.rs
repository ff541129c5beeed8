//! `paotui migrate`.

use std::process::ExitCode;

use anyhow::Context;

use super::screen;
use crate::config::Settings;
use crate::store::Db;

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let url = &settings.database.url;
    let db = Db::open(url.reveal())?;
    let applied = db.migrate().await.with_context(|| format!("database.url {url}"))?;
    screen::say(&match applied {
        0 => format!("migrations: nothing to do, {url} is up to date"),
        1 => format!("migrations: 1 applied to {url}"),
        many => format!("migrations: {many} applied to {url}"),
    });
    Ok(ExitCode::SUCCESS)
}
