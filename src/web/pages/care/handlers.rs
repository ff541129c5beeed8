//! `/desk/care`: looking through the inbox, opening one, and deciding about it.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::{CarePage, OpenPage};
use crate::domain::actor::Actor;
use crate::domain::ids::RequestId;
use crate::domain::permission::{Action, may};
use crate::store::Error as StoreError;
use crate::store::views::{care, ground};
use crate::web::api::{DecideBody, ZoneParams, do_decide, id, load_care, must_settle, open_care, watched_zone};
use crate::web::extract::{Fields, Params};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::pages::watch::handlers::rank;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource(links::CARE).route(web::get().to(show)))
        .service(web::resource("/desk/care/{id}").route(web::get().to(show_one)).route(web::post().to(decide)));
}

async fn show(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::CARE)) };
    let zone = watched_zone(&site, caller, params.0.zone.as_deref()).await?;
    let rows = load_care(&site, zone).await?;
    let name = site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?.name;
    let (shell, now, notice) = (visit.shell(&site, None), site.house.now(), visit.notice());
    visit.show(&CarePage { shell: &shell, zone: &name, rows: &rows, now, notice })
}

async fn show_one(site: Data<Site>, visit: Visit, request: Path<String>) -> Result<HttpResponse> {
    if visit.signed_in().is_err() {
        return Ok(sign_in_and_back(links::CARE));
    }
    open(&site, &visit, id(&request)?, (&Fields::default(), &[])).await
}

/// One of them, with what was typed and what is wrong about it.
async fn open(
    site: &Site,
    visit: &Visit,
    request: RequestId,
    (typed, wrong): (&Fields, &[FieldError]),
) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    let (opened, care) = open_care(site, caller, request).await?;
    let holder = opened.row.runner.as_ref().map(|(runner, _)| *runner);
    let (zone, buildings, phone) = site
        .house
        .db
        .read(async move |conn| {
            let zone = ground::find_zone_of(conn, request).await?.ok_or(StoreError::NotFound)?;
            let mut buildings = ground::list_buildings(conn).await?;
            buildings.retain(|building| building.zone_id == zone);
            let phone = match holder {
                Some(runner) => care::find_phone_of_runner(conn, zone, runner).await?,
                None => None,
            };
            Ok::<_, StoreError>((zone, buildings, phone))
        })
        .await?;
    let may_settle = may(&Actor::Person(caller.person.clone()), Action::SettleCare { zone });
    let runners = rank(site, zone, &opened.row.building).await?;
    let (shell, now, notice) = (visit.shell(site, None), site.house.now(), visit.notice());
    let page = OpenPage {
        shell: &shell,
        opened: &opened,
        care: care.as_ref().filter(|_| may_settle),
        buildings: &buildings,
        runners: &runners,
        phone_of_runner: phone.as_deref(),
        typed,
        wrong,
        now,
        notice,
    };
    if wrong.is_empty() { visit.show(&page) } else { visit.show_as(HttpResponse::UnprocessableEntity(), &page) }
}

async fn decide(site: Data<Site>, visit: Visit, request: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_settle(caller)?;
    let request: RequestId = id(&request)?;
    let given = |name: &str| Some(fields.first(name).to_owned()).filter(|text| !text.trim().is_empty());
    let body = DecideBody {
        act: given("act"),
        building: given("building"),
        room: given("room"),
        runner: given("runner"),
        urgency: given("urgency"),
        reason: given("reason"),
    };
    let is_call = body.act.as_deref() == Some("called");
    match do_decide(&site, caller, request, body).await {
        // Nothing moved: the page stays open for what comes of the call.
        Ok(()) if is_call => Ok(see_other(&format!("/desk/care/{request}?notice=care_called"))),
        Ok(()) => Ok(see_other(&format!("{}?notice=decided", links::CARE))),
        Err(Fault::Invalid(wrong)) => open(&site, &visit, request, (&fields, &wrong)).await,
        Err(fault) if fault.told().status == 409 => {
            Ok(see_other(&format!("{}?notice={}", links::CARE, fault.told().code)))
        }
        Err(fault) => Err(fault),
    }
}
