//! The table: what each room may use of ours, and which room a third-party crate belongs to.

use super::scan::{self, Named};

/// A room and what it may use: whole rooms (`store`), parts (`store::outbox`), or all but parts (`store -views`).
/// A room may always use itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("words", &[]),
    ("config", &[]),
    ("telemetry", &["config"]),
    ("clocks", &["domain"]),
    ("store", &["domain"]),
    ("line", &["domain"]),
    ("mail", &["domain", "words"]),
    ("hooks", &["domain", "words"]),
    ("flow", &["domain", "store -views", "line -redis -memory"]),
    ("web", &["domain", "words", "config", "flow", "store::views", STORE_FRONT]),
    ("worker", &["domain", "words", "flow", "line", "mail", "hooks", "store::outbox", STORE_FRONT]),
    ("simulate", &["domain", "flow::deciding"]),
    ("app", EVERYTHING),
    ("commands", EVERYTHING),
    ("main", EVERYTHING),
];

const EVERYTHING: &[&str] = &[
    "domain",
    "words",
    "config",
    "telemetry",
    "clocks",
    "store",
    "line",
    "mail",
    "hooks",
    "flow",
    "web",
    "worker",
    "simulate",
    "app",
    "commands",
];

/// Whoever may use a part of the store may hold its front door and its errors.
const STORE_FRONT: &str = "store::Db|Conn|Error|Result";

/// Third-party crates that only the named rooms may touch. What is not listed may be used anywhere.
const OWNERS: &[(&str, &[&str])] = &[
    ("diesel", &["store"]),
    ("diesel_async", &["store"]),
    ("diesel_migrations", &["store"]),
    ("tokio_postgres", &["store"]),
    ("tokio_postgres_rustls", &["store"]),
    ("libsqlite3_sys", &["store"]),
    ("deadpool", &["store"]),
    ("redis", &["line"]),
    ("lettre", &["mail"]),
    ("fluent_bundle", &["words"]),
    ("unic_langid", &["words"]),
    ("askama", &["web", "mail"]),
    ("actix_web", &["web", "app", "commands"]),
    ("tracing_actix_web", &["web", "app"]),
    ("governor", &["web"]),
    ("actix_multipart", &["web"]),
    ("argon2", &["flow"]),
    ("image", &["flow"]),
    ("clap", &["app", "commands", "main"]),
    ("anyhow", &["app", "commands", "main"]),
    ("reqwest", &["commands", "hooks"]),
    ("metrics_exporter_prometheus", &["telemetry", "web", "app"]),
    ("tracing_subscriber", &["telemetry", "config"]),
];

pub fn is_room(name: &str) -> bool {
    ROOMS.iter().any(|(room, _)| *room == name)
}

/// Everything in a file that the table does not allow, ready to read.
pub fn breaches(file: &str, text: &str) -> Vec<String> {
    let module = scan::module_of(file);
    let told = |named: Named, why: &str| format!("{file}:{}: {} — {why}", named.line, named.path.join("::"));
    let Some(room) = module.first() else {
        // The root only lists the rooms: a re-export there would be a way around the table.
        return scan::named(file, text)
            .into_iter()
            .map(|named| told(named, "src/lib.rs only declares modules"))
            .collect();
    };
    let judged = scan::named(file, text).into_iter().map(|named| (judge(room, &named.path), named));
    judged.filter_map(|(verdict, named)| verdict.err().map(|why| told(named, &why))).collect()
}

fn judge(room: &str, path: &[String]) -> Result<(), String> {
    match path {
        [first, used, inner @ ..] if first == "crate" || (room == "main" && first == "paotui") => {
            ours(room, used, inner)
        }
        [first] if first == "crate" => Err("the whole crate under another name hides what is used".to_owned()),
        [first, ..] => theirs(room, first),
        [] => Ok(()),
    }
}

fn ours(room: &str, used: &str, inner: &[String]) -> Result<(), String> {
    if used == room {
        return Ok(());
    }
    if !is_room(used) {
        return Err(format!("'{used}' is no room of the house"));
    }
    let allowed = ROOMS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, allowed)| allowed);
    if allowed.iter().any(|rule| permits(rule, used, inner)) {
        return Ok(());
    }
    Err(format!("{room} may not use this; it may use: {}", allowed.join(", ")))
}

/// Whether one entry of the table covers `used::inner…`.
fn permits(rule: &str, used: &str, inner: &[String]) -> bool {
    let mut parts = rule.split(" -");
    let (allowed, excepted) = (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>());
    let part = inner.first().map(String::as_str);
    match allowed.split_once("::") {
        None if excepted.is_empty() => allowed == used,
        // A glob would bring the excepted part along.
        None => allowed == used && part.is_none_or(|part| part != "*" && !excepted.contains(&part)),
        Some((whole, some)) => whole == used && part.is_some_and(|part| some.split('|').any(|one| one == part)),
    }
}

