//! Where else an errand in hand may be fetched, and going there.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id;
use super::runner::must_be_runner;
use super::shapes::ErrandState;
use super::stock::LastJson;
use crate::domain::place::Hours;
use crate::domain::stock::Found;
use crate::domain::stock::ranking::Standing;
use crate::flow::dispatch::{self, Counsel, ShopToTry};
use crate::flow::elsewhere;
use crate::web::Site;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(go);
}

/// A place that may have the goods of an errand in hand. Metres on foot.
#[derive(Serialize, ToSchema)]
pub struct ShopJson {
    /// Its code.
    pub place: String,
    pub name: String,
    /// Ring first.
    pub phone: Option<String>,
    pub lat: f64,
    pub lon: f64,
    /// From where the runner is.
    pub way_m: f64,
    /// From there to where the errand ends.
    pub to_door_m: f64,
    /// Local time, HH:MM.
    pub opens: Option<String>,
    pub closes: Option<String>,
    pub standing: Standing,
    /// That all of it is there, 0 to 1.
    pub chance: f64,
    /// What was last told there about the things of this errand.
    pub last: Option<LastJson>,
    /// The errand is to be fetched here now.
    pub here: bool,
}

/// What is wrong with the place where it is to be fetched.
#[derive(Serialize, ToSchema)]
pub struct TroubleJson {
    pub outcome: Found,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    /// The caller told it.
    pub mine: bool,
}

/// Shops, best first.
#[derive(Serialize, ToSchema)]
pub struct ShopsJson {
    pub items: Vec<ShopJson>,
    /// Always `null`: the list is whole.
    pub next: Option<String>,
    pub trouble: Option<TroubleJson>,
    /// The household named the place: ask before going elsewhere, with `POST /errands/{id}/ask`, `kind` `out_of_stock`,
    /// `item` 0.
    pub must_ask: bool,
}

fn hour(hours: Option<Hours>, minute: impl Fn(Hours) -> i32) -> Option<String> {
    let minute = minute(hours?);
    Some(format!("{:02}:{:02}", minute / 60, minute % 60))
}

impl From<ShopToTry> for ShopJson {
    fn from(shop: ShopToTry) -> Self {
        Self {
            place: shop.code,
            name: shop.name,
            phone: shop.phone,
            lat: shop.at.lat,
            lon: shop.at.lon,
            way_m: shop.way_m.round(),
            to_door_m: shop.to_door_m.round(),
            opens: hour(shop.hours, |hours| hours.opens_minute),
            closes: hour(shop.hours, |hours| hours.closes_minute),
            standing: shop.standing,
            chance: (shop.chance * 100.0).round() / 100.0,
            last: shop.last.map(|last| LastJson { outcome: last.found, at: last.at.into() }),
            here: shop.here,
        }
    }
}

impl From<Counsel> for ShopsJson {
    fn from(counsel: Counsel) -> Self {
        let trouble = |trouble: dispatch::Trouble| TroubleJson {
            outcome: trouble.found,
            at: trouble.at.into(),
            mine: trouble.mine,
        };
        Self {
            items: counsel.shops.into_iter().map(Into::into).collect(),
            next: None,
            trouble: counsel.trouble.map(trouble),
            must_ask: counsel.named,
        }
    }
}

/// Where the goods of an errand in hand may be had, before they are fetched: by chance of stock, way and opening hours,
/// the fewest metres a find first. What is shut, or was just found empty, comes last.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(("id" = String, Path)),
    responses((status = 200, body = ShopsJson), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "out_of_turn"))
)]
#[get("/errands/{id}/shops")]
pub async fn list(site: Data<Site>, caller: SignedIn, errand: Path<String>) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let counsel = dispatch::counsel_for(&site.house, &caller.person, id(&errand)?).await?;
    Ok(HttpResponse::Ok().json(ShopsJson::from(counsel)))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ElsewhereBody {
    /// Code of the place.
    pub place: Option<String>,
}

/// Fetch a claimed errand at another place; the way is written anew. A place the household named is left only with its
/// answer.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(("id" = String, Path)), request_body = ElsewhereBody,
    responses(
        (status = 200, body = ErrandState), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "out_of_turn, place_named, nothing_there"), (status = 422, body = Problem),
    )
)]
#[post("/errands/{id}/elsewhere")]
pub async fn go(
    site: Data<Site>,
    caller: SignedIn,
    errand: Path<String>,
    body: Body<ElsewhereBody>,
) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let place = body.value.place.filter(|place| !place.trim().is_empty());
    let place = place.ok_or_else(|| Fault::Invalid(vec![FieldError::new("place", "required")]))?;
    let moved = elsewhere::go(&site.house, &caller.person, id(&errand)?, place).await?;
    Ok(HttpResponse::Ok().json(ErrandState::from(&moved)))
}
