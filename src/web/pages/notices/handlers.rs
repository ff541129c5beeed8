//! `/watch/notices`: hanging a notice, and taking it down.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::page::NoticesPage;
use crate::domain::ids::NoticeId;
use crate::domain::notice::{LONGEST_TEXT, LONGEST_TITLE, Lasting, Notice, check};
use crate::flow::posting;
use crate::store::Error as StoreError;
use crate::store::views::{ground, notices};
use crate::web::api::{id, overseen_zone};
use crate::web::extract::{Fields, SignedIn};
use crate::web::fault::{Fault, FieldError, Result};
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::form::{self, Typed};
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource(links::NOTICES).route(web::get().to(show)).route(web::post().to(hang)))
        .route("/watch/notices/{id}/end", web::post().to(end));
}

async fn show(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::NOTICES)) };
    render(&site, &visit, caller, (&Typed::default(), &[])).await
}

async fn render(
    site: &Site,
    visit: &Visit,
    caller: &SignedIn,
    (typed, errors): (&Typed, &[FieldError]),
) -> Result<HttpResponse> {
    let (zone, now) = (overseen_zone(site, caller, None).await?, site.house.now());
    let (name, hanging) = site
        .house
        .db
        .read(async move |conn| {
            Ok::<_, StoreError>((
                ground::load_zone(conn, zone).await?.name,
                notices::list_current(conn, zone, now).await?,
            ))
        })
        .await?;
    let errors = form::FieldError::of(errors);
    let (shell, notice) = (visit.shell(site, None), visit.notice());
    let page = NoticesPage { shell: &shell, zone: &name, hanging: &hanging, typed, errors: &errors, now, notice };
    visit.show_form(&errors, &page)
}

fn read(site: &Site, fields: &Fields) -> Result<Notice> {
    let mut errors = Vec::new();
    let mut line = |name: &str, longest: usize| match check(fields.first(name), longest) {
        Ok(text) => text,
        Err(unfit) => {
            errors.push(FieldError::new(name, unfit.code()));
            String::new()
        }
    };
    let (title, text) = (line("notice_title", LONGEST_TITLE), line("notice_text", LONGEST_TEXT));
    let english = ["notice_title_en", "notice_text_en"].iter().any(|name| !fields.first(name).trim().is_empty());
    let (title_en, text_en) = if english {
        (Some(line("notice_title_en", LONGEST_TITLE)), Some(line("notice_text_en", LONGEST_TEXT)))
    } else {
        (None, None)
    };
    match fields.first("until").parse::<Lasting>() {
        Ok(lasting) if errors.is_empty() => {
            let until = lasting.until(site.house.local.day_began(site.house.now()));
            Ok(Notice { title, text, title_en, text_en, until })
        }
        Ok(_) => Err(Fault::Invalid(errors)),
        Err(_) => {
            errors.push(FieldError::new("until", "not_a_word"));
            Err(Fault::Invalid(errors))
        }
    }
}

async fn hang(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let zone = overseen_zone(&site, caller, None).await?;
    match read(&site, &fields) {
        Ok(notice) => {
            posting::hang(&site.house, &caller.person, zone, notice).await?;
            Ok(see_other("/watch/notices?notice=hung"))
        }
        Err(Fault::Invalid(errors)) => {
            let typed: Typed = fields.pairs.into_iter().collect();
            render(&site, &visit, caller, (&typed, &errors)).await
        }
        Err(other) => Err(other),
    }
}

async fn end(site: Data<Site>, visit: Visit, notice: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    let notice: NoticeId = id(&notice)?;
    posting::take_down(&site.house, &caller.person, notice).await?;
    Ok(see_other("/watch/notices?notice=taken_down"))
}
