//! `/run`: the runner's page and what is pressed on it.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::money::Money;
use super::page::RunPage;
use crate::domain::errand::{State, Step};
use crate::domain::geo::Point;
use crate::domain::question::About;
use crate::domain::stock::Found;
use crate::domain::text::Line;
use crate::flow::asking::{self, Asks};
use crate::flow::carrying::{self, Done};
use crate::flow::fetching::Goods;
use crate::flow::{Named, claiming, dispatch, duty, elsewhere, offering, sighting};
use crate::store::Error as StoreError;
use crate::store::views::runner;
use crate::web::api::{id, must_be_runner, optional_reason};
use crate::web::extract::{Fields, SignedIn};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::goods::{self, GotBody, SaidBody};
use crate::web::pages::door::{sign_in_and_back, told};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, board, links};

/// Errands of the open board that a phone's page shows.
const BOARD: usize = 10;
/// The longest a runner may say beforehand to stay.
const LONGEST_STAY_H: i64 = 16;

pub fn configure(config: &mut ServiceConfig) {
    super::money::configure(config);
    config
        .route("/run", web::get().to(show))
        .route("/run/duty", web::post().to(set_duty))
        .route("/run/offers/{id}/accept", web::post().to(accept))
        .route("/run/offers/{id}/decline", web::post().to(decline))
        .route("/run/board/claim", web::post().to(claim))
        .route("/run/hand-back", web::post().to(hand_back_all))
        .route("/run/errands/{id}/ask", web::post().to(ask))
        .route("/run/errands/{id}/seen", web::post().to(tell_seen))
        .route("/run/errands/{id}/elsewhere", web::post().to(go_elsewhere))
        .route("/run/errands/{id}/{step}", web::post().to(act));
}

async fn show(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::RUN)) };
    must_be_runner(caller)?;
    page(&site, &visit, Money::default()).await
}

/// The page, and with it what was typed about money and refused.
pub(super) async fn page(site: &Site, visit: &Visit, money: Money) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    duty::sign_of_life(&site.house, &caller.person).await?;
    let (me, now) = (caller.person.id, site.house.now());
    let (duty, trip, offers) = site
        .house
        .db
        .read(async move |conn| {
            let duty = runner::load_duty(conn, me).await?;
            let trip = runner::load_trip(conn, me, now).await?;
            let offers = runner::list_offers(conn, me, now).await?;
            Ok::<_, StoreError>((duty, trip, offers))
        })
        .await?;
    let board = if duty.on { board::load(site, &caller.person, duty.at, BOARD).await? } else { Vec::new() };
    let fetches = trip.stops.iter().any(|stop| stop.state == State::Claimed && stop.ends.leg == 1);
    let counsels = if fetches { dispatch::counsels(&site.house, &caller.person).await? } else { BTreeMap::new() };
    // Also after a refused form: from here one looks on, and changes the language, at the page itself.
    let mut shell = visit.shell(site, None);
    links::RUN.clone_into(&mut shell.path);
    let status = if money.errors.is_empty() { HttpResponse::Ok() } else { HttpResponse::UnprocessableEntity() };
    let money = &Money { key: site.house.chance.token(), ..money };
    let (counsels, notice) = (&counsels, visit.notice());
    let (duty, trip, offers, board) = (&duty, &trip, &offers, &board);
    visit.show_as(status, &RunPage { shell: &shell, duty, trip, offers, board, counsels, now, notice, money })
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
    told(done.map_err(Into::into), links::RUN, "accepted")
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
    let done = claiming::claim_trip(&site.house, &caller.person, errands, place).await;
    told(done.map_err(Into::into), links::RUN, "claimed")
}

async fn hand_back_all(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let done = carrying::hand_back_all(&site.house, &caller.person, None).await;
    told(done.map_err(Into::into), links::RUN, "handed_back_all")
}

async fn act(site: Data<Site>, visit: Visit, path: Path<(String, String)>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let (errand, step) = path.into_inner();
    let (step, word) = match step.as_str() {
        "collect" => (Step::Collect, "collected"),
        "hand-over" => (Step::HandOver, "handed_over"),
        "deliver" => (Step::Deliver, "delivered"),
        "fail" => (Step::Fail, "failed"),
        "hand-back" => (Step::HandBack, "handed_back"),
        _ => return Err(Fault::NotFound),
    };
    let reason = optional_reason(Some(fields.first("reason")))?;
    if step == Step::Fail && reason.is_none() {
        return Ok(see_other("/run?notice=reason_needed"));
    }
    let goods = goods(step, &fields)?;
    let done =
        carrying::act(&site.house, &caller.person, id(&errand)?, (step, Done { reason, goods, ..Done::default() }))
            .await;
    told(done.map_err(Into::into), links::RUN, word)
}

/// What differs, as the folds of the page tell it: nothing, on the way most errands go.
fn goods(step: Step, fields: &Fields) -> Result<Goods> {
    let given = |name: &str| Some(fields.first(name).to_owned()).filter(|text| !text.trim().is_empty());
    let said = || given("said_by").map(|by| SaidBody { by: Some(by), note: given("said_note") });
    let ticked = |(name, value): &(String, String)| {
        let item = name.strip_prefix("got-")?.parse().ok()?;
        let differs = value != "as_asked";
        differs.then(|| GotBody { item: Some(item), got: Some(value.clone()), said: said() })
    };
    let items: Vec<GotBody> = fields.pairs.iter().filter_map(ticked).collect();
    let refused: Vec<i64> = fields.all("refused").filter_map(|position| position.parse().ok()).collect();
    let (items, refused) =
        (Some(items).filter(|_| step == Step::Collect), Some(refused).filter(|_| step == Step::Deliver));
    goods::read(step, items.as_deref(), refused.as_deref())
}

/// One press at the counter: it has it, or not.
async fn tell_seen(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let wrong = |field: &str| Fault::Invalid(vec![FieldError::new(field, "not_a_word")]);
    let found: Found = fields.first("outcome").parse().map_err(|_| wrong("outcome"))?;
    let position = fields.first("item").parse().map_err(|_| wrong("item"))?;
    let shown = Some(fields.first("place").to_owned()).filter(|place| !place.is_empty());
    let done = sighting::see_for(&site.house, &caller.person, id(&errand)?, (position, found), shown).await;
    told(done.map_err(Into::into), links::RUN, "told")
}

async fn go_elsewhere(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let done = elsewhere::go(&site.house, &caller.person, id(&errand)?, fields.first("place").to_owned()).await;
    told(done.map_err(Into::into), links::RUN, "elsewhere")
}

/// Out of stock, unless the shop has something instead.
async fn ask(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let offer = Line::parse(fields.first("offer")).ok();
    let about = if offer.is_some() { About::OtherMaker } else { About::OutOfStock };
    let item = Named::Place(fields.first("item").parse().unwrap_or(-1));
    let done = asking::ask(&site.house, &caller.person, id(&errand)?, Asks { item, about, offer }).await;
    told(done.map_err(Into::into), links::RUN, "asked")
}
