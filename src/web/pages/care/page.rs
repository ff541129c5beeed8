//! The inbox, by time left, each with its reason in words and one next step; and one of them opened.

use askama::Template;

use crate::domain::care::{Act, Suggestion, Why, acts};
use crate::domain::clock::At;
use crate::domain::urgency::Urgency;
use crate::store::views::care::CareRow;
use crate::store::views::ground::Building;
use crate::store::views::supervisor::Opened;
use crate::web::extract::Fields;
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::run::cards;
use crate::web::pages::shell::{Shell, Stamp};
use crate::web::pages::watch::opened::Ranked;
use crate::web::pages::watch::queue::Line;

#[derive(Debug, Template)]
#[template(path = "care/page.html")]
pub struct CarePage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub rows: &'a [CareRow],
    pub now: At,
    pub notice: Option<Notice>,
}

/// Why a person must decide, in words; with somebody's own word when we have none.
fn why(shell: &Shell, care: &CareRow) -> String {
    let known = care
        .word
        .as_ref()
        .and_then(|word| ["decline", "problem"].iter().find_map(|kind| shell.words.find(&format!("{kind}-{word}"))));
    known.unwrap_or_else(|| match care.why {
        Why::Other => shell.t("care-why-other"),
        why => shell.t(&format!("care-reason-{why}")),
    })
}

/// The next step as it stands on the button.
fn next(shell: &Shell, care: &CareRow) -> String {
    let name = care.row.runner.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    shell.words.say(&format!("suggestion-{}", care.suggestion), "name", name)
}

impl CarePage<'_> {
    fn count(&self) -> String {
        self.shell.words.say("care-count", "n", self.rows.len())
    }

    fn line(&self, care: &CareRow) -> Line {
        Line::of(self.shell, &care.row, self.now)
    }

    fn why(&self, care: &CareRow) -> String {
        why(self.shell, care)
    }

    fn since(&self, care: &CareRow) -> Stamp {
        self.shell.when(care.since, self.now)
    }

    fn next(&self, care: &CareRow) -> String {
        next(self.shell, care)
    }

    /// Who has the goods.
    fn holder(&self, care: &CareRow) -> Option<String> {
        let (_, name) = care.row.runner.as_ref().filter(|_| care.held)?;
        Some(self.shell.words.say("care-held", "name", name.clone()))
    }
}

/// One press does it: nothing needs to be asked or typed first.
fn at_once(care: &CareRow) -> Option<Act> {
    match care.suggestion {
        Suggestion::SameRunner => Some(Act::Give),
        Suggestion::SendAgain => Some(Act::SendAgain),
        Suggestion::Call
        | Suggestion::Knock
        | Suggestion::CorrectAddress
        | Suggestion::BringBack
        | Suggestion::AskDistrict => None,
    }
}

/// Showing it is a look: the handler writes that down first.
#[derive(Debug, Template)]
#[template(path = "care/open.html")]
pub struct OpenPage<'a> {
    pub shell: &'a Shell,
    pub opened: &'a Opened,
    /// `None`: somebody has decided meanwhile, or the reader may not.
    pub care: Option<&'a CareRow>,
    /// Of the zone, to correct a door.
    pub buildings: &'a [Building],
    /// Best first.
    pub runners: &'a [Ranked],
    pub phone_of_runner: Option<&'a str>,
    pub typed: &'a Fields,
    pub wrong: &'a [FieldError],
    pub now: At,
    pub notice: Option<Notice>,
}

impl OpenPage<'_> {
    fn line(&self) -> Line {
        Line::of(self.shell, &self.opened.row, self.now)
    }

    fn why(&self, care: &CareRow) -> String {
        why(self.shell, care)
    }

    fn since(&self, care: &CareRow) -> Stamp {
        self.shell.when(care.since, self.now)
    }

    fn next(&self, care: &CareRow) -> String {
        next(self.shell, care)
    }

    fn next_help(&self, care: &CareRow) -> String {
        self.shell.t(&format!("suggestion-{}-help", care.suggestion))
    }

    fn may(&self, act: Act) -> bool {
        self.care.is_some_and(|care| care.why != Why::Unanswered && acts(care.row.errand_state).contains(&act))
    }

    /// The button of the suggested act stands out.
    fn weight(&self, act: Act) -> &'static str {
        let suggested = self.care.map(|care| match care.suggestion {
            Suggestion::CorrectAddress | Suggestion::SendAgain => Act::SendAgain,
            Suggestion::SameRunner => Act::Give,
            Suggestion::Call | Suggestion::Knock | Suggestion::BringBack | Suggestion::AskDistrict => Act::Settle,
        });
        if suggested == Some(act) { "button" } else { "button button-second" }
    }

    fn has_runner(&self) -> Option<String> {
        let (_, name) = self.opened.row.runner.as_ref()?;
        self.care.filter(|care| care.held).map(|_| name.clone())
    }

    fn blocks(&self) -> Vec<(&str, String, bool)> {
        let typed = self.typed.first("building");
        let here = if typed.is_empty() { self.opened.row.building.as_str() } else { typed };
        let block = |building: &'_ Building| format!("{} {}", building.compound, building.name);
        self.buildings.iter().map(|building| (building.code.as_str(), block(building), building.code == here)).collect()
    }

    fn room(&self) -> &str {
        let typed = self.typed.first("room");
        if typed.is_empty() { &self.opened.room } else { typed }
    }

    fn reason(&self, act: &str) -> &str {
        if self.typed.first("act") == act { self.typed.first("reason") } else { "" }
    }

    fn ranked(&self, runner: &Ranked) -> String {
        let words = self.shell.words;
        let mut parts = vec![runner.name.clone()];
        parts.extend(runner.distance_m.map(|metres| cards::distance(self.shell, metres)));
        parts.push(words.say("watch-ranked-load", "n", runner.carrying));
        if !runner.on {
            parts.push(words.get("watch-runner-off"));
        }
        parts.join(" · ")
    }

    fn urgencies(&self) -> Vec<(&'static str, String, bool)> {
        let typed = self.typed.first("urgency").parse().unwrap_or(self.opened.row.urgency);
        let choice =
            |urgency: &Urgency| (urgency.as_str(), self.shell.t(&format!("urgency-{urgency}")), *urgency == typed);
        Urgency::ALL.iter().map(choice).collect()
    }

    /// What is wrong, each with the field it is about.
    fn wrongs(&self) -> Vec<String> {
        let told = |wrong: &FieldError| {
            let field = self.shell.words.find(&format!("field-{}", wrong.field)).unwrap_or_default();
            let why = self.shell.t(&format!("refusal-{}", wrong.code));
            if field.is_empty() { why } else { format!("{field}: {why}") }
        };
        self.wrong.iter().map(told).collect()
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong.field == field)
    }
}
