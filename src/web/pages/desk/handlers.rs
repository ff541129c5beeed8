//! `/desk`. One key, Enter, leads through a call: the number is looked up, the call is read back, it is kept.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde::Deserialize;

use super::fill::Draft;
use super::page::{DeskPage, Saved};
use super::read::{self, Place};
use super::said::ReadBack;
use crate::domain::ids::ZoneId;
use crate::domain::request::Submission;
use crate::domain::secret;
use crate::flow::CallKey;
use crate::flow::answering::{self, Look};
use crate::store::views::desk::{self, Caller, Card, Known, OpenOne};
use crate::store::views::ground::{self, Building};
use crate::store::views::tracking;
use crate::store::{Conn, Error as StoreError};
use crate::web::api::{channel, must_work_the_desk};
use crate::web::extract::{Fields, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::form;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, intake_door, links};

pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource(links::DESK).route(web::get().to(show)).route(web::post().to(take)));
}

#[derive(Debug, Default, Deserialize)]
struct Begin {
    /// The request that was kept last.
    done: Option<String>,
    /// A home that needs something.
    home: Option<String>,
    /// A request that is wanted again.
    again: Option<String>,
}

/// Everything a turn of the call has found out.
#[derive(Default)]
struct Turn {
    draft: Draft,
    errors: Vec<FieldError>,
    doors: Vec<(String, String)>,
    known: Option<Card>,
    open: Vec<OpenOne>,
    read_back: Option<ReadBack>,
    saved: Option<Saved>,
    key: String,
}

async fn show(site: Data<Site>, visit: Visit, begin: Params<Begin>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::DESK)) };
    must_work_the_desk(caller)?;
    let mut turn = Turn { key: site.house.chance.token(), ..Turn::default() };
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let known = Known { home: of(&begin.0.home).parse().ok(), last: of(&begin.0.again).parse().ok() };
    if known != Known::default() {
        prefill(&site, caller, &mut turn, known).await?;
    }
    if let Ok(request) = of(&begin.0.done).parse() {
        let zone = caller.person.zone;
        turn.saved = site
            .house
            .db
            .read(async move |conn| {
                let ours = ground::find_zone_of(conn, request).await? == Some(zone);
                if !ours {
                    return Ok(None);
                }
                let told = tracking::load(conn, request).await?;
                Ok::<_, StoreError>(Some(Saved { code: told.code, deliver_by: told.deliver_by }))
            })
            .await?;
    }
    render(&site, &visit, caller, turn).await
}

/// A call that begins with what is known: a home that needs something, or a medicine that is wanted again.
async fn prefill(site: &Site, caller: &SignedIn, turn: &mut Turn, known: Known) -> Result<()> {
    let zone = caller.person.zone;
    look(site, caller, known).await?;
    let (card, phone, lines) = site
        .house
        .db
        .read(async move |conn| {
            let lines = match known.last {
                Some(request) => desk::list_lines(conn, zone, request).await?,
                None => Vec::new(),
            };
            let phone = desk::find_phone(conn, zone, known).await?;
            Ok::<_, StoreError>((desk::load_card(conn, zone, known).await?, phone, lines))
        })
        .await?;
    if let Some(phone) = phone {
        turn.draft.set("phone", &phone);
        turn.draft.set("looked", &looked(site, caller, &turn.draft));
    }
    if let Some(card) = card {
        turn.draft.know(&card);
        turn.known = Some(card);
    }
    for line in lines {
        turn.draft.add_line(&line);
    }
    let place = read::place(turn.draft.first("door"), &buildings(site, zone).await?);
    turn.open = open_ones(site, zone, &turn.draft, &place).await?;
    Ok(())
}

async fn look(site: &Site, caller: &SignedIn, known: Known) -> Result<()> {
    let (homes, requests) = (known.home.into_iter().collect(), known.last.into_iter().collect());
    let look = Look { homes, requests, purpose: "call" };
    Ok(answering::look(&site.house, &caller.person, caller.person.zone, look).await?)
}

async fn buildings(site: &Site, zone: ZoneId) -> Result<Vec<Building>> {
    let all = site.house.db.read(async move |conn| ground::list_buildings(conn).await).await?;
    Ok(all.into_iter().filter(|building| building.zone_id == zone).collect())
}

async fn open_ones(site: &Site, zone: ZoneId, draft: &Draft, place: &Place) -> Result<Vec<OpenOne>> {
    let (key, digits, place) = (site.house.key.clone(), draft.digits(), place.clone());
    let phone = (!digits.is_empty()).then(|| key.phone_mark(&digits));
    let find = async move |conn: &mut Conn| {
        let door = match place {
            Place::Known { building, room } if !room.is_empty() => {
                ground::find_building(conn, &building).await?.map(|(_, building)| key.door_mark(building, &room))
            }
            _ => None,
        };
        desk::list_open(conn, zone, Caller { phone, door }).await
    };
    Ok(site.house.db.read(find).await?)
}

