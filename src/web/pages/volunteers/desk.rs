//! `/watch/volunteers`: deciding about those who offered to help, and making links.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

use super::page::{LinkPage, VolunteersPage};
use crate::flow::inviting::{self, Invitation};
use crate::flow::volunteering;
use crate::store::Error as StoreError;
use crate::store::views::volunteers::Runner;
use crate::store::views::{ground, volunteers};
use crate::web::api::{id, must_step_in, overseen_zone, sign_in_url, waiting, why_not};
use crate::web::extract::{Fields, Params};
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route(links::VOLUNTEERS, web::get().to(show))
        .route("/watch/volunteers/{id}/approve", web::post().to(approve))
        .route("/watch/volunteers/{id}/decline", web::post().to(decline))
        .route("/watch/runners/{username}/sign-in-link", web::post().to(link));
}

/// So many at once: who looks at a name is written down, so nobody looks at hundreds by the way.
const AT_ONCE: i64 = 30;

/// More runners than this are looked for by name.
const MOST_RUNNERS: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListParams {
    zone: Option<String>,
    after: Option<String>,
    /// Part of a runner's name or username.
    q: String,
}

async fn show(site: Data<Site>, visit: Visit, params: Params<ListParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::VOLUNTEERS)) };
    let (zone, now) = (overseen_zone(&site, caller, params.0.zone.as_deref()).await?, site.house.now());
    let after = params.0.after.as_deref().filter(|text| !text.is_empty()).map(id).transpose()?;
    let waiting = waiting(&site, caller, zone, (after, AT_ONCE)).await?;
    let (place, count, all) = site
        .house
        .db
        .read(async move |conn| {
            Ok::<_, StoreError>((
                ground::load_zone(conn, zone).await?,
                volunteers::count_waiting(conn, zone).await?,
                volunteers::list_runners(conn, zone, now).await?,
            ))
        })
        .await?;
    let wanted = params.0.q.trim().to_lowercase();
    let fits = |runner: &&Runner| {
        runner.username.to_lowercase().contains(&wanted) || runner.name.to_lowercase().contains(&wanted)
    };
    let fitting: Vec<&Runner> = all.iter().filter(fits).collect();
    let (shell, notice) = (visit.shell(&site, None), visit.notice());
    let elsewhere = (zone != caller.person.zone).then_some(place.code.as_str());
    visit.show(&VolunteersPage {
        shell: &shell,
        zone: &place.name,
        elsewhere,
        waiting: &waiting,
        count,
        runners: fitting.get(..MOST_RUNNERS).unwrap_or(&fitting),
        fitting: fitting.len(),
        q: &params.0.q,
        now,
        notice,
    })
}

fn zone_of(fields: &Fields) -> Option<&str> {
    Some(fields.first("zone")).filter(|code| !code.is_empty())
}

/// The link is in the answer itself, to this one call: nothing that could show it again is kept.
fn show_link(site: &Site, visit: &Visit, fields: &Fields, made: &Invitation) -> Result<HttpResponse> {
    let mut shell = visit.shell(site, None);
    links::VOLUNTEERS.clone_into(&mut shell.path);
    visit.show(&LinkPage {
        shell: &shell,
        name: &made.name,
        username: &made.username,
        url: &sign_in_url(site, made),
        expires_at: made.expires_at,
        by_letter: made.by_letter,
        elsewhere: zone_of(fields),
        now: site.house.now(),
    })
}

/// Back to the list with a word: also when somebody else decided first, which is no error page.
fn back(fields: &Fields, word: &str) -> HttpResponse {
    see_other(&links::of_zone(links::VOLUNTEERS, zone_of(fields), word))
}

async fn approve(site: Data<Site>, visit: Visit, volunteer: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_step_in(caller)?;
    match volunteering::approve(&site.house, &caller.person, id(&volunteer)?).await.map_err(Fault::from) {
        Ok(made) => show_link(&site, &visit, &fields, &made),
        Err(fault) => fault.lost_race().map(|code| back(&fields, code)).ok_or(fault),
    }
}

async fn decline(site: Data<Site>, visit: Visit, volunteer: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_step_in(caller)?;
    let Ok(why) = why_not(Some(fields.first("reason"))) else { return Ok(back(&fields, "reason_needed")) };
    match volunteering::decline(&site.house, &caller.person, id(&volunteer)?, why).await.map_err(Fault::from) {
        Ok(()) => Ok(back(&fields, "help_declined")),
        Err(fault) => fault.lost_race().map(|code| back(&fields, code)).ok_or(fault),
    }
}

async fn link(site: Data<Site>, visit: Visit, username: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_step_in(caller)?;
    let made = inviting::make_link(&site.house, &caller.person, &username).await?;
    show_link(&site, &visit, &fields, &made)
}
