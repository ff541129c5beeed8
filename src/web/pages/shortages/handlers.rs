//! `/watch/shortages`: looking, and putting those who wait before a person.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::ShortagesPage;
use crate::web::api::{ShortageBody, ZoneParams, load_shortages, put_before};
use crate::web::extract::{Fields, Params};
use crate::web::fault::Result;
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource(links::SHORTAGES).route(web::get().to(show)).route(web::post().to(put)));
}

async fn show(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::SHORTAGES)) };
    let only = params.0.zone.as_deref().filter(|code| !code.is_empty());
    let zones = load_shortages(&site, caller, only).await?;
    let (shell, now, notice) = (visit.shell(&site, None), site.house.now(), visit.notice());
    visit.show(&ShortagesPage { shell: &shell, zones: &zones, only, now, notice })
}

async fn put(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let given = |name: &str| Some(fields.first(name).to_owned()).filter(|text| !text.is_empty());
    let body = ShortageBody { zone: given("zone"), item: given("item"), strength: given("strength") };
    let only = given("only");
    let page = |notice: &str| see_other(&links::of_zone(links::SHORTAGES, only.as_deref(), notice));
    match put_before(&site, caller, &body).await {
        Ok(_) => Ok(page("put_before")),
        Err(fault) => fault.lost_race().map(page).ok_or(fault),
    }
}
