//! Medicines that will not last: whom to call, and what they told.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::desk::MOST;
use super::shapes::Page;
use super::{id, watched_zone};
use crate::domain::ids::{RequestId, ZoneId};
use crate::domain::stock::ItemKey;
use crate::domain::supply::Cause;
use crate::flow::answering::{self, Look};
use crate::flow::calling::{self, Lasts, Told};
use crate::store::views::supplies::{self, Due, Reach};
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_due).service(told_how_long);
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct DueParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
}

/// A medicine to call about.
#[derive(Serialize, ToSchema)]
pub struct DueJson {
    #[schema(value_type = String, format = Uuid)]
    pub request: RequestId,
    pub item: String,
    pub strength: Option<String>,
    pub quantity: i32,
    pub unit: String,
    /// `told`: the home said so; `counted`: from the doses; `ask`: nobody knows, ask.
    pub cause: Cause,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub enough_until: Option<Iso>,
    #[schema(value_type = String, format = DateTime)]
    pub delivered_at: Iso,
    pub building: String,
    pub building_name: String,
    pub room: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// A medicine to call about, and whom.
pub(in crate::web) type DueCall = (Due, Option<Reach>);

/// The medicines to call about, with the looks written down before anything is read.
pub(in crate::web) async fn due_calls(site: &Site, caller: &SignedIn, zone: ZoneId) -> Result<Vec<DueCall>> {
    let now = site.house.now();
    let mut due = site.house.db.read(async move |conn| supplies::list_due(conn, zone, now).await).await?;
    due.truncate(MOST);
    let mut ids: Vec<RequestId> = due.iter().map(|due| due.request).collect();
    ids.sort_unstable();
    ids.dedup();
    let look = Look { requests: ids.clone(), purpose: "supply", ..Look::default() };
    answering::look(&site.house, &caller.person, zone, look).await?;
    let reaches = site.house.db.read(async move |conn| supplies::list_reaches(conn, zone, ids).await).await?;
    Ok(due
        .into_iter()
        .map(|due| {
            let reach = reaches.get(&due.request).cloned();
            (due, reach)
        })
        .collect())
}

/// Regular medicines that will run out, or that somebody should ask about. Each look is written down.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(DueParams),
    responses((status = 200, body = Page<DueJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/desk/supplies")]
pub async fn list_due(site: Data<Site>, caller: SignedIn, params: Params<DueParams>) -> Result<HttpResponse> {
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let told = |(due, reach): DueCall| {
        let (room, name, phone) =
            reach.map_or((None, None, None), |reach| (Some(reach.room), Some(reach.name), Some(reach.phone)));
        DueJson {
            request: due.request,
            item: due.item,
            strength: due.strength,
            quantity: due.quantity,
            unit: due.unit,
            cause: due.cause,
            enough_until: due.until.map(Iso),
            delivered_at: due.delivered_at.into(),
            building: due.building,
            building_name: due.building_name,
            room,
            name,
            phone,
        }
    };
    let found = due_calls(&site, &caller, zone).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(told).collect())))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LastsBody {
    #[schema(example = "缬沙坦胶囊")]
    pub item: Option<String>,
    #[schema(example = "80mg")]
    pub strength: Option<String>,
    /// Enough for so many days from now, 0 to 365; `null`: not needed any more.
    pub enough_days: Option<i64>,
    /// Nobody answered: it is asked again from tomorrow on, and the rest says nothing.
    pub no_answer: bool,
}

impl LastsBody {
    pub(in crate::web) fn read(&self, site: &Site, request: RequestId) -> Result<Lasts> {
        let mut errors = Vec::new();
        if self.item.as_ref().is_none_or(|item| item.trim().is_empty()) {
            errors.push(FieldError::new("item", "required"));
        }
        if self.enough_days.is_some_and(|days| !(0..=365).contains(&days)) {
            errors.push(FieldError::new("enough_days", "out_of_range"));
        }
        if !errors.is_empty() {
            return Err(Fault::Invalid(errors));
        }
        let key = ItemKey::of(self.item.as_deref().unwrap_or_default(), self.strength.as_deref());
        let now = site.house.now();
        let told = match self.enough_days {
            _ if self.no_answer => Told::NoAnswer { again_at: site.house.local.day_began(now).plus_seconds(86_400) },
            Some(days) => Told::EnoughUntil(now.plus_seconds(days * 86_400)),
            None => Told::NotNeeded,
        };
        Ok(Lasts { request, key, told })
    }
}

/// What was kept.
#[derive(Serialize, ToSchema)]
pub struct LastsJson {
    #[schema(value_type = Option<String>, format = DateTime)]
    pub enough_until: Option<Iso>,
    /// When to call again, because nobody answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub again_at: Option<Iso>,
}

/// What a home told about how long a medicine lasts.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(("id" = String, Path, description = "The request that brought it.")), request_body = LastsBody,
    responses((status = 201, body = LastsJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[post("/desk/supplies/{id}")]
pub async fn told_how_long(
    site: Data<Site>,
    caller: SignedIn,
    request: Path<String>,
    body: Body<LastsBody>,
) -> Result<HttpResponse> {
    let lasts = body.value.read(&site, id(&request)?)?;
    let (until, again) = match lasts.told {
        Told::EnoughUntil(until) => (Some(until), None),
        Told::NotNeeded => (None, None),
        Told::NoAnswer { again_at } => (None, Some(again_at)),
    };
    calling::told_how_long(&site.house, &caller.person, lasts).await?;
    Ok(HttpResponse::Created().json(LastsJson { enough_until: until.map(Iso), again_at: again.map(Iso) }))
}
