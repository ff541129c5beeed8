//! `/watch/dispatch`: looking at dispatch, and turning its dials.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};

use super::page::{DispatchPage, Usual};
use crate::flow::supervision;
use crate::store::Error as StoreError;
use crate::store::views::{dispatch, ground};
use crate::web::api::{DialsBody, ZoneParams, overseen_zone, pause_intake};
use crate::web::extract::{Fields, Params};
use crate::web::fault::{Fault, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links, load};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource(links::DISPATCH).route(web::get().to(show)).route(web::post().to(turn)))
        .route("/watch/intake", web::post().to(pause));
}

async fn show(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::DISPATCH)) };
    let zone = overseen_zone(&site, caller, params.0.zone.as_deref()).await?;
    let (name, dials, habits) = site
        .house
        .db
        .read(async move |conn| {
            let name = ground::load_zone(conn, zone).await?.name;
            let dials = dispatch::load_dials(conn, zone).await?;
            Ok::<_, StoreError>((name, dials, dispatch::list_habits(conn, zone).await?))
        })
        .await?;
    let terms = site.house.terms;
    let usual = Usual {
        bags: terms.max_bags,
        cart_bags: terms.cart_bags,
        counter_s: terms.counter.first_s,
        speed_mps: terms.speed_mps,
    };
    let load = load::of(&site, zone).await?;
    let shell = visit.shell(&site, None);
    let (now, notice) = (site.house.now(), visit.notice());
    let elsewhere = params.0.zone.as_deref().filter(|_| zone != caller.person.zone);
    visit.show(&DispatchPage {
        shell: &shell,
        zone: &name,
        elsewhere,
        dials,
        usual,
        habits: &habits,
        load: &load,
        now,
        notice,
    })
}

/// The zone the form was shown for, when it is not the reader's own.
fn elsewhere(fields: &Fields) -> Option<&str> {
    Some(fields.first("zone")).filter(|zone| !zone.is_empty())
}

async fn turn(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let elsewhere = elsewhere(&fields);
    let zone = overseen_zone(&site, caller, elsewhere).await?;
    let page = |notice| see_other(&links::of_zone(links::DISPATCH, elsewhere, notice));
    let now = site.house.db.read(async move |conn| dispatch::load_dials(conn, zone).await).await?;
    let number =
        |name: &str| Some(fields.first(name)).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or(-1));
    let (bags, cart_bags) = (number("bags"), number("cart_bags"));
    let body = DialsBody {
        patience_s: number("patience_s"),
        bags,
        cart_bags,
        trained_only: Some(!fields.first("trained_only").is_empty()),
    };
    match body.turn(now) {
        // An emptied field goes back to the service's setting.
        Ok(turned) => {
            let turned = dispatch::Dials { bags, cart_bags, ..turned };
            supervision::turn_dials(&site.house, &caller.person, turned).await?;
            Ok(page("dials"))
        }
        Err(Fault::Invalid(_)) => Ok(page("dials_wrong")),
        Err(other) => Err(other),
    }
}

/// Takes urgent requests alone, with the text typed; or all again.
async fn pause(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let elsewhere = elsewhere(&fields);
    let zone = overseen_zone(&site, caller, elsewhere).await?;
    let page = |notice| see_other(&links::of_zone(links::DISPATCH, elsewhere, notice));
    let text = (fields.first("paused") == "yes").then(|| fields.first("text"));
    match pause_intake(&site, &caller.person, zone, text).await {
        Ok(()) if text.is_some() => Ok(page("intake_paused")),
        Ok(()) => Ok(page("intake_opened")),
        Err(Fault::Invalid(_)) => Ok(page("text_needed")),
        Err(other) => Err(other),
    }
}
