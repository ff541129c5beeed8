//! The ladder: what is about to be late, "I have it", and passing it on.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ZoneParams, watched_zone};
use crate::domain::actor::Actor;
use crate::domain::alarm::{Rung, Terms};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{RequestId, ZoneId};
use crate::domain::permission::{Action, may, reach};
use crate::domain::reason::Reason;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::flow::alarming;
use crate::store::views::alarms::{self, AlarmNote};
use crate::web::Site;
use crate::web::api::given::optional_reason;
use crate::web::api::id;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_alarms).service(escalate).service(acknowledge);
}

/// One open alarm. No name, door, telephone or thing of a resident is in it.
#[derive(Serialize, ToSchema)]
pub struct AlarmJson {
    #[schema(value_type = String, format = Uuid)]
    pub request: RequestId,
    pub code: String,
    /// The zone's code.
    pub zone: String,
    /// The building's code.
    pub building: String,
    pub category: Category,
    pub urgency: Urgency,
    pub state: State,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
    /// Seconds to spare: the promised time, less now, less what is still needed. Below zero: it cannot be in time any more.
    pub slack_s: i64,
    pub rung: Rung,
    /// When this rung was told.
    #[schema(value_type = String, format = DateTime)]
    pub since: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub fired_at: Iso,
    /// A word: why nobody could be asked, or why a person must decide.
    pub why: Option<String>,
    pub acknowledged_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acknowledged_at: Option<Iso>,
}

impl AlarmJson {
    fn of(note: AlarmNote, (terms, now): (&Terms, At)) -> Self {
        let (by, at) = note.acknowledged.unzip();
        Self {
            request: note.request,
            code: note.code,
            zone: note.zone_code,
            building: note.building,
            category: note.category,
            urgency: note.case.urgency,
            state: note.case.request,
            deliver_by: note.case.deliver_by.into(),
            slack_s: terms.slack_s(&note.case, now),
            rung: note.rung,
            since: note.since.into(),
            fired_at: note.fired_at.into(),
            why: note.why,
            acknowledged_by: by,
            acknowledged_at: at.map(Iso),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct AlarmsJson {
    pub items: Vec<AlarmJson>,
    /// There is never another page.
    pub next: Option<String>,
}

/// The zones whose alarms a caller means: the one named; else all for the district, the own for everybody else.
pub(in crate::web) async fn alarms_of(site: &Site, caller: &SignedIn, code: Option<&str>) -> Result<Option<ZoneId>> {
    let everywhere = reach(&caller.person) == Some(Rung::District);
    if everywhere && code.is_none_or(str::is_empty) {
        return Ok(None);
    }
    watched_zone(site, caller, code).await.map(Some)
}

/// Open alarms, what is promised first comes first. Without `zone`: of the own zone, for the district of all.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(ZoneParams),
    responses((status = 200, body = AlarmsJson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/watch/alarms")]
pub async fn list_alarms(site: Data<Site>, caller: SignedIn, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let zone = alarms_of(&site, &caller, params.0.zone.as_deref()).await?;
    let notes = site.house.db.read(async move |conn| alarms::list(conn, zone).await).await?;
    let (terms, now) = (site.house.alarms.as_ref(), site.house.now());
    let items = notes.into_iter().map(|note| AlarmJson::of(note, (terms, now))).collect();
    Ok(HttpResponse::Ok().json(AlarmsJson { items, next: None }))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EscalateBody {
    /// `desk`, `supervisor`, `street` or `district`; the one above the alarm's and the caller's own when not given.
    pub rung: Option<String>,
    /// A word or own words.
    pub reason: Option<String>,
}

/// Which rung, and why, as they were sent; every mistake by its field.
pub(in crate::web) fn whither(rung: Option<&str>, reason: Option<&str>) -> Result<(Option<Rung>, Option<Reason>)> {
    let given = rung.filter(|rung| !rung.is_empty());
    let rung = given.map(str::parse::<Rung>).transpose().ok().map(|rung| rung.filter(|rung| *rung > Rung::Runner));
    let unread = rung.is_none_or(|rung| rung.is_none() && given.is_some());
    let reason = match optional_reason(reason) {
        Ok(reason) if !unread => return Ok((rung.flatten(), reason)),
        Ok(_) => Vec::new(),
        Err(Fault::Invalid(wrong)) => wrong,
        Err(other) => return Err(other),
    };
    let rung = unread.then(|| FieldError::new("rung", "not_a_word"));
    Err(Fault::Invalid(rung.into_iter().chain(reason).collect()))
}

/// Pass a request on to the next rung of the ladder, now. Without an alarm this opens one.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)), request_body = EscalateBody,
    responses((status = 200, body = AlarmJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/watch/requests/{id}/escalate")]
pub async fn escalate(
    site: Data<Site>,
    caller: SignedIn,
    request: Path<String>,
    body: Body<EscalateBody>,
) -> Result<HttpResponse> {
    must_answer(&caller)?;
    let request = id(&request)?;
    let whither = whither(body.value.rung.as_deref(), body.value.reason.as_deref())?;
    alarming::escalate(&site.house, &caller.person, request, whither).await?;
    stands(&site, request).await
}

/// "I have it", by name: the clock of the rung stops. If nobody is on the way some minutes later, it goes on all the same.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(("id" = String, Path)),
    responses((status = 200, body = AlarmJson), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
#[post("/watch/requests/{id}/acknowledge")]
pub async fn acknowledge(site: Data<Site>, caller: SignedIn, request: Path<String>) -> Result<HttpResponse> {
    must_answer(&caller)?;
    let request = id(&request)?;
    alarming::acknowledge(&site.house, &caller.person, request).await?;
    stands(&site, request).await
}

/// Whoever answers on no rung hears so at once; on which one is decided with the alarm.
pub(in crate::web) fn must_answer(caller: &SignedIn) -> Result<()> {
    let (zone, rung) = (caller.person.zone, Rung::Runner);
    let answers = may(&Actor::Person(caller.person.clone()), Action::AnswerAlarm { zone, rung });
    if answers { Ok(()) } else { Err(Fault::NotAllowed) }
}

async fn stands(site: &Site, request: RequestId) -> Result<HttpResponse> {
    let notes = site.house.db.read(async move |conn| alarms::list(conn, None).await).await?;
    let note = notes.into_iter().find(|note| note.request == request).ok_or(Fault::NotFound)?;
    Ok(HttpResponse::Ok().json(AlarmJson::of(note, (site.house.alarms.as_ref(), site.house.now()))))
}
