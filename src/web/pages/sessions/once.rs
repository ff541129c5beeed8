//! `/sign-in/{token}`: a link that lets somebody in once. Looking at it uses nothing up: chat programs look at every
//! link. The button does.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use super::handlers::{cookie, home_of};
use crate::flow::inviting::{self, Entry};
use crate::flow::password::Unfit;
use crate::store::Error as StoreError;
use crate::web::Site;
use crate::web::extract::{Fields, Peer};
use crate::web::fault::{Fault, Result};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::parts::{self, Line};
use crate::web::pages::shell::Shell;
use crate::web::pages::visit::{Visit, see_other};

/// The page behind a good link: one button, and a password if one is wanted. A name is not on it: whoever previews the
/// link sees it, too.
#[derive(Debug, Template)]
#[template(path = "sessions/once.html")]
pub struct OncePage<'a> {
    pub shell: &'a Shell,
    /// What to sign in with later, with the password.
    pub username: &'a str,
    pub errors: &'a [FieldError],
    /// Who is signed in here now, and would not be afterwards.
    pub instead_of: Option<&'a str>,
}

impl OncePage<'_> {
    fn fields<'f>(&'f self, nothing: &'f Typed) -> parts::Fields<'f> {
        parts::Fields { words: self.shell.words, typed: nothing, errors: self.errors }
    }

    fn wrongs(&self) -> Option<parts::Wrongs> {
        self.fields(&Typed::default()).summary()
    }

    fn instead(&self, name: &str) -> String {
        self.shell.words.say("once-instead", "name", name)
    }

    /// What was typed is never put back into the page.
    fn password(&self) -> parts::Field {
        let nothing = Typed::default();
        let field = self.fields(&nothing).line("new_password", Line::NEW_PASSWORD);
        field.hint(self.shell.t("field-new_password-hint")).mark(self.shell.t("optional"))
    }
}

/// The link opens nothing (any more): what to do now.
#[derive(Debug, Template)]
#[template(path = "sessions/gone.html")]
pub struct GonePage<'a> {
    pub shell: &'a Shell,
    /// He may have used it himself: somebody is signed in here.
    pub signed_in: bool,
}

pub(super) async fn show(site: Data<Site>, visit: Visit, token: Path<String>) -> Result<HttpResponse> {
    match inviting::peek(&site.house, &token).await? {
        Some(username) => page(&site, &visit, (&token, &username), &[]),
        None => gone(&site, &visit),
    }
}

fn page(site: &Site, visit: &Visit, (token, username): (&str, &str), errors: &[FieldError]) -> Result<HttpResponse> {
    // The form is tied to the link: whoever can post it has seen the page.
    let shell = visit.shell(site, Some(token));
    let instead_of = visit.caller.as_ref().map(|caller| caller.name.as_str());
    let page = OncePage { shell: &shell, username, errors, instead_of };
    visit.show_form(errors, &page)
}

fn gone(site: &Site, visit: &Visit) -> Result<HttpResponse> {
    let mut shell = visit.shell(site, None);
    // The switch of language leads to a page that needs no link: a dead one stays out of the address bar.
    "/sign-in".clone_into(&mut shell.path);
    visit.show_as(HttpResponse::Gone(), &GonePage { shell: &shell, signed_in: visit.caller.is_some() })
}

pub(super) async fn enter(
    site: Data<Site>,
    visit: Visit,
    token: Path<String>,
    (peer, fields): (Peer, Fields),
) -> Result<HttpResponse> {
    visit.check_form(&site, &fields, Some(&token))?;
    site.sign_ins.check(peer.0)?;
    let chosen = Some(fields.first("new_password").to_owned()).filter(|chosen| !chosen.is_empty());
    match inviting::enter(&site.house, &token, chosen).await? {
        Entry::In(session) => {
            let home = home_of(session.person.main_role());
            let mut answer = see_other(&format!("{home}?notice=welcome"));
            let kept = answer.add_cookie(&cookie(&site, session.token));
            kept.map_err(|error| StoreError::Broken(error.to_string()))?;
            Ok(answer)
        }
        Entry::Gone => gone(&site, &visit),
        Entry::Unfit(unfit) => {
            let code = match unfit {
                Unfit::TooShort => "password_short",
                Unfit::TooLong => "password_long",
                Unfit::Broken(why) => return Err(Fault::from(StoreError::Broken(why))),
            };
            let username = inviting::peek(&site.house, &token).await?.unwrap_or_default();
            page(&site, &visit, (&token, &username), &[FieldError::new("new_password", code)])
        }
    }
}
