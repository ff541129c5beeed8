//! The desk: entering requests for callers, and the calls it makes by itself.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::given::call_key;
use super::shapes::Page;
use super::{id, requests, watched_zone};
use crate::domain::actor::Actor;
use crate::domain::ids::{HouseholdId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::request::{Care, Channel};
use crate::domain::silence::{self, Outcome};
use crate::flow::answering::{self, Look};
use crate::flow::calling;
use crate::store::views::homes::{self, HomeCard};
use crate::web::extract::{Body, Params, SignedIn, parse};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;
use crate::web::submission::Asked;
use crate::web::{Site, intake_door};

pub fn configure(config: &mut ServiceConfig) {
    config.service(enter).service(list_silent).service(called);
}

/// As `POST /requests`, with the way it came.
#[derive(ToSchema)]
#[allow(dead_code, reason = "read as JSON; this is how it is documented")]
pub struct Entered {
    /// `phone`, `paper`, `chat`
    #[schema(example = "phone")]
    pub channel: Option<String>,
    #[serde(flatten)]
    pub asked: Asked,
}

/// The way a call came; by telephone when it is not said.
pub(in crate::web) fn channel(text: Option<&str>) -> Result<Channel> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(Channel::Phone),
        Some(text) => text
            .parse()
            .ok()
            .filter(|channel| matches!(channel, Channel::Phone | Channel::Paper | Channel::Chat))
            .ok_or_else(|| Fault::Invalid(vec![FieldError::new("channel", "not_a_word")])),
    }
}

/// Whoever may enter requests of a zone of theirs at all.
pub(in crate::web) fn must_work_the_desk(caller: &SignedIn) -> Result<()> {
    let zone = caller.person.zone;
    if may(&Actor::Person(caller.person.clone()), Action::EnterRequest { zone }) {
        Ok(())
    } else {
        Err(Fault::NotAllowed)
    }
}

fn read_entered(body: &Value) -> Result<(Asked, Channel)> {
    let mut body = body.clone();
    let way = body.as_object_mut().and_then(|fields| fields.remove("channel"));
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    let asked = parse::<Asked>(&bytes)?;
    match way {
        None | Some(Value::Null) => Ok((asked, Channel::Phone)),
        Some(Value::String(text)) => Ok((asked, channel(Some(&text))?)),
        Some(_) => Err(Fault::Invalid(vec![FieldError::new("channel", "wrong_type")])),
    }
}

/// Enter what was said on the telephone, or stands on paper or in a chat.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", request_body = Entered,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of your own; the same key again is the same request")),
    responses(
        (status = 201, body = requests::Submitted), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "key_reused"), (status = 422, body = Problem),
    )
)]
#[post("/desk/requests")]
pub async fn enter(site: Data<Site>, http: HttpRequest, caller: SignedIn, body: Body<Value>) -> Result<HttpResponse> {
    must_work_the_desk(&caller)?;
    let key = call_key(&http, "desk", body.digest)?;
    let (asked, channel) = read_entered(&body.value)?;
    let submission = intake_door::read(&site, &asked, channel).await?;
    Ok(requests::answer(&site, answering::enter(&site.house, &caller.person, submission, key).await?))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct SilentParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
    /// Quiet for so many days, 1 to 30; 3 when not given.
    pub days: Option<i64>,
}

impl SilentParams {
    pub(in crate::web) fn days(&self) -> i64 {
        self.days.unwrap_or(silence::DAYS).clamp(1, 30)
    }
}

/// A home to call: somebody to look after, quiet while its stairs asked.
#[derive(Serialize, ToSchema)]
pub struct SilentJson {
    #[schema(value_type = String, format = Uuid)]
    pub household: HouseholdId,
    pub building: String,
    pub building_name: String,
    pub room: String,
    pub name: String,
    pub phone: Option<String>,
    pub care: Vec<Care>,
    /// Requests from its stairs in these days.
    pub neighbours: usize,
    /// Nobody answered then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub tried_at: Option<Iso>,
}

/// A home to call, and its card.
pub(in crate::web) type SilentHome = (silence::Silent, HomeCard);

/// So many at once: more nobody calls before the list is looked at again.
pub(super) const MOST: usize = 50;

/// The homes to call, with the look written down before anything is read.
pub(in crate::web) async fn silent_homes(
    site: &Site,
    caller: &SignedIn,
    zone: ZoneId,
    days: i64,
) -> Result<Vec<SilentHome>> {
    let now = site.house.now();
    let span = (now, site.house.local.day_began(now), days);
    let mut silent = site.house.db.read(async move |conn| homes::list_silent(conn, zone, span).await).await?;
    silent.truncate(MOST);
    let ids: Vec<HouseholdId> = silent.iter().map(|silent| silent.home).collect();
    let look = Look { homes: ids.clone(), purpose: "silent", ..Look::default() };
    answering::look(&site.house, &caller.person, zone, look).await?;
    let cards = site.house.db.read(async move |conn| homes::list_cards(conn, zone, &ids).await).await?;
    let card =
        |silent: silence::Silent| cards.iter().find(|card| card.id == silent.home).cloned().map(|card| (silent, card));
    Ok(silent.into_iter().filter_map(card).collect())
}

/// Homes with a care flag that asked for nothing while their stairs did. Each look is written down.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(SilentParams),
    responses((status = 200, body = Page<SilentJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/desk/households")]
pub async fn list_silent(site: Data<Site>, caller: SignedIn, params: Params<SilentParams>) -> Result<HttpResponse> {
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let told = |(silent, card): SilentHome| SilentJson {
        household: card.id,
        building: card.building,
        building_name: card.building_name,
        room: card.room,
        name: card.name,
        phone: card.phone,
        care: card.care,
        neighbours: silent.neighbours,
        tried_at: silent.tried_at.map(Iso),
    };
    let found = silent_homes(&site, &caller, zone, params.0.days()).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(told).collect())))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CallBody {
    /// `fine`, `needs`, `no_answer`
    #[schema(example = "fine")]
    pub outcome: Option<String>,
}

pub(in crate::web) fn outcome(text: Option<&str>) -> Result<Outcome> {
    let code = match text.filter(|text| !text.is_empty()) {
        None => "required",
        Some(text) => match text.parse() {
            Ok(outcome) => return Ok(outcome),
            Err(_) => "not_a_word",
        },
    };
    Err(Fault::Invalid(vec![FieldError::new("outcome", code)]))
}

/// What came of a call to a home.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(("id" = String, Path)), request_body = CallBody,
    responses((status = 201), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[post("/desk/households/{id}/calls")]
pub async fn called(
    site: Data<Site>,
    caller: SignedIn,
    home: Path<String>,
    body: Body<CallBody>,
) -> Result<HttpResponse> {
    let outcome = outcome(body.value.outcome.as_deref())?;
    calling::called(&site.house, &caller.person, id(&home)?, outcome).await?;
    Ok(HttpResponse::Created().json(serde_json::json!({ "outcome": outcome })))
}
