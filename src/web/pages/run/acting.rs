//! What is pressed about an errand in hand: an act with what proves it, and taking the last one back.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::handlers::{page, runner_of};
use super::page::Asides;
use crate::domain::errand::Step;
use crate::domain::ids::ErrandId;
use crate::flow::carrying::{self, Done};
use crate::flow::fetching::Goods;
use crate::flow::proving::Shown;
use crate::flow::{photos, undoing};
use crate::web::api::{id, optional_reason, optional_shelf};
use crate::web::extract::{Fields, Sent};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::goods::{self, GotBody, SaidBody};
use crate::web::pages::door::told;
use crate::web::pages::form::FieldError as Wrong;
use crate::web::pages::notice::Notice;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::photos::code_of;
use crate::web::{Site, links};

/// An act that was refused for what came with it: what was typed stays, and what is wrong stands beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused {
    pub errand: Option<ErrandId>,
    pub code: String,
    pub shelf: String,
    /// The token of a photo that has come: it need not be taken again.
    pub photo: String,
    pub wrong: Vec<Wrong>,
}

pub(super) async fn act(
    site: Data<Site>,
    visit: Visit,
    path: Path<(String, String)>,
    sent: Sent,
) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &sent.fields)?;
    let (errand, step) = path.into_inner();
    let (step, word) = match step.as_str() {
        "collect" => (Step::Collect, "collected"),
        "hand-over" => (Step::HandOver, "handed_over"),
        "deliver" => (Step::Deliver, "delivered"),
        "fail" => (Step::Fail, "failed"),
        "hand-back" => (Step::HandBack, "handed_back"),
        _ => return Err(Fault::NotFound),
    };
    let errand: ErrandId = id(&errand)?;
    let (fields, mut refused) = (&sent.fields, Refused { errand: Some(errand), ..Refused::default() });
    let reason = optional_reason(Some(fields.first("reason")))?;
    if step == Step::Fail && reason.is_none() {
        return Ok(see_other("/run?notice=reason_needed"));
    }
    (refused.code, refused.shelf) = (fields.first("code").to_owned(), fields.first("shelf").to_owned());
    match receive(&site, &sent).await? {
        Ok(token) => refused.photo = token,
        Err(wrong) => return show(&site, &visit, (refused, vec![wrong])).await,
    }
    let shelf = match optional_shelf(Some(fields.first("shelf"))) {
        Ok(shelf) => shelf,
        Err(Fault::Invalid(wrong)) => return show(&site, &visit, (refused, wrong)).await,
        Err(fault) => return Err(fault),
    };
    let given = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
    let shown = Shown { code: given(&refused.code), photo: given(&refused.photo) };
    let goods = goods(step, fields)?;
    let done = Done { reason, goods, shown, shelf, ..Done::default() };
    match carrying::act(&site.house, &caller.person, errand, (step, done)).await.map_err(Fault::from) {
        Err(fault) if fault.told().status == 422 => show(&site, &visit, (refused, fault.told().errors)).await,
        done => told(done, links::RUN, word),
    }
}

/// What differs, as the folds of the page tell it: nothing, on the way most errands go.
fn goods(step: Step, fields: &Fields) -> Result<Goods> {
    let given = |name: &str| Some(fields.first(name).to_owned()).filter(|text| !text.trim().is_empty());
    let said = |item: i64| {
        let by = given(&format!("said_by-{item}"))?;
        Some(SaidBody { by: Some(by), note: given(&format!("said_note-{item}")) })
    };
    let ticked = |(name, value): &(String, String)| {
        let item = name.strip_prefix("got-")?.parse().ok()?;
        let differs = value != "as_asked";
        differs.then(|| GotBody { item: Some(item), got: Some(value.clone()), said: said(item) })
    };
    let items: Vec<GotBody> = fields.pairs.iter().filter_map(ticked).collect();
    let refused: Vec<i64> = fields.all("refused").filter_map(|position| position.parse().ok()).collect();
    let (items, refused) =
        (Some(items).filter(|_| step == Step::Collect), Some(refused).filter(|_| step == Step::Deliver));
    goods::read(step, items.as_deref(), refused.as_deref())
}

/// The photo that came along, kept, as its token: taken now, or with the act before. Empty when there is none.
async fn receive(site: &Site, sent: &Sent) -> Result<std::result::Result<String, FieldError>> {
    let Some(file) = sent.files.iter().find(|file| file.name == "photo") else {
        return Ok(Ok(sent.fields.first("photo").to_owned()));
    };
    let kept = match &file.bytes {
        Some(bytes) => photos::keep(&site.house, bytes.clone()).await?,
        None => Err(photos::Unreadable::TooLarge),
    };
    Ok(kept.map_err(|unreadable| FieldError::new("photo", code_of(unreadable))))
}

/// The page again, with what is wrong beside what was typed. A photo that is gone is not offered again.
async fn show(site: &Site, visit: &Visit, (mut refused, wrong): (Refused, Vec<FieldError>)) -> Result<HttpResponse> {
    if wrong.iter().any(|wrong| wrong.code == "photo_gone") {
        refused.photo.clear();
    }
    refused.wrong = wrong.iter().map(|wrong| Wrong::new(&wrong.field, wrong.code)).collect();
    let notice = wrong.iter().any(|wrong| wrong.field == "code").then(|| Notice::from_word(visit.words, "wrong_code"));
    page(site, visit, Asides { refused, ..Asides::default() }, notice.flatten()).await
}

pub(super) async fn undo(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = runner_of(&site, &visit, &fields)?;
    let done = undoing::undo(&site.house, &caller.person, id(&errand)?, None).await;
    told(done.map_err(Into::into), links::RUN, "undone")
}
