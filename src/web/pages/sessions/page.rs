//! `/sign-in`: for runners and staff.

use askama::Template;

use crate::web::pages::form::Typed;
use crate::web::pages::notice::Notice;
use crate::web::pages::parts::{Field, Fields, Line};
use crate::web::pages::shell::Shell;

/// The form. The password is never put back into the page.
#[derive(Debug, Template)]
#[template(path = "sessions/form.html")]
pub struct SignInForm<'a> {
    pub shell: &'a Shell,
    pub typed: &'a Typed,
    /// Name or password did not fit; which of them is not said.
    pub refused: bool,
    /// Where to go afterwards: a path of ours, checked by the handler.
    pub next: Option<&'a str>,
    pub notice: Option<Notice>,
}

impl SignInForm<'_> {
    fn username(&self) -> Field {
        Fields { words: self.shell.words, typed: self.typed, errors: &[] }.line("username", Line::USERNAME)
    }

    fn password(&self) -> Field {
        let nothing = Typed::default();
        Fields { words: self.shell.words, typed: &nothing, errors: &[] }.line("password", Line::PASSWORD)
    }
}
