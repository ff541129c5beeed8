//! `/watch/rota`.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::RotaPage;
use crate::domain::actor::Actor;
use crate::domain::permission::{Action, may};
use crate::store::views::ground;
use crate::web::api::{WatchBody, ZoneParams, keep_rota, kept_zone, load_rota};
use crate::web::extract::{Fields, Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource(links::ROTA).route(web::get().to(show)).route(web::post().to(keep)));
}

/// Rows that one form may send.
const MOST: usize = 120;

async fn show(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::ROTA)) };
    let code = params.0.zone.as_deref().filter(|code| !code.is_empty());
    let zone = kept_zone(&site, caller, code).await?;
    let rows: Vec<WatchBody> = load_rota(&site, zone).await?.into_iter().map(WatchBody::from).collect();
    render(&site, &visit, caller, (code, &rows, &[])).await
}

async fn render(
    site: &Site,
    visit: &Visit,
    caller: &SignedIn,
    (code, rows, wrong): (Option<&str>, &[WatchBody], &[FieldError]),
) -> Result<HttpResponse> {
    let name = match kept_zone(site, caller, code).await? {
        Some(zone) => Some(site.house.db.read(async move |conn| ground::load_zone(conn, zone).await).await?.name),
        None => None,
    };
    let shell = visit.shell(site, None);
    let keeps_all = may(&Actor::Person(caller.person.clone()), Action::KeepRota { zone: None });
    let notice = visit.notice();
    visit.show(&RotaPage { shell: &shell, zone: name.as_deref(), elsewhere: code, keeps_all, rows, wrong, notice })
}

async fn keep(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let code = Some(fields.first("zone")).filter(|code| !code.is_empty());
    let zone = kept_zone(&site, caller, code).await?;
    let rows = typed(&fields);
    match keep_rota(&site, caller, zone, &rows).await {
        Ok(()) => Ok(see_other(&links::of_zone(links::ROTA, code, "rota_kept"))),
        Err(Fault::Invalid(wrong)) => render(&site, &visit, caller, (code, &rows, &wrong)).await,
        Err(other) => Err(other),
    }
}

/// The rows as they were typed; without those that are empty or to be left out.
fn typed(fields: &Fields) -> Vec<WatchBody> {
    let nth = |name: &str, place: usize| fields.all(name).nth(place).unwrap_or_default().trim().to_owned();
    let row = |place: usize| WatchBody {
        rung: nth("rung", place),
        username: nth("username", place),
        days: fields.all(&format!("days-{place}")).map(ToOwned::to_owned).collect(),
        from: nth("from", place),
        to: nth("to", place),
    };
    let count = fields.all("rung").count().min(MOST);
    let kept = |place: &usize| fields.first(&format!("drop-{place}")).is_empty();
    let is_blank =
        |row: &WatchBody| [&row.username, &row.from, &row.to].iter().all(|text| text.is_empty()) && row.days.is_empty();
    (0..count).filter(kept).map(row).filter(|row| !is_blank(row)).collect()
}
