//! `/r/{token}`: following a request, and the asker's word on it.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::TrackingPage;
use crate::domain::actor::Trace;
use crate::domain::reason::Reason;
use crate::domain::request::Problem;
use crate::flow::{asking, follow_up};
use crate::store::views::follow_ups::{self, After};
use crate::store::views::tracking;
use crate::web::api::{ProblemBody, choice, id};
use crate::web::extract::Fields;
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::told;
use crate::web::pages::notices;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links, load};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/r/{token}", web::get().to(show))
        .route("/r/{token}/cancel", web::post().to(cancel))
        .route("/r/{token}/confirm", web::post().to(confirm))
        .route("/r/{token}/answer", web::post().to(answer))
        .route("/r/{token}/problem", web::post().to(report));
    super::answers::configure(config);
}

async fn show(site: Data<Site>, visit: Visit, token: Path<String>) -> Result<HttpResponse> {
    let holder = follow_up::find_holder(&site.house, &token).await?;
    let request = holder.request;
    let tracking = site.house.db.read(async move |conn| tracking::load(conn, request).await).await?;
    let tracking = if holder.may_act { tracking } else { tracking.for_joiner() };
    let after = if holder.may_act {
        site.house.db.read(async move |conn| follow_ups::load_after(conn, request).await).await?
    } else {
        After::default()
    };
    let load = load::of(&site, tracking.zone).await?;
    let mut shell = visit.shell(&site, Some(&token));
    notices::hang(&site, &mut shell, Some(tracking.zone)).await?;
    visit.show(&TrackingPage {
        shell: &shell,
        tracking: &tracking,
        after: &after,
        load: &load,
        holder,
        now: site.house.now(),
        notice: visit.notice(),
    })
}

async fn cancel(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    let done = follow_up::cancel(&site.house, request, Trace::RESIDENT, Some(Reason::word("by_resident"))).await;
    told(done.map_err(Into::into), &links::tracking(&token), "cancelled")
}

async fn confirm(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    if fields.first("received") == "no" {
        let done = follow_up::report(&site.house, request, Problem::NotReceived, None).await;
        return told(done.map_err(Into::into), &links::tracking(&token), "problem");
    }
    let done = follow_up::confirm(&site.house, request).await;
    told(done.map_err(Into::into), &links::tracking(&token), "confirmed")
}

async fn answer(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    let choice = choice(Some(fields.first("choice")))?;
    let done = asking::answer(&site.house, request, id(fields.first("question"))?, choice).await;
    told(done.map_err(Into::into), &links::tracking(&token), "answered")
}

async fn report(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    let given = |name: &str| Some(fields.first(name).to_owned());
    match (ProblemBody { reason: given("reason"), note: given("note") }).read() {
        Ok((problem, note)) => {
            let done = follow_up::report(&site.house, request, problem, note).await;
            told(done.map_err(Into::into), &links::tracking(&token), "problem")
        }
        Err(Fault::Invalid(_)) => Ok(see_other(&format!("{}?notice=reason_needed", links::tracking(&token)))),
        Err(fault) => Err(fault),
    }
}
