//! The care inbox: what cannot go on by itself, and what a person decides about it.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::given::{optional_reason, required_reason};
use super::shapes::Page;
use super::watch::{QueueJson, ZoneParams};
use super::{id, watched_zone};
use crate::domain::actor::Actor;
use crate::domain::care::{Act, Suggestion, Why, acts};
use crate::domain::ids::{RequestId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::text::Room;
use crate::domain::urgency::Urgency;
use crate::flow::answering::{self, Look};
use crate::flow::caring::{self, Correction};
use crate::flow::supervision::Whom;
use crate::store::views::care::{self, CareRow};
use crate::store::views::{ground, queue, supervisor::Opened};
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(decide);
}

/// One thing a person must decide about. No name, door or phone: opening it is a look of its own.
#[derive(Serialize, ToSchema)]
pub struct CareJson {
    #[serde(flatten)]
    pub row: QueueJson,
    pub why: Why,
    #[schema(value_type = String, format = DateTime)]
    pub since: Iso,
    /// A runner has the goods in hand.
    pub held: bool,
    /// The one next step that most likely helps.
    pub suggestion: Suggestion,
    /// What can be done: `act` of `POST /desk/care/{id}`.
    pub acts: Vec<Act>,
}

impl From<CareRow> for CareJson {
    fn from(care: CareRow) -> Self {
        Self {
            acts: acts(care.row.errand_state).to_vec(),
            row: care.row.into(),
            why: care.why,
            since: care.since.into(),
            held: care.held,
            suggestion: care.suggestion,
        }
    }
}

/// Everything of a zone that cannot go on by itself, by time left.
pub(in crate::web) async fn load_care(site: &Site, zone: ZoneId) -> Result<Vec<CareRow>> {
    let now = site.house.now();
    Ok(site.house.db.read(async move |conn| care::list(conn, zone, now).await).await?)
}

/// One of them, with name, door and telephone. The look is written down before anything is read.
pub(in crate::web) async fn open_care(
    site: &Site,
    caller: &SignedIn,
    request: RequestId,
) -> Result<(Opened, Option<CareRow>)> {
    let found = site.house.db.read(async move |conn| ground::find_zone_of(conn, request).await).await?;
    let zone = found.ok_or(Fault::NotFound)?;
    if !may(&Actor::Person(caller.person.clone()), Action::ReadContact { zone }) {
        return Err(Fault::NotFound);
    }
    let look = Look { requests: vec![request], purpose: "care", ..Look::default() };
    answering::look(&site.house, &caller.person, zone, look).await?;
    let now = site.house.now();
    let opened = site.house.db.read(async move |conn| {
        let opened = queue::open(conn, zone, request).await?;
        Ok::<_, crate::store::Error>((opened, care::find(conn, zone, (request, now)).await?))
    });
    Ok(opened.await?)
}

/// What cannot go on by itself: why, since when, and one suggested next step.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(ZoneParams),
    responses((status = 200, body = Page<CareJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/desk/care")]
pub async fn list(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let found = load_care(&site, zone).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(CareJson::from).collect())))
}

/// What is decided. Which fields count depends on `act`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DecideBody {
    /// `send_again`, `give`, `urgency`, `settle`, `cancel`; `called` only writes down that the household was rung.
    #[schema(example = "send_again")]
    pub act: Option<String>,
    /// Sent again: the right building, when it was wrong.
    pub building: Option<String>,
    /// Sent again: the right door, when it was wrong.
    pub room: Option<String>,
    /// Given: a runner's username; left out, whoever has the goods.
    pub runner: Option<String>,
    /// `red`, `yellow`, `green`
    pub urgency: Option<String>,
    /// A word or own words. Needed for all but `send_again` and `give`.
    pub reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Decided {
    #[schema(value_type = String, format = Uuid)]
    pub id: RequestId,
    /// How the request stands now.
    pub state: crate::domain::errand::State,
}

