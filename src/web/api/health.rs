//! `/healthz`, `/readyz`, `/metrics`: for the machine that runs us.

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Serialize;

use crate::store::views::ground;
use crate::web::Site;

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/healthz", web::get().to(healthz))
        .route("/readyz", web::get().to(readyz))
        .route("/metrics", web::get().to(metrics));
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    missing: Vec<&'static str>,
    degraded: Vec<&'static str>,
}

/// Alive: touches nothing.
async fn healthz() -> impl Responder {
    HttpResponse::Ok().json(Ready { status: "ok", missing: Vec::new(), degraded: Vec::new() })
}

/// Ready while the store answers. Without the line requests are still taken and carried, only found more slowly: degraded, not down.
async fn readyz(site: Data<Site>) -> impl Responder {
    let store = site.house.db.read(async move |conn| ground::list_zones(conn).await).await;
    let line = site.house.line.ping().await;
    let degraded = if line.is_err() { vec!["line"] } else { Vec::new() };
    match store {
        Ok(_) => HttpResponse::Ok().json(Ready { status: "ready", missing: Vec::new(), degraded }),
        Err(_) => HttpResponse::ServiceUnavailable().insert_header(("Retry-After", "2")).json(Ready {
            status: "not ready",
            missing: vec!["database"],
            degraded,
        }),
    }
}

async fn metrics(site: Data<Site>) -> impl Responder {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(site.metrics.render())
}
