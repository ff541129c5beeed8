//! Checks after deliveries: the desk's list and its calls, the asker's own answer, and what comes again.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};
use serde::Serialize;
use utoipa::ToSchema;

use super::desk::must_work_the_desk;
use super::shapes::Page;
use super::{ZoneParams, id, watched_zone};
use crate::domain::errand::State;
use crate::domain::follow_up::{Kind, Outcome};
use crate::domain::ids::{FollowUpId, RecurrenceId, RequestId};
use crate::domain::request::{Care, Category};
use crate::domain::urgency::Urgency;
use crate::flow::following::{self, Came};
use crate::flow::{follow_up, recurring};
use crate::store::views::follow_ups::{self, Check, Recurs, Whom};
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, Problem, Result};
use crate::web::follow_ups::{AgainBody, FollowUpBody};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(take_up).service(record).service(list_recurring).service(end_recurrence);
    config.service(answer).service(set_again).service(end_again);
}

/// A check to make: no name and no telephone, those are opened by calling.
#[derive(Serialize, ToSchema)]
pub struct CheckJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: FollowUpId,
    #[schema(value_type = String, format = Uuid)]
    pub request: RequestId,
    pub code: String,
    pub kind: Kind,
    pub category: Category,
    pub urgency: Urgency,
    pub care: Vec<Care>,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Iso,
    /// It is time to call.
    pub due: bool,
    pub tries: i32,
    /// What came of the last try.
    pub outcome: Option<Outcome>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Iso>,
    pub building: String,
    pub building_name: String,
    pub items: String,
    /// Who is calling that home just now.
    pub caller: Option<String>,
}

impl CheckJson {
    fn of(check: Check, site: &Site) -> Self {
        Self {
            id: check.id,
            request: check.request,
            code: check.code,
            kind: check.kind,
            category: check.category,
            urgency: check.urgency,
            care: check.care,
            due_at: check.due_at.into(),
            due: check.due_at <= site.house.now(),
            tries: check.tries,
            outcome: check.outcome,
            delivered_at: check.delivered_at.map(Iso),
            building: check.building,
            building_name: check.building_name,
            items: check.items,
            caller: check.caller.map(|(_, name)| name),
        }
    }
}

/// The checks after deliveries that are open, the one due first on top.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(ZoneParams),
    responses((status = 200, body = Page<CheckJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/desk/follow-ups")]
pub async fn list(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    must_work_the_desk(&caller)?;
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let now = site.house.now();
    let found = site.house.db.read(async move |conn| follow_ups::list(conn, zone, now).await).await?;
    let items = found.into_iter().map(|check| CheckJson::of(check, &site)).collect();
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// Whom to call.
#[derive(Serialize, ToSchema)]
pub struct WhomJson {
    pub room: String,
    pub name: String,
    pub phone: String,
    pub patient: Option<String>,
    /// Nobody else calls that home for so many seconds.
    pub lease_s: i64,
}

/// The contact of a check taken up: the look is written down by then.
pub(in crate::web) async fn whom(site: &Site, check: FollowUpId, caller: &SignedIn) -> Result<(RequestId, Whom)> {
    let request = following::take_up(&site.house, &caller.person, check).await?;
    let found = site.house.db.read(async move |conn| {
        let zone = crate::store::views::ground::find_zone_of(conn, request).await?;
        match zone {
            Some(zone) => follow_ups::find_whom(conn, zone, request).await,
            None => Ok(None),
        }
    });
    Ok((request, found.await?.ok_or(Fault::NotFound)?))
}

/// "I am calling": opens name, door and telephone, and nobody else calls that home for a while. The look is written down.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(("id" = String, Path)),
    responses((status = 200, body = WhomJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "being_called, followed_up"))
)]
#[post("/desk/follow-ups/{id}/call")]
pub async fn take_up(site: Data<Site>, caller: SignedIn, check: Path<String>) -> Result<HttpResponse> {
    must_work_the_desk(&caller)?;
    let (_, whom) = whom(&site, id(&check)?, &caller).await?;
    let Whom { room, name, phone, patient } = whom;
    Ok(HttpResponse::Ok().json(WhomJson { room, name, phone, patient, lease_s: following::LEASE_S }))
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub struct CameJson {
    pub state: State,
    /// It is asked again then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Iso>,
}

impl From<Came> for CameJson {
    fn from(came: Came) -> Self {
        Self { state: came.state, due_at: came.due_at.map(Iso) }
    }
}

/// What came of a call. All is well closes the request, something wrong reopens it, nobody answering is tried again
/// after 15 minutes, after an hour or in the morning; after the third time somebody must knock.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(("id" = String, Path)), request_body = FollowUpBody,
    responses((status = 200, body = CameJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "being_called, followed_up, not_repeatable"), (status = 422, body = Problem))
)]
#[post("/desk/follow-ups/{id}")]
pub async fn record(
    site: Data<Site>,
    caller: SignedIn,
    check: Path<String>,
    body: Body<FollowUpBody>,
) -> Result<HttpResponse> {
    must_work_the_desk(&caller)?;
    let told = body.value.read(&site)?;
    let came = following::record(&site.house, &caller.person, id(&check)?, told).await?;
    Ok(HttpResponse::Ok().json(CameJson::from(came)))
}

