//! `/` and `/b/{code}`: the form, and taking it.

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::form::asked;
use super::page::{BuildingChoice, RequestForm, Where};
use crate::domain::actor::Trace;
use crate::domain::request::Channel;
use crate::domain::secret;
use crate::flow::{CallKey, intake};
use crate::store::views::ground::{self, Building};
use crate::web::extract::{Fields, Peer};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::form::{self, Typed};
use crate::web::pages::notices;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, intake_door, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource("/").route(web::get().to(show)).route(web::post().to(take)))
        .service(web::resource("/b/{code}").route(web::get().to(show)).route(web::post().to(take)));
}

/// The building of the poster, if the address names one.
fn poster_code(http: &HttpRequest) -> Option<String> {
    http.match_info().get("code").map(ToOwned::to_owned)
}

async fn show(site: Data<Site>, http: HttpRequest, visit: Visit) -> Result<HttpResponse> {
    let key = site.house.chance.token();
    render(&site, &visit, (poster_code(&http), &Typed::default(), &[]), &key).await
}

type Shown<'a> = (Option<String>, &'a Typed, &'a [FieldError]);

async fn render(site: &Site, visit: &Visit, (code, typed, errors): Shown<'_>, key: &str) -> Result<HttpResponse> {
    let buildings = site.house.db.read(async move |conn| ground::list_buildings(conn).await).await?;
    let choice = |building: &Building| BuildingChoice {
        code: building.code.clone(),
        compound: building.compound.clone(),
        name: building.name.clone(),
    };
    let all: Vec<BuildingChoice> = buildings.iter().map(choice).collect();
    let known = code.as_ref().and_then(|code| all.iter().find(|choice| choice.code == *code));
    let building = match (&code, known) {
        (_, Some(known)) => Where::Known(known),
        (Some(_), None) => Where::UnknownCode(&all),
        (None, None) => Where::Choose(&all),
    };
    let zone = code
        .as_ref()
        .and_then(|code| buildings.iter().find(|building| building.code == *code))
        .map(|building| building.zone_id);
    let mut shell = visit.shell(site, Some(key));
    notices::hang(site, &mut shell, zone).await?;
    let errors: Vec<form::FieldError> =
        errors.iter().map(|error| form::FieldError::new(&error.field, error.code)).collect();
    let page = RequestForm { shell: &shell, building, typed, errors: &errors, idempotency_key: key };
    let status = if errors.is_empty() { HttpResponse::Ok() } else { HttpResponse::UnprocessableEntity() };
    visit.show_as(status, &page)
}

async fn take(
    site: Data<Site>,
    http: HttpRequest,
    visit: Visit,
    (peer, fields): (Peer, Fields),
) -> Result<HttpResponse> {
    let key = fields.first("idempotency_key").to_owned();
    visit.check_form(&site, &fields, Some(&key))?;
    site.submissions.check(peer.0)?;
    let code = poster_code(&http);
    let channel = if code.is_some() { Channel::Poster } else { Channel::Web };
    let asked = asked(&fields, visit.words.lang(), (&site.house.local, site.house.now()));
    match intake_door::read(&site, &asked, channel).await {
        Ok(submission) => {
            let key = CallKey { scope: "form".to_owned(), key: secret::hash(&key), body: fields.digest };
            let receipt = intake::submit(&site.house, submission, Trace::RESIDENT, Some(key)).await?;
            Ok(see_other(&links::tracking(&receipt.token)))
        }
        Err(Fault::Invalid(errors)) => {
            let typed: Typed = fields.pairs.into_iter().collect();
            render(&site, &visit, (code, &typed, &errors), &key).await
        }
        Err(fault) => Err(fault),
    }
}
