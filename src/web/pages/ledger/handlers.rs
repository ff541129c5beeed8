//! `/watch/ledger`.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::LedgerPage;
use crate::store::views::ground;
use crate::web::api::{Asked, LedgerParams, accounts};
use crate::web::extract::Params;
use crate::web::fault::Result;
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.route(links::LEDGER, web::get().to(show));
}

async fn show(site: Data<Site>, visit: Visit, params: Params<LedgerParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::LEDGER)) };
    let Asked { zone, from, to, book } = accounts(&site, caller, &params.0).await?;
    let zone = site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?;
    let shell = visit.shell(&site, None);
    let now = site.house.now();
    let page = LedgerPage { shell: &shell, zone: &zone.name, code: &zone.code, from, to, book: &book, now };
    visit.show(&page)
}
