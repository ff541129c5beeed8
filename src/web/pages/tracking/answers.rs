//! Below `/r/{token}`: what the asker answers after the delivery, and when it is wanted again.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use crate::domain::errand::State;
use crate::domain::follow_up::Outcome;
use crate::flow::{follow_up, following, recurring};
use crate::web::extract::Fields;
use crate::web::fault::{Fault, Result};
use crate::web::follow_ups::AgainBody;
use crate::web::pages::door::told;
use crate::web::pages::follow_ups::handlers::{body, number};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .route("/r/{token}/follow-up", web::post().to(answer))
        .route("/r/{token}/recurrence", web::post().to(set_again))
        .route("/r/{token}/recurrence/end", web::post().to(end_again));
}

/// Back to the page, with what is to be said there.
fn back(token: &str, notice: &str) -> HttpResponse {
    see_other(&format!("{}?notice={notice}", links::tracking(token)))
}

async fn answer(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    let answered = body(&fields)?.read_own(&site)?;
    let outcome = answered.outcome;
    match following::answer(&site.house, request, answered).await {
        Ok(_) if outcome == Outcome::MoreNeeded => Ok(see_other("/")),
        Ok(came) if came.state == State::Care => Ok(back(&token, "problem")),
        Ok(came) if came.due_at.is_some() => Ok(back(&token, "not_taken_yet")),
        done => told(done.map_err(Into::into), &links::tracking(&token), "confirmed"),
    }
}

async fn set_again(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    let wanted = number(&fields, "every_days").and_then(|every_days| {
        AgainBody { enough_until: Some(fields.first("enough_until").to_owned()), every_days }.read(&site)
    });
    match wanted {
        Ok(again) => {
            let done = recurring::set(&site.house, request, again).await;
            told(done.map_err(Into::into), &links::tracking(&token), "recurs_set")
        }
        Err(Fault::Invalid(_)) => Ok(back(&token, "again_wrong")),
        Err(fault) => Err(fault),
    }
}

async fn end_again(site: Data<Site>, visit: Visit, token: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    visit.check_form(&site, &fields, Some(&token))?;
    recurring::end_own(&site.house, request).await?;
    Ok(back(&token, "recurs_ended"))
}
