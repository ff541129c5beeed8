//! `/admin/audit`.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::AuditPage;
use crate::store::views::ground;
use crate::web::api::{AuditParams, load_audit};
use crate::web::extract::Params;
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.route(links::AUDIT, web::get().to(show));
}

async fn show(site: Data<Site>, visit: Visit, params: Params<AuditParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::AUDIT)) };
    let asked = params.0;
    let limit = asked.limit();
    let (found, wrong) = match load_audit(&site, caller, &asked, limit).await {
        Ok(found) => (found, false),
        // What was typed stays; the list is shown whole, and says that it is.
        Err(Fault::Invalid(_)) => {
            let plain = AuditParams { zone: asked.zone.clone(), ..AuditParams::default() };
            (load_audit(&site, caller, &plain, limit).await?, true)
        }
        Err(fault) => return Err(fault),
    };
    let (zone, rows, more) = found;
    let zone = site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?;
    let (shell, now) = (visit.shell(&site, None), site.house.now());
    let page =
        AuditPage { shell: &shell, zone: &zone.name, code: &zone.code, asked: &asked, rows: &rows, more, wrong, now };
    visit.show(&page)
}
