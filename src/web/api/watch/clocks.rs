//! Stopping the team's clock and letting it go on; and who waits longest by the other clock, which never stops.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{must_step_in, watched_zone};
use crate::domain::actor::Role;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::RequestId;
use crate::domain::local::parse_rfc3339;
use crate::domain::pause::PauseReason;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::flow::pausing::{self, ClockPause, Stop};
use crate::store::views::open;
use crate::store::views::supervisor::LongWait;
use crate::web::Site;
use crate::web::api::id;
use crate::web::api::shapes::Page;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(pause).service(resume).service(longest);
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PauseBody {
    /// `no_answer`, `shop_opens_later`, `gate_shut`, `waiting_for_consent`
    pub reason: Option<String>,
    /// RFC 3339: when it ends by itself. At most 4 hours for `no_answer` and `waiting_for_consent`, 16 for the others;
    /// that long when not given.
    pub until: Option<String>,
}

impl PauseBody {
    /// What is to be done, or each impossible value by its field.
    pub(in crate::web) fn stop(&self, now: At) -> Result<Stop> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let reason = match given(&self.reason) {
            None => Err(FieldError::new("reason", "required")),
            Some(text) => text.parse::<PauseReason>().map_err(|_| FieldError::new("reason", "not_a_word")),
        };
        let asked = given(&self.until)
            .map(|text| parse_rfc3339(&text).ok_or_else(|| FieldError::new("until", "not_a_time")))
            .transpose();
        let (reason, asked) = match (reason, asked) {
            (Ok(reason), Ok(asked)) => (reason, asked),
            (reason, asked) => {
                return Err(Fault::Invalid(reason.err().into_iter().chain(asked.err()).collect()));
            }
        };
        let until = reason.ends_at(asked, now);
        let until = until.ok_or_else(|| Fault::Invalid(vec![FieldError::new("until", "out_of_range")]))?;
        Ok(Stop { reason, until })
    }
}

/// The team's clock stands.
#[derive(Serialize, ToSchema)]
pub struct PauseJson {
    pub reason: PauseReason,
    #[schema(value_type = String, format = DateTime)]
    pub from: Iso,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    pub until: Iso,
}

impl From<ClockPause> for PauseJson {
    fn from(stands: ClockPause) -> Self {
        Self { reason: stands.reason, from: stands.from_at.into(), until: stands.until_at.into() }
    }
}

/// Stop the team's clock of a request, with a reason. The resident's wait goes on. Twice for one reason is one pause; another
/// reason begins another. It ends by itself at `until`, and when the request is delivered, closed or cancelled.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = PauseBody,
    responses((status = 200, body = PauseJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/requests/{id}/pause")]
pub async fn pause(
    site: Data<Site>,
    caller: SignedIn,
    request: Path<String>,
    body: Body<PauseBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let stop = body.value.stop(site.house.now())?;
    let paused = pausing::pause(&site.house, &caller.person, id(&request)?, stop).await?;
    Ok(HttpResponse::Ok().json(PauseJson::from(paused)))
}

/// Let the team's clock go on. Twice does no harm.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[post("/watch/requests/{id}/resume")]
pub async fn resume(site: Data<Site>, caller: SignedIn, request: Path<String>) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    pausing::resume(&site.house, &caller.person, id(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct LongestParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
    /// 10 when not given; at most 100.
    pub limit: Option<i64>,
}

/// One of those who wait longest.
#[derive(Serialize, ToSchema)]
pub struct LongWaitJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: RequestId,
    pub code: String,
    pub state: State,
    pub urgency: Urgency,
    pub category: Category,
    pub building: String,
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
    /// Seconds since it was submitted; nothing stops them.
    pub wait_s: i64,
    pub must_act: MustActJson,
}

/// Who must do something: the runner by name who has it or is asked; else the role.
#[derive(Serialize, ToSchema)]
pub struct MustActJson {
    /// `runner`, `supervisor`, `desk`
    #[schema(value_type = String)]
    pub role: Role,
    pub name: Option<String>,
}

impl From<LongWait> for LongWaitJson {
    fn from(wait: LongWait) -> Self {
        Self {
            id: wait.request,
            code: wait.code,
            state: wait.state,
            urgency: wait.urgency,
            category: wait.category,
            building: wait.building,
            submitted_at: wait.submitted_at.into(),
            deliver_by: wait.deliver_by.into(),
            wait_s: wait.wait_s,
            must_act: MustActJson { role: wait.must_act.role, name: wait.must_act.name },
        }
    }
}

/// Those who wait longest now, each with who must act.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(LongestParams),
    responses((status = 200, body = Page<LongWaitJson>), (status = 401, body = Problem), (status = 403, body = Problem))
)]
#[get("/watch/longest")]
pub async fn longest(site: Data<Site>, caller: SignedIn, params: Params<LongestParams>) -> Result<HttpResponse> {
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let (now, limit) = (site.house.now(), params.0.limit.unwrap_or(10).clamp(1, 100));
    let waits = site.house.db.read(async move |conn| open::list_longest(conn, zone, (now, limit)).await).await?;
    Ok(HttpResponse::Ok().json(Page::whole(waits.into_iter().map(LongWaitJson::from).collect())))
}
