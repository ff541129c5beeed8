//! Watching a zone, and stepping in.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::given::required_reason;
use super::id;
use super::shapes::{ErrandState, Page};
use crate::domain::actor::Actor;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{RequestId, ZoneId};
use crate::domain::lists::List;
use crate::domain::local::parse_rfc3339;
use crate::domain::permission::{Action, may};
use crate::domain::urgency::Urgency;
use crate::flow::{proving, supervision};
use crate::store::views::figures::{self, By, Period, Span};
use crate::store::views::ground;
use crate::store::views::queue::{self, Filter};
use crate::store::views::supervisor::{Opened, Summary};
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};

pub(super) mod alarms;
pub(super) mod clocks;
pub(super) mod dispatch;
mod five;
pub(super) mod intake;
pub(super) mod needs;
mod shapes;
pub(super) mod shortages;
pub(super) mod stepping_in;
pub(super) mod targets;

pub(in crate::web) use alarms::{alarms_of, must_answer, whither};
pub(in crate::web) use dispatch::{DialsBody, ZoneParams, overseen_zone};
pub(in crate::web) use intake::set as pause_intake;
pub use shapes::QueueJson;
pub(in crate::web) use shapes::need_of;
use shapes::{OpenedJson, SummaryJson};
pub(in crate::web) use shortages::{ShortageBody, load_shortages, put_before};
pub(in crate::web) use targets::{TargetBody, TargetsBody};

pub fn configure(config: &mut ServiceConfig) {
    alarms::configure(config);
    dispatch::configure(config);
    intake::configure(config);
    needs::configure(config);
    shortages::configure(config);
    stepping_in::configure(config);
    clocks::configure(config);
    targets::configure(config);
    config.service(summary).service(list_requests).service(open_request).service(assign).service(release);
    config.service(vouch);
}

