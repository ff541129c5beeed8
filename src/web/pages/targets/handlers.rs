//! `/watch/targets`: looking at the targets, and setting them.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::{TargetsPage, Typed, fields_of};
use crate::domain::ids::ZoneId;
use crate::domain::num;
use crate::domain::target::LONGEST_S;
use crate::domain::urgency::Urgency;
use crate::flow::targeting;
use crate::store::Error as StoreError;
use crate::store::views::{ground, targets};
use crate::web::api::{TargetBody, TargetsBody, ZoneParams, overseen_zone};
use crate::web::extract::{Fields, Params};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config.service(web::resource(links::TARGETS).route(web::get().to(show)).route(web::post().to(set)));
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Form {
    typed: Typed,
    errors: Vec<FieldError>,
}

async fn show(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::TARGETS)) };
    let zone = overseen_zone(&site, caller, params.0.zone.as_deref()).await?;
    let elsewhere = params.0.zone.as_deref().filter(|_| zone != caller.person.zone);
    render(&site, &visit, (zone, elsewhere), Form::default()).await
}

async fn render(
    site: &Site,
    visit: &Visit,
    (zone, elsewhere): (ZoneId, Option<&str>),
    form: Form,
) -> Result<HttpResponse> {
    let (name, shown) = site
        .house
        .db
        .read(async move |conn| {
            let name = ground::load_zone(conn, zone).await?.name;
            Ok::<_, StoreError>((name, targets::load(conn, zone).await?))
        })
        .await?;
    let (shell, now, notice) = (visit.shell(site, None), site.house.now(), visit.notice());
    let Form { typed, errors } = &form;
    let page = TargetsPage { shell: &shell, zone: &name, elsewhere, shown: &shown, typed, errors, now, notice };
    if form.errors.is_empty() { visit.show(&page) } else { visit.show_as(HttpResponse::UnprocessableEntity(), &page) }
}

/// Minutes as typed, "7" or "1.5", in seconds. What is no number is out of every bound.
fn seconds(fields: &Fields, name: &str) -> Option<i32> {
    let text = Some(fields.first(name).trim()).filter(|text| !text.is_empty())?;
    let minutes: f64 = text.parse().unwrap_or(-1.0);
    Some(i32::try_from(num::round(minutes * 60.0)).unwrap_or(LONGEST_S + 1))
}

fn read(fields: &Fields) -> TargetsBody {
    let of = |urgency: Urgency| {
        let [(claim, _), (deliver, _)] = fields_of(urgency);
        Some(TargetBody { claim_s: seconds(fields, &claim), deliver_s: seconds(fields, &deliver) })
    };
    TargetsBody { red: of(Urgency::Red), yellow: of(Urgency::Yellow), green: of(Urgency::Green) }
}

async fn set(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let elsewhere = Some(fields.first("zone")).filter(|zone| !zone.is_empty());
    let zone = overseen_zone(&site, caller, elsewhere).await?;
    match read(&fields).wanted() {
        Ok(wanted) => {
            targeting::set(&site.house, &caller.person, zone, wanted).await?;
            Ok(see_other(&links::of_zone(links::TARGETS, elsewhere, "targets")))
        }
        Err(Fault::Invalid(errors)) => {
            let names = Urgency::ALL.iter().flat_map(|urgency| fields_of(*urgency)).map(|(name, _)| name);
            let typed = names.map(|name| (name.clone(), fields.first(&name).to_owned())).collect();
            render(&site, &visit, (zone, elsewhere), Form { typed, errors }).await
        }
        Err(other) => Err(other),
    }
}
