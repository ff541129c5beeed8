//! Pages: one folder a noun, `page.rs` in it is what is shown. Everything works without JavaScript.

pub mod audit;
pub mod busy;
pub mod care;
pub mod desk;
pub mod dispatch;
pub mod docs;
mod door;
pub mod faults;
pub mod find;
pub mod follow_ups;
pub mod form;
pub mod households;
pub mod ledger;
pub mod notice;
pub mod notices;
pub mod parts;
pub mod posters;
pub mod requests;
pub mod rota;
pub mod run;
pub mod seals;
pub mod sessions;
pub mod shell;
pub mod shortages;
pub mod stock;
pub mod targets;
pub mod tracking;
mod visit;
pub mod volunteers;
pub mod watch;

use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpResponse, Responder};

use super::assets;
use super::fault::Fault;
use crate::words::{Lang, Words};
use askama::Template;
use form::Typed;
use shell::Shell;

pub fn configure(config: &mut ServiceConfig) {
    requests::handlers::configure(config);
    tracking::handlers::configure(config);
    find::handlers::configure(config);
    sessions::handlers::configure(config);
    volunteers::handlers::configure(config);
    volunteers::desk::configure(config);
    run::handlers::configure(config);
    watch::handlers::configure(config);
    watch::alarms::configure(config);
    rota::handlers::configure(config);
    dispatch::handlers::configure(config);
    targets::handlers::configure(config);
    shortages::handlers::configure(config);
    stock::handlers::configure(config);
    care::handlers::configure(config);
    audit::handlers::configure(config);
    desk::handlers::configure(config);
    households::handlers::configure(config);
    follow_ups::handlers::configure(config);
    notices::handlers::configure(config);
    posters::handlers::configure(config);
    seals::handlers::configure(config);
    ledger::handlers::configure(config);
    docs::handlers::configure(config);
    config
        .route("/assets/{name}", web::get().to(asset))
        .route("/run-sw.js", web::get().to(worker))
        .default_service(web::to(|| async { Err::<&str, _>(Fault::NotFound) }));
}

/// A file whose name changes with its content: kept for ever.
async fn asset(name: Path<String>) -> Result<impl Responder, Fault> {
    let asset = assets::find(&name).ok_or(Fault::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, format!("\"{}\"", asset.hashed_name)))
        .content_type(asset.content_type)
        .body(asset.body.clone()))
}

/// The runner's service worker: at the root, because it minds pages; asked for anew each time, because its name stays.
async fn worker() -> impl Responder {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .content_type("text/javascript; charset=utf-8")
        .body(assets::RUN_WORKER)
}

/// Writes a page in every language, to see whether templates and words are whole; answers how many were written.
///
/// # Errors
/// What is wrong with which.
pub fn try_out() -> Result<usize, String> {
    let pages = Lang::ALL.iter().map(|lang| {
        let shell = Shell::new(Words::of(*lang), "/sign-in", "");
        let page = sessions::page::SignInForm {
            shell: &shell,
            typed: &Typed::default(),
            refused: false,
            next: None,
            notice: None,
        };
        page.render().map_err(|error| error.to_string())
    });
    Ok(pages.collect::<Result<Vec<_>, _>>()?.len())
}

/// Nothing but our own; the one style within a page is named by its hash. No inline script anywhere.
#[must_use]
pub fn content_security_policy() -> HeaderValue {
    let policy = format!(
        "default-src 'none'; style-src 'self' '{}'; script-src 'self'; img-src 'self' data:; form-action 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        assets::style_hash()
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

#[cfg(test)]
mod tests;
