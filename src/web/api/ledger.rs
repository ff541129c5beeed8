//! The ledger: receipts, what households gave, and both for whoever oversees the zone.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::given::call_key;
use super::runner::must_be_runner;
use super::shapes::Page;
use super::{id, overseen_zone};
use crate::domain::clock::At;
use crate::domain::ids::{PhotoId, RequestId, ZoneId};
use crate::domain::local::parse_rfc3339;
use crate::domain::money::{Fen, How};
use crate::flow::booking;
use crate::store::views::ledger::{self, Account, Book, Reckoned};
use crate::web::Site;
use crate::web::extract::{Body, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;
use crate::web::ledger::{ReceiptBody, SettleBody};

pub fn configure(config: &mut ServiceConfig) {
    config.service(book).service(settle).service(show).service(export);
}

/// The id of what was written down.
#[derive(Serialize, ToSchema)]
pub struct Booked {
    #[schema(value_type = String, format = Uuid)]
    pub id: uuid::Uuid,
}

/// Write down a receipt: total and bags. One that holds all errands of an earlier one stands in its place.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", request_body = ReceiptBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses((status = 201, body = Booked), (status = 409, body = Problem, description = "already_booked, key_reused"), (status = 422, body = Problem, description = "does_not_add_up on total; photo_gone; by field"))
)]
#[post("/runner/receipts")]
pub async fn book(
    site: Data<Site>,
    caller: SignedIn,
    http: HttpRequest,
    body: Body<ReceiptBody>,
) -> Result<HttpResponse> {
    must_be_runner(&caller)?;
    let key = call_key(&http, format!("receipt:{}", caller.person.id), body.digest)?;
    let bought = booking::Bought { key, ..body.value.read()? };
    let id = booking::book(&site.house, &caller.person, bought).await?.uuid();
    Ok(HttpResponse::Created().json(Booked { id }))
}

