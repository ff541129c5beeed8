//! Asking, and following what was asked.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::follow_ups;
use super::given::{call_key, optional_reason};
use super::shapes::{self, QuestionJson};
use crate::domain::actor::{Role, Trace};
use crate::domain::alarm::Rung;
use crate::domain::errand::State;
use crate::domain::fetched::Got;
use crate::domain::ids::RequestId;
use crate::domain::proof::Proved;
use crate::domain::reason::Reason;
use crate::domain::request::{self, Category, Channel};
use crate::domain::text::Note;
use crate::domain::urgency::Urgency;
use crate::flow::follow_up;
use crate::flow::intake::Receipt;
use crate::store::views::tracking;
use crate::web::extract::{Body, Peer};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;
use crate::web::load::Promise;
use crate::web::submission::Asked;
use crate::web::{Site, intake_door, links, load};

pub fn configure(config: &mut ServiceConfig) {
    config.service(submit).service(track).service(cancel).service(confirm).service(report);
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
    /// The same was asked for this door within a day and is still open: this is that request (its id), and how it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub merged_into: Option<RequestId>,
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
    /// When it is expected at the door: from how long half of today's took, else the deadline; `null` while nobody has it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eta: Option<Iso>,
    /// How the runner is addressed, from claim to close.
    pub runner: Option<String>,
    pub care_reason: Option<String>,
    /// How the delivery was proved, once it is delivered: `code`, `photo`, `none`, `override`.
    pub proof: Option<Proved>,
    /// With whom it is on the ladder, once it is about to be late: `desk`, `supervisor`, `street`, `district`.
    pub now_with: Option<NowWith>,
    pub timeline: Vec<Moment>,
    /// What it cost and what was given for it, in yuan, once anything is written down; not for another asker.
    pub money: Option<MoneyJson>,
    /// What the runner asks at the counter.
    pub questions: Vec<QuestionJson>,
    /// What is brought otherwise than it was asked for.
    pub differing: Vec<DiffersJson>,
    /// Who saw door and telephone, newest first.
    pub looks: Vec<LookJson>,
    #[serde(flatten)]
    pub after: follow_ups::AfterJson,
}

/// Amounts in yuan.
#[derive(Serialize, ToSchema)]
pub struct MoneyJson {
    pub spent: String,
    pub given: String,
}

/// Who watches over it, and since when.
#[derive(Serialize, ToSchema)]
pub struct NowWith {
    pub rung: Rung,
    #[schema(value_type = String, format = DateTime)]
    pub since: Iso,
}

/// A thing that is brought otherwise than it was asked for. It goes by its place: the link tells of no medicine.
#[derive(Serialize, ToSchema)]
pub struct DiffersJson {
    /// Place of the thing in the list of items, from 1.
    pub item: i32,
    /// `swap`: of another maker, drug and strength as asked; `none`: not to be had, and not needed any more.
    pub got: Got,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
}

impl From<tracking::Differs> for DiffersJson {
    fn from(differs: tracking::Differs) -> Self {
        Self { item: differs.position, got: differs.got, at: differs.at.into() }
    }
}

#[derive(Serialize, ToSchema)]
pub struct LookJson {
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    pub role: Role,
}

/// What is wrong with what was brought.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProblemBody {
    /// `not_received`, `wrong_item`, `incomplete`, `damaged`, `other`
    pub reason: Option<String>,
    /// In own words.
    pub note: Option<String>,
}

impl ProblemBody {
    /// The reason as a word and the note; what is no word of ours is `other`, in own words.
    pub(in crate::web) fn read(&self) -> Result<(request::Problem, Option<Note>)> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let reason = given(&self.reason);
        let Some(reason) = reason else {
            return Err(Fault::Invalid(vec![FieldError::new("reason", "required")]));
        };
        let (problem, own) = match reason.parse() {
            Ok(problem) => (problem, None),
            Err(_) => (request::Problem::Other, Some(reason)),
        };
        let said: Vec<String> = own.into_iter().chain(given(&self.note)).collect();
        if said.is_empty() {
            return Ok((problem, None));
        }
        let note = Note::parse(&said.join("\n"));
        let note = note.map_err(|unfit| Fault::Invalid(vec![FieldError::new("note", unfit.code())]))?;
        Ok((problem, Some(note)))
    }
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
        (status = 409, body = Problem, description = "key_reused, intake_paused"),
        (status = 422, body = Problem, description = "invalid_input, field by field"),
        (status = 429, body = Problem), (status = 503, body = Problem),
    )
)]
#[post("/requests")]
pub async fn submit(site: Data<Site>, http: HttpRequest, peer: Peer, body: Body<Asked>) -> Result<HttpResponse> {
    site.submissions.check(peer.0)?;
    let key = call_key(&http, "submit", body.digest)?;
    let receipt = intake_door::take(&site, &body.value, (Channel::Api, Trace::RESIDENT), key).await?;
    Ok(answer(&site, receipt))
}

