//! The page: on the left the call, on the right what stays in view while somebody talks.

use askama::Template;

use super::entry::Entry;
use super::fill::ROWS;
use super::said::ReadBack;
use crate::domain::clock::At;
use crate::domain::item::Substitution;
use crate::domain::request::{Care, Category, HandOver};
use crate::store::views::desk::{Card, OpenOne};
use crate::web::pages::form::{FieldError, Typed, anchor};
use crate::web::pages::notice::Notice;
use crate::web::pages::parts::{Choice, Fields, Wrongs};
use crate::web::pages::shell::{Shell, Stamp};

const NEXT: &[&str] = &["unknown", "now", "in_2h", "today_evening", "tomorrow_morning"];
/// How what is entered came here.
pub const CHANNELS: &[&str] = &["phone", "paper", "chat"];

/// What was kept last.
#[derive(Debug, Clone)]
pub struct Saved {
    pub code: String,
    pub deliver_by: At,
}

/// See the module.
#[derive(Debug, Template)]
#[template(path = "desk/page.html")]
pub struct DeskPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
    /// Official spelling and words of each door that may be meant.
    pub doors: &'a [(String, String)],
    pub known: Option<&'a Card>,
    /// The number was looked for.
    pub looked: &'a str,
    pub open: &'a [OpenOne],
    pub read_back: Option<&'a ReadBack>,
    /// Of the call that is read back.
    pub read: &'a str,
    pub saved: Option<&'a Saved>,
    pub idempotency_key: &'a str,
    pub now: At,
    pub notice: Option<Notice>,
}

impl DeskPage<'_> {
    const fn fields(&self) -> Fields<'_> {
        Fields { words: self.shell.words, typed: self.typed, errors: self.errors }
    }

    fn wrongs(&self) -> Option<Wrongs> {
        self.fields().summary()
    }

    /// Where the next key goes: the first refusal, else the first blank, else the button.
    fn focus(&self) -> String {
        if let Some(error) = self.errors.first() {
            let (name, row) = error.place();
            let id = anchor(&name, row);
            return if id == "door" && !self.doors.is_empty() { "door_choice".to_owned() } else { id };
        }
        if self.read_back.is_some() {
            return "go".to_owned();
        }
        let blank = ["phone", "door", "name"].into_iter().find(|name| self.typed.first(name).trim().is_empty());
        blank.map_or_else(|| anchor("item_line", Some(0)), ToOwned::to_owned)
    }

    fn entry(&self, name: &'static str, row: Option<usize>, (kind, mode): (&'static str, &'static str)) -> Entry {
        let id = anchor(name, row);
        Entry {
            label: match row {
                Some(row) if row > 0 => self.shell.words.say("desk-item-n", "n", row + 1),
                _ => self.shell.t(&format!("field-{name}")),
            },
            wrong: self.fields().wrong(name, row),
            value: self.typed.nth(name, row.unwrap_or(0)).to_owned(),
            focus: self.focus() == id,
            id,
            name,
            kind,
            mode,
            options: Vec::new(),
            class: "",
        }
    }

    fn choice(&self, name: &'static str, options: Vec<Choice>) -> Entry {
        Entry { options, ..self.entry(name, None, ("text", "")) }
    }

    fn phone(&self) -> Entry {
        self.entry("phone", None, ("tel", "tel"))
    }

    fn door(&self) -> Entry {
        self.entry("door", None, ("text", ""))
    }

    fn door_choice(&self) -> Option<Entry> {
        let first = Choice { label: self.shell.t("desk-choose-door"), ..Choice::default() };
        let option = |(value, label): &(String, String)| Choice {
            value: value.clone(),
            label: label.clone(),
            ..Choice::default()
        };
        let options: Vec<Choice> = std::iter::once(first).chain(self.doors.iter().map(option)).collect();
        (!self.doors.is_empty()).then(|| Entry { value: String::new(), ..self.choice("door_choice", options) })
    }

    fn name(&self) -> Entry {
        self.entry("name", None, ("text", ""))
    }

    fn first_item(&self) -> Entry {
        self.entry("item_line", Some(0), ("text", ""))
    }

    fn more_items(&self) -> Vec<Entry> {
        (1..ROWS).map(|row| self.entry("item_line", Some(row), ("text", ""))).collect()
    }

    fn doses_left(&self) -> Entry {
        self.entry("doses_left", None, ("text", "numeric"))
    }

    fn doses_per_day(&self) -> Entry {
        self.entry("doses_per_day", None, ("text", "numeric"))
    }

    fn words_of(&self, name: &'static str, prefix: &str, values: &[&str]) -> Entry {
        self.choice(name, self.fields().options(prefix, values))
    }

    fn next_dose(&self) -> Entry {
        self.words_of("next_dose", "next-dose", NEXT)
    }

    fn category(&self) -> Entry {
        self.words_of("category", "category", &Category::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>())
    }

    fn substitution(&self) -> Entry {
        let words = [Substitution::SameDrug, Substitution::Exact, Substitution::AskMe, Substitution::AskFamily];
        self.words_of("substitution", "substitution", &words.map(Substitution::as_str))
    }

    fn hand_over(&self) -> Entry {
        self.words_of("hand_over", "hand-over", &HandOver::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>())
    }

    fn channel(&self) -> Entry {
        self.words_of("channel", "channel", CHANNELS)
    }

    fn patient_name(&self) -> Entry {
        self.entry("patient_name", None, ("text", ""))
    }

    fn patient_phone(&self) -> Entry {
        self.entry("patient_phone", None, ("tel", "tel"))
    }

    fn cares(&self) -> Vec<(&'static str, String, bool)> {
        let flag =
            |care: &Care| (care.as_str(), self.shell.t(&format!("care-{care}")), self.typed.has("care", care.as_str()));
        Care::ALL.iter().map(flag).collect()
    }

    fn note_wrong(&self) -> Option<String> {
        self.fields().wrong("note", None)
    }

    fn more_is_open(&self) -> bool {
        self.fields().touched(&["patient_name", "patient_phone", "note"], None) || !self.typed.all("care").is_empty()
    }

    fn go(&self) -> String {
        self.shell.t(if self.read_back.is_some() { "desk-save" } else { "desk-go" })
    }

    fn go_has_focus(&self) -> bool {
        self.focus() == "go"
    }

    fn known_text(&self) -> Option<String> {
        let card = self.known?;
        Some(format!("{} · {} {}", card.name, card.building_name, card.room))
    }

    fn stranger(&self) -> bool {
        self.known.is_none() && !self.looked.is_empty()
    }

    fn open_word(&self, one: &OpenOne) -> String {
        self.shell.t(&format!("state-{}", one.state))
    }

    fn asked_at(&self, one: &OpenOne) -> Stamp {
        self.shell.when(one.submitted_at, self.now)
    }

    fn urgency_word(&self, read: &ReadBack) -> String {
        self.shell.t(&format!("urgency-{}", read.urgency))
    }

    fn reason_word(&self, read: &ReadBack) -> String {
        self.shell.t(&format!("urgency-reason-{}", read.reason))
    }

    /// The sentences to say aloud.
    fn sentences(&self, read: &ReadBack) -> Vec<String> {
        read.sentences(self.shell, self.now)
    }

    fn saved_text(&self, saved: &Saved) -> String {
        let by = self.shell.words.when(saved.deliver_by.0, self.now.0, &self.shell.zone);
        self.shell.words.with("desk-saved", &[("code", saved.code.as_str().into()), ("time", by.into())])
    }
}
