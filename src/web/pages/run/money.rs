//! What is pressed on `/run` about money: a receipt of one errand, and what the household gave.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, ServiceConfig, post};

use crate::domain::ids::ErrandId;
use crate::flow::booking::{self, Bought};
use crate::flow::photos;
use crate::web::api::{id, must_be_runner};
use crate::web::extract::{Fields, Sent};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::ledger::{Amount, ReceiptBody, SettleBody, SpentBag, SpentItem};
use crate::web::pages::door::told;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::photos::code_of;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.route("/run/errands/{id}/receipt", post().to(book)).route("/run/errands/{id}/settle", post().to(settle));
}

/// What was left empty was not asked about on the receipt.
fn receipt(errand: &str, fields: &Fields) -> ReceiptBody {
    let typed = |text: &str| (!text.trim().is_empty()).then(|| Amount::Text(text.to_owned()));
    let spent = (1..).zip(fields.all("spent"));
    let items: Vec<SpentItem> =
        spent.filter_map(|(place, text)| Some(SpentItem { item: Some(place), amount: Some(typed(text)?) })).collect();
    let bags = vec![SpentBag { errand: Some(errand.to_owned()), items }];
    ReceiptBody { total: typed(fields.first("total")), bags, ..ReceiptBody::default() }
}

/// Amounts that do not fit lead back with a word about it.
fn refused(done: Result<HttpResponse>) -> Result<HttpResponse> {
    match done {
        Err(Fault::Invalid(_)) => Ok(see_other("/run?notice=no_amount")),
        Err(fault) if fault.told().errors.iter().any(|error| error.code == "does_not_add_up") => {
            Ok(see_other("/run?notice=does_not_add_up"))
        }
        done => done,
    }
}

async fn book(site: Data<Site>, visit: Visit, errand: Path<String>, mut sent: Sent) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &sent.fields, None)?;
    must_be_runner(caller)?;
    let errand: ErrandId = id(&errand)?;
    let body = receipt(&errand.to_string(), &sent.fields);
    let bought = match body.read() {
        Ok(bought) => Bought { photo: photo(&site, &mut sent).await?, ..bought },
        Err(fault) => return refused(Err(fault)),
    };
    let done = booking::book(&site.house, &caller.person, bought).await;
    refused(told(done.map_err(Into::into), links::RUN, "booked"))
}

/// The receipt, made harmless like every photo; a file that is none is said.
async fn photo(site: &Site, sent: &mut Sent) -> Result<Option<String>> {
    let Some(file) = sent.files.pop() else { return Ok(None) };
    let refuse = |code| Fault::Invalid(vec![FieldError::new("photo", code)]);
    let bytes = file.bytes.ok_or_else(|| refuse("photo_too_large"))?;
    match photos::keep(&site.house, bytes).await? {
        Ok(token) => Ok(Some(token)),
        Err(unreadable) => Err(refuse(code_of(unreadable))),
    }
}

async fn settle(site: Data<Site>, visit: Visit, errand: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_be_runner(caller)?;
    let amount = Some(fields.first("amount")).filter(|text| !text.trim().is_empty());
    let how = Some(fields.first("how").to_owned());
    let body = SettleBody { amount: amount.map(|text| Amount::Text(text.to_owned())), how };
    let (fen, how) = match body.read() {
        Ok(read) => read,
        Err(fault) => return refused(Err(fault)),
    };
    let done = booking::settle(&site.house, &caller.person, id(&errand)?, (fen, how, None)).await;
    refused(told(done.map_err(Into::into), links::RUN, "settled"))
}
