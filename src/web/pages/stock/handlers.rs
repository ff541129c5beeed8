//! `/desk/stock` and `/shop/{token}`: what shops are asked, and their answers.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::{DeskPage, ShopPage};
use crate::domain::actor::Actor;
use crate::flow::sighting::{find_shop, see};
use crate::store::Error as StoreError;
use crate::store::views::{ground, stock};
use crate::web::api::{StockParams, moment, watched_zone};
use crate::web::extract::{Fields, Params, Peer};
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::sightings::{SightingBody, read};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource(links::STOCK).route(web::get().to(show)).route(web::post().to(answer)))
        .service(web::resource("/shop/{token}").route(web::get().to(show_shop)).route(web::post().to(answer_for_shop)));
}

async fn show(site: Data<Site>, visit: Visit, params: Params<StockParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::STOCK)) };
    let zone = watched_zone(&site, caller, params.0.zone.as_deref()).await?;
    let moment = moment(&site);
    let (zone, shops) = site
        .house
        .db
        .read(async move |conn| {
            let found = ground::load_zone(conn, zone).await?;
            Ok::<_, StoreError>((found, stock::list_shops(conn, zone, moment).await?))
        })
        .await?;
    let address = |token: &str| format!("{}{}", site.public_url.trim_end_matches('/'), links::shop(token));
    let with_link = |asked: stock::AskedShop| {
        let link = address(&site.house.shop_token(asked.shop.id));
        (asked, link)
    };
    let shops: Vec<_> = shops.into_iter().map(with_link).collect();
    let elsewhere = Some(zone.code.as_str()).filter(|_| zone.id != caller.person.zone);
    let (shell, now, notice) = (visit.shell(&site, None), moment.now, visit.notice());
    visit.show(&DeskPage { shell: &shell, zone: &zone.name, elsewhere, shops: &shops, now, notice })
}

fn body(fields: &Fields) -> SightingBody {
    let field = |name: &str| Some(fields.first(name).to_owned());
    SightingBody { item: field("item"), strength: field("strength"), outcome: field("outcome") }
}

async fn answer(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let told = read(fields.first("place"), &body(&fields))?;
    see(&site.house, &Actor::Person(caller.person.clone()), told).await?;
    let elsewhere = Some(fields.first("zone")).filter(|code| !code.is_empty());
    Ok(see_other(&links::of_zone(links::STOCK, elsewhere, "told")))
}

async fn show_shop(site: Data<Site>, visit: Visit, token: Path<String>) -> Result<HttpResponse> {
    let shop = find_shop(&site.house, &token).await?;
    let (whose, moment) = ((shop.zone, shop.id), moment(&site));
    let asked = site.house.db.read(async move |conn| stock::find_shop(conn, whose, moment).await).await?;
    let asked = asked.ok_or(Fault::NotFound)?;
    let shell = visit.shell(&site, Some(&token));
    visit.show(&ShopPage { shell: &shell, asked: &asked, now: moment.now, notice: visit.notice() })
}

async fn answer_for_shop(
    site: Data<Site>,
    visit: Visit,
    (peer, token): (Peer, Path<String>),
    fields: Fields,
) -> Result<HttpResponse> {
    let shop = find_shop(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    site.submissions.check(peer.0)?;
    see(&site.house, &Actor::Shop(shop.id), read(&shop.code, &body(&fields))?).await?;
    Ok(see_other(&format!("{}?notice=told", links::shop(&token))))
}
