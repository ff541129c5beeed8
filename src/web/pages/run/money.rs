//! What is pressed on `/run` about money: a receipt of one errand, and what the household gave. What does not fit is said
//! in the fold it was typed into, and what was typed stays.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, ServiceConfig, post};

use super::handlers::{page, runner_of};
use super::page::Asides;
use crate::domain::ids::ErrandId;
use crate::domain::secret;
use crate::flow::booking::{self, Bought};
use crate::flow::{CallKey, photos};
use crate::web::api::id;
use crate::web::extract::{Fields, Sent};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::ledger::{Amount, ReceiptBody, SettleBody, SpentBag, SpentItem};
use crate::web::pages::door::told;
use crate::web::pages::form::Typed;
use crate::web::pages::shell::Shell;
use crate::web::pages::visit::Visit;
use crate::web::photos::code_of;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.route("/run/errands/{id}/receipt", post().to(book)).route("/run/errands/{id}/settle", post().to(settle));
}

/// The two forms of the fold, as they were sent and refused.
#[derive(Debug, Default)]
pub struct Money {
    /// Whose fold it was.
    pub errand: Option<ErrandId>,
    pub typed: Typed,
    /// Token of a photo that has come: it need not be taken again.
    pub photo: String,
    pub errors: Vec<FieldError>,
    /// Of the second form: what the household gave.
    pub settling: bool,
    /// What makes a double tap one act.
    pub key: String,
}

impl Money {
    /// What is wrong, each thing once: amounts of things by one word for all of them.
    pub fn wrong(&self, shell: &Shell) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for error in &self.errors {
            let label = match error.field.as_str() {
                "total" => "money-total",
                "photo" => "money-photo",
                "amount" => "money-given",
                "how" => "money-settle",
                _ => "money-each",
            };
            let text = shell.words.say(&format!("refusal-{}", error.code), "field", shell.t(label));
            if !said.contains(&text) {
                said.push(text);
            }
        }
        said
    }
}

/// What was left empty was not on the receipt.
fn receipt(errand: ErrandId, fields: &Fields) -> ReceiptBody {
    let spent = (1..).zip(fields.all("spent"));
    let items: Vec<SpentItem> =
        spent.filter_map(|(place, text)| Some(SpentItem { item: Some(place), amount: Some(amount(text)?) })).collect();
    let bags = vec![SpentBag { errand: Some(errand.to_string()), items }];
    ReceiptBody { total: amount(fields.first("total")), bags, ..ReceiptBody::default() }
}

fn amount(text: &str) -> Option<Amount> {
    (!text.trim().is_empty()).then(|| Amount::Text(text.to_owned()))
}

/// The page again with the fold as it was typed, or what came of it.
async fn answer(site: &Site, visit: &Visit, done: Result<HttpResponse>, money: Money) -> Result<HttpResponse> {
    match done {
        Err(fault) if !fault.told().errors.is_empty() => {
            let money = Money { errors: fault.told().errors, ..money };
            page(site, visit, Asides { money, ..Asides::default() }, visit.notice()).await
        }
        done => done,
    }
}

fn typed(fields: &Fields) -> Typed {
    fields.pairs.iter().filter(|(name, _)| name != "form_token").cloned().collect()
}

async fn book(site: Data<Site>, visit: Visit, errand: Path<String>, mut sent: Sent) -> Result<HttpResponse> {
    runner_of(&site, &visit, &sent.fields)?;
    let errand: ErrandId = id(&errand)?;
    let mut money = Money { errand: Some(errand), typed: typed(&sent.fields), ..Money::default() };
    let done = async {
        money.photo = photo(&site, &mut sent).await?.unwrap_or_default();
        let bought = receipt(errand, &sent.fields).read()?;
        let bought = Bought { photo: Some(money.photo.clone()).filter(|token| !token.is_empty()), ..bought };
        let done = booking::book(&site.house, &visit.signed_in()?.person, bought).await;
        told(done.map_err(Into::into), links::RUN, "booked")
    };
    let done = done.await;
    answer(&site, &visit, done, money).await
}

/// The receipt, made harmless like every photo, or the token of one that came before; a file that is none is said.
async fn photo(site: &Site, sent: &mut Sent) -> Result<Option<String>> {
    let Some(file) = sent.files.pop() else {
        return Ok(Some(sent.fields.first("photo_token").to_owned()).filter(|token| !token.is_empty()));
    };
    let refuse = |code| Fault::Invalid(vec![FieldError::new("photo", code)]);
    let bytes = file.bytes.ok_or_else(|| refuse("photo_too_large"))?;
    match photos::keep(&site.house, bytes).await? {
        Ok(token) => Ok(Some(token)),
        Err(unreadable) => Err(refuse(code_of(unreadable))),
    }
}

async fn settle(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let errand: ErrandId = id(&errand)?;
    let how = Some(fields.first("how").to_owned());
    let body = SettleBody { amount: amount(fields.first("amount")), how };
    let sent = typed(&fields);
    let pairs: Vec<_> = sent.pairs().collect();
    let digest = secret::digest(serde_json::to_string(&pairs).unwrap_or_default().as_bytes());
    let key = Some(fields.first("idempotency_key")).filter(|key| !key.is_empty());
    let scope = format!("settle:{}:{errand}", caller.person.id);
    let key = key.map(|key| CallKey { scope, key: secret::hash(key), body: digest });
    let done = async {
        let (fen, how) = body.read()?;
        let done = booking::settle(&site.house, &caller.person, errand, (fen, how, key)).await;
        told(done.map_err(Into::into), links::RUN, "settled")
    };
    let done = done.await;
    let money = Money { errand: Some(errand), typed: sent, settling: true, ..Money::default() };
    answer(&site, &visit, done, money).await
}
