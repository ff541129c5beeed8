//! `/api/docs`: the API to read, made from the same document as `/api/openapi.json`.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::{DocsPage, Endpoint};
use crate::web::Site;
use crate::web::api;
use crate::web::fault::Result;
use crate::web::pages::visit::Visit;

pub fn configure(config: &mut ServiceConfig) {
    config.route("/api/docs", web::get().to(show));
}

async fn show(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    let endpoints: Vec<Endpoint> = api::endpoints();
    let shell = visit.shell(&site, None);
    visit.show(&DocsPage { shell: &shell, endpoints: &endpoints })
}
