//! What a zone wants to reach, by urgency; with its history.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dispatch::{ZoneParams, overseen_zone};
use crate::domain::target::{LONGEST_S, SHORTEST_S, Target};
use crate::domain::urgency::Urgency;
use crate::flow::targeting;
use crate::store::views::targets::{self, Changed, Shown};
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(load_targets).service(set_targets);
}

/// What is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetsBody {
    pub red: Option<TargetBody>,
    pub yellow: Option<TargetBody>,
    pub green: Option<TargetBody>,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetBody {
    /// Seconds from asking until somebody has taken it on: 60 to 604800.
    pub claim_s: Option<i32>,
    /// Seconds from asking until it is at the door; not less than `claim_s`.
    pub deliver_s: Option<i32>,
}

impl TargetsBody {
    /// What is to be set, or each impossible value by its field.
    pub(in crate::web) fn wanted(&self) -> Result<Vec<(Urgency, Target)>> {
        let (mut wanted, mut wrong) = (Vec::new(), Vec::new());
        let named = [(Urgency::Red, self.red), (Urgency::Yellow, self.yellow), (Urgency::Green, self.green)];
        for (urgency, body) in named.into_iter().filter_map(|(urgency, body)| Some((urgency, body?))) {
            match body.target(urgency) {
                Ok(target) => wanted.push((urgency, target)),
                Err(errors) => wrong.extend(errors),
            }
        }
        if wrong.is_empty() { Ok(wanted) } else { Err(Fault::Invalid(wrong)) }
    }
}

impl TargetBody {
    fn target(self, urgency: Urgency) -> std::result::Result<Target, Vec<FieldError>> {
        let checked = |field: &str, value: Option<i32>, least: i32| match value {
            None => Err(FieldError::new(format!("{urgency}.{field}"), "required")),
            Some(value) if (least..=LONGEST_S).contains(&value) => Ok(value),
            Some(_) => Err(FieldError::new(format!("{urgency}.{field}"), "out_of_range")),
        };
        let claim = checked("claim_s", self.claim_s, SHORTEST_S);
        let least = claim.as_ref().map_or(SHORTEST_S, |claim_s| *claim_s);
        match (claim, checked("deliver_s", self.deliver_s, least)) {
            (Ok(claim_s), Ok(deliver_s)) => Ok(Target { claim_s, deliver_s }),
            (claim, deliver) => Err(claim.err().into_iter().chain(deliver.err()).collect()),
        }
    }
}

/// Targets as they stand, and every change there was.
#[derive(Serialize, ToSchema)]
pub struct TargetsJson {
    pub red: TargetJson,
    pub yellow: TargetJson,
    pub green: TargetJson,
    /// Latest first. A request is measured by the one that was valid when it was submitted.
    pub history: Vec<ChangedJson>,
}

#[derive(Serialize, ToSchema)]
pub struct TargetJson {
    pub claim_s: i32,
    pub deliver_s: i32,
    /// `null`: the usual one; nobody has set another.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Iso>,
}

#[derive(Serialize, ToSchema)]
pub struct ChangedJson {
    pub urgency: Urgency,
    pub claim_s: i32,
    pub deliver_s: i32,
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Iso,
    /// Name of who set it.
    pub by: Option<String>,
}

impl From<Shown> for TargetsJson {
    fn from(shown: Shown) -> Self {
        let of = |urgency: Urgency| {
            let found = shown.now.iter().find(|(of, ..)| *of == urgency);
            let (target, from) = found.map_or((Target::usual(urgency), None), |(_, target, from)| (*target, *from));
            TargetJson { claim_s: target.claim_s, deliver_s: target.deliver_s, valid_from: from.map(Iso) }
        };
        let (red, yellow, green) = (of(Urgency::Red), of(Urgency::Yellow), of(Urgency::Green));
        Self { red, yellow, green, history: shown.history.into_iter().map(ChangedJson::from).collect() }
    }
}

impl From<Changed> for ChangedJson {
    fn from(changed: Changed) -> Self {
        Self {
            urgency: changed.urgency,
            claim_s: changed.target.claim_s,
            deliver_s: changed.target.deliver_s,
            valid_from: changed.valid_from.into(),
            by: changed.by,
        }
    }
}

/// What a zone wants to reach.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams),
    responses((status = 200, body = TargetsJson), (status = 401, body = Problem), (status = 403, body = Problem))
)]
#[get("/watch/targets")]
pub async fn load_targets(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let zone = overseen_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let shown = site.house.db.read(async move |conn| targets::load(conn, zone).await).await?;
    Ok(HttpResponse::Ok().json(TargetsJson::from(shown)))
}

/// Set what a zone wants to reach. It holds for what is submitted from now on: no report of before changes, and no promise to
/// a resident.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams), request_body = TargetsBody,
    responses((status = 200, body = TargetsJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
#[put("/watch/targets")]
pub async fn set_targets(
    site: Data<Site>,
    caller: SignedIn,
    params: Params<ZoneParams>,
    body: Body<TargetsBody>,
) -> Result<HttpResponse> {
    let zone = overseen_zone(&site, &caller, params.0.zone.as_deref()).await?;
    targeting::set(&site.house, &caller.person, zone, body.value.wanted()?).await?;
    let shown = site.house.db.read(async move |conn| targets::load(conn, zone).await).await?;
    Ok(HttpResponse::Ok().json(TargetsJson::from(shown)))
}
