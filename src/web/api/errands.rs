//! What a runner does to an errand.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use super::given::{call_key, optional_reason, optional_shelf, required_reason};
use super::id;
use super::runner::must_be_runner;
use super::shapes::ErrandState;
use crate::domain::errand::Step;
use crate::domain::local::parse_rfc3339;
use crate::flow::carrying::{self, Done};
use crate::flow::proving::Shown;
use crate::flow::{claiming, undoing};
use crate::web::Site;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::goods::{self, GotBody};

pub fn configure(config: &mut ServiceConfig) {
    config.service(claim).service(collect).service(hand_over).service(deliver).service(fail).service(hand_back);
    config.service(undo);
}

/// `done_at` is the true time of something done offline.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DoneBody {
    /// RFC 3339
    pub done_at: Option<String>,
    /// The code the resident read out at the door, or, at a gate, the one on the bag. One that does not fit is refused,
    /// and nothing is done.
    pub code: Option<String>,
    /// Of the bag at the door, of a door nobody opened, of a shelf: what `POST /photos` answered.
    pub photo: Option<String>,
    /// Where at the gate the bag was put, in a few words (`hand_over`).
    pub shelf: Option<String>,
    /// A word such as `nobody_home`, `wrong_address`, `out_of_stock`, or own words.
    pub reason: Option<String>,
    /// Of collecting alone: what differs from what was asked for. What is not named is as asked.
    pub items: Option<Vec<GotBody>>,
    /// Of delivering alone: what was not taken at the door, by its place in the list of items, from 1.
    pub refused: Option<Vec<i64>>,
}

/// Take a waiting errand from the board: of all who try at once, one wins.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(("id" = String, Path)),
    responses((status = 200, body = ErrandState), (status = 404, body = Problem), (status = 409, body = Problem, description = "already_claimed (who has it is told in `detail`), hands_full, too_many_errands, sealed_in, sealed_off"))
)]
#[post("/errands/{id}/claim")]
pub async fn claim(site: Data<Site>, caller: SignedIn, errand: Path<String>) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let claimed = claiming::claim(&site.house, &caller.person, id(&errand)?).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&claimed)))
}

/// The goods are in hand. What differs needs the word of the household: `swap` (another maker) is allowed by `same_drug`,
/// an answer `swap`, or a call that is `said`; `none` by an answer `drop`, or a call. Else the resident is asked, and the
/// answer is `consent_needed` with the items. Strength and form are always as asked.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = DoneBody,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses(
        (status = 200, body = ErrandState), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "out_of_turn, consent_needed, nothing_got"),
        (status = 422, body = Problem, description = "code: wrong_code; photo: photo_gone"),
    )
)]
#[post("/errands/{id}/collect")]
pub async fn collect(
    site: Data<Site>,
    caller: SignedIn,
    call: (HttpRequest, Path<String>),
    body: Body<DoneBody>,
) -> Result<HttpResponse> {
    act(&site, caller, call, (Step::Collect, body)).await
}

/// The goods are at the gate of the building: the request goes on with a second errand, carried by somebody inside.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = DoneBody,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses((status = 200, body = ErrandState), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn, no_gate"), (status = 422, body = Problem, description = "code: wrong_code; photo: photo_gone; shelf: too_long"))
)]
#[post("/errands/{id}/hand_over")]
pub async fn hand_over(
    site: Data<Site>,
    caller: SignedIn,
    call: (HttpRequest, Path<String>),
    body: Body<DoneBody>,
) -> Result<HttpResponse> {
    act(&site, caller, call, (Step::HandOver, body)).await
}

/// The goods are at the door. `code` or `photo` prove it; without either it is kept as unproved. What was not taken stays
/// with the runner, and is written down for staff.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = DoneBody,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses(
        (status = 200, body = ErrandState), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "out_of_turn"),
        (status = 422, body = Problem, description = "code: wrong_code, from the fifth on with photo: take_a_photo; photo: photo_gone"),
    )
)]
#[post("/errands/{id}/deliver")]
pub async fn deliver(
    site: Data<Site>,
    caller: SignedIn,
    call: (HttpRequest, Path<String>),
    body: Body<DoneBody>,
) -> Result<HttpResponse> {
    act(&site, caller, call, (Step::Deliver, body)).await
}

/// It cannot be done: a person decides what next. `photo` shows the closed door.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = DoneBody,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses((status = 200, body = ErrandState), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"))
)]
#[post("/errands/{id}/fail")]
pub async fn fail(
    site: Data<Site>,
    caller: SignedIn,
    call: (HttpRequest, Path<String>),
    body: Body<DoneBody>,
) -> Result<HttpResponse> {
    required_reason(body.value.reason.as_deref())?;
    act(&site, caller, call, (Step::Fail, body)).await
}

/// Give it back: to the next runner, or, with goods already in hand, to a person who decides.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = DoneBody,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses((status = 200, body = ErrandState), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"))
)]
#[post("/errands/{id}/hand_back")]
pub async fn hand_back(
    site: Data<Site>,
    caller: SignedIn,
    call: (HttpRequest, Path<String>),
    body: Body<DoneBody>,
) -> Result<HttpResponse> {
    act(&site, caller, call, (Step::HandBack, body)).await
}

async fn act(
    site: &Site,
    caller: SignedIn,
    (http, errand): (HttpRequest, Path<String>),
    (step, body): (Step, Body<DoneBody>),
) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let errand = id(&errand)?;
    let scope = format!("{step}:{}:{errand}", caller.person.id);
    let key = call_key(&http, scope, body.digest)?;
    let done_at = match body.value.done_at.as_deref() {
        None | Some("") => None,
        Some(text) => {
            Some(parse_rfc3339(text).ok_or_else(|| Fault::Invalid(vec![FieldError::new("done_at", "not_a_time")]))?)
        }
    };
    let reason = optional_reason(body.value.reason.as_deref())?;
    let shelf = optional_shelf(body.value.shelf.as_deref())?;
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let shown = Shown { code: given(body.value.code), photo: given(body.value.photo) };
    let goods = goods::read(step, body.value.items.as_deref(), body.value.refused.as_deref())?;
    let done = Done { reason, done_at, key, goods, shown, shelf };
    let moved = carrying::act(&site.house, &caller.person, errand, (step, done)).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&moved)))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UndoBody {}

/// Take back the last thing the caller did to the errand (`collect`, `hand_over`, `deliver`, `fail`), within 300 seconds of service
/// time and as long as nobody has acted since. Answers how it stands again, under a new fence.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = UndoBody,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses((status = 200, body = ErrandState), (status = 404, body = Problem), (status = 409, body = Problem, description = "too_late_to_undo, out_of_turn"))
)]
#[post("/errands/{id}/undo")]
pub async fn undo(
    site: Data<Site>,
    caller: SignedIn,
    (http, errand): (HttpRequest, Path<String>),
    body: Body<UndoBody>,
) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let errand = id(&errand)?;
    let scope = format!("undo:{}:{errand}", caller.person.id);
    let key = call_key(&http, scope, body.digest)?;
    let moved = undoing::undo(&site.house, &caller.person, errand, key).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&moved)))
}
