//! Makes the parts of one form from what was typed and what was refused.

use super::{Choice, Choices, Field, Group, Kind, Line, Wrongs};
use crate::web::pages::form::{FieldError, Typed, anchor};
use crate::words::Words;

/// The fields of one form. The label of a field `room` is the phrase `field-room`.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    pub words: Words,
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
}

impl Fields<'_> {
    #[must_use]
    pub fn line(&self, name: &str, line: Line) -> Field {
        self.field(name, None, Kind::Line(line))
    }

    #[must_use]
    pub fn lines(&self, name: &str) -> Field {
        self.field(name, None, Kind::Lines)
    }

    #[must_use]
    pub fn select(&self, name: &str, groups: Vec<Group>) -> Field {
        self.field(name, None, Kind::Select(groups))
    }

    /// A field of a repeated row.
    #[must_use]
    pub fn in_row(&self, name: &str, row: usize, kind: Kind) -> Field {
        self.field(name, Some(row), kind)
    }

    fn field(&self, name: &str, row: Option<usize>, kind: Kind) -> Field {
        Field {
            id: anchor(name, row),
            name: name.to_owned(),
            label: self.words.get(&format!("field-{name}")),
            mark: None,
            hint: None,
            wrong: self.wrong(name, row),
            value: self.typed.nth(name, row.unwrap_or(0)).to_owned(),
            kind,
            suggest: None,
        }
    }

    /// One of several. `fallback` is chosen while the question has not been asked yet.
    #[must_use]
    pub fn one_of(&self, name: &str, options: Vec<Choice>, fallback: &str) -> Choices {
        let chosen = if self.typed.knows(name) { self.typed.first(name) } else { fallback };
        let options = options.into_iter().map(|option| Choice { chosen: option.value == chosen, ..option }).collect();
        self.choices(name, options, false)
    }

    /// Any of several.
    #[must_use]
    pub fn any_of(&self, name: &str, options: Vec<Choice>) -> Choices {
        let chosen = |option: &Choice| self.typed.has(name, &option.value);
        let options = options.into_iter().map(|option| Choice { chosen: chosen(&option), ..option }).collect();
        self.choices(name, options, true)
    }

    fn choices(&self, name: &str, options: Vec<Choice>, many: bool) -> Choices {
        Choices {
            name: name.to_owned(),
            label: self.words.get(&format!("field-{name}")),
            mark: None,
            hint: None,
            wrong: self.wrong(name, None),
            many,
            two_columns: false,
            options,
        }
    }

    /// Options from words: value `door` of `hand-over` is the phrase `hand-over-door`, its hint `hand-over-door-hint`.
    #[must_use]
    pub fn options(&self, prefix: &str, values: &[&str]) -> Vec<Choice> {
        let option = |value: &&str| Choice {
            value: (*value).to_owned(),
            label: self.words.get(&format!("{prefix}-{value}")),
            hint: self.words.find(&format!("{prefix}-{value}-hint")),
            chosen: false,
        };
        values.iter().map(option).collect()
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn wrong(&self, name: &str, row: Option<usize>) -> Option<String> {
        let here = (name.to_owned(), row);
        self.errors.iter().find(|error| error.place() == here).map(|error| error.text(self.words))
    }

    /// True when any of these fields was filled in or refused: what is folded then opens.
    #[must_use]
    pub fn touched(&self, names: &[&str], row: Option<usize>) -> bool {
        names.iter().any(|name| !self.typed.nth(name, row.unwrap_or(0)).is_empty() || self.wrong(name, row).is_some())
    }

    #[must_use]
    pub fn summary(&self) -> Option<Wrongs> {
        if self.errors.is_empty() {
            return None;
        }
        let line = |error: &FieldError| {
            let (name, row) = error.place();
            (anchor(&name, row), error.text(self.words))
        };
        let lines: Vec<_> = self.errors.iter().map(line).collect();
        Some(Wrongs { title: self.words.say("wrongs-title", "n", lines.len()), lines })
    }
}
