//! `/desk/households`, and the one press after each call.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::HomesPage;
use crate::domain::ids::{HouseholdId, RequestId};
use crate::domain::silence::Outcome;
use crate::flow::calling;
use crate::store::views::ground;
use crate::web::api::{LastsBody, SilentParams, due_calls, id, must_work_the_desk, outcome, silent_homes};
use crate::web::extract::{Fields, Params};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route(links::HOUSEHOLDS, web::get().to(show))
        .route("/desk/households/{id}", web::post().to(called))
        .route("/desk/supplies/{id}", web::post().to(told_how_long));
}

async fn show(site: Data<Site>, visit: Visit, params: Params<SilentParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::HOUSEHOLDS)) };
    must_work_the_desk(caller)?;
    let (zone, days) = (caller.person.zone, params.0.days());
    let silent = silent_homes(&site, caller, zone, days).await?;
    let due = due_calls(&site, caller, zone).await?;
    let zone = site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?;
    let (shell, now, notice) = (visit.shell(&site, None), site.house.now(), visit.notice());
    visit.show(&HomesPage { shell: &shell, zone: &zone.name, days, silent: &silent, due: &due, now, notice })
}

/// Back to the list as it was.
fn back(fields: &Fields) -> HttpResponse {
    let days: i64 = fields.first("days").parse().unwrap_or(crate::domain::silence::DAYS);
    see_other(&format!("{}?notice=called&days={}", links::HOUSEHOLDS, days.clamp(1, 30)))
}

async fn called(site: Data<Site>, visit: Visit, home: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let (home, outcome): (HouseholdId, _) = (id(&home)?, outcome(Some(fields.first("outcome")))?);
    calling::called(&site.house, &caller.person, home, outcome).await?;
    match outcome {
        // The address holds the id of the home and nothing else of it.
        Outcome::Needs => Ok(see_other(&format!("{}?home={home}", links::DESK))),
        Outcome::Fine | Outcome::NoAnswer => Ok(back(&fields)),
    }
}

async fn told_how_long(site: Data<Site>, visit: Visit, request: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let request: RequestId = id(&request)?;
    let field = |name: &str| Some(fields.first(name).to_owned());
    let enough_days = match fields.first("lasts") {
        "again" => return Ok(see_other(&format!("{}?again={request}", links::DESK))),
        "never" | "no_answer" => None,
        days => Some(days.parse().map_err(|_| Fault::Invalid(vec![FieldError::new("lasts", "not_a_word")]))?),
    };
    let no_answer = fields.first("lasts") == "no_answer";
    let body = LastsBody { item: field("item"), strength: field("strength"), enough_days, no_answer };
    calling::told_how_long(&site.house, &caller.person, body.read(&site, request)?).await?;
    Ok(back(&fields))
}
