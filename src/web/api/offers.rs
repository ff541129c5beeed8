//! Answering an offer.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};

use serde::Deserialize;
use utoipa::ToSchema;

use super::given::optional_reason;
use super::id;
use super::runner::must_be_runner;
use super::shapes::{ErrandState, Page, ReasonBody};
use crate::flow::offering;
use crate::web::Site;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Problem, Result};

pub fn configure(config: &mut ServiceConfig) {
    config.service(accept).service(decline);
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcceptBody {
    /// Ids of errands of the offer that are not taken: they go on to the next runner.
    #[schema(value_type = Vec<String>)]
    pub drop: Vec<String>,
}

/// Take what the offer holds, all or all but what is dropped.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(("id" = String, Path)), request_body = AcceptBody,
    responses((status = 200, body = Page<ErrandState>), (status = 404, body = Problem), (status = 409, body = Problem, description = "offer_closed"))
)]
#[post("/offers/{id}/accept")]
pub async fn accept(
    site: Data<Site>,
    caller: SignedIn,
    offer: Path<String>,
    body: Body<AcceptBody>,
) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let dropped = body.value.drop.iter().map(|text| id(text)).collect::<Result<_>>()?;
    let claimed = offering::accept(&site.house, &caller.person, id(&offer)?, dropped).await?;
    Ok(HttpResponse::Ok().json(Page::whole(claimed.iter().map(ErrandState::from).collect())))
}

/// Say no. The caller is not asked about these errands again.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(("id" = String, Path)), request_body = ReasonBody,
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem, description = "offer_closed"))
)]
#[post("/offers/{id}/decline")]
pub async fn decline(
    site: Data<Site>,
    caller: SignedIn,
    offer: Path<String>,
    body: Body<ReasonBody>,
) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let reason = optional_reason(body.value.reason.as_deref())?;
    offering::decline(&site.house, &caller.person, id(&offer)?, reason).await?;
    Ok(HttpResponse::NoContent().finish())
}
