//! Parts of forms: a labelled field, a group of choices, the summary of what is wrong. They escape by themselves.

mod builder;
mod qr;

use askama::Template;
use askama::filters::HtmlSafe;

pub use builder::Fields;
pub use qr::qr;

/// A labelled field with its hint and its refusal.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    pub id: String,
    pub name: String,
    pub label: String,
    /// A word beside the label: "(may stay empty)".
    pub mark: Option<String>,
    pub hint: Option<String>,
    pub wrong: Option<String>,
    pub value: String,
    pub kind: Kind,
    /// Where suggestions come from while somebody types; an extra of `combo.js`.
    pub suggest: Option<&'static str>,
}

/// How a field is filled in.
#[derive(Debug, Clone)]
pub enum Kind {
    Line(Line),
    Lines,
    Select(Vec<Group>),
}

/// The `type`, `inputmode` and `autocomplete` of an input.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub kind: &'static str,
    pub mode: &'static str,
    pub complete: &'static str,
}

impl Line {
    pub const TEXT: Self = Self { kind: "text", mode: "", complete: "off" };
    /// A text that Back brings back: browsers restore nothing where "off" is said.
    pub const KEPT: Self = Self { kind: "text", mode: "", complete: "" };
    pub const COUNT: Self = Self { kind: "text", mode: "numeric", complete: "" };
    pub const NAME: Self = Self { kind: "text", mode: "", complete: "name" };
    pub const PHONE: Self = Self { kind: "tel", mode: "tel", complete: "tel" };
    pub const EMAIL: Self = Self { kind: "email", mode: "email", complete: "email" };
    pub const NUMBER: Self = Self { kind: "text", mode: "numeric", complete: "off" };
    pub const USERNAME: Self = Self { kind: "text", mode: "", complete: "username" };
    pub const NEW_PASSWORD: Self = Self { kind: "password", mode: "", complete: "new-password" };
    pub const PASSWORD: Self = Self { kind: "password", mode: "", complete: "current-password" };
}

/// Options of a select under a heading; no heading, no group.
#[derive(Debug, Clone)]
pub struct Group {
    pub label: String,
    pub options: Vec<Choice>,
}

#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub chosen: bool,
}

/// Radio buttons or check boxes as tiles under one question.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/choices.html")]
pub struct Choices {
    pub name: String,
    pub label: String,
    pub mark: Option<String>,
    pub hint: Option<String>,
    pub wrong: Option<String>,
    pub many: bool,
    pub two_columns: bool,
    pub options: Vec<Choice>,
}

/// The red box on top of a refused form.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/wrongs.html")]
pub struct Wrongs {
    pub title: String,
    /// The anchor of the field, and what to say.
    pub lines: Vec<(String, String)>,
}

impl HtmlSafe for Field {}
impl HtmlSafe for Choices {}
impl HtmlSafe for Wrongs {}

impl Field {
    #[must_use]
    pub fn hint(mut self, hint: String) -> Self {
        self.hint = Some(hint);
        self
    }

    #[must_use]
    pub fn mark(mut self, mark: String) -> Self {
        self.mark = Some(mark);
        self
    }

    #[must_use]
    pub const fn suggest(mut self, from: &'static str) -> Self {
        self.suggest = Some(from);
        self
    }

    #[must_use]
    pub fn or_value(mut self, value: &str) -> Self {
        if self.value.is_empty() {
            value.clone_into(&mut self.value);
        }
        self
    }

    fn described(&self) -> String {
        described(&self.id, self.hint.is_some(), self.wrong.is_some(), true)
    }
}

impl Choices {
    #[must_use]
    pub fn hint(mut self, hint: String) -> Self {
        self.hint = Some(hint);
        self
    }

    #[must_use]
    pub fn mark(mut self, mark: String) -> Self {
        self.mark = Some(mark);
        self
    }

    #[must_use]
    pub const fn in_two_columns(mut self) -> Self {
        self.two_columns = true;
        self
    }

    fn described(&self) -> String {
        described(&self.name, self.hint.is_some(), self.wrong.is_some(), false)
    }

    /// Each with its id. The first one bears the name itself: the summary's link leads there.
    fn tiles(&self) -> Vec<(String, &Choice)> {
        let id = |place: usize| if place == 0 { self.name.clone() } else { format!("{}-{place}", self.name) };
        self.options.iter().enumerate().map(|(place, option)| (id(place), option)).collect()
    }
}

/// Attributes that tie hint and refusal to the field for those who hear the page. The id is one of ours, never typed.
fn described(id: &str, hint: bool, wrong: bool, single: bool) -> String {
    let marks = [(hint, "hint"), (wrong, "wrong")];
    let ids: Vec<String> = marks.iter().filter(|(there, _)| *there).map(|(_, mark)| format!("{id}-{mark}")).collect();
    let mut text = String::new();
    if !ids.is_empty() {
        text.push_str(&format!(" aria-describedby=\"{}\"", ids.join(" ")));
    }
    if wrong && single {
        text.push_str(" aria-invalid=\"true\"");
    }
    text
}
