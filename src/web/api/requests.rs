//! Asking, and following what was asked.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::given::{idempotency_key, optional_reason};
use super::shapes;
use crate::domain::actor::Trace;
use crate::domain::errand::State;
use crate::domain::ids::RequestId;
use crate::domain::reason::Reason;
use crate::domain::request::{Category, Channel};
use crate::domain::urgency::Urgency;
use crate::flow::{CallKey, follow_up, intake};
use crate::store::views::tracking;
use crate::web::extract::{Body, Peer};
use crate::web::fault::{Problem, Result};
use crate::web::iso::Iso;
use crate::web::submission::Asked;
use crate::web::{Site, intake_door, links};

pub fn configure(config: &mut ServiceConfig) {
    config.service(submit).service(track).service(cancel).service(confirm);
}

/// What the asker gets: keep `token` (it is the link), read out `code`.
#[derive(Serialize, ToSchema)]
#[allow(clippy::struct_field_names, reason = "the contract's names")]
pub struct Submitted {
    #[schema(value_type = String, format = Uuid)]
    pub id: RequestId,
    pub code: String,
    pub token: String,
    pub tracking_url: String,
    pub state: State,
    pub urgency: Urgency,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Iso,
}

#[derive(Serialize, ToSchema)]
pub struct Tracked {
    pub code: String,
    pub state: State,
    pub category: Category,
    pub urgency: Urgency,
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
    /// When it is expected at the door; `null` while nobody has it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Iso>,
    /// How the runner is addressed, from claim to close.
    pub runner: Option<String>,
    pub care_reason: Option<String>,
    pub timeline: Vec<Moment>,
}

#[derive(Serialize, ToSchema)]
pub struct Moment {
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    pub state: State,
    pub note: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Stands {
    pub state: State,
}

/// Ask for something. 201 is answered only when the request is durable.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", request_body = Asked,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of your own; the same key again is the same request")),
    responses(
        (status = 201, body = Submitted, description = "Durable. `Idempotency-Replayed: true` when this key came before"),
        (status = 409, body = Problem, description = "key_reused"),
        (status = 422, body = Problem, description = "invalid_input, field by field"),
        (status = 429, body = Problem), (status = 503, body = Problem),
    )
)]
#[post("/requests")]
pub async fn submit(site: Data<Site>, http: HttpRequest, peer: Peer, body: Body<Asked>) -> Result<HttpResponse> {
    site.submissions.check(peer.0)?;
    let key = idempotency_key(&http, "submit")?.map(|(scope, key)| CallKey { scope, key, body: body.digest });
    let submission = intake_door::read(&site, &body.value, Channel::Api).await?;
    let receipt = intake::submit(&site.house, submission, Trace::RESIDENT, key).await?;
    Ok(answer(&site, receipt))
}

/// 201 with everything the asker should keep.
pub(super) fn answer(site: &Site, receipt: intake::Receipt) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    if receipt.replayed {
        answer.insert_header(("Idempotency-Replayed", "true"));
    }
    let tracking_url = format!("{}{}", site.public_url, links::tracking(&receipt.token));
    answer.json(Submitted {
        id: receipt.request,
        code: receipt.code,
        token: receipt.token,
        tracking_url,
        state: State::Waiting,
        urgency: receipt.urgency,
        deliver_by: receipt.deliver_by.into(),
        submitted_at: receipt.submitted_at.into(),
    })
}

/// How a request stands, for whoever holds its link.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)),
    responses((status = 200, body = Tracked), (status = 404, body = Problem))
)]
#[get("/requests/{token}")]
pub async fn track(site: Data<Site>, token: Path<String>) -> Result<HttpResponse> {
    let request = follow_up::find_by_token(&site.house, &token).await?;
    let tracking = site.house.db.read(async move |conn| tracking::load(conn, request).await).await?;
    let eta = tracking.state.is_with_runner().then_some(Iso(tracking.deliver_by));
    let moment = |moment: tracking::Moment| Moment { at: moment.at.into(), state: moment.state, note: moment.note };
    Ok(HttpResponse::Ok().json(Tracked {
        code: tracking.code,
        state: tracking.state,
        category: tracking.category,
        urgency: tracking.urgency,
        submitted_at: tracking.submitted_at.into(),
        deliver_by: tracking.deliver_by.into(),
        eta,
        runner: tracking.runner_name,
        care_reason: tracking.care_reason,
        timeline: tracking.timeline.into_iter().map(moment).collect(),
    }))
}

/// Not needed any more. Refused once the goods are bought.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)), request_body = shapes::ReasonBody,
    responses((status = 200, body = Stands), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"))
)]
#[post("/requests/{token}/cancel")]
pub async fn cancel(site: Data<Site>, token: Path<String>, body: Body<shapes::ReasonBody>) -> Result<HttpResponse> {
    let request = follow_up::find_by_token(&site.house, &token).await?;
    let reason = optional_reason(body.value.reason.as_deref())?.or_else(|| Some(Reason::word("by_resident")));
    let state = follow_up::cancel(&site.house, request, Trace::RESIDENT, reason).await?;
    Ok(HttpResponse::Ok().json(Stands { state }))
}

/// It arrived.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)),
    responses((status = 200, body = Stands), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"))
)]
#[post("/requests/{token}/confirm")]
pub async fn confirm(site: Data<Site>, token: Path<String>) -> Result<HttpResponse> {
    let request = follow_up::find_by_token(&site.house, &token).await?;
    let state = follow_up::confirm(&site.house, request).await?;
    Ok(HttpResponse::Ok().json(Stands { state }))
}
