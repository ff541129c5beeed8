//! `/` and `/b/{code}`: what is needed, where to, how to hand it over.

use askama::Template;

use crate::domain::item::Substitution;
use crate::domain::request::{AskingFor, Care, Category, HandOver};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::parts::{Choice, Choices, Field, Fields, Group, Kind, Line, Wrongs};
use crate::web::pages::shell::Shell;

/// Rows for items on the page; the interface takes more.
const ROWS: usize = 3;
const DOSES_LEFT: &[&str] = &["0", "1", "2", "4", "10", ""];
const DOSES_PER_DAY: &[&str] = &["1", "2", "3", ""];
/// When the next dose is due, as choices: nobody ill should have to work a time picker.
pub const NEXT_DOSES: &[&str] = &["now", "in_2h", "today_evening", "tomorrow_morning", "unknown"];

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

/// The form, fresh or refused. It posts to the path of its shell.
#[derive(Debug, Template)]
#[template(path = "requests/form.html")]
pub struct RequestForm<'a> {
    pub shell: &'a Shell,
    pub building: Where<'a>,
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
    pub idempotency_key: &'a str,
}

/// One thing asked for, as fields.
#[derive(Debug)]
struct ItemRow {
    number: usize,
    name: Field,
    strength: Field,
    quantity: Field,
    unit: Field,
    substitution: Field,
    open: bool,
}

impl RequestForm<'_> {
    const fn fields(&self) -> Fields<'_> {
        Fields { words: self.shell.words, typed: self.typed, errors: self.errors }
    }

    fn wrongs(&self) -> Option<Wrongs> {
        self.fields().summary()
    }

    fn building_field(&self, list: &[BuildingChoice]) -> Field {
        let mut groups = vec![Group { label: String::new(), options: vec![self.option("", "building-choose")] }];
        for building in list {
            let option = Choice { value: building.code.clone(), label: building.name.clone(), ..Choice::default() };
            match groups.last_mut().filter(|group| group.label == building.compound) {
                Some(group) => group.options.push(option),
                None => groups.push(Group { label: building.compound.clone(), options: vec![option] }),
            }
        }
        self.fields().select("building", groups)
    }

    fn option(&self, value: &str, id: &str) -> Choice {
        Choice { value: value.to_owned(), label: self.shell.t(id), ..Choice::default() }
    }

    fn category(&self) -> Choices {
        let values: Vec<_> = Category::ALL.iter().map(|category| category.as_str()).collect();
        self.fields().one_of("category", self.fields().options("category", &values), Category::Medicine.as_str())
    }

    fn rows(&self) -> Vec<ItemRow> {
        (0..ROWS).map(|row| self.row(row)).collect()
    }

    fn row(&self, row: usize) -> ItemRow {
        let fields = self.fields();
        let line = |name: &str, line: Line| fields.in_row(name, row, Kind::Line(line));
        // Only the first row is filled in beforehand: an empty row must stay empty.
        let fresh = |text: String| if row == 0 && self.typed.is_blank() { text } else { String::new() };
        let swaps = Substitution::ALL.iter().map(|word| self.option(word.as_str(), &format!("substitution-{word}")));
        let swaps = vec![Group { label: String::new(), options: swaps.collect() }];
        ItemRow {
            number: row + 1,
            name: line("item_name", Line::TEXT).hint(self.shell.t("field-item_name-hint")),
            strength: line("item_strength", Line::TEXT).mark(self.shell.t("optional")),
            quantity: line("item_quantity", Line::NUMBER).or_value(&fresh("1".to_owned())),
            unit: line("item_unit", Line::TEXT).or_value(&fresh(self.shell.t("unit-box"))),
            substitution: fields
                .in_row("item_substitution", row, Kind::Select(swaps))
                .hint(self.shell.t("field-item_substitution-hint"))
                .or_value(Substitution::SameDrug.as_str()),
            open: fields.touched(&["item_name", "item_strength", "item_quantity", "item_unit"], Some(row)),
        }
    }

    fn doses_left(&self) -> Choices {
        let mut values = DOSES_LEFT.to_vec();
        let typed = self.typed.first("doses_left");
        // Who came with another number keeps it.
        if !values.contains(&typed) {
            values.insert(0, typed);
        }
        let option =
            |value: &&str| Choice { value: (*value).to_owned(), label: self.doses_word(value), ..Choice::default() };
        let options = values.iter().map(option).collect();
        self.fields().one_of("doses_left", options, "none chosen").in_two_columns()
    }

    fn doses_word(&self, value: &str) -> String {
        let id = if value.is_empty() { "doses-left-unknown".to_owned() } else { format!("doses-left-{value}") };
        self.shell.words.find(&id).unwrap_or_else(|| self.shell.words.say("doses-left-n", "n", value))
    }

    fn doses_per_day(&self) -> Choices {
        let fields = self.fields();
        let mut options = fields.options("doses-per-day", &["1", "2", "3", "unknown"]);
        for (option, value) in options.iter_mut().zip(DOSES_PER_DAY) {
            (*value).clone_into(&mut option.value);
        }
        fields.one_of("doses_per_day", options, "none chosen").in_two_columns()
    }

    fn next_dose(&self) -> Choices {
        self.fields().one_of("next_dose", self.fields().options("next-dose", NEXT_DOSES), "").in_two_columns()
    }

    fn room(&self) -> Field {
        self.fields().line("room", Line::TEXT).hint(self.shell.t("field-room-hint"))
    }

    fn name(&self) -> Field {
        self.fields().line("name", Line::NAME).hint(self.shell.t("field-name-hint"))
    }

    fn phone(&self) -> Field {
        self.fields().line("phone", Line::PHONE).hint(self.shell.t("field-phone-hint"))
    }

    fn email(&self) -> Field {
        let field = self.fields().line("email", Line::EMAIL).hint(self.shell.t("field-email-hint"));
        field.mark(self.shell.t("optional"))
    }

    fn for_somebody_else(&self) -> bool {
        let asking = self.typed.first("asking_for");
        let other = !asking.is_empty() && asking != AskingFor::Myself.as_str();
        other || self.fields().touched(&["patient_name", "patient_phone"], None)
    }

    fn asking_for(&self) -> Choices {
        let values: Vec<_> = AskingFor::ALL.iter().map(|word| word.as_str()).collect();
        let options = self.fields().options("asking-for", &values);
        self.fields().one_of("asking_for", options, AskingFor::Myself.as_str()).in_two_columns()
    }

    fn patient_name(&self) -> Field {
        self.fields().line("patient_name", Line::TEXT)
    }

    fn patient_phone(&self) -> Field {
        self.fields().line("patient_phone", Line::PHONE).mark(self.shell.t("optional"))
    }

    fn hand_over(&self) -> Choices {
        let values: Vec<_> = HandOver::ALL.iter().map(|word| word.as_str()).collect();
        self.fields().one_of("hand_over", self.fields().options("hand-over", &values), HandOver::Door.as_str())
    }

    fn care(&self) -> Choices {
        let values: Vec<_> = Care::ALL.iter().map(|word| word.as_str()).collect();
        let choices = self.fields().any_of("care", self.fields().options("care", &values)).in_two_columns();
        choices.hint(self.shell.t("field-care-hint")).mark(self.shell.t("optional"))
    }

    fn note(&self) -> Field {
        self.fields().lines("note").hint(self.shell.t("field-note-hint")).mark(self.shell.t("optional"))
    }
}
