//! The dials of dispatch, and what it has learned.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::watched_zone;
use crate::domain::actor::Actor;
use crate::domain::clock::At;
use crate::domain::ids::ZoneId;
use crate::domain::learning::What;
use crate::domain::permission::{Action, may};
use crate::flow::supervision;
use crate::store::views::dispatch::{self, Dials, HabitRow};
use crate::web::Site;
use crate::web::api::shapes::Page;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(load_dials).service(turn_dials).service(habits);
}

/// The zone of a caller who may step in there.
pub(in crate::web) async fn overseen_zone(site: &Site, caller: &SignedIn, code: Option<&str>) -> Result<ZoneId> {
    let zone = watched_zone(site, caller, code).await?;
    if may(&Actor::Person(caller.person.clone()), Action::StepIn { zone }) { Ok(zone) } else { Err(Fault::NotAllowed) }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct ZoneParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
}

/// The dials of a zone. What is empty follows the service's setting.
#[derive(Serialize, ToSchema)]
pub struct DialsJson {
    /// Seconds that green errands may be held to fill a trip, 0 to 1200.
    pub patience_s: i32,
    pub bags: Option<i32>,
    pub cart_bags: Option<i32>,
    /// Medicine goes to runners with the skill `medicine` alone.
    pub trained_only: bool,
    /// The pressure: weight that a second of a runner brings in just now.
    pub price: f64,
}

impl From<Dials> for DialsJson {
    fn from(dials: Dials) -> Self {
        Self {
            patience_s: dials.patience_s,
            bags: dials.bags,
            cart_bags: dials.cart_bags,
            trained_only: dials.trained_only,
            price: dials.price,
        }
    }
}

/// What is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DialsBody {
    pub patience_s: Option<i32>,
    pub bags: Option<i32>,
    pub cart_bags: Option<i32>,
    pub trained_only: Option<bool>,
}

pub(in crate::web) const LONGEST_PATIENCE_S: i32 = 1200;
pub(in crate::web) const MOST_BAGS: i32 = 50;

impl DialsBody {
    /// The dials turned, or each impossible value by its field.
    pub(in crate::web) fn turn(&self, now: Dials) -> Result<Dials> {
        let bounds = [
            ("patience_s", self.patience_s, 0, LONGEST_PATIENCE_S),
            ("bags", self.bags, 1, MOST_BAGS),
            ("cart_bags", self.cart_bags, 1, MOST_BAGS),
        ];
        let out = |(field, value, least, most): &(&str, Option<i32>, i32, i32)| {
            value
                .is_some_and(|value| !(*least..=*most).contains(&value))
                .then(|| FieldError::new(*field, "out_of_range"))
        };
        let wrong: Vec<FieldError> = bounds.iter().filter_map(out).collect();
        if !wrong.is_empty() {
            return Err(Fault::Invalid(wrong));
        }
        Ok(Dials {
            patience_s: self.patience_s.unwrap_or(now.patience_s),
            bags: self.bags.or(now.bags),
            cart_bags: self.cart_bags.or(now.cart_bags),
            trained_only: self.trained_only.unwrap_or(now.trained_only),
            ..now
        })
    }
}

/// The dials of dispatch as they stand.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams),
    responses((status = 200, body = DialsJson), (status = 401, body = Problem), (status = 403, body = Problem))
)]
#[get("/watch/dials")]
pub async fn load_dials(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let zone = overseen_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let dials = site.house.db.read(async move |conn| dispatch::load_dials(conn, zone).await).await?;
    Ok(HttpResponse::Ok().json(DialsJson::from(dials)))
}

/// Turn the dials of dispatch. They hold from the next decision on.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams), request_body = DialsBody,
    responses((status = 200, body = DialsJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
#[put("/watch/dials")]
pub async fn turn_dials(
    site: Data<Site>,
    caller: SignedIn,
    params: Params<ZoneParams>,
    body: Body<DialsBody>,
) -> Result<HttpResponse> {
    let zone = overseen_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let now = site.house.db.read(async move |conn| dispatch::load_dials(conn, zone).await).await?;
    let turned = supervision::turn_dials(&site.house, &caller.person, body.value.turn(now)?).await?;
    Ok(HttpResponse::Ok().json(DialsJson::from(turned)))
}

/// A learned mean.
#[derive(Serialize, ToSchema)]
pub struct HabitJson {
    /// Name of the runner or the place; empty for the zone itself.
    pub subject: String,
    pub what: What,
    /// Of the local day; empty when it holds for any.
    pub hour: Option<i32>,
    /// Of what was seen.
    pub mean: f64,
    /// What dispatch reckons with: leaning on the usual while little was seen.
    pub reckoned: f64,
    pub n: u32,
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Iso,
    /// Seconds since it was last seen.
    pub age_s: i64,
}

impl HabitJson {
    fn of(row: HabitRow, (usual, now): (f64, At)) -> Self {
        let habit = row.habit;
        Self {
            subject: row.subject,
            what: habit.what,
            hour: (habit.hour >= 0).then_some(habit.hour),
            mean: habit.total / f64::from(habit.n.max(1)),
            reckoned: habit.value(usual),
            n: habit.n,
            last_at: habit.last_at.into(),
            age_s: now.seconds_since(habit.last_at).max(0),
        }
    }
}

/// The setting a mean of this kind leans on.
pub(in crate::web) fn usual(site: &Site, what: What) -> f64 {
    match what {
        What::Counter => site.house.terms.counter.first_s,
        What::Speed => site.house.terms.speed_mps,
        What::Accepts | What::Answers => 0.0,
    }
}

/// What dispatch has learned of runners, places and ways, with how often it was seen. For supervisors alone.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams),
    responses((status = 200, body = Page<HabitJson>), (status = 401, body = Problem), (status = 403, body = Problem))
)]
#[get("/watch/habits")]
pub async fn habits(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let zone = overseen_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let rows = site.house.db.read(async move |conn| dispatch::list_habits(conn, zone).await).await?;
    let now = site.house.now();
    let json = |row: HabitRow| {
        let usual = usual(&site, row.habit.what);
        HabitJson::of(row, (usual, now))
    };
    Ok(HttpResponse::Ok().json(Page::whole(rows.into_iter().map(json).collect())))
}
