//! Offering to help, deciding about it, and letting a runner in by a link.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::given::call_key;
use super::shapes::Page;
use super::{id, must_step_in, overseen_zone};
use crate::domain::actor::Skill;
use crate::domain::ids::{VolunteerId, ZoneId};
use crate::domain::volunteer::{Standing, WhyNot};
use crate::flow::inviting::{self, Invitation};
use crate::flow::volunteering;
use crate::store::views::volunteers::{self, KnownAs, Waiting};
use crate::web::extract::{Body, Params, Peer, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;
use crate::web::volunteers::{VolunteerBody, read};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.service(offer).service(list).service(approve).service(decline).service(link);
}

/// What whoever offered to help gets: the same for everybody.
#[derive(Serialize, ToSchema)]
pub struct Volunteered {
    #[schema(value_type = String, format = Uuid)]
    pub id: VolunteerId,
    pub state: Standing,
}

/// Offer to be a runner. A supervisor looks at it and calls.
#[utoipa::path(
    context_path = "/api/v1", tag = "volunteer", request_body = VolunteerBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of your own; the same key again is the same offer")),
    responses(
        (status = 201, body = Volunteered, description = "`Idempotency-Replayed: true` when this key came before"),
        (status = 409, body = Problem, description = "key_reused"),
        (status = 422, body = Problem, description = "invalid_input, field by field"),
        (status = 429, body = Problem), (status = 503, body = Problem),
    )
)]
#[post("/volunteers")]
pub async fn offer(site: Data<Site>, http: HttpRequest, peer: Peer, body: Body<VolunteerBody>) -> Result<HttpResponse> {
    site.submissions.check(peer.0)?;
    let key = call_key(&http, "volunteer", body.digest)?;
    let offered = read(&site, &body.value).await?;
    let receipt = volunteering::offer(&site.house, offered, key).await?;
    let mut answer = HttpResponse::Created();
    if receipt.replayed {
        answer.insert_header(("Idempotency-Replayed", "true"));
    }
    Ok(answer.json(Volunteered { id: receipt.id, state: Standing::Waiting }))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct WaitingParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
    pub limit: Option<i64>,
    pub after: Option<String>,
}

/// Somebody who offered to help. The look at name and telephone is written down.
#[derive(Serialize, ToSchema)]
pub struct WaitingJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: VolunteerId,
    pub name: String,
    pub phone: String,
    pub email: Option<String>,
    /// The building's code.
    pub building: Option<String>,
    pub skills: Vec<Skill>,
    pub free_when: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Iso,
    /// Where this telephone is known already.
    pub known: Vec<KnownJson>,
}

#[derive(Serialize, ToSchema)]
pub struct KnownJson {
    /// `account`, `closed_account`, `other_zone`, `offered_twice`, `declined`
    #[serde(rename = "as")]
    pub known_as: &'static str,
    /// Of an account of this zone.
    pub username: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
}

impl From<KnownAs> for KnownJson {
    fn from(known: KnownAs) -> Self {
        let plain = |known_as| Self { known_as, username: None, reason: None };
        match known {
            KnownAs::Account { username, closed } => {
                let known_as = if closed { "closed_account" } else { "account" };
                Self { username: Some(username), ..plain(known_as) }
            }
            KnownAs::Elsewhere => plain("other_zone"),
            KnownAs::OfferedTwice => plain("offered_twice"),
            KnownAs::Declined(reason) => Self { reason: Some(reason), ..plain("declined") },
        }
    }
}

impl From<Waiting> for WaitingJson {
    fn from(waiting: Waiting) -> Self {
        Self {
            id: waiting.id,
            name: waiting.name,
            phone: waiting.phone,
            email: waiting.email,
            building: waiting.building.map(|(code, _, _)| code),
            skills: waiting.skills,
            free_when: waiting.free_when,
            made_at: waiting.made_at.into(),
            known: waiting.known.into_iter().map(Into::into).collect(),
        }
    }
}

/// Writes down the looks, then reads: in this order, so that nothing is seen that was not written down.
pub(in crate::web) async fn waiting(
    site: &Site,
    caller: &SignedIn,
    zone: ZoneId,
    range: (Option<VolunteerId>, i64),
) -> Result<Vec<Waiting>> {
    let ids = volunteering::look(&site.house, &caller.person, zone, range).await?;
    Ok(site.house.db.read(async move |conn| volunteers::list(conn, zone, ids).await).await?)
}

