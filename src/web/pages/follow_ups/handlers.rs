//! `/desk/follow-ups`: "I am calling", the call, and the one press after it.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::{CallPage, ChecksPage, Typed};
use crate::domain::follow_up::Outcome;
use crate::domain::ids::FollowUpId;
use crate::flow::{following, recurring};
use crate::store::views::follow_ups::{self, Check};
use crate::store::views::ground;
use crate::web::api::{id, must_work_the_desk, whom};
use crate::web::extract::{Fields, SignedIn};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::follow_ups::FollowUpBody;
use crate::web::pages::door::{sign_in_and_back, told};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route(links::FOLLOW_UPS, web::get().to(show))
        .route("/desk/follow-ups/{id}/call", web::post().to(take_up))
        .route("/desk/follow-ups/{id}/leave", web::post().to(leave))
        .service(web::resource("/desk/follow-ups/{id}").route(web::get().to(open)).route(web::post().to(record)))
        .route("/desk/recurrences/{id}/end", web::post().to(end));
}

async fn checks(site: &Site, caller: &SignedIn) -> Result<Vec<Check>> {
    let (zone, now) = (caller.person.zone, site.house.now());
    Ok(site.house.db.read(async move |conn| follow_ups::list(conn, zone, now).await).await?)
}

async fn show(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::FOLLOW_UPS)) };
    must_work_the_desk(caller)?;
    let zone = caller.person.zone;
    let checks = checks(&site, caller).await?;
    let recurring = site.house.db.read(async move |conn| follow_ups::list_recurring(conn, zone).await).await?;
    let zone = site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?;
    let (shell, now, notice) = (visit.shell(&site, None), site.house.now(), visit.notice());
    let (me, zone) = (caller.person.id, zone.name.as_str());
    visit.show(&ChecksPage { shell: &shell, zone, me, checks: &checks, recurring: &recurring, now, notice })
}

async fn take_up(site: Data<Site>, visit: Visit, check: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let check: FollowUpId = id(&check)?;
    let taken = following::take_up(&site.house, &caller.person, check).await;
    match taken {
        Ok(_) => Ok(see_other(&format!("{}/{check}", links::FOLLOW_UPS))),
        refused => told(refused.map_err(Into::into), links::FOLLOW_UPS, "called"),
    }
}

async fn leave(site: Data<Site>, visit: Visit, check: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    following::lay_down(&site.house, &caller.person, id(&check)?).await?;
    Ok(see_other(links::FOLLOW_UPS))
}

/// The call that this person has taken up. Of another, or of nobody, it opens nothing: a link is no reason to look.
async fn open(site: Data<Site>, visit: Visit, check: Path<String>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::FOLLOW_UPS)) };
    must_work_the_desk(caller)?;
    let Some(check) = mine(&site, caller, id(&check)?).await? else { return Ok(see_other(links::FOLLOW_UPS)) };
    render(&site, &visit, caller, (&check, &Typed::default(), &[])).await
}

async fn mine(site: &Site, caller: &SignedIn, id: FollowUpId) -> Result<Option<Check>> {
    let found = checks(site, caller).await?.into_iter().find(|check| check.id == id);
    Ok(found.filter(|check| check.caller.as_ref().is_some_and(|(who, _)| *who == caller.person.id)))
}

type Shown<'a> = (&'a Check, &'a Typed, &'a [FieldError]);

async fn render(
    site: &Site,
    visit: &Visit,
    caller: &SignedIn,
    (check, typed, errors): Shown<'_>,
) -> Result<HttpResponse> {
    let (_, whom) = match whom(site, check.id, caller).await {
        Err(fault) if fault.told().status == 409 => {
            return told(Err::<(), Fault>(fault), links::FOLLOW_UPS, "called");
        }
        other => other?,
    };
    let shell = visit.shell(site, None);
    let page = CallPage { shell: &shell, check, whom: &whom, typed, errors };
    let status = if errors.is_empty() { HttpResponse::Ok() } else { HttpResponse::UnprocessableEntity() };
    visit.show_as(status, &page)
}

async fn record(site: Data<Site>, visit: Visit, check: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let check: FollowUpId = id(&check)?;
    let told_now = match body(&fields).and_then(|body| body.read(&site)) {
        Ok(told) => told,
        Err(Fault::Invalid(errors)) => {
            let Some(mine) = mine(&site, caller, check).await? else { return Ok(see_other(links::FOLLOW_UPS)) };
            return render(&site, &visit, caller, (&mine, &typed(&fields), &errors)).await;
        }
        Err(other) => return Err(other),
    };
    let outcome = told_now.outcome;
    match following::record(&site.house, &caller.person, check, told_now).await {
        // The address holds the id of the request and nothing else of it.
        Ok(came) if outcome == Outcome::MoreNeeded => Ok(see_other(&format!("{}?again={}", links::DESK, came.request))),
        Ok(came) => Ok(see_other(&format!("{}?notice={}", links::FOLLOW_UPS, word(came.state, came.due_at.is_some())))),
        refused => told(refused.map_err(Into::into), links::FOLLOW_UPS, "followed"),
    }
}

const fn word(state: crate::domain::errand::State, again: bool) -> &'static str {
    match state {
        crate::domain::errand::State::Care => "to_care",
        _ if again => "follow_again",
        _ => "followed",
    }
}

fn typed(fields: &Fields) -> Typed {
    let field = |name: &str| fields.first(name).to_owned();
    Typed { note: field("note"), enough_until: field("enough_until"), every_days: field("every_days") }
}

/// A form as the API's body.
///
/// # Errors
/// [`Fault::Invalid`] for what is no number.
pub(in crate::web::pages) fn body(fields: &Fields) -> Result<FollowUpBody> {
    let field = |name: &str| Some(fields.first(name).to_owned());
    Ok(FollowUpBody {
        outcome: field("outcome"),
        note: field("note"),
        enough_until: field("enough_until"),
        every_days: number(fields, "every_days")?,
        tries: number(fields, "tries")?,
    })
}

/// A number of a form; blank is none.
///
/// # Errors
/// [`Fault::Invalid`] for what is no number.
pub(in crate::web::pages) fn number(fields: &Fields, name: &'static str) -> Result<Option<i32>> {
    let text = fields.first(name).trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Fault::Invalid(vec![FieldError::new(name, "not_a_number")]))
}

async fn end(site: Data<Site>, visit: Visit, recurrence: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    recurring::end(&site.house, &caller.person, id(&recurrence)?).await?;
    Ok(see_other(&format!("{}?notice=recurs_ended", links::FOLLOW_UPS)))
}
