//! Two lists of calls: homes that went quiet, medicines that will not last.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::silence::Outcome;
use crate::domain::supply::Cause;
use crate::web::api::{DueCall, SilentHome};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;

/// How long a medicine still lasts, as choices: days, and the phrase.
const LASTS: &[(&str, &str)] =
    &[("3", "lasts-3"), ("7", "lasts-7"), ("14", "lasts-14"), ("28", "lasts-28"), ("56", "lasts-56")];
const DAYS: &[i64] = &[1, 2, 3, 5, 7, 14];

/// See the module. Showing it is a look: the handler writes that down first.
#[derive(Debug, Template)]
#[template(path = "households/page.html")]
pub struct HomesPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub days: i64,
    pub silent: &'a [SilentHome],
    pub due: &'a [DueCall],
    pub now: At,
    pub notice: Option<Notice>,
}

impl HomesPage<'_> {
    fn spans(&self) -> Vec<(i64, String, bool)> {
        let mut days = DAYS.to_vec();
        if !days.contains(&self.days) {
            days.push(self.days);
        }
        days.into_iter()
            .map(|days| (days, self.shell.words.say("homes-n-days", "n", days), days == self.days))
            .collect()
    }

    fn outcomes(&self) -> Vec<(&'static str, String)> {
        let outcomes = [Outcome::Fine, Outcome::Needs, Outcome::NoAnswer];
        outcomes.iter().map(|word| (word.as_str(), self.shell.t(&format!("outcome-{word}")))).collect()
    }

    fn lasts(&self) -> Vec<(&'static str, String)> {
        LASTS.iter().map(|(days, phrase)| (*days, self.shell.t(phrase))).collect()
    }

    fn care(&self, (_, card): &SilentHome) -> String {
        let words: Vec<String> = card.care.iter().map(|care| self.shell.t(&format!("care-{care}"))).collect();
        words.join(&self.shell.t("list-comma"))
    }

    fn quiet(&self, (silent, _): &SilentHome) -> String {
        let words = self.shell.words;
        let stairs = words.with("homes-quiet", &[("days", self.days.into()), ("n", silent.neighbours.into())]);
        let tried =
            silent.tried_at.map(|at| words.say("homes-tried", "time", words.when(at.0, self.now.0, &self.shell.zone)));
        [Some(stairs), tried].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn why(&self, (due, _): &DueCall) -> String {
        let words = self.shell.words;
        let time = |at: At| words.when(at.0, self.now.0, &self.shell.zone);
        match (due.cause, due.until) {
            (Cause::Told, Some(until)) => words.say("cause-told", "time", time(until)),
            (Cause::Counted, Some(until)) => words.say("cause-counted", "time", time(until)),
            _ => words.say("cause-ask", "time", time(due.delivered_at)),
        }
    }
}
