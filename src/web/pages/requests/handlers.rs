//! `/` and `/b/{code}`: the steps of the form, and taking it. Nothing is stored before the last one, except photos.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::ask::{Ask, BuildingChoice, Where};
use super::check::CheckPage;
use super::filled::Filled;
use super::start::StartPage;
use super::step::{Go, Step};
use super::what::WhatPage;
use super::whither::WherePage;
use crate::domain::actor::Trace;
use crate::domain::ids::ZoneId;
use crate::domain::request::{Category, Channel};
use crate::domain::secret;
use crate::flow::{self, CallKey, photos};
use crate::store::views::ground::{self, Building};
use crate::store::views::load::Load;
use crate::store::{Conn, Error as StoreError};
use crate::web::extract::{File, Params, Peer, Sent};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::form;
use crate::web::pages::notices;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::photos::code_of;
use crate::web::{Site, intake_door, links, load};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource("/").route(web::get().to(show)).route(web::post().to(take)))
        .service(web::resource("/b/{code}").route(web::get().to(show)).route(web::post().to(take)));
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Start {
    want: String,
}

/// A form on its way through the steps.
struct Form {
    filled: Filled,
    key: String,
    /// The building of the poster, if the address names one.
    code: Option<String>,
}

impl Form {
    fn new(http: &HttpRequest, filled: Filled, key: String) -> Self {
        Self { filled, key, code: http.match_info().get("code").map(ToOwned::to_owned) }
    }

    fn channel(&self) -> Channel {
        if self.code.is_some() { Channel::Poster } else { Channel::Web }
    }

    /// A doubled tap, a Back, a resend: whatever comes with this key is the same request.
    fn call_key(&self) -> CallKey {
        CallKey { scope: "form".to_owned(), key: secret::hash(&self.key), body: self.filled.digest() }
    }
}

/// What is shown beside the fields.
#[derive(Default)]
struct Told<'a> {
    errors: &'a [FieldError],
    earlier: Option<&'a str>,
    /// It was not taken: urgent ones alone are.
    paused: bool,
}

async fn show(site: Data<Site>, http: HttpRequest, visit: Visit, start: Params<Start>) -> Result<HttpResponse> {
    let mut form = Form::new(&http, Filled::default(), site.house.chance.token());
    if let Ok(category) = start.0.want.parse::<Category>() {
        form.filled.set("category", category.as_str());
        return render(&site, &visit, (&form, Step::What), Told::default()).await;
    }
    let buildings = list_buildings(&site).await?;
    let mut shell = visit.shell(&site, None);
    let zone = zone_of(&site, &form).await?;
    notices::hang(&site, &mut shell, zone).await?;
    let load = load_of(&site, zone).await?;
    visit.show(&StartPage { shell: &shell, building: place(&form, &buildings), load: load.as_ref() })
}

async fn list_buildings(site: &Site) -> Result<Vec<BuildingChoice>> {
    let buildings = site.house.db.read(async move |conn| ground::list_buildings(conn).await).await?;
    let choice =
        |building: Building| BuildingChoice { code: building.code, compound: building.compound, name: building.name };
    Ok(buildings.into_iter().map(choice).collect())
}

/// The zone of the poster's building, or of the chosen one, or the only one there is: its notices hang over the form, and
/// how busy it is stands there.
async fn zone_of(site: &Site, form: &Form) -> Result<Option<ZoneId>> {
    let code = form.code.clone().unwrap_or_else(|| form.filled.first("building").to_owned());
    let find = async move |conn: &mut Conn| {
        if let Some((zone, _)) = ground::find_building(conn, &code).await? {
            return Ok(Some(zone));
        }
        let zones = ground::list_zones(conn).await?;
        Ok::<_, StoreError>(if let [only] = zones.as_slice() { Some(only.id) } else { None })
    };
    Ok(site.house.db.read(find).await?)
}

async fn load_of(site: &Site, zone: Option<ZoneId>) -> Result<Option<Load>> {
    match zone {
        Some(zone) => Ok(Some(load::of(site, zone).await?)),
        None => Ok(None),
    }
}

fn place<'a>(form: &Form, all: &'a [BuildingChoice]) -> Where<'a> {
    let known = form.code.as_ref().and_then(|code| all.iter().find(|choice| choice.code == *code));
    match (&form.code, known) {
        (_, Some(known)) => Where::Known(known),
        (Some(_), None) => Where::UnknownCode(all),
        (None, None) => Where::Choose(all),
    }
}

async fn render(site: &Site, visit: &Visit, (form, step): (&Form, Step), told: Told<'_>) -> Result<HttpResponse> {
    let buildings = list_buildings(site).await?;
    let mut shell = visit.shell(site, Some(&form.key));
    let zone = zone_of(site, form).await?;
    notices::hang(site, &mut shell, zone).await?;
    let errors = form::FieldError::of(told.errors);
    let mut filled = form.filled.clone();
    if step == Step::Check {
        filled.set("seen", "check");
    }
    let typed = filled.typed();
    let building = place(form, &buildings);
    let ask = Ask { step, words: visit.words, building, typed: &typed, errors: &errors, key: &form.key };
    let status = match (errors.is_empty(), told.earlier) {
        (false, _) => HttpResponse::UnprocessableEntity(),
        (true, _) if told.paused => HttpResponse::Conflict(),
        (true, Some(_)) => HttpResponse::Conflict(),
        (true, None) => HttpResponse::Ok(),
    };
    let mut answer = match step {
        Step::What => visit.show_as(status, &WhatPage { shell: &shell, ask }),
        Step::Where => visit.show_as(status, &WherePage { shell: &shell, ask }),
        Step::Check => {
            let load = load_of(site, zone).await?;
            let (earlier, paused) = (told.earlier, told.paused);
            let page = CheckPage { shell: &shell, ask, buildings: &buildings, earlier, load: load.as_ref(), paused };
            visit.show_as(status, &page)
        }
    }?;
    // With "no-store", Back from here would be a question about sending the form again, and what was typed would be gone.
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(answer)
}

