//! `/volunteer`: showing the form, and taking it.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, Data, ServiceConfig};
use serde::Deserialize;

use super::form::{ThanksPage, VolunteerForm};
use crate::domain::secret;
use crate::flow::{self, CallKey, volunteering};
use crate::store::Error as StoreError;
use crate::store::views::ground;
use crate::web::extract::{Fields, Params, Peer};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::form::{self, Typed};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::volunteers::{VolunteerBody, read};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource(links::VOLUNTEER).route(web::get().to(show)).route(web::post().to(take)))
        .route("/volunteer/thanks", web::get().to(thanks));
}

/// What belongs to the page and not to the offer.
const OF_THE_PAGE: &[&str] = &["form_token", "idempotency_key", "go"];

/// What was filled in, and what is to be said about it.
struct Form<'f> {
    typed: &'f Typed,
    key: &'f str,
    errors: &'f [FieldError],
    sent_before: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct From {
    /// The building of a poster.
    building: String,
}

async fn show(site: Data<Site>, visit: Visit, from: Params<From>) -> Result<HttpResponse> {
    let typed: Typed = Some(("building", from.0.building)).filter(|(_, code)| !code.is_empty()).into_iter().collect();
    let key = site.house.chance.token();
    render(&site, &visit, Form { typed: &typed, key: &key, errors: &[], sent_before: false }).await
}

async fn thanks(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    visit.show(&ThanksPage { shell: &visit.shell(&site, None) })
}

async fn render(site: &Site, visit: &Visit, form: Form<'_>) -> Result<HttpResponse> {
    let (buildings, mut zones) = site
        .house
        .db
        .read(async move |conn| {
            Ok::<_, StoreError>((ground::list_buildings(conn).await?, ground::list_zones(conn).await?))
        })
        .await?;
    if zones.len() < 2 {
        zones.clear();
    }
    let shell = visit.shell(site, Some(form.key));
    let errors = form::FieldError::of(form.errors);
    let page = VolunteerForm {
        shell: &shell,
        buildings: &buildings,
        zones: &zones,
        typed: form.typed,
        errors: &errors,
        key: form.key,
        sent_before: form.sent_before,
    };
    let status = match (errors.is_empty(), form.sent_before) {
        (false, _) => HttpResponse::UnprocessableEntity(),
        (true, true) => HttpResponse::Conflict(),
        (true, false) => HttpResponse::Ok(),
    };
    let mut answer = visit.show_as(status, &page)?;
    // With "no-store", Back to here would be another form, and what is sent from it another offer.
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(answer)
}

fn body_of(typed: &Typed, visit: &Visit) -> VolunteerBody {
    let text = |name: &str| Some(typed.first(name).to_owned());
    VolunteerBody {
        name: text("name"),
        phone: text("phone"),
        building: text("building"),
        zone: text("zone"),
        email: text("email"),
        skills: typed.all("skills").to_vec(),
        free_when: text("free_when"),
        lang: Some(visit.words.lang().as_str().to_owned()),
    }
}

/// Equal for equal forms, whatever was pressed.
fn digest(typed: &Typed) -> Vec<u8> {
    let pairs: Vec<_> = typed.pairs().filter(|(_, value)| !value.is_empty()).collect();
    secret::digest(serde_json::to_string(&pairs).unwrap_or_default().as_bytes())
}

async fn take(site: Data<Site>, visit: Visit, peer: Peer, fields: Fields) -> Result<HttpResponse> {
    let key = fields.first("idempotency_key").to_owned();
    visit.check_form(&site, &fields, Some(&key))?;
    let stay = fields.first("go") == "stay";
    let typed: Typed = fields.pairs.into_iter().filter(|(name, _)| !OF_THE_PAGE.contains(&name.as_str())).collect();
    if stay {
        return render(&site, &visit, Form { typed: &typed, key: &key, errors: &[], sent_before: false }).await;
    }
    site.submissions.check(peer.0)?;
    match send(&site, &visit, &typed, &key).await {
        Ok(()) => Ok(see_other("/volunteer/thanks")),
        Err(Fault::Invalid(errors)) => {
            render(&site, &visit, Form { typed: &typed, key: &key, errors: &errors, sent_before: false }).await
        }
        // Back, changed, sent: told, and taken when it is sent once more, under a key of its own.
        Err(Fault::Flow(flow::Fault::KeyReused)) => {
            let key = site.house.chance.token();
            render(&site, &visit, Form { typed: &typed, key: &key, errors: &[], sent_before: true }).await
        }
        Err(fault) => Err(fault),
    }
}

async fn send(site: &Site, visit: &Visit, typed: &Typed, key: &str) -> Result<()> {
    let offered = read(site, &body_of(typed, visit)).await?;
    let key = CallKey { scope: "volunteer-form".to_owned(), key: secret::hash(key), body: digest(typed) };
    volunteering::offer(&site.house, offered, Some(key)).await?;
    Ok(())
}
