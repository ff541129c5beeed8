//! `/find`: a request by its code and the last four digits of the telephone.

use askama::Template;

use crate::web::pages::form::Typed;
use crate::web::pages::parts::{Field, Fields, Line};
use crate::web::pages::shell::Shell;

/// The form. A wrong code and a wrong number are answered alike, so that nobody can try codes out.
#[derive(Debug, Template)]
#[template(path = "find/form.html")]
pub struct FindForm<'a> {
    pub shell: &'a Shell,
    pub typed: &'a Typed,
    /// Asked and not found.
    pub not_found: bool,
}

impl FindForm<'_> {
    fn line(&self, name: &str, hint: &str, line: Line) -> Field {
        let fields = Fields { words: self.shell.words, typed: self.typed, errors: &[] };
        fields.line(name, line).hint(self.shell.t(hint))
    }

    fn code(&self) -> Field {
        self.line("code", "field-code-hint", Line::TEXT)
    }

    fn last_four(&self) -> Field {
        self.line("last_four", "field-last_four-hint", Line::NUMBER)
    }
}