/// Decide about what is in care.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(("id" = String, Path)), request_body = DecideBody,
    responses(
        (status = 200, body = Decided), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    )
)]
#[post("/desk/care/{id}")]
pub async fn decide(
    site: Data<Site>,
    caller: SignedIn,
    request: Path<String>,
    body: Body<DecideBody>,
) -> Result<HttpResponse> {
    must_settle(&caller)?;
    let request = id(&request)?;
    do_decide(&site, &caller, request, body.value).await?;
    let now = site.house.db.read(async move |conn| ground::find_state(conn, request).await).await?;
    Ok(HttpResponse::Ok().json(Decided { id: request, state: now.ok_or(Fault::NotFound)? }))
}

/// Whoever may decide nowhere hears so at once; in whose zone is decided with the request.
pub(in crate::web) fn must_settle(caller: &SignedIn) -> Result<()> {
    let zone = caller.person.zone;
    let allowed = may(&Actor::Person(caller.person.clone()), Action::SettleCare { zone });
    if allowed { Ok(()) } else { Err(Fault::NotAllowed) }
}

fn wrong(field: &str, code: &'static str) -> Fault {
    Fault::Invalid(vec![FieldError::new(field, code)])
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Does what the body says; the one way for page and API.
pub(in crate::web) async fn do_decide(
    site: &Site,
    caller: &SignedIn,
    request: RequestId,
    body: DecideBody,
) -> Result<()> {
    let (house, me) = (&site.house, &caller.person);
    let act = given(body.act.as_deref()).ok_or_else(|| wrong("act", "required"))?;
    let reason = body.reason.as_deref();
    if act == "called" {
        return Ok(caring::note_call(house, me, request, required_reason(reason)?).await?);
    }
    match act.parse().map_err(|_| wrong("act", "not_a_word"))? {
        Act::SendAgain => {
            let correction = read_correction(site, caller, (body.building.as_deref(), body.room.as_deref())).await?;
            drop(caring::send_again(house, me, request, (correction, optional_reason(reason)?)).await?);
        }
        Act::Give => {
            drop(match given(body.runner.as_deref()) {
                Some(runner) => caring::give(house, me, request, Whom::Username(runner.to_owned())).await?,
                None => caring::give_to_holder(house, me, request).await?,
            });
        }
        Act::Urgency => {
            let urgency = read_urgency(body.urgency.as_deref())?;
            caring::set_urgency(house, me, request, (urgency, required_reason(reason)?)).await?;
        }
        Act::Settle => drop(caring::settle(house, me, request, required_reason(reason)?).await?),
        Act::Cancel => drop(caring::cancel(house, me, request, required_reason(reason)?).await?),
    }
    Ok(())
}

pub(in crate::web) fn read_urgency(text: Option<&str>) -> Result<Urgency> {
    let text = given(text).ok_or_else(|| wrong("urgency", "required"))?;
    text.parse().map_err(|_| wrong("urgency", "not_a_word"))
}

async fn read_correction(
    site: &Site,
    caller: &SignedIn,
    (building, room): (Option<&str>, Option<&str>),
) -> Result<Correction> {
    let mut errors = Vec::new();
    let room = given(room).map(Room::parse).transpose();
    let room = room.unwrap_or_else(|unfit| {
        errors.push(FieldError::new("room", unfit.code()));
        None
    });
    let mut correction = Correction { building: None, room };
    if let Some(code) = given(building) {
        let code = code.to_owned();
        let found = site.house.db.read(async move |conn| ground::find_building(conn, &code).await).await?;
        let actor = Actor::Person(caller.person.clone());
        match found.filter(|(zone, _)| may(&actor, Action::SettleCare { zone: *zone })) {
            Some((_, building)) => correction.building = Some(building),
            None => errors.push(FieldError::new("building", "unknown_building")),
        }
    }
    if errors.is_empty() { Ok(correction) } else { Err(Fault::Invalid(errors)) }
}
