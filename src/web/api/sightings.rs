//! Telling what a place has.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::actor::Actor;
use crate::domain::stock::Found;
use crate::flow::sighting::{self, Seen};
use crate::web::Site;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Problem, Result};
use crate::web::iso::Iso;
use crate::web::sightings::{SightingBody, read};

pub fn configure(config: &mut ServiceConfig) {
    config.service(see);
}

/// What was found, as it is kept: item and strength normalised, so that two who mean the same are understood as one.
#[derive(Serialize, ToSchema)]
pub struct SightingJson {
    pub place: String,
    pub item: String,
    /// Absent: any strength.
    pub strength: Option<String>,
    pub outcome: Found,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
}

impl SightingJson {
    fn new(place: String, seen: Seen) -> Self {
        let strength = Some(seen.key.strength).filter(|strength| !strength.is_empty());
        Self { place, item: seen.key.item, strength, outcome: seen.found, at: seen.at.into() }
    }
}

/// Tell what was found at a counter. Dispatch sends the next runner accordingly. Told twice within a minute, it is one.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner, desk", params(("code" = String, Path, description = "The place's code.")), request_body = SightingBody,
    responses((status = 201, body = SightingJson), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[post("/places/{code}/sightings")]
pub async fn see(
    site: Data<Site>,
    caller: SignedIn,
    place: Path<String>,
    body: Body<SightingBody>,
) -> Result<HttpResponse> {
    let told = read(&place, &body.value)?;
    let seen = sighting::see(&site.house, &Actor::Person(caller.person), told).await?;
    Ok(HttpResponse::Created().json(SightingJson::new(place.into_inner(), seen)))
}