/// The zone a caller means: named by its code, or the caller's own. Another's zone is not there.
pub(in crate::web) async fn watched_zone(site: &Site, caller: &SignedIn, code: Option<&str>) -> Result<ZoneId> {
    let zone = match code.filter(|code| !code.is_empty()) {
        None => caller.person.zone,
        Some(code) => {
            let code = code.to_owned();
            let found = site.house.db.read(async move |conn| ground::find_zone(conn, &code).await).await?;
            found.ok_or(Fault::NotFound)?
        }
    };
    let own = zone == caller.person.zone;
    match may(&Actor::Person(caller.person.clone()), Action::WatchZone { zone }) {
        true => Ok(zone),
        false if own => Err(Fault::NotAllowed),
        false => Err(Fault::NotFound),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct SummaryParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
    /// RFC 3339; the start of the local day when not given.
    pub from: Option<String>,
    /// RFC 3339; now when not given.
    pub to: Option<String>,
    /// `today` (default) or `hour`, the last sixty minutes; where `from` is given, that counts.
    pub window: Option<String>,
    /// `urgency` (default), `building`, `category`, `care`, `channel`, `runner`, `hour`. Nobody tells an age: `care` splits by
    /// the care flags, and a request counts in the group of each of its flags, or in `none`.
    pub by: Option<String>,
}

/// An empty parameter is one that was not given.
fn one_of<T: std::str::FromStr>(field: &str, text: Option<&str>, default: T) -> Result<T> {
    match text {
        None | Some("") => Ok(default),
        Some(text) => text.parse().map_err(|_| Fault::Invalid(vec![FieldError::new(field, "not_a_word")])),
    }
}

fn time(field: &str, text: Option<&str>, default: At) -> Result<At> {
    match text {
        None | Some("") => Ok(default),
        Some(text) => parse_rfc3339(text).ok_or_else(|| Fault::Invalid(vec![FieldError::new(field, "not_a_time")])),
    }
}

/// Reads the parameters and the figures they ask for.
pub(in crate::web) async fn load_summary(
    site: &Site,
    caller: &SignedIn,
    params: SummaryParams,
) -> Result<(Summary, By)> {
    let zone = watched_zone(site, caller, params.zone.as_deref()).await?;
    let now = site.house.now();
    let began = match one_of("window", params.window.as_deref(), Period::Today)? {
        Period::Today => site.house.local.day_began(now),
        Period::Hour => now.plus_seconds(-3600),
    };
    let from = time("from", params.from.as_deref(), began)?;
    let to = time("to", params.to.as_deref(), now.plus_seconds(1))?;
    let by = one_of("by", params.by.as_deref(), By::Urgency)?;
    let span = Span { from, to, by, now, local: site.house.local.clone() };
    Ok((site.house.db.snapshot(async move |conn| figures::load(conn, zone, span).await).await?, by))
}

/// Response times of a zone, with the open requests beside them.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(SummaryParams),
    responses((status = 200, body = SummaryJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
#[get("/watch/summary")]
pub async fn summary(site: Data<Site>, caller: SignedIn, params: Params<SummaryParams>) -> Result<HttpResponse> {
    let (told, by) = load_summary(&site, &caller, params.0).await?;
    Ok(HttpResponse::Ok().json(SummaryJson::new(told, by)))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct QueueParams {
    pub zone: Option<String>,
    pub state: Option<String>,
    /// `queue`, `with_runner`, `follow_up`, `care`: each open request is in one of them.
    pub list: Option<String>,
    pub urgency: Option<String>,
    /// Part of a code or of a building's code or name.
    pub q: Option<String>,
    /// `true`: closed and cancelled ones too.
    pub over: Option<bool>,
    pub limit: Option<usize>,
    pub after: Option<String>,
}

impl QueueParams {
    pub(in crate::web) fn filter(&self) -> Result<Filter> {
        let not_a_word = |field: &str| Fault::Invalid(vec![FieldError::new(field, "not_a_word")]);
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let state =
            given(&self.state).map(|text| text.parse::<State>().map_err(|_| not_a_word("state"))).transpose()?;
        let urgency =
            given(&self.urgency).map(|text| text.parse::<Urgency>().map_err(|_| not_a_word("urgency"))).transpose()?;
        let list = given(&self.list).map(|text| text.parse::<List>().map_err(|_| not_a_word("list"))).transpose()?;
        let over_too = self.over.unwrap_or(false) || state.is_some_and(State::is_over);
        let after = given(&self.after).map(|text| id(&text)).transpose()?;
        let limit = self.limit.unwrap_or(50).clamp(1, 200);
        Ok(Filter { state, list, urgency, text: given(&self.q), over_too, after, limit })
    }
}

/// Requests of a zone by time left. No name, phone or note: opening one is a look of its own.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(QueueParams),
    responses((status = 200, body = Page<QueueJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
#[get("/watch/requests")]
pub async fn list_requests(site: Data<Site>, caller: SignedIn, params: Params<QueueParams>) -> Result<HttpResponse> {
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let filter = params.0.filter()?;
    let limit = filter.limit;
    let rows = site.house.db.read(async move |conn| queue::list(conn, zone, filter).await).await?;
    let next = (rows.len() == limit).then(|| rows.last().map(|row| row.request.to_string())).flatten();
    Ok(HttpResponse::Ok().json(Page { items: rows.into_iter().map(QueueJson::from).collect(), next }))
}

/// One request, with name, door and phone. The look is written down.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)),
    responses((status = 200, body = OpenedJson), (status = 401, body = Problem), (status = 404, body = Problem))
)]
#[get("/watch/requests/{id}")]
pub async fn open_request(site: Data<Site>, caller: SignedIn, request: Path<String>) -> Result<HttpResponse> {
    let opened = open(&site, &caller, id(&request)?).await?;
    Ok(HttpResponse::Ok().json(OpenedJson::from(opened)))
}

/// Writes down the look, then reads: in this order, so that nothing is seen that was not written down.
pub(in crate::web) async fn open(site: &Site, caller: &SignedIn, request: RequestId) -> Result<Opened> {
    let zone = supervision::look(&site.house, &caller.person, request).await?;
    Ok(site.house.db.read(async move |conn| queue::open(conn, zone, request).await).await?)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AssignBody {
    /// A runner's username.
    pub runner: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseBody {
    /// A word such as `no_answer`, `too_far`, or own words.
    pub reason: Option<String>,
}

/// Give an errand to a runner, whoever has it now.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = AssignBody,
    responses((status = 200, body = ErrandState), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/errands/{id}/assign")]
pub async fn assign(
    site: Data<Site>,
    caller: SignedIn,
    errand: Path<String>,
    body: Body<AssignBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let runner = body
        .value
        .runner
        .filter(|runner| !runner.is_empty())
        .ok_or_else(|| Fault::Invalid(vec![FieldError::new("runner", "required")]))?;
    let moved =
        supervision::assign(&site.house, &caller.person, id(&errand)?, supervision::Whom::Username(runner)).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&moved)))
}

/// Take an errand from whoever has it.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = ReleaseBody,
    responses((status = 200, body = ErrandState), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/errands/{id}/release")]
pub async fn release(
    site: Data<Site>,
    caller: SignedIn,
    errand: Path<String>,
    body: Body<ReleaseBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let reason = required_reason(body.value.reason.as_deref())?;
    let moved = supervision::release(&site.house, &caller.person, id(&errand)?, reason).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&moved)))
}

/// It is at the door, as the caller knows and says how: also while it is fetched, carried, at a gate, or with a person who
/// decides. Kept as proved by `override`.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = ReleaseBody,
    responses((status = 200, body = ErrandState), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"), (status = 422, body = Problem))
)]
#[post("/watch/errands/{id}/deliver")]
pub async fn vouch(
    site: Data<Site>,
    caller: SignedIn,
    errand: Path<String>,
    body: Body<ReleaseBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let reason = required_reason(body.value.reason.as_deref())?;
    let moved = proving::vouch(&site.house, &caller.person, id(&errand)?, reason).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&moved)))
}

/// Whoever may step in nowhere hears so at once; in whose zone is decided with the errand.
pub(in crate::web) fn must_step_in(caller: &SignedIn) -> Result<()> {
    let zone = caller.person.zone;
    if may(&Actor::Person(caller.person.clone()), Action::StepIn { zone }) { Ok(()) } else { Err(Fault::NotAllowed) }
}
