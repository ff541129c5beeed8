//! `/run`: the runner's page and what is pressed on it.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

use super::acting::{act, undo};
use super::money::Money;
use super::page::{Asides, RunPage};
use super::{sheet, telling, together};
use crate::domain::errand::State;
use crate::domain::geo::Point;
use crate::flow::{Fault as FlowFault, carrying, claiming, dispatch, duty, offering};
use crate::store::Error as StoreError;
use crate::store::views::{ground, runner};
use crate::web::api::{id, must_be_runner, optional_reason};
use crate::web::extract::{Fields, Params, SignedIn};
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::{sign_in_and_back, told};
use crate::web::pages::notice::{Notice, Tone};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, board, links};
use crate::words::Words;

/// Errands of the open board that a phone's page shows.
const BOARD: usize = 10;
/// The longest a runner may say beforehand to stay.
const LONGEST_STAY_H: i64 = 16;

pub fn configure(config: &mut ServiceConfig) {
    super::money::configure(config);
    config
        .route("/run", web::get().to(show))
        .route(links::RUN_SHEET, web::get().to(sheet::show))
        .route("/run/together", web::post().to(together::act))
        .route("/run/duty", web::post().to(set_duty))
        .route("/run/offers/{id}/accept", web::post().to(accept))
        .route("/run/offers/{id}/decline", web::post().to(decline))
        .route("/run/board/claim", web::post().to(claim))
        .route("/run/hand-back", web::post().to(hand_back_all))
        .configure(telling::configure)
        .route("/run/errands/{id}/undo", web::post().to(undo))
        .route("/run/errands/{id}/{step}", web::post().to(act));
}

/// Whom a race was lost to: an errand of the board, or an offer.
#[derive(Debug, Default, Deserialize)]
struct Lost {
    errand: Option<String>,
    offer: Option<String>,
}

async fn show(site: Data<Site>, visit: Visit, lost: Params<Lost>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::RUN)) };
    must_be_runner(caller)?;
    let taken = lost_to(&site, visit.words, caller, lost.0).await?;
    page(&site, &visit, Asides::default(), taken.or_else(|| visit.notice())).await
}

/// "Taken by 李师傅": said on the page alone, for an address holds no name.
async fn lost_to(site: &Site, words: Words, caller: &SignedIn, lost: Lost) -> Result<Option<Notice>> {
    let holder = match (lost.errand.map(|text| id(&text)), lost.offer.map(|text| id(&text))) {
        (Some(Ok(errand)), _) => claiming::find_holder(&site.house, &caller.person, errand).await,
        (_, Some(Ok(offer))) => offering::find_holder(&site.house, &caller.person, offer).await,
        _ => return Ok(None),
    };
    let told = |name: String| Notice { tone: Tone::Mind, text: words.say("run-taken-by", "name", name) };
    match holder {
        Ok(holder) => Ok(holder.map(told)),
        Err(FlowFault::NotFound) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// The runner's page; what was refused makes it 422, so that a script sees what a person reads.
pub(super) async fn page(site: &Site, visit: &Visit, asides: Asides, notice: Option<Notice>) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    // Looking is a sign of life: what had none for a while is looked up first.
    let idle = duty::list_idle(&site.house, &caller.person).await?;
    duty::sign_of_life(&site.house, &caller.person).await?;
    let (me, zone, now) = (caller.person.id, caller.person.zone, site.house.now());
    let today = site.house.local.day_began(now);
    let (duty, trip, offers, (undo, done, blocks)) = site
        .house
        .db
        .read(async move |conn| {
            let duty = runner::load_duty(conn, me).await?;
            let trip = runner::load_trip(conn, me, now).await?;
            let offers = runner::list_offers(conn, me, now).await?;
            let undo = runner::find_undoable(conn, me, now).await?;
            let done = runner::list_done(conn, me, today).await?;
            let blocks = if trip.stops.is_empty() { Vec::new() } else { ground::list_blocks(conn, zone).await? };
            Ok::<_, StoreError>((duty, trip, offers, (undo, done, blocks)))
        })
        .await?;
    let board = if duty.on { board::load(site, &caller.person, duty.at, BOARD).await? } else { Vec::new() };
    let fetches = trip.stops.iter().any(|stop| stop.state == State::Claimed && stop.ends.leg == 1);
    let counsels = if fetches { dispatch::counsels(&site.house, &caller.person).await? } else { BTreeMap::new() };
    // Also where a press is answered: from here one looks on, and changes the language, at the page itself.
    let mut shell = visit.shell(site, None);
    links::RUN.clone_into(&mut shell.path);
    let refused = !asides.refused.wrong.is_empty() || !asides.money.errors.is_empty();
    let answer = if refused { HttpResponse::UnprocessableEntity() } else { HttpResponse::Ok() };
    let money = Money { key: site.house.chance.token(), ..asides.money };
    let asides = Asides { undo, idle, money, done, ..asides };
    let (duty, trip, offers, board) = (&duty, &trip, &offers, &board);
    let (counsels, blocks) = (&counsels, &blocks);
    let shell = &shell;
    visit.show_as(answer, &RunPage { shell, duty, trip, offers, board, counsels, blocks, me, now, notice, asides })
}

/// The runner behind a form of the page.
pub(super) fn runner_of<'v>(site: &Site, visit: &'v Visit, fields: &Fields) -> Result<&'v SignedIn> {
    let caller = visit.signed_in()?;
    visit.check_form(site, fields, None)?;
    must_be_runner(caller)?;
    Ok(caller)
}

