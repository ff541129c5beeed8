//! `/r/{token}`: following a request, and the asker's word on it.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::TrackingPage;
use crate::domain::actor::Trace;
use crate::domain::reason::Reason;
use crate::flow::follow_up;
use crate::store::views::{ground, tracking};
use crate::web::extract::Fields;
use crate::web::fault::Result;
use crate::web::pages::door::told;
use crate::web::pages::notices;
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/r/{token}", web::get().to(show))
        .route("/r/{token}/cancel", web::post().to(cancel))
        .route("/r/{token}/confirm", web::post().to(confirm));
}

async fn show(site: Data<Site>, visit: Visit, token: Path<String>) -> Result<HttpResponse> {
    let request = follow_up::find_by_token(&site.house, &token).await?;
    let tracking = site.house.db.read(async move |conn| tracking::load(conn, request).await).await?;
    let mut shell = visit.shell(&site, Some(&token));
    let zone = site.house.db.read(async move |conn| ground::find_zone_of(conn, request).await).await?;
    notices::hang(&site, &mut shell, zone).await?;
    visit.show(&TrackingPage { shell: &shell, tracking: &tracking, now: site.house.now(), notice: visit.notice() })
}

async fn cancel(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_by_token(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    let done = follow_up::cancel(&site.house, request, Trace::RESIDENT, Some(Reason::word("by_resident"))).await;
    told(done.map_err(Into::into), &links::tracking(&token), "cancelled")
}

async fn confirm(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_by_token(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    if fields.first("received") == "no" {
        let done = follow_up::not_received(&site.house, request).await;
        return told(done.map_err(Into::into), &links::tracking(&token), "problem");
    }
    let done = follow_up::confirm(&site.house, request).await;
    told(done.map_err(Into::into), &links::tracking(&token), "confirmed")
}
