//! Taking urgent requests alone for a while.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dispatch::{ZoneParams, overseen_zone};
use crate::domain::actor::Person;
use crate::domain::ids::ZoneId;
use crate::domain::text::Note;
use crate::flow::supervision;
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};

pub fn configure(config: &mut ServiceConfig) {
    config.service(pause);
}

/// The longest that is said on the form.
const LONGEST: usize = 300;

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeBody {
    pub paused: Option<bool>,
    /// Why, and when again: shown on the form. Required when pausing.
    pub text: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct IntakeJson {
    pub paused: bool,
    pub text: Option<String>,
}

/// Pauses with this text, or opens again with none.
pub(in crate::web) async fn set(site: &Site, person: &Person, zone: ZoneId, text: Option<&str>) -> Result<()> {
    let wrong = |code| Fault::Invalid(vec![FieldError::new("text", code)]);
    let said = text.map(Note::parse).transpose().map_err(|unfit| wrong(unfit.code()))?;
    if said.as_ref().is_some_and(|said| said.as_str().chars().count() > LONGEST) {
        return Err(wrong("too_long"));
    }
    supervision::pause_intake(&site.house, person, zone, said).await?;
    site.loads.forget(zone);
    Ok(())
}

/// Take red requests alone, and say why; or all again. Red is never refused.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams), request_body = IntakeBody,
    responses(
        (status = 200, body = IntakeJson), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem),
    )
)]
#[put("/watch/intake")]
pub async fn pause(
    site: Data<Site>,
    caller: SignedIn,
    params: Params<ZoneParams>,
    body: Body<IntakeBody>,
) -> Result<HttpResponse> {
    let zone = overseen_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let paused = body.value.paused.ok_or_else(|| Fault::Invalid(vec![FieldError::new("paused", "required")]))?;
    let text = paused.then(|| body.value.text.unwrap_or_default());
    set(&site, &caller.person, zone, text.as_deref()).await?;
    Ok(HttpResponse::Ok().json(IntakeJson { paused, text }))
}
