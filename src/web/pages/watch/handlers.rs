//! `/watch`: the overview of a zone, one request opened, and stepping in.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::alarms::Ladder;
use super::opened::{OpenedPage, Ranked};
use super::overview;
use crate::domain::actor::{Actor, Trace};
use crate::domain::ids::{RequestId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::flow::{asking, follow_up, proving, stepping_in, supervision};
use crate::store::Error as StoreError;
use crate::store::views::alarms as store_alarms;
use crate::store::views::figures;
use crate::store::views::ground;
use crate::web::api::{choice, id, must_step_in, open, optional_reason, read_urgency};
use crate::web::extract::{Fields, SignedIn};
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::{sign_in_and_back, told};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/watch", web::get().to(overview::show))
        .route("/watch/requests/{id}", web::get().to(show_request))
        .route("/watch/requests/{id}/cancel", web::post().to(cancel))
        .route("/watch/requests/{id}/urgency", web::post().to(set_urgency))
        .route("/watch/questions/{id}", web::post().to(answer))
        .route("/watch/errands/{id}/assign", web::post().to(assign))
        .route("/watch/errands/{id}/release", web::post().to(release))
        .route("/watch/errands/{id}/deliver", web::post().to(vouch))
        .route("/watch/errands/{id}/collect", web::post().to(collect_for));
}

async fn show_request(site: Data<Site>, visit: Visit, request: Path<String>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::WATCH)) };
    let request: RequestId = id(&request)?;
    let opened = open(&site, caller, request).await?;
    let zone = zone_of(&site, request).await?;
    let may_step_in = may(&Actor::Person(caller.person.clone()), Action::StepIn { zone });
    let steps = site.house.db.read(async move |conn| store_alarms::list_steps(conn, request).await).await?;
    let runners = if may_step_in { rank(&site, zone, &opened.row.building).await? } else { Vec::new() };
    let shell = visit.shell(&site, None);
    let (now, notice) = (site.house.now(), visit.notice());
    let ladder = Ladder::of(&shell, &steps, now);
    visit.show(&OpenedPage {
        shell: &shell,
        opened: &opened,
        runners: &runners,
        may_step_in,
        now,
        notice,
        ladder: &ladder,
    })
}

async fn zone_of(site: &Site, request: RequestId) -> Result<ZoneId> {
    let found = site.house.db.read(async move |conn| ground::find_zone_of(conn, request).await).await?;
    found.ok_or(Fault::NotFound)
}

/// Runners for an errand to this building: those on duty and free first, then by distance.
pub(in crate::web::pages) async fn rank(site: &Site, zone: ZoneId, building: &str) -> Result<Vec<Ranked>> {
    let (building, day_began) = (building.to_owned(), site.house.local.day_began(site.house.now()));
    let (door, rows) = site
        .house
        .db
        .read(async move |conn| {
            let door = ground::find_door(conn, &building).await?;
            Ok::<_, StoreError>((door, figures::list_runners(conn, zone, day_began).await?))
        })
        .await?;
    let mut ranked: Vec<Ranked> = rows
        .into_iter()
        .map(|row| Ranked {
            id: row.id,
            username: row.username,
            name: row.name,
            on: row.on,
            carrying: row.carrying,
            distance_m: row.at.zip(door).map(|(at, door)| at.metres_to(door)),
        })
        .collect();
    ranked.sort_by(|left, right| {
        let far = |ranked: &Ranked| ranked.distance_m.unwrap_or(f64::MAX);
        (!left.on, left.carrying).cmp(&(!right.on, right.carrying)).then(far(left).total_cmp(&far(right)))
    });
    Ok(ranked)
}

fn overseer<'v>(site: &Site, visit: &'v Visit, fields: &Fields) -> Result<&'v SignedIn> {
    let caller = visit.signed_in()?;
    visit.check_form(site, fields, None)?;
    must_step_in(caller)?;
    Ok(caller)
}

/// The resident answered on the telephone.
async fn answer(site: Data<Site>, visit: Visit, question: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let request: RequestId = id(fields.first("request"))?;
    let choice = choice(Some(fields.first("choice")))?;
    let done = asking::answer_for(&site.house, &caller.person, id(&question)?, choice).await;
    told(done.map_err(Into::into), &links::opened(request), "answered")
}

async fn assign(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = overseer(&site, &visit, &fields)?;
    let runner = id(fields.first("runner"))?;
    let done = supervision::assign(&site.house, &caller.person, id(&errand)?, supervision::Whom::Id(runner)).await;
    told(done.map_err(Into::into), links::WATCH, "assigned")
}

async fn release(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = overseer(&site, &visit, &fields)?;
    let Some(reason) = optional_reason(Some(fields.first("reason")))? else {
        return Ok(see_other("/watch?notice=reason_needed"));
    };
    let done = supervision::release(&site.house, &caller.person, id(&errand)?, reason).await;
    told(done.map_err(Into::into), links::WATCH, "released")
}

async fn vouch(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = overseer(&site, &visit, &fields)?;
    let Some(reason) = optional_reason(Some(fields.first("reason")))? else {
        return Ok(see_other("/watch?notice=reason_needed"));
    };
    let done = proving::vouch(&site.house, &caller.person, id(&errand)?, reason).await;
    told(done.map_err(Into::into), links::WATCH, "vouched")
}

/// Back to the request with a word of what came of it, or of what is missing.
async fn set_urgency(site: Data<Site>, visit: Visit, request: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = overseer(&site, &visit, &fields)?;
    let request: RequestId = id(&request)?;
    let urgency = read_urgency(Some(fields.first("urgency")))?;
    let Some(reason) = optional_reason(Some(fields.first("reason")))? else {
        return Ok(see_other(&format!("{}?notice=reason_needed", links::opened(request))));
    };
    let done = stepping_in::set_urgency(&site.house, &caller.person, request, (urgency, reason)).await;
    told(done.map_err(Into::into), &links::opened(request), "urgency_set")
}

/// Written down for a runner who cannot say it himself.
async fn collect_for(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = overseer(&site, &visit, &fields)?;
    let request: RequestId = id(fields.first("request"))?;
    let Some(reason) = optional_reason(Some(fields.first("reason")))? else {
        return Ok(see_other(&format!("{}?notice=reason_needed", links::opened(request))));
    };
    let done = stepping_in::collect_for_runner(&site.house, &caller.person, id(&errand)?, reason).await;
    told(done.map_err(Into::into), &links::opened(request), "acted_for")
}

async fn cancel(site: Data<Site>, visit: Visit, request: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = overseer(&site, &visit, &fields)?;
    let request: RequestId = id(&request)?;
    let zone = zone_of(&site, request).await?;
    if !may(&Actor::Person(caller.person.clone()), Action::StepIn { zone }) {
        return Err(Fault::NotFound);
    }
    let Some(reason) = optional_reason(Some(fields.first("reason")))? else {
        return Ok(see_other("/watch?notice=reason_needed"));
    };
    let done = follow_up::cancel(&site.house, request, Trace::staff(&caller.person), Some(reason)).await;
    told(done.map_err(Into::into), links::WATCH, "cancelled")
}
