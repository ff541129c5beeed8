//! Step one: what is needed, and, of medicine, how long there is some left.

use askama::Template;

use super::ask::{Ask, Where};
use super::step::Step;
use crate::domain::item::Substitution;
use crate::domain::request::{Category, Submission};
use crate::web::pages::parts::{Choice, Choices, Field, Group, Kind, Line};
use crate::web::pages::shell::Shell;

const DOSES_LEFT: &[&str] = &["0", "1", "2", "4", "10", "unknown"];
const DOSES_PER_DAY: &[&str] = &["1", "2", "3", "unknown"];
/// When the next dose is due, as choices: nobody ill should have to work a time picker.
pub const NEXT_DOSES: &[&str] = &["now", "in_2h", "today_evening", "tomorrow_morning", "unknown"];

/// See the module.
#[derive(Debug, Template)]
#[template(path = "requests/what.html")]
pub struct WhatPage<'a> {
    pub shell: &'a Shell,
    pub ask: Ask<'a>,
}

/// One thing asked for, as fields.
#[derive(Debug)]
struct ItemRow {
    place: usize,
    name: Field,
    strength: Field,
    quantity: Field,
    unit: Field,
    substitution: Field,
    /// The token of a photo that was taken.
    photo: String,
    photo_wrong: Option<String>,
    is_wrong: bool,
}

impl WhatPage<'_> {
    fn title(&self) -> String {
        let category = self.ask.category().unwrap_or(Category::Medicine);
        self.shell.t(&format!("ask-what-{category}"))
    }

    /// The kind, folded away: it was chosen on the page before.
    fn category(&self) -> Choices {
        let fields = self.ask.fields();
        let values: Vec<_> = Category::ALL.iter().map(|category| category.as_str()).collect();
        fields.one_of("category", fields.options("category", &values), "none chosen")
    }

    fn category_name(&self) -> String {
        self.ask.category().map_or_else(String::new, |category| self.shell.t(&format!("category-{category}")))
    }

    fn category_is_open(&self) -> bool {
        self.ask.category().is_none()
    }

    fn rows(&self) -> Vec<ItemRow> {
        (0..self.ask.typed.all("item_name").len().max(1)).map(|row| self.row(row)).collect()
    }

    fn can_add(&self) -> bool {
        self.ask.typed.all("item_name").len() < Submission::MOST_ITEMS
    }

    fn row(&self, row: usize) -> ItemRow {
        let fields = self.ask.fields();
        let line = |name: &str, line: Line| fields.in_row(name, row, Kind::Line(line));
        let (is_medicine, optional) = (self.ask.has_clock(), self.shell.t("optional"));
        let name = line("item_name", Line::KEPT);
        let wrong = |name: &str| fields.wrong(name, Some(row)).is_some();
        let columns = ["item_name", "item_strength", "item_quantity", "item_unit", "item_substitution", "item_photo"];
        ItemRow {
            place: row,
            name: if is_medicine { name.hint(self.shell.t("field-item_name-hint")).suggest("/drugs") } else { name },
            strength: line("item_strength", Line::KEPT).mark(optional),
            quantity: line("item_quantity", Line::COUNT).or_value("1"),
            unit: line("item_unit", Line::KEPT).or_value(&self.shell.t(if is_medicine {
                "unit-box"
            } else {
                "unit-piece"
            })),
            substitution: self.substitution(row),
            // One that is gone is asked for again.
            photo: if wrong("item_photo") { String::new() } else { self.ask.typed.nth("item_photo", row).to_owned() },
            photo_wrong: fields.wrong("item_photo", Some(row)),
            is_wrong: columns.iter().any(|name| wrong(name)),
        }
    }

    fn substitution(&self, row: usize) -> Field {
        let swap = |word: &Substitution| self.ask.option(word.as_str(), &format!("ask-swap-{word}"));
        let swaps = vec![Group { label: String::new(), options: Substitution::ALL.iter().map(swap).collect() }];
        let field = self.ask.fields().in_row("item_substitution", row, Kind::Select(swaps));
        field.hint(self.shell.t("field-item_substitution-hint")).or_value(Substitution::SameDrug.as_str())
    }

    fn doses_left(&self) -> Choices {
        let mut values = DOSES_LEFT.to_vec();
        let typed = self.ask.typed.first("doses_left");
        // Who came with another number keeps it.
        if !typed.is_empty() && !values.contains(&typed) {
            values.insert(0, typed);
        }
        let option =
            |value: &&str| Choice { value: (*value).to_owned(), label: self.doses_word(value), ..Choice::default() };
        let options = values.iter().map(option).collect();
        self.ask.fields().one_of("doses_left", options, "none chosen").in_two_columns()
    }

    fn doses_word(&self, value: &str) -> String {
        doses_word(self.shell, value)
    }

    fn doses_per_day(&self) -> Choices {
        let fields = self.ask.fields();
        fields.one_of("doses_per_day", fields.options("doses-per-day", DOSES_PER_DAY), "none chosen").in_two_columns()
    }

    fn next_dose(&self) -> Choices {
        let fields = self.ask.fields();
        fields.one_of("next_dose", fields.options("next-dose", NEXT_DOSES), "none chosen").in_two_columns()
    }

    fn note(&self) -> Field {
        self.ask.fields().lines("note").hint(self.shell.t("field-note-hint")).mark(self.shell.t("optional"))
    }
}

/// How many doses are left, in words.
pub(super) fn doses_word(shell: &Shell, value: &str) -> String {
    shell.words.find(&format!("doses-left-{value}")).unwrap_or_else(|| shell.words.say("doses-left-n", "n", value))
}
