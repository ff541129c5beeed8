//! The list of calls to make, and one call: whom, what to say, what came of it.

use askama::Template;

use super::after;
use crate::domain::clock::At;
use crate::domain::follow_up::Outcome;
use crate::domain::ids::PersonId;
use crate::store::views::follow_ups::{Check, Recurs, Whom};
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;
use crate::words::{Lang, Words};

/// The list: those due first, then those of later.
#[derive(Debug, Template)]
#[template(path = "follow_ups/page.html")]
pub struct ChecksPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub me: PersonId,
    pub checks: &'a [Check],
    pub recurring: &'a [Recurs],
    pub now: At,
    pub notice: Option<Notice>,
}

impl ChecksPage<'_> {
    fn due(&self) -> Vec<&Check> {
        self.checks.iter().filter(|check| check.due_at <= self.now).collect()
    }

    fn later(&self) -> Vec<&Check> {
        self.checks.iter().filter(|check| check.due_at > self.now).collect()
    }

    fn kind(&self, check: &Check) -> String {
        self.shell.t(&format!("follow-kind-{}", check.kind))
    }

    fn care(&self, check: &Check) -> String {
        let words: Vec<String> = check.care.iter().map(|care| self.shell.t(&format!("care-{care}"))).collect();
        words.join(&self.shell.t("list-comma"))
    }

    /// When it is due, how often it was tried, who calls there now.
    fn told(&self, check: &Check) -> String {
        let words = self.shell.words;
        let time = |at: At| words.when(at.0, self.now.0, &self.shell.zone);
        let due = if check.due_at <= self.now { "follow-due-since" } else { "follow-due-at" };
        let mut told = vec![words.say(due, "time", time(check.due_at))];
        told.extend(check.delivered_at.map(|at| words.say("follow-brought", "time", time(at))));
        if check.tries > 0 {
            told.push(words.say("follow-tries", "n", check.tries));
        }
        told.extend(check.outcome.map(|outcome| self.shell.t(&format!("follow-outcome-{outcome}"))));
        told.join(" · ")
    }

    fn other_caller(&self, check: &Check) -> Option<String> {
        let (_, name) = check.caller.as_ref().filter(|(id, _)| *id != self.me)?;
        Some(self.shell.words.say("follow-caller", "name", name.as_str()))
    }

    fn comes(&self, recurs: &Recurs) -> String {
        after::comes(self.shell, recurs)
    }
}

/// What was typed before it was refused.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub note: String,
    pub enough_until: String,
    pub every_days: String,
}

/// One call. Showing it is a look: the handler writes that down first.
#[derive(Debug, Template)]
#[template(path = "follow_ups/call.html")]
pub struct CallPage<'a> {
    pub shell: &'a Shell,
    pub check: &'a Check,
    pub whom: &'a Whom,
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
}

impl CallPage<'_> {
    /// What to say, in the reader's language and in the other: the language, and the sentence.
    fn scripts(&self) -> Vec<(&'static str, String)> {
        let own = self.shell.words.lang();
        let langs = [own, self.shell.other_lang()];
        let script = |lang: &Lang| {
            let words = Words::of(*lang);
            let said = [("name", self.whom.name.as_str().into()), ("items", self.check.items.as_str().into())];
            (lang.as_str(), words.with(&format!("script-{}", self.check.kind), &said))
        };
        langs.iter().map(script).collect()
    }

    /// Word, phrase, the key to press it by.
    fn outcomes(&self) -> Vec<(&'static str, String, usize)> {
        let choice = |(place, word): (usize, &Outcome)| {
            (word.as_str(), self.shell.t(&format!("follow-outcome-{word}")), place + 1)
        };
        self.check.kind.outcomes().iter().enumerate().map(choice).collect()
    }

    fn every(&self) -> Vec<(String, String, bool)> {
        after::every(self.shell, &self.typed.every_days)
    }

    fn wrong(&self, field: &str) -> Option<String> {
        let error = self.errors.iter().find(|error| error.field == field)?;
        let named = self.shell.t(&format!("field-{field}"));
        Some(self.shell.words.say(&format!("refusal-{}", error.code), "field", named))
    }
}
