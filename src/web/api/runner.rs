//! A runner's own: duty, offers, trip, board.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shapes::{ActiveClaimJson, BeforeClaimJson, Page};
use crate::domain::actor::Actor;
use crate::domain::geo::Point;
use crate::domain::ids::{OfferId, TripId};
use crate::domain::matching::nearest::PickReason;
use crate::domain::permission::{Action, may};
use crate::flow::duty;
use crate::store::views::runner;
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(set_duty).service(list_offers).service(trip).service(board);
}

pub(in crate::web) fn must_be_runner(caller: &SignedIn) -> Result<()> {
    if may(&Actor::Person(caller.person.clone()), Action::SeeOwnWork) { Ok(()) } else { Err(Fault::NotAllowed) }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DutyBody {
    pub on: Option<bool>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    /// Metres.
    pub accuracy_m: Option<f64>,
}

#[derive(Serialize, ToSchema)]
pub struct DutyJson {
    pub on: bool,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub seen_at: Option<Iso>,
}

#[derive(Serialize, ToSchema)]
pub struct OfferJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: OfferId,
    pub errands: Vec<BeforeClaimJson>,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub lapses_at: Iso,
    /// Why this runner was asked.
    pub reason: PickReason,
    /// Metres as the crow flies to the first stop.
    pub distance_m: Option<f64>,
}

#[derive(Serialize, ToSchema)]
pub struct TripJson {
    #[schema(value_type = Option<String>, format = Uuid)]
    pub id: Option<TripId>,
    pub stops: Vec<ActiveClaimJson>,
}

#[derive(Serialize, ToSchema)]
pub struct BoardJson {
    #[serde(flatten)]
    pub errand: BeforeClaimJson,
    pub distance_m: Option<f64>,
}

/// A position from a phone: both numbers, on Earth.
pub(super) fn point(lat: Option<f64>, lon: Option<f64>) -> Result<Option<Point>> {
    match (lat, lon) {
        (None, None) => Ok(None),
        (Some(lat), Some(lon)) => {
            let at = Point::new(lat, lon);
            let wrong =
                || Fault::Invalid(vec![FieldError::new(if lat.abs() > 90.0 { "lat" } else { "lon" }, "out_of_range")]);
            if at.is_on_earth() { Ok(Some(at)) } else { Err(wrong()) }
        }
        (Some(_), None) => Err(Fault::Invalid(vec![FieldError::new("lon", "required")])),
        (None, Some(_)) => Err(Fault::Invalid(vec![FieldError::new("lat", "required")])),
    }
}

/// Go on or off duty, or refresh the position. Off hands open offers back.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = DutyBody,
    responses((status = 200, body = DutyJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
#[put("/runner/duty")]
pub async fn set_duty(site: Data<Site>, caller: SignedIn, body: Body<DutyBody>) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let told = body.value;
    let on = told.on.ok_or_else(|| Fault::Invalid(vec![FieldError::new("on", "required")]))?;
    let accuracy_m = told.accuracy_m.filter(|metres| metres.is_finite() && *metres >= 0.0);
    duty::set(&site.house, &caller.person, duty::Told { on, at: point(told.lat, told.lon)?, accuracy_m }).await?;
    let me = caller.person.id;
    let now = site.house.db.read(async move |conn| runner::load_duty(conn, me).await).await?;
    Ok(HttpResponse::Ok().json(DutyJson {
        on: now.on,
        lat: now.at.map(|at| at.lat),
        lon: now.at.map(|at| at.lon),
        seen_at: now.seen_at.map(Iso),
    }))
}

/// Offers held for the caller.
#[utoipa::path(context_path = "/api/v1", tag = "runner", responses((status = 200, body = Page<OfferJson>), (status = 401, body = Problem)))]
#[get("/runner/offers")]
pub async fn list_offers(site: Data<Site>, caller: SignedIn) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    duty::sign_of_life(&site.house, &caller.person).await?;
    let me = caller.person.id;
    let cards = site.house.db.read(async move |conn| runner::list_offers(conn, me).await).await?;
    let offer = |card: runner::OfferCard| OfferJson {
        id: card.offer,
        errands: card.errands.into_iter().map(Into::into).collect(),
        made_at: card.made_at.into(),
        lapses_at: card.lapses_at.into(),
        reason: card.reason,
        distance_m: card.distance_m,
    };
    Ok(HttpResponse::Ok().json(Page::whole(cards.into_iter().map(offer).collect())))
}

/// What the caller carries, in order: address and phone from claim to close.
#[utoipa::path(context_path = "/api/v1", tag = "runner", responses((status = 200, body = TripJson), (status = 401, body = Problem)))]
#[get("/runner/trip")]
pub async fn trip(site: Data<Site>, caller: SignedIn) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    duty::sign_of_life(&site.house, &caller.person).await?;
    let me = caller.person.id;
    let trip = site.house.db.read(async move |conn| runner::load_trip(conn, me).await).await?;
    Ok(HttpResponse::Ok().json(TripJson { id: trip.trip, stops: trip.stops.into_iter().map(Into::into).collect() }))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct BoardParams {
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub limit: Option<i64>,
}

/// What waits in the caller's zone, most urgent first.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(BoardParams),
    responses((status = 200, body = Page<BoardJson>), (status = 401, body = Problem))
)]
#[get("/runner/board")]
pub async fn board(site: Data<Site>, caller: SignedIn, params: Params<BoardParams>) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let (me, at) = (caller.person.id, point(params.0.lat, params.0.lon)?);
    let limit = params.0.limit.unwrap_or(50).clamp(1, 200);
    let rows = site.house.db.read(async move |conn| runner::list_board(conn, me, at, limit).await).await?;
    let row = |row: runner::BoardRow| BoardJson { errand: row.errand.into(), distance_m: row.distance_m };
    Ok(HttpResponse::Ok().json(Page::whole(rows.into_iter().map(row).collect())))
}
