//! `/find`: a request by its code and the last four digits of the phone it was asked with.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::FindForm;
use crate::flow::follow_up;
use crate::web::extract::{Fields, Peer};
use crate::web::fault::Result;
use crate::web::pages::form::Typed;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource("/find").route(web::get().to(show)).route(web::post().to(find)));
}

async fn show(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    let shell = visit.shell(&site, None);
    visit.show(&FindForm { shell: &shell, typed: &Typed::default(), not_found: false })
}

async fn find(site: Data<Site>, visit: Visit, peer: Peer, fields: Fields) -> Result<HttpResponse> {
    visit.check_form(&site, &fields, None)?;
    site.searches.check(peer.0)?;
    let found = follow_up::find_by_code(&site.house, fields.first("code"), fields.first("last_four")).await?;
    if let Some(request) = found {
        return Ok(see_other(&links::tracking(&site.house.token(request))));
    }
    let typed: Typed = fields.pairs.into_iter().collect();
    let shell = visit.shell(&site, None);
    visit.show_as(HttpResponse::NotFound(), &FindForm { shell: &shell, typed: &typed, not_found: true })
}
