//! The open board: trips to pick from.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::id;
use super::runner::{must_be_runner, point};
use super::shapes::{BeforeClaimJson, ErrandState, Page};
use crate::domain::ids::ErrandId;
use crate::flow::claiming;
use crate::store::views::ground;
use crate::web::Site;
use crate::web::board::{self, BoardRow};
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};

pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(claim_trip);
}

/// A trip as dispatch would build it. The fields of its first errand stand at the top, too.
#[derive(Serialize, ToSchema)]
pub struct BoardJson {
    #[serde(flatten)]
    pub first: BeforeClaimJson,
    /// All errands of the trip, in the order they are collected.
    pub errands: Vec<BeforeClaimJson>,
    /// Bags of all of them.
    pub trip_bags: i32,
    pub doors: usize,
    /// Metres as the crow flies to the first stop.
    pub distance_m: Option<f64>,
    /// Metres of the way from there on.
    pub way_m: f64,
    /// Seconds until the last door.
    pub takes_s: f64,
    /// Nothing of it can be had now: the shop is shut, or it is too much for these hands.
    pub later: bool,
}

impl BoardJson {
    fn of(row: BoardRow) -> Option<Self> {
        let (trip_bags, doors) = (row.bags(), row.doors());
        let first = row.errands.first()?.clone().into();
        let errands = row.errands.into_iter().map(Into::into).collect();
        let (distance_m, way_m, takes_s, later) = (row.distance_m, row.way_m, row.takes_s, row.later);
        Some(Self { first, errands, trip_bags, doors, distance_m, way_m, takes_s, later })
    }
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct BoardParams {
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub limit: Option<usize>,
}

/// Trips one could take in the caller's zone, the best for the caller first.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(BoardParams),
    responses((status = 200, body = Page<BoardJson>), (status = 401, body = Problem))
)]
#[get("/runner/board")]
pub async fn list(site: Data<Site>, caller: SignedIn, params: Params<BoardParams>) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let (at, limit) = (point(params.0.lat, params.0.lon)?, params.0.limit.unwrap_or(50).clamp(1, 200));
    let rows = board::load(&site, &caller.person, at, limit).await?;
    Ok(HttpResponse::Ok().json(Page::whole(rows.into_iter().filter_map(BoardJson::of).collect())))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimTripBody {
    /// Ids of the errands of a trip of the board.
    #[schema(value_type = Vec<String>)]
    pub errands: Vec<String>,
    /// Code of the place to fetch them from; the service's choice when not given.
    pub place: Option<String>,
}

/// Most errands one may take at once.
const MOST: usize = 20;

/// Take a whole trip from the board: all of it that is still to be had.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = ClaimTripBody,
    responses((status = 200, body = Page<ErrandState>), (status = 404, body = Problem), (status = 409, body = Problem, description = "already_claimed, hands_full"), (status = 422, body = Problem))
)]
#[post("/runner/board/claim")]
pub async fn claim_trip(site: Data<Site>, caller: SignedIn, body: Body<ClaimTripBody>) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let wanted = body.value.errands;
    if wanted.is_empty() || wanted.len() > MOST {
        let code = if wanted.is_empty() { "required" } else { "too_many" };
        return Err(Fault::Invalid(vec![FieldError::new("errands", code)]));
    }
    let errands: Vec<ErrandId> = wanted.iter().map(|text| id(text)).collect::<Result<_>>()?;
    let place = match body.value.place.filter(|code| !code.is_empty()) {
        None => None,
        Some(code) => {
            let found = site.house.db.read(async move |conn| ground::find_place(conn, &code).await).await?;
            let unknown = || Fault::Invalid(vec![FieldError::new("place", "unknown")]);
            Some(found.filter(|(zone, _)| *zone == caller.person.zone).ok_or_else(unknown)?.1)
        }
    };
    let claimed = claiming::claim_trip(&site.house, &caller.person, errands, place).await?;
    Ok(HttpResponse::Ok().json(Page::whole(claimed.iter().map(ErrandState::from).collect())))
}
