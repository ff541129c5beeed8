//! What would help those who wait.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ZoneParams, watched_zone};
use crate::domain::help::{Help, Need};
use crate::store::views::needs;
use crate::web::Site;
use crate::web::api::shapes::Page;
use crate::web::extract::{Params, SignedIn};
use crate::web::fault::{Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list);
}

/// Something that would help.
#[derive(Serialize, ToSchema)]
pub struct NeedJson {
    pub need: Need,
    /// How many people; 1 when it is no matter of people.
    pub people: usize,
    /// How many errands it would free.
    pub errands: usize,
    /// After this the first of them would be late.
    #[schema(value_type = String, format = DateTime)]
    pub before: Iso,
}

impl From<Help> for NeedJson {
    fn from(help: Help) -> Self {
        Self { need: help.need, people: help.people, errands: help.errands, before: help.before.into() }
    }
}

/// What would help those about whom nobody can be asked: more runners and by when, one trained for medicine, a shop to ring.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams),
    responses((status = 200, body = Page<NeedJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/watch/needs")]
pub async fn list(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let now = site.house.now();
    let found = site.house.db.read(async move |conn| needs::list(conn, zone, now).await).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(NeedJson::from).collect())))
}
