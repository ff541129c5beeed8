//! `/watch/rota`: who has the watch on which rung, when. One row a watch, and empty ones below for more.

use askama::Template;

use crate::domain::alarm::Rung;
use crate::domain::rota::Day;
use crate::web::api::WatchBody;
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;

/// Empty rows to write more watches into.
const EMPTY: usize = 2;

#[derive(Debug, Template)]
#[template(path = "rota/page.html")]
pub struct RotaPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone; `None`: the rota for all.
    pub zone: Option<&'a str>,
    /// As it stands in the address, when it is not the reader's own.
    pub elsewhere: Option<&'a str>,
    /// Whether the reader may keep the rota for all.
    pub keeps_all: bool,
    /// As kept, or as typed.
    pub rows: &'a [WatchBody],
    pub wrong: &'a [FieldError],
    pub notice: Option<Notice>,
}

/// One field of a row, ready to be shown.
#[derive(Debug)]
struct Row<'a> {
    place: usize,
    title: String,
    typed: &'a WatchBody,
    rungs: Vec<(&'static str, String, bool)>,
    days: Vec<(&'static str, String, bool)>,
    wrong: Vec<String>,
    is_new: bool,
}

impl RotaPage<'_> {
    fn rows(&self) -> Vec<Row<'_>> {
        static BLANK: WatchBody = WatchBody {
            rung: String::new(),
            username: String::new(),
            days: Vec::new(),
            from: String::new(),
            to: String::new(),
        };
        let written = self.rows.iter().map(|row| (row, false));
        let blank = std::iter::repeat_n((&BLANK, true), EMPTY);
        written.chain(blank).enumerate().map(|(place, (row, is_new))| self.row(place, row, is_new)).collect()
    }

    fn row<'a>(&'a self, place: usize, typed: &'a WatchBody, is_new: bool) -> Row<'a> {
        let words = self.shell.words;
        let rung = |rung: &Rung| (rung.as_str(), words.get(&format!("rung-{rung}")), typed.rung == rung.as_str());
        let day = |day: &Day| {
            let chosen = typed.days.iter().any(|typed| typed == day.as_str());
            (day.as_str(), words.get(&format!("day-{day}")), chosen)
        };
        Row {
            place,
            title: words.say("rota-row", "n", place + 1),
            typed,
            rungs: Rung::ALL.iter().filter(|rung| **rung > Rung::Runner).map(rung).collect(),
            days: Day::ALL.iter().map(day).collect(),
            wrong: self.wrong_in(place),
            is_new,
        }
    }

    fn wrong_in(&self, place: usize) -> Vec<String> {
        let words = self.shell.words;
        let of_row = |error: &FieldError| {
            let name = error.field.strip_prefix(&format!("items[{place}]."))?;
            let field = words.get(&format!("field-{name}"));
            Some(words.say(&format!("refusal-{}", error.code), "field", field))
        };
        self.wrong.iter().filter_map(of_row).collect()
    }
}
