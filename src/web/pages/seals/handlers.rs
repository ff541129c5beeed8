//! `/watch/seals`: looking, setting one, pasting the official list, and confirming what it says.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::SealsPage;
use super::preview::PreviewPage;
use crate::domain::clock::At;
use crate::domain::local::rfc3339;
use crate::domain::seal::Order;
use crate::domain::seal::list::{Gazetteer, Known, Verdict};
use crate::flow::{self, sealing};
use crate::store::views::seals::{self, Overview};
use crate::web::api::{ZoneParams, overseen_zone};
use crate::web::extract::{Fields, Params, SignedIn};
use crate::web::fault::{FieldError, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::form::{self, Typed};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::seals::SealBody;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource(links::SEALS).route(web::get().to(show)).route(web::post().to(set)))
        .route("/watch/seals/preview", web::post().to(preview))
        .route("/watch/seals/confirm", web::post().to(confirm));
}

/// Who may seal here, and what there is to seal.
struct Ground<'v> {
    caller: &'v SignedIn,
    overview: Overview,
    elsewhere: Option<String>,
    now: At,
}

async fn ground<'v>(site: &Site, visit: &'v Visit, code: Option<&str>) -> Result<Ground<'v>> {
    let caller = visit.signed_in()?;
    let zone = overseen_zone(site, caller, code.filter(|code| !code.is_empty())).await?;
    let now = site.house.now();
    let overview = site.house.db.read(async move |conn| seals::load(conn, zone, now).await).await?;
    let elsewhere = (zone != caller.person.zone).then(|| overview.code.clone());
    Ok(Ground { caller, overview, elsewhere, now })
}

async fn show(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    if visit.signed_in().is_err() {
        return Ok(sign_in_and_back(links::SEALS));
    }
    let ground = ground(&site, &visit, params.0.zone.as_deref()).await?;
    page(&site, &visit, &ground, (&Typed::default(), &[]))
}

fn page(
    site: &Site,
    visit: &Visit,
    ground: &Ground<'_>,
    (typed, wrong): (&Typed, &[FieldError]),
) -> Result<HttpResponse> {
    let (shell, wrong) = (visit.shell(site, None), form::FieldError::of(wrong));
    let page = SealsPage {
        shell: &shell,
        overview: &ground.overview,
        elsewhere: ground.elsewhere.as_deref(),
        typed,
        wrong: &wrong,
        now: ground.now,
        notice: visit.notice(),
    };
    visit.show_form(&wrong, &page)
}

/// What a form says about a seal; its times are local.
fn order(site: &Site, fields: &Fields) -> std::result::Result<Order, Vec<FieldError>> {
    let time = |name: &str| {
        let typed = fields.first(name);
        let utc = site.house.local.parse(typed).map_or_else(|| typed.to_owned(), rfc3339);
        Some(utc)
    };
    let body = SealBody { seal: Some(fields.first("seal").to_owned()), from: time("from"), until: time("until") };
    body.read(site.house.now())
}

async fn set(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let ground = ground(&site, &visit, Some(fields.first("zone"))).await?;
    let code = fields.first("building");
    let known = ground.overview.blocks.iter().any(|block| block.code == code);
    let unknown =
        (!known).then(|| FieldError::new("building", if code.is_empty() { "required" } else { "unknown_building" }));
    match (order(&site, &fields), unknown) {
        (Ok(order), None) => {
            sealing::seal(&site.house, &ground.caller.person, code, order).await?;
            Ok(see_other(&links::of_zone(links::SEALS, ground.elsewhere.as_deref(), "sealed")))
        }
        (read, unknown) => {
            let wrong: Vec<FieldError> = unknown.into_iter().chain(read.err().unwrap_or_default()).collect();
            let typed: Typed = fields.pairs.iter().cloned().collect();
            page(&site, &visit, &ground, (&typed, &wrong))
        }
    }
}

/// Each line with what it says of this zone.
fn read_list<'t>(overview: &Overview, list: &'t str) -> Vec<(&'t str, Verdict)> {
    let known: Vec<Known<'_>> = overview
        .blocks
        .iter()
        .map(|block| Known { id: block.id, compound: &block.compound, name: &block.name })
        .collect();
    Gazetteer::of(&overview.street, &known).read_list(list)
}

async fn preview(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let ground = ground(&site, &visit, Some(fields.first("zone"))).await?;
    let lines = read_list(&ground.overview, fields.first("list"));
    if lines.is_empty() {
        let typed: Typed = fields.pairs.iter().cloned().collect();
        return page(&site, &visit, &ground, (&typed, &[FieldError::new("list", "required")]));
    }
    show_preview(&site, &visit, &ground, (&lines, &Typed::default(), &[]))
}

type Read<'a> = (&'a [(&'a str, Verdict)], &'a Typed, &'a [FieldError]);

fn show_preview(
    site: &Site,
    visit: &Visit,
    ground: &Ground<'_>,
    (lines, typed, wrong): Read<'_>,
) -> Result<HttpResponse> {
    let (shell, wrong) = (visit.shell(site, None), form::FieldError::of(wrong));
    let page = PreviewPage {
        shell: &shell,
        overview: &ground.overview,
        elsewhere: ground.elsewhere.as_deref(),
        lines,
        typed,
        wrong: &wrong,
    };
    visit.show_form(&wrong, &page)
}

/// Sets what was ticked; the list is read again, so that each seal keeps the line it came from.
async fn confirm(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let ground = ground(&site, &visit, Some(fields.first("zone"))).await?;
    let lines = read_list(&ground.overview, fields.first("list"));
    let order = match order(&site, &fields) {
        Ok(order) => order,
        Err(wrong) => {
            let typed: Typed = fields.pairs.iter().cloned().collect();
            return show_preview(&site, &visit, &ground, (&lines, &typed, &wrong));
        }
    };
    let sources = sources(&ground.overview, &lines);
    let (mut done, mut refused) = (0_usize, 0_usize);
    for code in fields.all("building") {
        let source = sources.get(code).map(|line| (*line).chars().take(LONGEST_SOURCE).collect());
        match sealing::seal(&site.house, &ground.caller.person, code, Order { source, ..order.clone() }).await {
            Ok(_) => done += 1,
            Err(fault @ flow::Fault::Store(_)) => return Err(fault.into()),
            Err(_) => refused += 1,
        }
    }
    let word = match (done, refused) {
        (0, _) => "seals_none",
        (_, 0) => "sealed",
        (_, _) => "seals_partly",
    };
    Ok(see_other(&links::of_zone(links::SEALS, ground.elsewhere.as_deref(), word)))
}

/// More of a line than this is not kept.
const LONGEST_SOURCE: usize = 200;

/// Which line named a building first.
fn sources<'a>(overview: &'a Overview, lines: &'a [(&'a str, Verdict)]) -> BTreeMap<&'a str, &'a str> {
    let mut sources = BTreeMap::new();
    for (line, verdict) in lines {
        let (Verdict::Buildings(ids) | Verdict::Person { maybe: ids, .. }) = verdict;
        for block in overview.blocks.iter().filter(|block| ids.contains(&block.id)) {
            sources.entry(block.code.as_str()).or_insert(*line);
        }
    }
    sources
}
