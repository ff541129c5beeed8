//! A failure as a page, in the same shell as all others.

use actix_web::HttpRequest;
use askama::Template;

use super::page::FaultPage;
use crate::web::Site;
use crate::web::fault::Told;
use crate::web::pages::visit;

/// The page of a failure; should even that fail, its code.
#[must_use]
pub fn render(request: &HttpRequest, site: &Site, told: &Told, request_id: &str) -> String {
    let shell = visit::of(request, None).shell(site, None);
    let request_id = Some(request_id).filter(|id| told.status.is_server_error() && !id.is_empty());
    let said = Some(told.detail.as_str()).filter(|_| told.code == "intake_paused");
    let page = FaultPage { shell: &shell, code: told.code, status: told.status.as_u16(), said, request_id };
    page.render().unwrap_or_else(|_| told.code.to_owned())
}
