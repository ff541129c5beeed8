//! `/run`: the runner's page and what is pressed on it.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::RunPage;
use crate::domain::errand::Step;
use crate::domain::geo::Point;
use crate::flow::carrying::{self, Done};
use crate::flow::{duty, offering};
use crate::store::Error as StoreError;
use crate::store::views::runner;
use crate::web::api::{id, must_be_runner, optional_reason};
use crate::web::extract::{Fields, SignedIn};
use crate::web::fault::Result;
use crate::web::pages::door::{sign_in_and_back, told};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

/// Errands of the open board that a phone's page shows.
const BOARD: i64 = 10;

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/run", web::get().to(show))
        .route("/run/duty", web::post().to(set_duty))
        .route("/run/offers/{id}/accept", web::post().to(accept))
        .route("/run/offers/{id}/decline", web::post().to(decline))
        .route("/run/errands/{id}/claim", web::post().to(claim))
        .route("/run/errands/{id}/{step}", web::post().to(act));
}

async fn show(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::RUN)) };
    must_be_runner(caller)?;
    duty::sign_of_life(&site.house, &caller.person).await?;
    let me = caller.person.id;
    let (duty, trip, offers, board) = site
        .house
        .db
        .read(async move |conn| {
            let duty = runner::load_duty(conn, me).await?;
            let trip = runner::load_trip(conn, me).await?;
            let offers = runner::list_offers(conn, me).await?;
            let board = if duty.on { runner::list_board(conn, me, duty.at, BOARD).await? } else { Vec::new() };
            Ok::<_, StoreError>((duty, trip, offers, board))
        })
        .await?;
    let shell = visit.shell(&site, None);
    let (now, notice) = (site.house.now(), visit.notice());
    visit.show(&RunPage { shell: &shell, duty: &duty, trip: &trip, offers: &offers, board: &board, now, notice })
}

/// The runner behind a form of the page.
fn runner_of<'v>(site: &Site, visit: &'v Visit, fields: &Fields) -> Result<&'v SignedIn> {
    let caller = visit.signed_in()?;
    visit.check_form(site, fields, None)?;
    must_be_runner(caller)?;
    Ok(caller)
}

async fn set_duty(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let on = matches!(fields.first("on"), "true" | "1" | "on" | "yes");
    let number = |name: &str| fields.first(name).parse::<f64>().ok();
    let at = number("lat").zip(number("lon")).map(|(lat, lon)| Point::new(lat, lon)).filter(|at| at.is_on_earth());
    duty::set(&site.house, &caller.person, duty::Told { on, at, accuracy_m: number("accuracy_m") }).await?;
    Ok(see_other(if on { "/run?notice=on_duty" } else { "/run?notice=off_duty" }))
}

async fn accept(site: Data<Site>, visit: Visit, offer: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let done = offering::accept(&site.house, &caller.person, id(&offer)?).await;
    told(done.map_err(Into::into), links::RUN, "accepted")
}

async fn decline(site: Data<Site>, visit: Visit, offer: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let reason = optional_reason(Some(fields.first("reason")))?;
    let done = offering::decline(&site.house, &caller.person, id(&offer)?, reason).await;
    told(done.map_err(Into::into), links::RUN, "declined")
}

async fn claim(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let done = offering::claim(&site.house, &caller.person, id(&errand)?).await;
    told(done.map_err(Into::into), links::RUN, "claimed")
}

async fn act(site: Data<Site>, visit: Visit, path: Path<(String, String)>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let (errand, step) = path.into_inner();
    let (step, word) = match step.as_str() {
        "collect" => (Step::Collect, "collected"),
        "deliver" => (Step::Deliver, "delivered"),
        "fail" => (Step::Fail, "failed"),
        "hand-back" => (Step::HandBack, "handed_back"),
        _ => return Err(crate::web::fault::Fault::NotFound),
    };
    let reason = optional_reason(Some(fields.first("reason")))?;
    if step == Step::Fail && reason.is_none() {
        return Ok(see_other("/run?notice=reason_needed"));
    }
    let done =
        carrying::act(&site.house, &caller.person, id(&errand)?, (step, Done { reason, ..Done::default() })).await;
    told(done.map_err(Into::into), links::RUN, word)
}
