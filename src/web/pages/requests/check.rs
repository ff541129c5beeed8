//! Step three: everything once more, each line with a way back to it.

use askama::Template;

use super::ask::{Ask, BuildingChoice, Where};
use super::step::Step;
use super::what::doses_word;
use crate::domain::request::AskingFor;
use crate::store::views::load::Load;
use crate::web::pages::busy;
use crate::web::pages::form::anchor;
use crate::web::pages::shell::Shell;

/// See the module.
#[derive(Debug, Template)]
#[template(path = "requests/check.html")]
pub struct CheckPage<'a> {
    pub shell: &'a Shell,
    pub ask: Ask<'a>,
    /// All buildings: to say where to in words.
    pub buildings: &'a [BuildingChoice],
    /// The same form was sent before, with something else in it: where that request stands.
    pub earlier: Option<&'a str>,
    pub load: Option<&'a Load>,
    /// It was sent and not taken: urgent ones alone are.
    pub paused: bool,
}

/// One line: what it is, what was said, and where it is mended.
struct Said {
    label: String,
    text: String,
    step: &'static str,
    anchor: String,
}

impl CheckPage<'_> {
    fn busy(&self) -> Vec<String> {
        self.load.map(|load| busy::told(self.shell, load)).unwrap_or_default()
    }

    fn lines(&self) -> Vec<Said> {
        let mut lines = vec![self.word("category", "category", "what")];
        lines.extend((0..self.ask.typed.all("item_name").len()).map(|row| self.item(row)));
        lines.extend(self.clock());
        lines.push(self.said("note", self.typed("note"), "what"));
        lines.push(self.said("building", self.building(), "where"));
        lines.extend(["room", "name", "phone"].map(|name| self.said(name, self.typed(name), "where")));
        lines.extend(self.patient());
        lines.push(self.word("hand_over", "hand-over", "where"));
        lines.push(self.care());
        lines.push(self.said("email", self.typed("email"), "where"));
        // What was left empty is no line to read through.
        lines.retain(|line| !line.text.trim().is_empty());
        lines
    }

    fn typed(&self, name: &str) -> String {
        self.ask.typed.first(name).to_owned()
    }

    fn said(&self, name: &str, text: String, step: &'static str) -> Said {
        Said { label: self.shell.t(&format!("field-{name}")), text, step, anchor: name.to_owned() }
    }

    fn word(&self, name: &str, prefix: &str, step: &'static str) -> Said {
        let word = self.ask.typed.first(name);
        self.said(name, self.shell.words.find(&format!("{prefix}-{word}")).unwrap_or_default(), step)
    }

    fn item(&self, row: usize) -> Said {
        let cell = |name: &str| self.ask.typed.nth(name, row).trim().to_owned();
        let has_photo = !cell("item_photo").is_empty();
        let name = Some(cell("item_name")).filter(|name| !name.is_empty() || !has_photo);
        let name = name.unwrap_or_else(|| self.shell.t("item-from-photo"));
        let swap = self.shell.words.find(&format!("ask-swap-{}", cell("item_substitution")));
        let photo = has_photo.then(|| self.shell.t("photo-there"));
        let (strength, quantity, unit) = (cell("item_strength"), cell("item_quantity"), cell("item_unit"));
        let head = format!("{name} {strength} × {quantity} {unit}").replace("  ", " ");
        let lines: Vec<String> = [Some(head), swap, photo].into_iter().flatten().collect();
        Said {
            label: self.shell.words.say("ask-row", "n", row + 1),
            text: lines.join("\n"),
            step: "what",
            anchor: anchor("item_name", Some(row)),
        }
    }

    fn clock(&self) -> Vec<Said> {
        if !self.ask.has_clock() {
            return Vec::new();
        }
        let left = self.ask.typed.first("doses_left");
        let left = if left.is_empty() { String::new() } else { doses_word(self.shell, left) };
        vec![
            self.said("doses_left", left, "what"),
            self.word("doses_per_day", "doses-per-day", "what"),
            self.word("next_dose", "next-dose", "what"),
        ]
    }

    fn building(&self) -> String {
        let code = self.ask.typed.first("building");
        let known = self.buildings.iter().find(|building| building.code == code);
        known.map_or_else(|| code.to_owned(), |known| format!("{} · {}", known.compound, known.name))
    }

    fn patient(&self) -> Vec<Said> {
        let names = ["patient_name", "patient_phone"];
        let somebody = names.iter().any(|name| !self.ask.typed.first(name).trim().is_empty());
        if !somebody && self.ask.typed.first("asking_for") == AskingFor::Myself.as_str() {
            return Vec::new();
        }
        let mut lines = vec![self.word("asking_for", "asking-for", "where")];
        lines.extend(names.map(|name| self.said(name, self.typed(name), "where")));
        lines
    }

    fn care(&self) -> Said {
        let flags = self.ask.typed.all("care").iter();
        let words: Vec<String> = flags.filter_map(|flag| self.shell.words.find(&format!("care-{flag}"))).collect();
        self.said("care", words.join(&self.shell.t("list-comma")), "where")
    }
}