fn theirs(room: &str, krate: &str) -> Result<(), String> {
    match OWNERS.iter().find(|(owned, _)| *owned == krate) {
        Some((_, owners)) if !owners.contains(&room) => Err(format!("this crate belongs to {}", owners.join(", "))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(file: &str, text: &str) {
        assert!(!breaches(file, text).is_empty(), "{file}: {text} should be refused");
    }

    fn is_fine(file: &str, text: &str) {
        let found = breaches(file, text);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn planted_violations_are_found() {
        is_refused("src/domain/errand.rs", "use crate::store::Db;");
        is_refused("src/domain/errand.rs", "use crate::{domain::ids, flow::intake};");
        is_refused("src/store/offers.rs", "use super::super::flow::intake;");
        is_refused("src/flow/intake.rs", "use crate::store::{offers, views};");
        is_refused("src/flow/intake.rs", "use crate::store; fn f() { store::views::queue::list() }");
        is_refused("src/flow/intake.rs", "use crate::store::*;");
        is_refused("src/flow/intake.rs", "use crate::line::redis::RedisLine;");
        is_refused("src/flow/intake.rs", "use crate::config::Settings;");
        is_refused("src/flow/intake.rs", "fn f() { crate::mail::send() }");
        is_refused("src/web/pages/run.rs", "use crate::store::offers;");
        is_refused("src/web/pages/run.rs", "use crate::store;");
        is_refused("src/web/pages/run.rs", "use crate::line::Line;");
        is_refused("src/worker/relay.rs", "use crate::store::{outbox, requests};");
        is_refused("src/simulate/run.rs", "use crate::store::Db;");
        is_refused("src/words/mod.rs", "use crate::domain::ids::ZoneId;");
        is_refused("src/config/mod.rs", "use crate::domain::secret::Secret;");
        is_refused("src/flow/intake.rs", "use crate as everything;");
        is_refused("src/flow/intake.rs", "use crate::helpers::x;");
        is_refused("src/lib.rs", "pub mod store; pub use store::views; pub use crate::store::Db;");
    }

    #[test]
    fn third_party_crates_stay_with_their_owners() {
        is_refused("src/web/pages/run.rs", "use diesel::prelude::*;");
        is_refused("src/flow/intake.rs", "fn f() -> redis::RedisResult<()> { Ok(()) }");
        is_refused("src/worker/relay.rs", "use lettre::{Message, transport};");
        is_refused("src/flow/intake.rs", "use anyhow::Result;");
        is_refused("src/store/mod.rs", "use clap::Parser;");
        is_refused("src/commands/check.rs", "use ::tokio_postgres::Client;");
        is_refused("src/worker/hooks.rs", "fn f() -> reqwest::Client { reqwest::Client::new() }");
        is_fine("src/store/mod.rs", "use diesel::prelude::*; use diesel_async::RunQueryDsl;");
        is_fine("src/line/redis/mod.rs", "use redis::aio::ConnectionManager;");
        is_fine("src/web/pages/run.rs", "use askama::Template; use actix_web::web;");
        is_fine("src/mail/letters.rs", "use askama::Template; use lettre::Message;");
    }

    #[test]
    fn what_the_table_allows_passes() {
        is_fine(
            "src/flow/intake.rs",
            "use crate::{domain::clock::At, line::Line, store::{self, Db, offers}}; use super::access;",
        );
        is_fine(
            "src/web/pages/run.rs",
            "use crate::store::{Db, views::{self, runner}}; use crate::{flow, words, config};",
        );
        is_fine("src/worker/relay.rs", "use crate::{mail, line, store::outbox, store::Db};");
        is_fine("src/domain/ids.rs", "use super::words::word; use serde::Serialize; use utoipa::ToSchema;");
        is_fine("src/store/views/queue.rs", "use crate::store::{Conn, with}; use utoipa::ToSchema;");
        is_fine("src/main.rs", "fn main() { paotui::commands::run() }");
        is_fine("src/app.rs", "use crate::{store, line, mail, web, worker};");
    }

    #[test]
    fn the_table_names_only_rooms() {
        for (room, allowed) in ROOMS {
            for rule in *allowed {
                let used = rule.split([' ', ':']).next().unwrap_or_default();
                assert!(is_room(used) && used != *room || *room == "app" || *room == "commands", "{room}: {rule}");
            }
        }
    }

    #[test]
    fn the_table_has_no_circle() {
        fn reaches(from: &str, to: &str, seen: &mut Vec<String>) -> bool {
            if seen.iter().any(|room| room == from) {
                return false;
            }
            seen.push(from.to_owned());
            let allowed = ROOMS.iter().find(|(room, _)| *room == from).map_or(&[][..], |(_, allowed)| allowed);
            allowed
                .iter()
                .map(|rule| rule.split([' ', ':']).next().unwrap_or_default())
                .any(|next| next != from && (next == to || reaches(next, to, seen)))
        }
        let composed = ["app", "commands", "main"];
        for (room, _) in ROOMS.iter().filter(|(room, _)| !composed.contains(room)) {
            assert!(!reaches(room, room, &mut Vec::new()), "{room} reaches itself");
        }
    }
}