/// Those who offered to help and wait for an answer, oldest first.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(WaitingParams),
    responses((status = 200, body = Page<WaitingJson>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "no such zone, or not yours"))
)]
#[get("/watch/volunteers")]
pub async fn list(site: Data<Site>, caller: SignedIn, params: Params<WaitingParams>) -> Result<HttpResponse> {
    let zone = overseen_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let limit = params.0.limit.unwrap_or(50).clamp(1, 200);
    let after = params.0.after.as_deref().filter(|text| !text.is_empty()).map(id).transpose()?;
    let items = waiting(&site, &caller, zone, (after, limit)).await?;
    let full = i64::try_from(items.len()).is_ok_and(|n| n == limit);
    let next = items.last().filter(|_| full).map(|last| last.id.to_string());
    Ok(HttpResponse::Ok().json(Page { items: items.into_iter().map(WaitingJson::from).collect(), next }))
}

/// A link that lets a runner in once, without a password. It is told this one time.
#[derive(Serialize, ToSchema)]
pub struct LinkJson {
    pub username: String,
    pub name: String,
    pub sign_in_url: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Iso,
    /// A letter with a link of its own goes to the runner, too.
    pub by_letter: bool,
}

impl LinkJson {
    fn of(site: &Site, made: Invitation) -> Self {
        Self {
            sign_in_url: sign_in_url(site, &made),
            username: made.username,
            name: made.name,
            expires_at: made.expires_at.into(),
            by_letter: made.by_letter,
        }
    }
}

/// The whole address of a link.
pub(in crate::web) fn sign_in_url(site: &Site, made: &Invitation) -> String {
    format!("{}{}", site.public_url.trim_end_matches('/'), links::sign_in_once(&made.token))
}

/// Make an account of an offer to help, with a link by which its runner signs in.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)),
    responses((status = 201, body = LinkJson), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "already_decided"))
)]
#[post("/watch/volunteers/{id}/approve")]
pub async fn approve(site: Data<Site>, caller: SignedIn, volunteer: Path<String>) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let made = volunteering::approve(&site.house, &caller.person, id(&volunteer)?).await?;
    Ok(HttpResponse::Created().json(LinkJson::of(&site, made)))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeclineBody {
    /// `not_reached`, `has_account`, `lives_elsewhere`, `enough_runners`, `changed_mind`, `other`
    pub reason: Option<String>,
}

/// The reason for a no: one of our words.
pub(in crate::web) fn why_not(reason: Option<&str>) -> Result<WhyNot> {
    let refuse = |code| Fault::Invalid(vec![FieldError::new("reason", code)]);
    match reason.filter(|text| !text.trim().is_empty()) {
        None => Err(refuse("required")),
        Some(text) => text.parse().map_err(|_| refuse("not_a_word")),
    }
}

/// Say no to an offer to help. Name and telephone are wiped after a week.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = DeclineBody,
    responses((status = 200, body = Volunteered), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "already_decided"),
        (status = 422, body = Problem))
)]
#[post("/watch/volunteers/{id}/decline")]
pub async fn decline(
    site: Data<Site>,
    caller: SignedIn,
    volunteer: Path<String>,
    body: Body<DeclineBody>,
) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let why = why_not(body.value.reason.as_deref())?;
    let volunteer = id(&volunteer)?;
    volunteering::decline(&site.house, &caller.person, volunteer, why).await?;
    Ok(HttpResponse::Ok().json(Volunteered { id: volunteer, state: Standing::Declined }))
}

/// Make a link by which a runner signs in once; links made before end.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("username" = String, Path)),
    responses((status = 201, body = LinkJson), (status = 401, body = Problem),
        (status = 403, body = Problem, description = "also for an account that may do more than run errands"),
        (status = 404, body = Problem, description = "no open account of a zone of yours"))
)]
#[post("/watch/runners/{username}/sign-in-link")]
pub async fn link(site: Data<Site>, caller: SignedIn, username: Path<String>) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let made = inviting::make_link(&site.house, &caller.person, &username).await?;
    Ok(HttpResponse::Created().json(LinkJson::of(&site, made)))
}
