//! All bags of one door in one press: each errand is done by itself, with its own record, and told of by itself.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::handlers::{page, runner_of};
use super::page::Asides;
use crate::domain::errand::{State, Step};
use crate::domain::ids::ErrandId;
use crate::flow::carrying::{self, Done};
use crate::web::Site;
use crate::web::api::id;
use crate::web::extract::{Fields, SignedIn};
use crate::web::fault::{Fault, Result, Told};
use crate::web::pages::visit::{Visit, see_other};

/// More bags than anybody carries.
const MOST: usize = 50;

/// What came of one errand of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The request's code.
    pub code: String,
    /// `None`: done. Otherwise the phrase that says why not.
    pub refused: Option<String>,
}

/// # Errors
/// [`Fault::NotFound`] for another step or no errand; what is no conflict.
pub async fn act(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let (step, word) = match fields.first("step") {
        "deliver" => (Step::Deliver, "delivered"),
        "hand-over" => (Step::HandOver, "handed_over"),
        _ => return Err(Fault::NotFound),
    };
    let errands = fields.all("errand").take(MOST).map(id).collect::<Result<Vec<ErrandId>>>()?;
    let codes: Vec<&str> = fields.all("bag").collect();
    let mut outcomes = Vec::with_capacity(errands.len());
    for (place, errand) in errands.into_iter().enumerate() {
        let refused = one(&site, caller, errand, step).await?;
        outcomes.push(Outcome { code: codes.get(place).copied().unwrap_or_default().to_owned(), refused });
    }
    if outcomes.iter().all(|outcome| outcome.refused.is_none()) {
        return Ok(see_other(&format!("/run?notice={word}")));
    }
    page(&site, &visit, Asides { outcomes, ..Asides::default() }, None).await
}

async fn one(site: &Site, caller: &SignedIn, errand: ErrandId, step: Step) -> Result<Option<String>> {
    match carrying::act(&site.house, &caller.person, errand, (step, Done::default())).await {
        Ok(_) => Ok(None),
        Err(fault) => {
            let fault = Fault::from(fault);
            let told = fault.told();
            if told.status.is_server_error() { Err(fault) } else { Ok(Some(why(&told))) }
        }
    }
}

/// Where it went, when it is not this runner's any more; otherwise what is wrong.
fn why(told: &Told) -> String {
    told.overtaken.map_or_else(|| format!("fault-{}", told.code), |state| gone(state).to_owned())
}

/// What became of an errand that left the runner's hands. `run.js` says the same of what was pressed without a network.
pub(super) const fn gone(state: State) -> &'static str {
    match state {
        State::Cancelled => "run-gone-cancelled",
        State::Care => "run-gone-care",
        State::Delivered | State::Closed => "run-gone-delivered",
        State::Waiting | State::Offered | State::Claimed | State::Collected | State::AtGate => "run-gone-else",
    }
}
