//! What is pressed at the counter: what the shelf holds, another shop, a question to the household.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, ServiceConfig, post};

use super::handlers::runner_of;
use crate::domain::question::About;
use crate::domain::stock::Found;
use crate::domain::text::Line;
use crate::flow::asking::{self, Asks};
use crate::flow::{Named, elsewhere, sighting};
use crate::web::api::id;
use crate::web::extract::Fields;
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::door::told;
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/run/errands/{id}/ask", post().to(ask))
        .route("/run/errands/{id}/seen", post().to(tell_seen))
        .route("/run/errands/{id}/elsewhere", post().to(go_elsewhere));
}

/// One press at the counter: it has it, or not.
async fn tell_seen(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let wrong = |field: &str| Fault::Invalid(vec![FieldError::new(field, "not_a_word")]);
    let found: Found = fields.first("outcome").parse().map_err(|_| wrong("outcome"))?;
    let position = fields.first("item").parse().map_err(|_| wrong("item"))?;
    let shown = Some(fields.first("place").to_owned()).filter(|place| !place.is_empty());
    let done = sighting::see_for(&site.house, &caller.person, id(&errand)?, (position, found), shown).await;
    told(done.map_err(Into::into), links::RUN, "told")
}

async fn go_elsewhere(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let done = elsewhere::go(&site.house, &caller.person, id(&errand)?, fields.first("place").to_owned()).await;
    told(done.map_err(Into::into), links::RUN, "elsewhere")
}

/// Out of stock, unless the shop has something instead.
async fn ask(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let offer = Line::parse(fields.first("offer")).ok();
    let about = if offer.is_some() { About::OtherMaker } else { About::OutOfStock };
    let item = Named::Place(fields.first("item").parse().unwrap_or(-1));
    let done = asking::ask(&site.house, &caller.person, id(&errand)?, Asks { item, about, offer }).await;
    told(done.map_err(Into::into), links::RUN, "asked")
}