async fn take(site: Data<Site>, http: HttpRequest, visit: Visit, (peer, sent): (Peer, Sent)) -> Result<HttpResponse> {
    let Sent { fields, files } = sent;
    let key = fields.first("idempotency_key").to_owned();
    visit.check_form(&site, &fields, Some(&key))?;
    let (step, go) = (Step::parse(fields.first("step")), Go::parse(fields.first("go")));
    let mut form = Form::new(&http, Filled::new(fields.pairs), key);
    let refused = receive(&site, peer, &mut form.filled, files).await?;
    if !refused.is_empty() {
        return render(&site, &visit, (&form, Step::What), Told { errors: &refused, ..Told::default() }).await;
    }
    let to = match go {
        Go::Next => return next(&site, &visit, form, step).await,
        Go::Send => return send(&site, &visit, peer, form).await,
        Go::Stay => step,
        Go::To(other) => other,
        Go::AddRow => {
            form.filled.add_row();
            Step::What
        }
        Go::DropRow(row) => {
            form.filled.drop_row(row);
            Step::What
        }
        Go::DropPhoto(row) => {
            form.filled.set_photo(row, "");
            Step::What
        }
    };
    render(&site, &visit, (&form, to), Told::default()).await
}

/// Keeps the photos that came along; answers those that could not be kept, by their field.
async fn receive(site: &Site, peer: Peer, filled: &mut Filled, files: Vec<File>) -> Result<Vec<FieldError>> {
    let mut refused = Vec::new();
    for file in files {
        let Some(row) = file.name.strip_prefix("photo-").and_then(|row| row.parse::<usize>().ok()) else { continue };
        site.photos.check(peer.0)?;
        let kept = match file.bytes {
            Some(bytes) => photos::keep(&site.house, bytes).await?,
            None => Err(photos::Unreadable::TooLarge),
        };
        match kept {
            Ok(token) => filled.set_photo(row, &token),
            Err(why) => refused.push(FieldError::new(format!("items[{row}].photo"), code_of(why))),
        }
    }
    Ok(refused)
}

/// To the next step when this one is well; who came back from the check goes there again.
async fn next(site: &Site, visit: &Visit, mut form: Form, step: Step) -> Result<HttpResponse> {
    form.filled.squeeze();
    let wrong = judge(site, visit, &form).await?;
    let here: Vec<FieldError> = wrong.iter().filter(|error| Step::of(error) == step).cloned().collect();
    if step != Step::Check && !here.is_empty() {
        return render(site, visit, (&form, step), Told { errors: &here, ..Told::default() }).await;
    }
    let checked = form.filled.first("seen") == Step::Check.as_str() && wrong.is_empty();
    let to = if checked { Step::Check } else { step.after() };
    render(site, visit, (&form, to), Told::default()).await
}

/// Everything that is wrong, on whatever step. The form asks one thing more than the interface: how much medicine is
/// left, be it "not sure"; a question that was not seen is not answered by it.
async fn judge(site: &Site, visit: &Visit, form: &Form) -> Result<Vec<FieldError>> {
    let asked = form.filled.asked(visit.words.lang(), (&site.house.local, site.house.now()));
    let mut wrong = match intake_door::read(site, &asked, form.channel()).await {
        Ok(_) => Vec::new(),
        Err(Fault::Invalid(errors)) => errors,
        Err(fault) => return Err(fault),
    };
    let medicine = form.filled.first("category") == Category::Medicine.as_str();
    if medicine && form.filled.first("doses_left").is_empty() {
        wrong.push(FieldError::new("medicine_left.doses_left", "required"));
    }
    Ok(wrong)
}

async fn send(site: &Site, visit: &Visit, peer: Peer, mut form: Form) -> Result<HttpResponse> {
    site.submissions.check(peer.0)?;
    form.filled.squeeze();
    let asked = form.filled.asked(visit.words.lang(), (&site.house.local, site.house.now()));
    let taken = intake_door::take(site, &asked, (form.channel(), Trace::RESIDENT), Some(form.call_key())).await;
    match taken {
        Ok(receipt) => Ok(see_other(&links::tracking(&receipt.token))),
        Err(Fault::Invalid(errors)) => {
            let step = errors.first().map_or(Step::What, Step::of);
            let here: Vec<FieldError> = errors.into_iter().filter(|error| Step::of(error) == step).collect();
            render(site, visit, (&form, step), Told { errors: &here, ..Told::default() }).await
        }
        // Not the error page: what was typed stays, for later or to be told by telephone.
        Err(Fault::Flow(flow::Fault::IntakePaused(_))) => {
            render(site, visit, (&form, Step::Check), Told { paused: true, ..Told::default() }).await
        }
        Err(Fault::Flow(flow::Fault::KeyReused)) => ask_again(site, visit, form).await,
        Err(fault) => Err(fault),
    }
}

/// The same form came before with something else in it: Back, changed, sent. That may be a second request or a
/// correction of the first; the asker is told, and says which by sending it once more, under a key of its own.
async fn ask_again(site: &Site, visit: &Visit, mut form: Form) -> Result<HttpResponse> {
    let earlier = flow::intake::find_earlier(&site.house, &form.call_key()).await?;
    form.key = site.house.chance.token();
    let link = earlier.map(|request| links::tracking(&site.house.token(request)));
    render(site, visit, (&form, Step::Check), Told { earlier: link.as_deref(), ..Told::default() }).await
}
