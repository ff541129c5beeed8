//! Medicines that no shop had today.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dispatch::{ZoneParams, overseen_zone};
use super::must_step_in;
use crate::domain::actor::Actor;
use crate::domain::permission::{Action, may};
use crate::domain::stock::ItemKey;
use crate::flow::shortages::{self, SaidNone, Short};
use crate::store::views::ground::{self, Zone};
use crate::web::Site;
use crate::web::api::shapes::Page;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(put_before_a_person);
}

/// A medicine no shop had today. Nothing of a resident is in it.
#[derive(Serialize, ToSchema)]
pub struct ShortageJson {
    /// Code of the zone.
    pub zone: String,
    /// As it was typed.
    pub item: String,
    pub strength: Option<String>,
    /// Open errands that want it and nobody has claimed.
    pub waiting: u32,
    /// Those a runner has in hand.
    pub claimed: u32,
    /// Latest first.
    pub said_none: Vec<SaidNoneJson>,
}

#[derive(Serialize, ToSchema)]
pub struct SaidNoneJson {
    /// Its code.
    pub place: String,
    pub place_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
}

impl ShortageJson {
    fn new(zone: &str, short: Short) -> Self {
        let said = |said: SaidNone| SaidNoneJson { place: said.place, place_name: said.name, at: said.at.into() };
        Self {
            zone: zone.to_owned(),
            item: short.shortage.line.item,
            strength: short.shortage.line.strength,
            waiting: short.shortage.waiting,
            claimed: short.shortage.claimed,
            said_none: short.said_none.into_iter().map(said).collect(),
        }
    }
}

/// The zones a caller oversees: the one named, or all there are.
async fn overseen_zones(site: &Site, caller: &SignedIn, code: Option<&str>) -> Result<Vec<Zone>> {
    if let Some(code) = code.filter(|code| !code.is_empty()) {
        let zone = overseen_zone(site, caller, Some(code)).await?;
        return Ok(vec![site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?]);
    }
    must_step_in(caller)?;
    let actor = Actor::Person(caller.person.clone());
    let all = site.house.db.read(async move |conn| ground::list_zones(conn).await).await?;
    Ok(all.into_iter().filter(|zone| may(&actor, Action::StepIn { zone: zone.id })).collect())
}

/// What no shop had today, zone by zone.
pub(in crate::web) async fn load_shortages(
    site: &Site,
    caller: &SignedIn,
    code: Option<&str>,
) -> Result<Vec<(Zone, Vec<Short>)>> {
    let mut told = Vec::new();
    for zone in overseen_zones(site, caller, code).await? {
        let short = shortages::list(&site.house, &caller.person, zone.id).await?;
        told.push((zone, short));
    }
    Ok(told)
}

/// Medicines that are wanted and that no shop had today: every place that told anything about them said none, at least
/// twice or all of them. Of the zone named; else of all the caller oversees.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams),
    responses((status = 200, body = Page<ShortageJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/watch/shortages")]
pub async fn list(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let told = load_shortages(&site, &caller, params.0.zone.as_deref()).await?;
    let of_zone = |(zone, short): (Zone, Vec<Short>)| {
        short.into_iter().map(move |short| ShortageJson::new(&zone.code, short)).collect::<Vec<_>>()
    };
    Ok(HttpResponse::Ok().json(Page::whole(told.into_iter().flat_map(of_zone).collect())))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShortageBody {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
    #[schema(example = "缬沙坦胶囊")]
    pub item: Option<String>,
    #[schema(example = "80mg")]
    pub strength: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct PutBeforeJson {
    /// Errands a person decides about now.
    pub errands: usize,
}

/// Puts the errands that want it, and that nobody has claimed, before a person. Answers how many.
pub(in crate::web) async fn put_before(site: &Site, caller: &SignedIn, body: &ShortageBody) -> Result<usize> {
    must_step_in(caller)?;
    let zone = overseen_zone(site, caller, body.zone.as_deref()).await?;
    let item = body.item.as_deref().filter(|item| !item.trim().is_empty());
    let item = item.ok_or_else(|| Fault::Invalid(vec![FieldError::new("item", "required")]))?;
    let key = ItemKey::of(item, body.strength.as_deref());
    Ok(shortages::put_before_a_person(&site.house, &caller.person, zone, key).await?.errands)
}

/// Put the errands that want a medicine no shop had today before a person: to care, with the reason `out_of_stock`. Those
/// a runner has in hand stay there.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", request_body = ShortageBody,
    responses(
        (status = 200, body = PutBeforeJson), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "not_short"), (status = 422, body = Problem),
    )
)]
#[post("/watch/shortages")]
pub async fn put_before_a_person(site: Data<Site>, caller: SignedIn, body: Body<ShortageBody>) -> Result<HttpResponse> {
    let errands = put_before(&site, &caller, &body.value).await?;
    Ok(HttpResponse::Ok().json(PutBeforeJson { errands }))
}
