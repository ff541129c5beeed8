//! The rota: who has the watch on which rung, when.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::watch::{ZoneParams, watched_zone};
use crate::domain::actor::Actor;
use crate::domain::alarm::Rung;
use crate::domain::ids::ZoneId;
use crate::domain::permission::{Action, may};
use crate::domain::rota::{Day, Days, Watch, parse_minute, told_minute};
use crate::flow::alarming::{self, Entry};
use crate::store::views::alarms::{self, RotaRow};
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};

pub fn configure(config: &mut ServiceConfig) {
    config.service(show_rota).service(keep_rota);
}

/// The rota for all zones, named as a zone.
const ALL: &str = "*";
/// Watches in one rota.
const MOST: usize = 100;

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RotaBody {
    pub items: Vec<WatchBody>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WatchBody {
    /// `desk`, `supervisor`, `street`, `district`
    pub rung: String,
    /// A username of somebody who can answer on that rung.
    pub username: String,
    /// `mon` … `sun`; the day a watch begins on.
    pub days: Vec<String>,
    /// HH:MM local.
    pub from: String,
    /// HH:MM local; earlier than `from`: over midnight. The same: the whole day round.
    pub to: String,
}

impl WatchBody {
    fn read(&self, place: usize) -> std::result::Result<Entry, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut refuse = |field: &str, code| wrong.push(FieldError::new(format!("items[{place}].{field}"), code));
        let rung = self.rung.parse::<Rung>().ok().filter(|rung| *rung > Rung::Runner);
        if rung.is_none() {
            refuse("rung", if self.rung.is_empty() { "required" } else { "not_a_word" });
        }
        let days: Option<Vec<Day>> = self.days.iter().map(|day| day.parse().ok()).collect();
        let days = days.as_deref().and_then(Days::of);
        if days.is_none() {
            refuse("days", if self.days.is_empty() { "required" } else { "not_a_word" });
        }
        let (from, to) = (parse_minute(&self.from), parse_minute(&self.to));
        for (field, read, text) in [("from", from, &self.from), ("to", to, &self.to)] {
            if read.is_none() {
                refuse(field, if text.is_empty() { "required" } else { "not_a_time" });
            }
        }
        if self.username.trim().is_empty() {
            refuse("username", "required");
        }
        match (rung, days, from, to) {
            (Some(rung), Some(days), Some(from_minute), Some(to_minute)) if wrong.is_empty() => {
                let username = self.username.trim().to_owned();
                Ok(Entry { rung, watch: Watch { days, from_minute, to_minute }, username })
            }
            _ => Err(wrong),
        }
    }
}

impl From<RotaRow> for WatchBody {
    fn from(row: RotaRow) -> Self {
        Self {
            rung: row.rung.to_string(),
            username: row.username,
            days: row.watch.days.list().iter().map(ToString::to_string).collect(),
            from: told_minute(row.watch.from_minute),
            to: told_minute(row.watch.to_minute),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct RotaJson {
    pub items: Vec<WatchBody>,
}

/// The zone whose rota a caller may keep; `None` for all.
pub(in crate::web) async fn kept_zone(site: &Site, caller: &SignedIn, code: Option<&str>) -> Result<Option<ZoneId>> {
    let zone = match code {
        Some(ALL) => None,
        code => Some(watched_zone(site, caller, code).await?),
    };
    let keeps = may(&Actor::Person(caller.person.clone()), Action::KeepRota { zone });
    if keeps { Ok(zone) } else { Err(Fault::NotAllowed) }
}

/// Reads every line and keeps them all, or none: each mistake by its field.
pub(in crate::web) async fn keep(
    site: &Site,
    caller: &SignedIn,
    zone: Option<ZoneId>,
    items: &[WatchBody],
) -> Result<()> {
    if items.len() > MOST {
        return Err(Fault::Invalid(vec![FieldError::new("items", "too_many")]));
    }
    let (mut entries, mut wrong) = (Vec::new(), Vec::new());
    for (place, item) in items.iter().enumerate() {
        match item.read(place) {
            Ok(entry) => entries.push(entry),
            Err(mistakes) => wrong.extend(mistakes),
        }
    }
    if !wrong.is_empty() {
        return Err(Fault::Invalid(wrong));
    }
    let unfit = |place: usize| FieldError::new(format!("items[{place}].username"), "cannot_answer");
    match alarming::keep_rota(&site.house, &caller.person, zone, entries).await? {
        Ok(()) => Ok(()),
        Err(places) => Err(Fault::Invalid(places.into_iter().map(unfit).collect())),
    }
}

pub(in crate::web) async fn load(site: &Site, zone: Option<ZoneId>) -> Result<Vec<RotaRow>> {
    Ok(site.house.db.read(async move |conn| alarms::list_rota(conn, zone).await).await?)
}

/// Who has the watch when. `zone=*`: the rota that holds where a zone's own names nobody.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams),
    responses((status = 200, body = RotaJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/admin/rota")]
pub async fn show_rota(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let zone = kept_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let items = load(&site, zone).await?.into_iter().map(WatchBody::from).collect();
    Ok(HttpResponse::Ok().json(RotaJson { items }))
}

/// Write the whole rota, instead of what was there. An empty one: everybody of a rung is told again.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams), request_body = RotaBody,
    responses((status = 200, body = RotaJson), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[put("/admin/rota")]
pub async fn keep_rota(
    site: Data<Site>,
    caller: SignedIn,
    params: Params<ZoneParams>,
    body: Body<RotaBody>,
) -> Result<HttpResponse> {
    let zone = kept_zone(&site, &caller, params.0.zone.as_deref()).await?;
    keep(&site, &caller, zone, &body.value.items).await?;
    let items = load(&site, zone).await?.into_iter().map(WatchBody::from).collect();
    Ok(HttpResponse::Ok().json(RotaJson { items }))
}
