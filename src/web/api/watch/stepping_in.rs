//! Stepping in on requests: another urgency, calling off, doing for a runner, and many at once.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::must_step_in;
use crate::domain::errand::State;
use crate::domain::ids::RequestId;
use crate::domain::reason::Reason;
use crate::domain::urgency::Urgency;
use crate::flow::stepping_in;
use crate::flow::supervision::{self, Whom};
use crate::web::Site;
use crate::web::api::care::read_urgency;
use crate::web::api::given::required_reason;
use crate::web::api::id;
use crate::web::api::shapes::ErrandState;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(set_urgency).service(cancel).service(collect_for).service(bulk);
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UrgencyBody {
    /// `red`, `yellow`, `green`
    #[schema(example = "red")]
    pub urgency: Option<String>,
    /// A word or own words.
    pub reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct PressureJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: RequestId,
    pub urgency: Urgency,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
}

/// Set how urgent a request is. More urgent, it is wanted within the new time from now; less urgent, it has the new time
/// since it was asked for.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = UrgencyBody,
    responses((status = 200, body = PressureJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/requests/{id}/urgency")]
pub async fn set_urgency(
    site: Data<Site>,
    caller: SignedIn,
    request: Path<String>,
    body: Body<UrgencyBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let (request, urgency) = (id(&request)?, read_urgency(body.value.urgency.as_deref())?);
    let reason = required_reason(body.value.reason.as_deref())?;
    let set = stepping_in::set_urgency(&site.house, &caller.person, request, (urgency, reason)).await?;
    Ok(HttpResponse::Ok().json(PressureJson { id: request, urgency: set.urgency, deliver_by: set.deliver_by.into() }))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhyBody {
    /// A word or own words.
    pub reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct RequestState {
    #[schema(value_type = String, format = Uuid)]
    pub id: RequestId,
    pub state: State,
}

/// Call a request off. Not once the goods are bought.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = WhyBody,
    responses((status = 200, body = RequestState), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/requests/{id}/cancel")]
pub async fn cancel(
    site: Data<Site>,
    caller: SignedIn,
    request: Path<String>,
    body: Body<WhyBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let (request, reason) = (id(&request)?, required_reason(body.value.reason.as_deref())?);
    let state = stepping_in::cancel(&site.house, &caller.person, request, reason).await?;
    Ok(HttpResponse::Ok().json(RequestState { id: request, state }))
}

/// Write down for a runner that he has fetched it.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = WhyBody,
    responses((status = 200, body = ErrandState), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/errands/{id}/collect")]
pub async fn collect_for(
    site: Data<Site>,
    caller: SignedIn,
    errand: Path<String>,
    body: Body<WhyBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let (errand, reason) = (id(&errand)?, required_reason(body.value.reason.as_deref())?);
    let moved = stepping_in::collect_for_runner(&site.house, &caller.person, errand, reason).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&moved)))
}

/// So many at once.
const MOST: usize = 200;

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BulkBody {
    /// `assign`, `release`, `cancel`, `urgency`
    #[schema(example = "release")]
    pub act: Option<String>,
    /// Of requests, up to 200.
    pub ids: Option<Vec<String>>,
    /// For `assign`: a runner's username.
    pub runner: Option<String>,
    /// For `urgency`.
    pub urgency: Option<String>,
    /// For all but `assign`.
    pub reason: Option<String>,
}

/// What came of one row.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkRow {
    pub id: String,
    pub ok: bool,
    /// The fault's stable code, when it was not done.
    pub code: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct BulkJson {
    pub done: usize,
    pub items: Vec<BulkRow>,
}

/// What is done to each.
#[derive(Debug, Clone)]
enum Deed {
    Assign(String),
    Release(Reason),
    Cancel(Reason),
    Urgency(Urgency, Reason),
}

fn wrong(field: &str, code: &'static str) -> Fault {
    Fault::Invalid(vec![FieldError::new(field, code)])
}

fn read_deed(body: &BulkBody) -> Result<Deed> {
    let reason = || required_reason(body.reason.as_deref());
    match body.act.as_deref().filter(|act| !act.is_empty()) {
        None => Err(wrong("act", "required")),
        Some("assign") => {
            let runner = body.runner.clone().filter(|runner| !runner.is_empty());
            Ok(Deed::Assign(runner.ok_or_else(|| wrong("runner", "required"))?))
        }
        Some("release") => Ok(Deed::Release(reason()?)),
        Some("cancel") => Ok(Deed::Cancel(reason()?)),
        Some("urgency") => Ok(Deed::Urgency(read_urgency(body.urgency.as_deref())?, reason()?)),
        Some(_) => Err(wrong("act", "not_a_word")),
    }
}

/// Do the same to many requests, one after the other. Each row tells the truth about itself: what could not be done has
/// the code of why, and hinders no other.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", request_body = BulkBody,
    responses((status = 200, body = BulkJson), (status = 403, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/bulk")]
pub async fn bulk(site: Data<Site>, caller: SignedIn, body: Body<BulkBody>) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let deed = read_deed(&body.value)?;
    let ids = body.value.ids.unwrap_or_default();
    match ids.len() {
        0 => return Err(wrong("ids", "required")),
        many if many > MOST => return Err(wrong("ids", "too_many")),
        _ => {}
    }
    let mut items = Vec::with_capacity(ids.len());
    for text in ids {
        let code = match do_one(&site, &caller, &text, deed.clone()).await {
            Ok(()) => None,
            // The store is away: the rest would only say the same.
            Err(fault) if fault.told().status.is_server_error() => return Err(fault),
            Err(fault) => Some(fault.told().code.to_owned()),
        };
        items.push(BulkRow { id: text, ok: code.is_none(), code });
    }
    let done = items.iter().filter(|row| row.ok).count();
    Ok(HttpResponse::Ok().json(BulkJson { done, items }))
}

async fn do_one(site: &Site, caller: &SignedIn, text: &str, deed: Deed) -> Result<()> {
    let (house, me, request) = (&site.house, &caller.person, id::<RequestId>(text)?);
    match deed {
        Deed::Assign(runner) => {
            let errand = stepping_in::find_errand(house, me, request).await?;
            drop(supervision::assign(house, me, errand.id, Whom::Username(runner)).await?);
        }
        Deed::Release(reason) => {
            let errand = stepping_in::find_errand(house, me, request).await?;
            drop(supervision::release(house, me, errand.id, reason).await?);
        }
        Deed::Cancel(reason) => drop(stepping_in::cancel(house, me, request, reason).await?),
        Deed::Urgency(urgency, reason) => {
            stepping_in::set_urgency(house, me, request, (urgency, reason)).await?;
        }
    }
    Ok(())
}
