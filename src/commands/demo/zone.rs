//! The demonstration zone: config/demo, compiled in, loaded into a store of its own.

use std::path::Path;

use anyhow::{Context, bail};

use super::lapse::hasten;
use crate::commands::import;
use crate::config::Settings;
use crate::flow::password;
use crate::store::{self, Db, people};

/// A store that is thrown away at each start, unless the settings name another.
const STORE: &str = "data/demo/paotui.db";

/// The settings of a demonstration: a fresh embedded store, no limits for one's own machine, and dispatch that knows how
/// fast the simulated runners are.
pub(super) fn demonstration(mut settings: Settings, lapse: f64) -> anyhow::Result<Settings> {
    if settings.server.is_production() {
        bail!("a demonstration does not run in production mode: unset server.mode");
    }
    let defaults = Settings::load(None, std::iter::empty())?;
    if settings.database.url.reveal() == defaults.database.url.reveal() {
        for suffix in ["", "-wal", "-shm", ".migrating"] {
            remove(Path::new(&format!("{STORE}{suffix}")))?;
        }
        settings.database.url = crate::config::Url::new(format!("sqlite://{STORE}"));
    }
    // Somebody else listens on the usual port: any free one will do.
    if std::net::TcpListener::bind(settings.server.listen).is_err() {
        settings.server.listen.set_port(0);
    }
    // A phone that is in use is not mistaken for the one in the air.
    if settings.server.phone.is_empty() {
        "023-5550-0110".clone_into(&mut settings.server.phone);
        "每天 7:00–22:00".clone_into(&mut settings.server.hours);
    }
    settings.limits.requests_per_minute = 0;
    settings.limits.sign_ins_per_minute = 0;
    hasten(&mut settings.dispatch, lapse);
    Ok(settings)
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("the demonstration's old store {} is in the way", file.display()))
        }
        _ => Ok(()),
    }
}

const FILES: [(import::What, &str, &str); 5] = [
    (import::What::Zones, "zones.csv", include_str!("../../../config/demo/zones.csv")),
    (import::What::Buildings, "buildings.csv", include_str!("../../../config/demo/buildings.csv")),
    (import::What::Places, "places.csv", include_str!("../../../config/demo/places.csv")),
    (import::What::People, "people.csv", include_str!("../../../config/demo/people.csv")),
    (import::What::Households, "households.csv", include_str!("../../../config/demo/households.csv")),
];

/// Brings the zone in by the same importer that `paotui import` uses, and gives everybody the demonstration's password.
pub(super) async fn load(db: &Db, shared_password: &str) -> anyhow::Result<()> {
    for (kind, name, text) in FILES {
        if let Err(stopped) = import::import(db, kind, text.as_bytes(), crate::clocks::wall(), false).await {
            bail!("config/demo/{name}: {stopped:?}");
        }
    }
    let shared_password = shared_password.to_owned();
    let hash = tokio::task::spawn_blocking(move || password::hash(&shared_password)).await??;
    db.write::<_, store::Error, _>(async move |conn| people::set_missing_passwords(conn, &hash).await).await?;
    Ok(())
}