/// Write down what a household gave. A mistake is mended by another line, below zero.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner, desk", request_body = SettleBody,
    params(("id" = String, Path, description = "The errand."), ("Idempotency-Key" = Option<String>, Header, description = "Made by the client; the same key again is the same act")),
    responses((status = 201, body = Booked), (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[post("/errands/{id}/settle")]
pub async fn settle(
    site: Data<Site>,
    caller: SignedIn,
    (http, errand): (HttpRequest, Path<String>),
    body: Body<SettleBody>,
) -> Result<HttpResponse> {
    let key = call_key(&http, format!("settle:{}:{errand}", caller.person.id), body.digest)?;
    let (fen, how) = body.value.read()?;
    let id = booking::settle(&site.house, &caller.person, id(&errand)?, (fen, how, key)).await?.uuid();
    Ok(HttpResponse::Created().json(Booked { id }))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct LedgerParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
    /// RFC 3339; the beginning of today when not given.
    pub from: Option<String>,
    /// RFC 3339; now when not given.
    pub to: Option<String>,
    /// 1 to 1000, 200 when not given.
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

const USUAL_LINES: i64 = 200;
const MOST_LINES: i64 = 1000;

/// What each request cost and what its household gave; amounts in yuan.
#[derive(Serialize, ToSchema)]
pub struct AccountJson {
    #[schema(value_type = String, format = Uuid)]
    pub request: RequestId,
    pub code: String,
    pub building: String,
    /// Who laid it out.
    pub runners: Vec<String>,
    pub spent: String,
    pub given: String,
    /// Still to be given; below zero, to be given back.
    pub open: String,
    pub how: Vec<How>,
    /// Photos of receipts: `GET /photos/{id}`.
    #[schema(value_type = Vec<String>)]
    pub receipts: Vec<PhotoId>,
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Iso,
}

impl From<Account> for AccountJson {
    fn from(account: Account) -> Self {
        let open = account.open().to_string();
        Self {
            request: account.request,
            code: account.code,
            building: account.building,
            runners: account.runners,
            spent: account.spent.to_string(),
            given: account.given.to_string(),
            open,
            how: account.hows,
            receipts: account.receipts,
            last_at: account.last_at.into(),
        }
    }
}

/// What one household owes; amounts in yuan.
#[derive(Serialize, ToSchema)]
pub struct ReckonedJson {
    pub spent: String,
    pub given: Vec<GivenJson>,
    /// Still to be given; below zero, to be given back.
    pub open: String,
}

#[derive(Serialize, ToSchema)]
pub struct GivenJson {
    pub how: How,
    pub amount: String,
}

impl From<Reckoned> for ReckonedJson {
    fn from(reckoned: Reckoned) -> Self {
        let open = reckoned.open().to_string();
        let given = |(how, fen): (How, Fen)| GivenJson { how, amount: fen.to_string() };
        Self { spent: reckoned.spent.to_string(), given: reckoned.given.into_iter().map(given).collect(), open }
    }
}

/// The span asked for, and its accounts.
pub(in crate::web) struct Asked {
    pub zone: ZoneId,
    pub from: At,
    pub to: At,
    pub book: Book,
}

pub(in crate::web) async fn accounts(site: &Site, caller: &SignedIn, params: &LedgerParams) -> Result<Asked> {
    let zone = overseen_zone(site, caller, params.zone.as_deref()).await?;
    let now = site.house.now();
    let time = |field: &str, text: Option<&str>, usual: At| match text.filter(|text| !text.is_empty()) {
        None => Ok(usual),
        Some(text) => parse_rfc3339(text).ok_or_else(|| Fault::Invalid(vec![FieldError::new(field, "not_a_time")])),
    };
    let from = time("from", params.from.as_deref(), site.house.local.day_began(now))?;
    let to = time("to", params.to.as_deref(), now.plus_seconds(1))?;
    let found = site.house.db.read(async move |conn| ledger::load(conn, zone, (from, to)).await).await?;
    Ok(Asked { zone, from, to, book: found })
}

/// The ledger of a zone, the latest first: each request about which anything was booked in the span, with all there is about it.
#[utoipa::path(context_path = "/api/v1", tag = "supervisor", params(LedgerParams), responses((status = 200, body = Page<AccountJson>), (status = 422, body = Problem)))]
#[get("/watch/ledger")]
pub async fn show(site: Data<Site>, caller: SignedIn, params: Params<LedgerParams>) -> Result<HttpResponse> {
    let all = accounts(&site, &caller, &params.0).await?.book.accounts;
    let after = params.0.after.as_deref().and_then(|text| text.parse::<RequestId>().ok());
    let seen =
        after.and_then(|last| all.iter().position(|account| account.request == last)).map_or(0, |place| place + 1);
    let limit = usize::try_from(params.0.limit.unwrap_or(USUAL_LINES).clamp(1, MOST_LINES)).unwrap_or(1);
    let items: Vec<AccountJson> = all.iter().skip(seen).take(limit).cloned().map(AccountJson::from).collect();
    let next = (all.len() > seen + limit).then(|| items.last().map(|account| account.request.to_string())).flatten();
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

/// The same as a table for a spreadsheet.
#[utoipa::path(context_path = "/api/v1", tag = "supervisor", params(LedgerParams), responses((status = 200, content_type = "text/csv", body = String), (status = 422, body = Problem)))]
#[get("/watch/ledger.csv")]
pub async fn export(site: Data<Site>, caller: SignedIn, params: Params<LedgerParams>) -> Result<HttpResponse> {
    let found = accounts(&site, &caller, &params.0).await?.book.accounts;
    let written = written(&found).map_err(|error| crate::store::Error::Broken(error.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", "attachment; filename=ledger.csv"))
        .body(written))
}

fn written(accounts: &[Account]) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(["code", "building", "runner", "spent", "given", "open", "how", "last_at"])?;
    for account in accounts {
        let how = account.hows.iter().map(|how| how.as_str()).collect::<Vec<_>>().join(";");
        let amounts = [account.spent, account.given, account.open()].map(|fen: Fen| fen.to_string());
        let [spent, given, open] = amounts;
        let runner = plain(&account.runners.join("; "));
        let last_at = crate::domain::local::rfc3339(account.last_at);
        rows.write_record([&account.code, &plain(&account.building), &runner, &spent, &given, &open, &how, &last_at])?;
    }
    Ok(rows.into_inner()?)
}

/// A spreadsheet takes what begins like this for a formula and runs it: then it gets a quote in front.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