async fn set_duty(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let on = matches!(fields.first("on"), "true" | "1" | "on" | "yes");
    let number = |name: &str| fields.first(name).parse::<f64>().ok();
    let at = number("lat").zip(number("lon")).map(|(lat, lon)| Point::new(lat, lon)).filter(|at| at.is_on_earth());
    let hours = fields.first("hours").parse::<i64>().ok().filter(|hours| (1..=LONGEST_STAY_H).contains(hours));
    let until = hours.map(|hours| site.house.now().plus_seconds(3600 * hours));
    duty::set(&site.house, &caller.person, duty::Told { on, at, accuracy_m: number("accuracy_m"), until }).await?;
    Ok(see_other(if on { "/run?notice=on_duty" } else { "/run?notice=off_duty" }))
}

async fn accept(site: Data<Site>, visit: Visit, offer: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let dropped = fields.all("drop").map(id).collect::<Result<_>>()?;
    let done = offering::accept(&site.house, &caller.person, id(&offer)?, dropped).await;
    lost_or_told(done, &format!("offer={offer}"), "accepted")
}

async fn decline(site: Data<Site>, visit: Visit, offer: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let reason = optional_reason(Some(fields.first("reason")))?;
    let done = offering::decline(&site.house, &caller.person, id(&offer)?, reason).await;
    told(done.map_err(Into::into), links::RUN, "declined")
}

async fn claim(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let errands = fields.all("errand").map(id).collect::<Result<Vec<_>>>()?;
    let place = fields.first("place").parse().ok();
    let first = errands.first().map(ToString::to_string).unwrap_or_default();
    let done = claiming::claim_trip(&site.house, &caller.person, errands, place).await;
    lost_or_told(done, &format!("errand={first}"), "claimed")
}

/// As [`told`]; who lost a race is told by the page who was faster, of what `about` names.
fn lost_or_told<T>(done: crate::flow::Result<T>, about: &str, word: &str) -> Result<HttpResponse> {
    match done {
        Err(fault @ (FlowFault::AlreadyClaimed(Some(_)) | FlowFault::OfferClosed(Some(_)))) => {
            Ok(see_other(&format!("/run?notice={}&{about}", Fault::from(fault).told().code)))
        }
        done => told(done.map_err(Into::into), links::RUN, word),
    }
}

async fn hand_back_all(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let done = carrying::hand_back_all(&site.house, &caller.person, None).await;
    told(done.map_err(Into::into), links::RUN, "handed_back_all")
}
