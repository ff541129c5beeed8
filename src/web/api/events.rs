//! News as they happen, and how busy it is.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::watch::watched_zone;
use crate::domain::actor::Actor;
use crate::domain::audience::Audience;
use crate::domain::ids::EventId;
use crate::domain::permission::{Action, may};
use crate::domain::urgency::Urgency;
use crate::flow::follow_up::{self, Holder};
use crate::store::views::ground;
use crate::web::extract::{Guest, Params};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::{Site, live, load};

pub fn configure(config: &mut ServiceConfig) {
    config.service(events).service(show_load);
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct EventsParams {
    /// A tracking token: then the news are of that request alone.
    pub token: Option<String>,
}

/// Server-Sent Events named `change`: `{kind, state, request}`. `id:` resumes with `Last-Event-ID`. The holder of a link
/// hears how that request stands, and of questions if they are theirs to answer; a runner of the own errands; who watches a
/// zone of that zone.
#[utoipa::path(
    context_path = "/api/v1", tag = "live",
    params(EventsParams, ("Last-Event-ID" = Option<String>, Header, description = "The last id seen: what came after it is sent first")),
    responses((status = 200, description = "text/event-stream"), (status = 401, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem))
)]
#[get("/events")]
pub async fn events(
    site: Data<Site>,
    http: HttpRequest,
    guest: Guest,
    params: Params<EventsParams>,
) -> Result<HttpResponse> {
    let audience = audience(&site, guest, params.0.token.as_deref()).await?;
    let last = http.headers().get("Last-Event-ID").and_then(|value| value.to_str().ok());
    let last: Option<EventId> = last.and_then(|text| text.parse().ok());
    live::open(site, audience, last).await
}

async fn audience(site: &Site, guest: Guest, token: Option<&str>) -> Result<Audience> {
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        let Holder { request, may_act, .. } = follow_up::find_holder(&site.house, token).await?;
        return Ok(Audience::Holder { request, may_act });
    }
    let caller = guest.0.ok_or(Fault::SignInFirst)?;
    let (me, zone) = (Actor::Person(caller.person.clone()), caller.person.zone);
    if may(&me, Action::WatchZone { zone }) {
        Ok(Audience::Zone(zone))
    } else if may(&me, Action::SeeOwnWork) {
        Ok(Audience::Runner(caller.person.id))
    } else {
        Err(Fault::NotAllowed)
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct LoadParams {
    /// A building's code: the load of its zone.
    pub building: Option<String>,
    /// A zone's code.
    pub zone: Option<String>,
}

/// How busy a zone is. No request and no person is in it.
#[derive(Serialize, ToSchema)]
pub struct LoadJson {
    pub urgencies: Vec<HalfJson>,
    /// Requests nobody has claimed yet.
    pub waiting: i64,
    /// Only urgent (red) requests are taken just now.
    pub paused: bool,
    /// What staff say about it.
    pub text: Option<String>,
}

/// Half of today's requests of this urgency arrived within so many seconds.
#[derive(Serialize, ToSchema)]
pub struct HalfJson {
    pub urgency: Urgency,
    /// How many were delivered today.
    pub n: i64,
    /// Nothing while `n` is under 10.
    pub half_within_s: Option<i64>,
}

impl From<crate::store::views::load::Load> for LoadJson {
    fn from(load: crate::store::views::load::Load) -> Self {
        let half = |(urgency, n, half_within_s)| HalfJson { urgency, n, half_within_s };
        Self {
            urgencies: load.half.into_iter().map(half).collect(),
            waiting: load.waiting,
            paused: load.paused.is_some(),
            text: load.paused,
        }
    }
}

/// How long it takes today, how many wait, and whether only urgent requests are taken.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(LoadParams),
    responses((status = 200, body = LoadJson), (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[get("/load")]
pub async fn show_load(site: Data<Site>, guest: Guest, params: Params<LoadParams>) -> Result<HttpResponse> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let zone = match (given(params.0.building), given(params.0.zone), guest.0) {
        (Some(building), ..) => {
            let found = site.house.db.read(async move |conn| ground::find_building(conn, &building).await).await?;
            found.map(|(zone, _)| zone).ok_or(Fault::NotFound)?
        }
        (None, Some(code), _) => {
            let found = site.house.db.read(async move |conn| ground::find_zone(conn, &code).await).await?;
            found.ok_or(Fault::NotFound)?
        }
        (None, None, Some(caller)) => watched_zone(&site, &caller, None).await?,
        (None, None, None) => return Err(Fault::Invalid(vec![FieldError::new("building", "required")])),
    };
    Ok(HttpResponse::Ok().json(LoadJson::from(load::of(&site, zone).await?)))
}
