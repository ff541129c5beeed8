//! `/sign-in` and `/sign-out`.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::once;
use super::page::SignInForm;
use crate::domain::actor::Role;
use crate::flow::{self, access};
use crate::store::Error as StoreError;
use crate::web::extract::{Fields, Peer};
use crate::web::fault::Result;
use crate::web::pages::form::Typed;
use crate::web::pages::visit::{Visit, see_other};
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource("/sign-in").route(web::get().to(show)).route(web::post().to(sign_in)))
        .service(web::resource("/sign-in/{token}").route(web::get().to(once::show)).route(web::post().to(once::enter)))
        .route("/sign-out", web::post().to(sign_out));
}

/// Where to go afterwards: only a path of ours, never an address from a link.
fn next(text: &str) -> Option<&str> {
    // Browsers drop tabs and line ends from addresses: "/<tab>/elsewhere" would lead elsewhere.
    let odd = |c: char| c.is_control() || matches!(c, '\\' | ':');
    let plain = |path: &&str| path.starts_with('/') && !path.starts_with("//") && !path.contains(odd);
    Some(text).filter(plain)
}

async fn show(site: Data<Site>, visit: Visit, http: HttpRequest) -> Result<HttpResponse> {
    let query: Vec<(String, String)> = serde_urlencoded::from_str(http.query_string()).unwrap_or_default();
    let after = query.iter().find(|(name, _)| name == "next").and_then(|(_, path)| next(path));
    let shell = visit.shell(&site, None);
    visit.show(&SignInForm {
        shell: &shell,
        typed: &Typed::default(),
        refused: false,
        next: after,
        notice: visit.notice(),
    })
}

async fn sign_in(site: Data<Site>, visit: Visit, peer: Peer, fields: Fields) -> Result<HttpResponse> {
    visit.check_form(&site, &fields, None)?;
    site.sign_ins.check(peer.0)?;
    let after = next(fields.first("next")).map(ToOwned::to_owned);
    match access::sign_in(&site.house, fields.first("username"), fields.first("password").to_owned()).await {
        Ok(session) => {
            let home = home_of(session.person.main_role());
            let mut answer = see_other(after.as_deref().unwrap_or(home));
            // A session cookie: it goes with the browser, and the store ends it in any case.
            let kept = answer.add_cookie(&cookie(&site, session.token));
            kept.map_err(|error| StoreError::Broken(error.to_string()))?;
            Ok(answer)
        }
        Err(flow::Fault::WrongCredentials) => {
            let typed: Typed = fields.pairs.into_iter().filter(|(name, _)| name == "username").collect();
            let shell = visit.shell(&site, None);
            let page = SignInForm { shell: &shell, typed: &typed, refused: true, next: after.as_deref(), notice: None };
            visit.show_as(HttpResponse::Unauthorized(), &page)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Where somebody begins after signing in.
pub(super) const fn home_of(role: Role) -> &'static str {
    match role {
        Role::Runner => links::RUN,
        Role::Desk | Role::Supervisor | Role::District | Role::Admin => links::WATCH,
    }
}

pub(super) fn cookie(site: &Site, token: String) -> Cookie<'static> {
    Cookie::build(site.cookie_name(), token)
        .path("/")
        .http_only(true)
        .secure(site.is_https())
        .same_site(SameSite::Lax)
        .finish()
}

async fn sign_out(site: Data<Site>, visit: Visit, fields: Fields) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(see_other(links::SIGN_IN)) };
    visit.check_form(&site, &fields, None)?;
    access::sign_out(&site.house, &caller.token).await?;
    let mut answer = see_other(links::SIGN_IN);
    let gone = answer.add_removal_cookie(&cookie(&site, String::new()));
    gone.map_err(|error| StoreError::Broken(error.to_string()))?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn after_signing_in_nobody_is_sent_elsewhere() {
        assert_eq!(next("/run"), Some("/run"));
        let tab = "/\t/evil.example";
        for elsewhere in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nLocation: x", tab, "/\u{1}"]
        {
            assert_eq!(next(elsewhere), None, "{elsewhere}");
        }
    }
}