/// 201 with everything the asker should keep.
pub(super) fn answer(site: &Site, receipt: Receipt) -> HttpResponse {
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
        state: receipt.state,
        urgency: receipt.urgency,
        deliver_by: receipt.deliver_by.into(),
        submitted_at: receipt.submitted_at.into(),
        merged_into: receipt.merged_into,
    })
}

/// How a request stands, for whoever holds its link.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)),
    responses((status = 200, body = Tracked), (status = 404, body = Problem))
)]
#[get("/requests/{token}")]
pub async fn track(site: Data<Site>, token: Path<String>) -> Result<HttpResponse> {
    let holder = follow_up::find_holder(&site.house, &token).await?;
    let request = holder.request;
    let tracking = site.house.db.read(async move |conn| tracking::load(conn, request).await).await?;
    let tracking = if holder.may_act { tracking } else { tracking.for_joiner() };
    let times = (tracking.submitted_at, tracking.deliver_by);
    let load = load::of(&site, tracking.zone).await?;
    let promise = Promise::of(&load, tracking.urgency, times, site.house.now());
    let under_way = tracking.state.is_with_runner() || tracking.state == State::AtGate;
    let eta = under_way.then_some(Iso(promise.at));
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
        proof: tracking.proved,
        money: tracking.money.map(|(spent, given)| MoneyJson { spent: spent.to_string(), given: given.to_string() }),
        now_with: tracking.now_with.map(|(rung, since)| NowWith { rung, since: since.into() }),
        timeline: tracking.timeline.into_iter().map(moment).collect(),
        questions: tracking.questions.into_iter().map(Into::into).collect(),
        differing: tracking.differing.into_iter().map(Into::into).collect(),
        looks: tracking.looks.into_iter().map(|look| LookJson { at: look.at.into(), role: look.role }).collect(),
        after: follow_ups::after(&site, request, holder.may_act).await?,
    }))
}

/// Not needed any more. Refused once the goods are bought.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)), request_body = shapes::ReasonBody,
    responses((status = 200, body = Stands), (status = 403, body = Problem, description = "another asker's request"), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"))
)]
#[post("/requests/{token}/cancel")]
pub async fn cancel(site: Data<Site>, token: Path<String>, body: Body<shapes::ReasonBody>) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    let reason = optional_reason(body.value.reason.as_deref())?.or_else(|| Some(Reason::word("by_resident")));
    let state = follow_up::cancel(&site.house, request, Trace::RESIDENT, reason).await?;
    Ok(HttpResponse::Ok().json(Stands { state }))
}

/// It arrived.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)),
    responses((status = 200, body = Stands), (status = 403, body = Problem, description = "another asker's request"), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"))
)]
#[post("/requests/{token}/confirm")]
pub async fn confirm(site: Data<Site>, token: Path<String>) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    let state = follow_up::confirm(&site.house, request).await?;
    Ok(HttpResponse::Ok().json(Stands { state }))
}

/// Something is wrong with it: a person looks into it, even after it was closed.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)), request_body = ProblemBody,
    responses(
        (status = 200, body = Stands), (status = 403, body = Problem, description = "another asker's request"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "out_of_turn"), (status = 422, body = Problem),
    )
)]
#[post("/requests/{token}/problem")]
pub async fn report(site: Data<Site>, token: Path<String>, body: Body<ProblemBody>) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    let (problem, note) = body.value.read()?;
    let state = follow_up::report(&site.house, request, problem, note).await?;
    Ok(HttpResponse::Ok().json(Stands { state }))
}