async fn take(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_work_the_desk(caller)?;
    let (zone, mut draft) = (caller.person.zone, Draft::new(&fields.pairs));
    let mut turn = Turn { key: fields.first("idempotency_key").to_owned(), ..Turn::default() };
    let splitting = fields.first("act") == "split";
    if splitting {
        let message = draft.first("slip").to_owned();
        draft.paste(&message);
    }
    let chosen = draft.first("door_choice").to_owned();
    if !chosen.is_empty() {
        draft.set("door", &chosen);
    }
    let first_look = looked(&site, caller, &draft) != draft.first("looked");
    turn.known = know(&site, caller, &mut draft, first_look).await?;
    let buildings = buildings(&site, zone).await?;
    let place = read::place(draft.first("door"), &buildings);
    if let Place::Choose(doors) = &place {
        turn.doors.clone_from(doors);
    }
    turn.open = open_ones(&site, zone, &draft, &place).await?;
    match understood(&site, &draft, &place).await {
        Ok(submission) if draft.digest() == draft.first("read") && !first_look && !splitting => {
            return keep(&site, caller, submission, &format!("{}{}", turn.key, draft.digest())).await;
        }
        Ok(submission) => turn.read_back = Some(ReadBack::of(&submission, name_of(&place, &buildings))),
        // A number that was just looked up: the rest of the call has not been typed yet.
        Err(Fault::Invalid(_)) if first_look || splitting => {}
        Err(Fault::Invalid(errors)) => turn.errors = read::on_page(&errors, &place, &read::rows(&draft)),
        Err(other) => return Err(other),
    }
    turn.draft = draft;
    render(&site, &visit, caller, turn).await
}

/// Says that this person's look at this number is written down. Sealed by us: nobody sees a card by saying so himself.
fn looked(site: &Site, caller: &SignedIn, draft: &Draft) -> String {
    let digits = draft.digits();
    if digits.is_empty() {
        return digits;
    }
    site.house.key.form_token(&format!("looked:{}:{digits}", caller.person.id))
}

/// Looks the number up when it is new, writing down the look, and fills what is blank.
async fn know(site: &Site, caller: &SignedIn, draft: &mut Draft, first_look: bool) -> Result<Option<Card>> {
    let (zone, now, digits) = (caller.person.zone, site.house.now(), draft.digits());
    if digits.len() < 5 {
        draft.set("looked", &looked(site, caller, draft));
        return Ok(None);
    }
    let mark = site.house.key.phone_mark(&digits);
    let find = async move |conn: &mut Conn| desk::find_known(conn, zone, (&digits, mark), now).await;
    let known = site.house.db.read(find).await?;
    if first_look {
        look(site, caller, known).await?;
        draft.set("looked", &looked(site, caller, draft));
    }
    let card = site.house.db.read(async move |conn| desk::load_card(conn, zone, known).await).await?;
    if let Some(card) = card.as_ref().filter(|_| first_look) {
        draft.know(card);
    }
    Ok(card)
}

async fn understood(site: &Site, draft: &Draft, place: &Place) -> Result<Submission> {
    let asked = read::asked(draft, place, (&site.house.local, site.house.now()));
    intake_door::read(site, &asked, channel(Some(draft.first("channel")))?).await
}

fn name_of(place: &Place, buildings: &[Building]) -> String {
    let Place::Known { building: code, .. } = place else { return String::new() };
    let found = buildings.iter().find(|building| building.code == *code);
    found.map(|building| format!("{} {}", building.compound, building.name)).unwrap_or_default()
}

/// The same page with the same words is the same call, however often Enter is pressed; mended words are another.
async fn keep(site: &Site, caller: &SignedIn, submission: Submission, key: &str) -> Result<HttpResponse> {
    let key = CallKey { scope: "desk-page".to_owned(), key: secret::hash(key), body: secret::digest(key.as_bytes()) };
    let receipt = answering::enter(&site.house, &caller.person, submission, Some(key)).await?;
    Ok(see_other(&format!("{}?done={}", links::DESK, receipt.request)))
}

async fn render(site: &Site, visit: &Visit, caller: &SignedIn, turn: Turn) -> Result<HttpResponse> {
    let zone = caller.person.zone;
    let zone = site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?;
    let errors = form::FieldError::of(&turn.errors);
    let (shell, typed) = (visit.shell(site, None), turn.draft.typed());
    let read = turn.read_back.as_ref().map(|_| turn.draft.digest()).unwrap_or_default();
    let page = DeskPage {
        shell: &shell,
        zone: &zone.name,
        typed: &typed,
        errors: &errors,
        doors: &turn.doors,
        known: turn.known.as_ref(),
        looked: turn.draft.first("looked"),
        open: &turn.open,
        read_back: turn.read_back.as_ref(),
        read: &read,
        saved: turn.saved.as_ref(),
        idempotency_key: &turn.key,
        now: site.house.now(),
        notice: visit.notice(),
    };
    visit.show_form(&errors, &page)
}
