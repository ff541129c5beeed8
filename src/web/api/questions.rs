//! Questions from the counter: asked by the runner, answered on the page or by the desk.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use super::id;
use super::runner::must_be_runner;
use super::shapes::QuestionJson;
use crate::domain::question::{About, Choice};
use crate::domain::text::Line;
use crate::flow::asking::{self, Asks};
use crate::flow::{Named, follow_up};
use crate::web::Site;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};

pub fn configure(config: &mut ServiceConfig) {
    config.service(ask).service(answer).service(answer_for);
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AskBody {
    /// The thing: its place in the list of items, from 1, or its name. 0, with `out_of_stock`: the shop as a whole, when
    /// the household named it: may it be another? `swap` says yes.
    #[schema(value_type = String)]
    pub item: Option<serde_json::Value>,
    /// `out_of_stock`, `other_maker`
    pub kind: Option<String>,
    /// What the shop has instead.
    pub offer: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerBody {
    /// Id of the question.
    pub question: Option<String>,
    /// `swap` (the same of another maker), `wait`, `drop`
    pub choice: Option<String>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChoiceBody {
    /// `swap` (the same of another maker), `wait`, `drop`
    pub choice: Option<String>,
}

impl AskBody {
    /// What is asked, or each field that is wrong.
    fn read(&self) -> Result<Asks> {
        let named = match &self.item {
            Some(serde_json::Value::String(name)) if !name.trim().is_empty() => Ok(Named::Name(name.clone())),
            Some(serde_json::Value::Number(place)) => {
                let place = place.as_i64().and_then(|place| i32::try_from(place).ok());
                place.map(Named::Place).ok_or(FieldError::new("item", "out_of_range"))
            }
            None | Some(serde_json::Value::Null | serde_json::Value::String(_)) => {
                Err(FieldError::new("item", "required"))
            }
            Some(_) => Err(FieldError::new("item", "wrong_type")),
        };
        let offer = self.offer.as_deref().filter(|offer| !offer.trim().is_empty()).map(Line::parse).transpose();
        let offer = offer.map_err(|unfit| FieldError::new("offer", unfit.code()));
        match (named, word::<About>("kind", self.kind.as_deref()), offer) {
            (Ok(item), Ok(about), Ok(offer)) => Ok(Asks { item, about, offer }),
            (item, about, offer) => {
                Err(Fault::Invalid([item.err(), about.err(), offer.err()].into_iter().flatten().collect()))
            }
        }
    }
}

fn word<T: std::str::FromStr>(field: &str, text: Option<&str>) -> std::result::Result<T, FieldError> {
    let text = text.filter(|text| !text.is_empty()).ok_or_else(|| FieldError::new(field, "required"))?;
    text.parse().map_err(|_| FieldError::new(field, "not_a_word"))
}

/// The choice, or that there is none.
pub(in crate::web) fn choice(text: Option<&str>) -> Result<Choice> {
    word("choice", text).map_err(|wrong| Fault::Invalid(vec![wrong]))
}

/// Ask the resident about a thing of an errand in hand. Asked again before the answer, it is that question.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(("id" = String, Path)), request_body = AskBody,
    responses(
        (status = 200, body = QuestionJson), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "out_of_turn"), (status = 422, body = Problem),
    )
)]
#[post("/errands/{id}/ask")]
pub async fn ask(
    site: Data<Site>,
    caller: SignedIn,
    errand: Path<String>,
    body: Body<AskBody>,
) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let errand = id(&errand)?;
    let asked = asking::ask(&site.house, &caller.person, errand, body.value.read()?).await?;
    Ok(HttpResponse::Ok().json(QuestionJson::from(asked)))
}

/// Answer a question from the counter.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", params(("token" = String, Path)), request_body = AnswerBody,
    responses(
        (status = 200, body = QuestionJson), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_answered, out_of_turn"), (status = 422, body = Problem),
    )
)]
#[post("/requests/{token}/answer")]
pub async fn answer(site: Data<Site>, token: Path<String>, body: Body<AnswerBody>) -> Result<HttpResponse> {
    let request = follow_up::find_own(&site.house, &token).await?;
    let told = body.value;
    let question = told.question.as_deref().filter(|text| !text.is_empty());
    let question = question.ok_or_else(|| Fault::Invalid(vec![FieldError::new("question", "required")]))?;
    let choice = choice(told.choice.as_deref())?;
    let answered = asking::answer(&site.house, request, id(question)?, choice).await?;
    // What the shop had instead is not repeated to whoever holds the link later.
    Ok(HttpResponse::Ok().json(QuestionJson { offer: None, ..answered.into() }))
}

/// Answer for the resident, on a call.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk", params(("id" = String, Path)), request_body = ChoiceBody,
    responses(
        (status = 200, body = QuestionJson), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "already_answered, out_of_turn"), (status = 422, body = Problem),
    )
)]
#[post("/desk/questions/{id}")]
pub async fn answer_for(
    site: Data<Site>,
    caller: SignedIn,
    question: Path<String>,
    body: Body<ChoiceBody>,
) -> Result<HttpResponse> {
    let choice = choice(body.value.choice.as_deref())?;
    let answered = asking::answer_for(&site.house, &caller.person, id(&question)?, choice).await?;
    Ok(HttpResponse::Ok().json(QuestionJson::from(answered)))
}
