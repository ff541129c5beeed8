//! `/admin/posters`: the list, a poster, a list of homes (a look at each of them).

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::{HomesPage, PosterPage, PostersPage};
use crate::domain::actor::Actor;
use crate::domain::ids::HouseholdId;
use crate::domain::permission::{Action, may};
use crate::flow::answering::{self, Look};
use crate::store::views::ground::{self, Building};
use crate::store::views::homes;
use crate::web::api::{ZoneParams, overseen_zone};
use crate::web::extract::{Params, SignedIn};
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route(links::POSTERS, web::get().to(list))
        .route("/admin/posters/{building}", web::get().to(poster))
        .route("/admin/posters/{building}/homes", web::get().to(homes_of));
}

async fn list(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::POSTERS)) };
    let zone = overseen_zone(&site, caller, params.0.zone.as_deref()).await?;
    let (all, name) = site
        .house
        .db
        .read(async move |conn| {
            Ok::<_, crate::store::Error>((
                ground::list_buildings(conn).await?,
                ground::load_zone(conn, zone).await?.name,
            ))
        })
        .await?;
    let buildings: Vec<Building> = all.into_iter().filter(|building| building.zone_id == zone).collect();
    let shell = visit.shell(&site, None);
    visit.show(&PostersPage { shell: &shell, zone: &name, buildings: &buildings })
}

/// A building of a zone the caller oversees; of another, it is not there.
async fn overseen(site: &Site, caller: &SignedIn, code: &str) -> Result<Building> {
    let code = code.to_owned();
    let all = site.house.db.read(async move |conn| ground::list_buildings(conn).await).await?;
    let found = all.into_iter().find(|building| building.code == code).ok_or(Fault::NotFound)?;
    let zone = found.zone_id;
    match may(&Actor::Person(caller.person.clone()), Action::StepIn { zone }) {
        true => Ok(found),
        false if zone == caller.person.zone => Err(Fault::NotAllowed),
        false => Err(Fault::NotFound),
    }
}

async fn poster(site: Data<Site>, visit: Visit, code: Path<String>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::POSTERS)) };
    let building = overseen(&site, caller, &code).await?;
    let address = format!("{}{}", site.public_url.trim_end_matches('/'), links::poster(&building.code));
    let shell = visit.shell(&site, None);
    visit.show(&PosterPage { shell: &shell, building: &building, address: &address })
}

async fn homes_of(site: Data<Site>, visit: Visit, code: Path<String>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::POSTERS)) };
    let building = overseen(&site, caller, &code).await?;
    let (zone, of) = (building.zone_id, building.id);
    let ids: Vec<HouseholdId> = site.house.db.read(async move |conn| homes::list_of_building(conn, of).await).await?;
    let look = Look { homes: ids.clone(), purpose: "list", ..Look::default() };
    answering::look(&site.house, &caller.person, zone, look).await?;
    let cards = site.house.db.read(async move |conn| homes::list_cards(conn, zone, &ids).await).await?;
    let (shell, now) = (visit.shell(&site, None), site.house.now());
    visit.show(&HomesPage { shell: &shell, building: &building, homes: &cards, now })
}
