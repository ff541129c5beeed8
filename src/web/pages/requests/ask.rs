//! What all steps of the form have in common: where it goes, what was filled in, what is wrong, and what is carried along.

use super::step::{CLOCK, Step};
use crate::domain::request::Category;
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::parts::{Choice, Fields, Wrongs};
use crate::words::Words;

/// A building one may ask from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildingChoice {
    pub code: String,
    pub compound: String,
    pub name: String,
}

/// Whether the poster's code told the building.
#[derive(Debug, Clone, Copy)]
pub enum Where<'a> {
    Known(&'a BuildingChoice),
    /// The code is of no building of ours (an old poster): choose, and say so.
    UnknownCode(&'a [BuildingChoice]),
    Choose(&'a [BuildingChoice]),
}

/// See the module. It posts to the path of its shell.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    pub step: Step,
    pub words: Words,
    pub building: Where<'a>,
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
    /// Minted when the form was first served, the same on all its steps: whatever is sent twice is one request.
    pub key: &'a str,
}

impl<'a> Ask<'a> {
    pub const fn fields(&self) -> Fields<'a> {
        Fields { words: self.words, typed: self.typed, errors: self.errors }
    }

    pub fn wrongs(&self) -> Option<Wrongs> {
        self.fields().summary()
    }

    pub fn category(&self) -> Option<Category> {
        self.typed.first("category").parse().ok()
    }

    /// Whether the doses are asked for.
    pub fn has_clock(&self) -> bool {
        self.category().is_none_or(|category| category == Category::Medicine)
    }

    /// Everything that was filled in and stands on another step.
    pub fn carried(&self) -> Vec<(&'a str, &'a str)> {
        let clock_is_hidden = !self.has_clock();
        let is_here = |name: &str| self.step.shows(name) && !(clock_is_hidden && CLOCK.contains(&name));
        self.typed.pairs().filter(|(name, _)| !is_here(name)).collect()
    }

    pub fn option(&self, value: &str, id: &str) -> Choice {
        Choice { value: value.to_owned(), label: self.words.get(id), ..Choice::default() }
    }
}
