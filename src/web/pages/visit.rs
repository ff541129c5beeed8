//! A visit to a page: whose language, whose text size, who is signed in; and the answer that keeps the choice.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, web};
use askama::Template;

use super::form::FieldError;
use super::notice::Notice;
use super::shell::{self, Shell, Size};
use crate::domain::secret;
use crate::store::Error as StoreError;
use crate::web::Site;
use crate::web::extract::{Fields, Guest, SignedIn};
use crate::web::fault::{Fault, Result};
use crate::words::{Lang, Words};

/// Ties the forms of visitors without a session: no more than a sign that the page is ours.
const STRANGER: &str = "stranger";

/// See the module.
#[derive(Debug, Clone)]
pub struct Visit {
    pub words: Words,
    pub size: Size,
    pub path: String,
    pub caller: Option<SignedIn>,
    notice: Option<String>,
    /// Chosen by this very call: kept in a cookie.
    chosen: Vec<(&'static str, String)>,
    https: bool,
}

fn asked<'q>(query: &'q [(String, String)], name: &str) -> Option<&'q str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The part of a visit that can be told from the call alone.
#[must_use]
pub fn of(request: &HttpRequest, caller: Option<SignedIn>) -> Visit {
    let query: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    let cookie = |name: &str| request.cookie(name).map(|cookie| cookie.value().to_owned());
    let accept = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = Lang::negotiate(asked(&query, "lang"), cookie("lang").as_deref(), accept);
    let chosen_size = asked(&query, "size").and_then(Size::parse);
    let size = chosen_size.or_else(|| cookie("size").and_then(|text| Size::parse(&text))).unwrap_or_default();
    let mut chosen = Vec::new();
    if asked(&query, "lang").and_then(Lang::parse).is_some() {
        chosen.push(("lang", lang.as_str().to_owned()));
    }
    if chosen_size.is_some() {
        chosen.push(("size", size.as_str().to_owned()));
    }
    Visit {
        words: Words::of(lang),
        size,
        path: request.path().to_owned(),
        caller,
        notice: asked(&query, "notice").map(ToOwned::to_owned),
        chosen,
        https: request.app_data::<web::Data<Site>>().is_some_and(|site| site.is_https()),
    }
}

impl FromRequest for Visit {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let guest = Guest::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move { Ok(of(&request, guest.await?.0)) })
    }
}

impl Visit {
    /// What stands around the page; its forms are tied to `holder`, or to the session when there is one.
    #[must_use]
    pub fn shell(&self, site: &Site, holder: Option<&str>) -> Shell {
        let token = site.house.key.form_token(&self.holder(holder));
        let mut shell = Shell::new(self.words, &self.path, &token);
        shell.size = self.size;
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        (shell.name, shell.phone, shell.hours) = (given(&site.name), given(&site.phone), given(&site.hours));
        shell.zone.clone_from(&site.time_zone);
        shell.signed_in = self
            .caller
            .as_ref()
            .map(|caller| shell::SignedIn { name: caller.name.clone(), role: caller.person.main_role() });
        shell
    }

    fn holder(&self, holder: Option<&str>) -> String {
        let session = self.caller.as_ref().map(|caller| caller.token.as_str());
        holder.or(session).unwrap_or(STRANGER).to_owned()
    }

    /// # Errors
    /// [`Fault::ForgedForm`] when the form was not served by us to this visitor.
    pub fn check_form(&self, site: &Site, fields: &Fields, holder: Option<&str>) -> Result<()> {
        let wanted = site.house.key.form_token(&self.holder(holder));
        if secret::same(fields.first("form_token"), &wanted) { Ok(()) } else { Err(Fault::ForgedForm) }
    }

    /// # Errors
    /// [`Fault::SignInFirst`].
    pub fn signed_in(&self) -> Result<&SignedIn> {
        self.caller.as_ref().ok_or(Fault::SignInFirst)
    }

    #[must_use]
    pub fn notice(&self) -> Option<Notice> {
        self.notice.as_deref().and_then(|word| Notice::from_word(self.words, word))
    }

    /// The page as an answer.
    ///
    /// # Errors
    /// [`Fault`] when the template fails.
    pub fn show(&self, page: &impl Template) -> Result<HttpResponse> {
        self.show_as(HttpResponse::Ok(), page)
    }

    /// The page with another status: a refused form is 422, so that a test or a script sees what a person reads.
    ///
    /// # Errors
    /// [`Fault`] when the template fails.
    pub fn show_as(&self, mut answer: HttpResponseBuilder, page: &impl Template) -> Result<HttpResponse> {
        let html =
            page.render().map_err(|error| StoreError::Broken(format!("a page could not be written: {error}")))?;
        for (name, value) in &self.chosen {
            answer.cookie(self.keep(name, value.clone()));
        }
        Ok(answer.content_type("text/html; charset=utf-8").body(html))
    }

    /// A form as it was refused, with what is wrong and 422; or as it is first shown.
    ///
    /// # Errors
    /// [`Fault`] when the template fails.
    pub fn show_form(&self, errors: &[FieldError], page: &impl Template) -> Result<HttpResponse> {
        if errors.is_empty() { self.show(page) } else { self.show_as(HttpResponse::UnprocessableEntity(), page) }
    }

    fn keep(&self, name: &'static str, value: String) -> Cookie<'static> {
        let year = Duration::days(365);
        Cookie::build(name, value)
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(year)
            .finish()
    }
}

/// After a form was taken: the page to look at next, by GET, so that Back and reload repeat nothing.
#[must_use]
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}