/// What comes again by itself.
#[derive(Serialize, ToSchema)]
pub struct RecursJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: RecurrenceId,
    /// The request made last, and its code.
    #[schema(value_type = String, format = Uuid)]
    pub request: RequestId,
    pub code: String,
    pub building_name: String,
    pub items: String,
    /// A local date.
    #[schema(example = "2026-12-27")]
    pub next_on: String,
    /// `null`: once.
    pub every_days: Option<i32>,
}

impl From<Recurs> for RecursJson {
    fn from(recurs: Recurs) -> Self {
        let Recurs { id, request, code, building_name, items, next_on, every_days } = recurs;
        Self { id, request, code, building_name, items, next_on, every_days }
    }
}

/// What comes again by itself in a zone.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(ZoneParams),
    responses((status = 200, body = Page<RecursJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/desk/recurrences")]
pub async fn list_recurring(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    must_work_the_desk(&caller)?;
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let found = site.house.db.read(async move |conn| follow_ups::list_recurring(conn, zone).await).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(RecursJson::from).collect())))
}

/// It comes no more.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[delete("/desk/recurrences/{id}")]
pub async fn end_recurrence(site: Data<Site>, caller: SignedIn, recurrence: Path<String>) -> Result<HttpResponse> {
    recurring::end(&site.house, &caller.person, id(&recurrence)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What is asked on the page after the delivery.
#[derive(Serialize, ToSchema)]
pub struct AskedAfterJson {
    pub kind: Kind,
    /// A person calls then, if nobody has answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Iso>,
}

/// When the same comes again.
#[derive(Serialize, ToSchema)]
pub struct ComesAgainJson {
    /// A local date.
    #[schema(example = "2026-12-27")]
    pub next_on: String,
    /// `null`: once.
    pub every_days: Option<i32>,
}

/// What a delivery is followed by, for its asker.
#[derive(Serialize, ToSchema)]
pub struct AfterJson {
    pub follow_up: Option<AskedAfterJson>,
    pub recurrence: Option<ComesAgainJson>,
}

/// To be told to whoever may act for the request.
pub(super) async fn after(site: &Site, request: RequestId, may_act: bool) -> Result<AfterJson> {
    if !may_act {
        return Ok(AfterJson { follow_up: None, recurrence: None });
    }
    let after = site.house.db.read(async move |conn| follow_ups::load_after(conn, request).await).await?;
    let due_at = after.due_at.map(Iso);
    let comes = |recurs: Recurs| ComesAgainJson { next_on: recurs.next_on, every_days: recurs.every_days };
    Ok(AfterJson {
        follow_up: after.kind.map(|kind| AskedAfterJson { kind, due_at }),
        recurrence: after.recurs.map(comes),
    })
}

/// The asker's answer after the delivery: then nobody need call.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)), request_body = FollowUpBody,
    responses((status = 200, body = CameJson), (status = 403, body = Problem, description = "another asker's request"), (status = 404, body = Problem), (status = 409, body = Problem, description = "followed_up, not_repeatable"), (status = 422, body = Problem))
)]
#[post("/requests/{token}/follow-up")]
pub async fn answer(site: Data<Site>, token: Path<String>, body: Body<FollowUpBody>) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    let told = body.value.read_own(&site)?;
    Ok(HttpResponse::Ok().json(CameJson::from(following::answer(&site.house, request, told).await?)))
}

/// Let the same request be made again by itself.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)), request_body = AgainBody,
    responses((status = 204), (status = 403, body = Problem, description = "another asker's request"), (status = 404, body = Problem), (status = 409, body = Problem, description = "not_repeatable"), (status = 422, body = Problem))
)]
#[put("/requests/{token}/recurrence")]
pub async fn set_again(site: Data<Site>, token: Path<String>, body: Body<AgainBody>) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    recurring::set(&site.house, request, body.value.read(&site)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// It comes no more.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)),
    responses((status = 204), (status = 403, body = Problem, description = "another asker's request"), (status = 404, body = Problem))
)]
#[delete("/requests/{token}/recurrence")]
pub async fn end_again(site: Data<Site>, token: Path<String>) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    recurring::end_own(&site.house, request).await?;
    Ok(HttpResponse::NoContent().finish())
}
