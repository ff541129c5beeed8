//! A runner's own: duty, offers, trip.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::given::optional_reason;
use super::shapes::{ActiveClaimJson, BeforeClaimJson, ErrandState, Page, ReasonBody};
use crate::domain::actor::Actor;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, OfferId, TripId};
use crate::domain::local::parse_rfc3339;
use crate::domain::matching::Pick;
use crate::domain::offer::Kind;
use crate::domain::permission::{Action, may};
use crate::domain::trip::Act;
use crate::flow::dispatch::{self, Halt};
use crate::flow::{carrying, duty};
use crate::store::views::runner::{self, ActiveClaim};
use crate::web::Site;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(set_duty).service(list_offers).service(trip).service(hand_back_all);
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
    /// RFC 3339: when the shift ends. No errand is begun after it.
    pub until: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct DutyJson {
    pub on: bool,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub seen_at: Option<Iso>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Iso>,
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
    /// How it meets what is under way: `next`, `add_on`, `divert`.
    pub kind: Kind,
    /// Why this runner was asked.
    pub reason: Pick,
    /// Metres as the crow flies to the first stop.
    pub distance_m: Option<f64>,
}

#[derive(Serialize, ToSchema)]
pub struct TripJson {
    #[schema(value_type = Option<String>, format = Uuid)]
    pub id: Option<TripId>,
    /// What is in hand, by what is to be done next.
    pub stops: Vec<ActiveClaimJson>,
    /// The halts of the way, in order, with expected times.
    pub route: Vec<HaltJson>,
}

/// One halt of the caller's way.
#[derive(Serialize, ToSchema)]
pub struct HaltJson {
    /// `collect` or `deliver`.
    pub act: &'static str,
    /// Code of the place, where something is collected at one.
    pub place: Option<String>,
    /// Code of the building, where something is delivered, or lies at its gate.
    pub building: Option<String>,
    /// It is at the gate of that building: goods are fetched from there, or handed over there.
    pub at_gate: bool,
    pub lat: f64,
    pub lon: f64,
    #[schema(value_type = Vec<String>)]
    pub errands: Vec<ErrandId>,
    #[schema(value_type = String, format = DateTime)]
    pub arrive_at: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub leave_at: Iso,
}

impl HaltJson {
    fn of(halt: Halt, stops: &[ActiveClaim]) -> Self {
        let first = halt.errands.first().and_then(|errand| stops.iter().find(|stop| stop.errand == *errand));
        let collects = halt.act == Act::Collect;
        let gate = first.and_then(|stop| if collects { stop.ends.from_gate } else { stop.ends.to_gate });
        Self {
            act: if collects { "collect" } else { "deliver" },
            place: first.filter(|_| collects).and_then(|stop| stop.from.as_ref()).map(|from| from.code.clone()),
            building: first.filter(|_| !collects || gate.is_some()).map(|stop| stop.to.code.clone()),
            at_gate: gate.is_some(),
            lat: halt.at.lat,
            lon: halt.at.lon,
            errands: halt.errands,
            arrive_at: halt.arrive_at.into(),
            leave_at: halt.leave_at.into(),
        }
    }
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
    let not_a_time = || Fault::Invalid(vec![FieldError::new("until", "not_a_time")]);
    let until = told.until.filter(|text| !text.is_empty());
    let until = until.map(|text| parse_rfc3339(&text).ok_or_else(not_a_time)).transpose()?;
    let told = duty::Told { on, at: point(told.lat, told.lon)?, accuracy_m, until };
    duty::set(&site.house, &caller.person, told).await?;
    let me = caller.person.id;
    let now = site.house.db.read(async move |conn| runner::load_duty(conn, me).await).await?;
    Ok(HttpResponse::Ok().json(DutyJson {
        on: now.on,
        lat: now.at.map(|at| at.lat),
        lon: now.at.map(|at| at.lon),
        seen_at: now.seen_at.map(Iso),
        until: now.until_at.map(Iso),
    }))
}

/// Offers held for the caller.
#[utoipa::path(context_path = "/api/v1", tag = "runner", responses((status = 200, body = Page<OfferJson>), (status = 401, body = Problem)))]
#[get("/runner/offers")]
pub async fn list_offers(site: Data<Site>, caller: SignedIn) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    duty::sign_of_life(&site.house, &caller.person).await?;
    let (me, now) = (caller.person.id, site.house.now());
    let cards = site.house.db.read(async move |conn| runner::list_offers(conn, me, now).await).await?;
    let offer = |card: runner::OfferCard| OfferJson {
        id: card.offer,
        errands: card.errands.into_iter().map(Into::into).collect(),
        made_at: card.made_at.into(),
        lapses_at: card.lapses_at.into(),
        kind: card.kind,
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
    let (me, now) = (caller.person.id, site.house.now());
    let trip = site.house.db.read(async move |conn| runner::load_trip(conn, me, now).await).await?;
    let route = dispatch::itinerary(&site.house, caller.person.zone, me).await?;
    let route = route.into_iter().map(|halt| HaltJson::of(halt, &trip.stops)).collect();
    Ok(HttpResponse::Ok().json(TripJson {
        id: trip.trip,
        stops: trip.stops.into_iter().map(Into::into).collect(),
        route,
    }))
}

/// Give everything in hand back: what is not collected to the next runner, goods already bought to a person who decides.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = ReasonBody,
    responses((status = 200, body = Page<ErrandState>), (status = 401, body = Problem), (status = 422, body = Problem))
)]
#[post("/runner/trip/hand_back")]
pub async fn hand_back_all(site: Data<Site>, caller: SignedIn, body: Body<ReasonBody>) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let reason = optional_reason(body.value.reason.as_deref())?;
    let given = carrying::hand_back_all(&site.house, &caller.person, reason).await?;
    Ok(HttpResponse::Ok().json(Page::whole(given.iter().map(ErrandState::from).collect())))
}
