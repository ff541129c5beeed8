//! One line or choice of the dense form, labelled; the one that waits for the next key has the focus.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::web::pages::parts::Choice;

/// See the module.
#[derive(Debug, Template)]
#[template(path = "desk/entry.html")]
pub struct Entry {
    pub id: String,
    pub name: &'static str,
    pub label: String,
    pub wrong: Option<String>,
    pub value: String,
    pub kind: &'static str,
    pub mode: &'static str,
    pub focus: bool,
    /// With these it is a choice.
    pub options: Vec<Choice>,
    pub class: &'static str,
}

impl HtmlSafe for Entry {}
