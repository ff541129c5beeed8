//! What a delivery is followed by, on the asker's own page.

use crate::domain::clock::At;
use crate::domain::day::Day;
use crate::domain::follow_up::{Kind, Outcome, is_own_answer};
use crate::store::views::follow_ups::{After, Recurs};
use crate::web::pages::shell::Shell;

/// Every so many days, as choices.
pub const EVERY: &[i32] = &[7, 14, 28, 30, 60, 90];

/// "Every 30 days", and blank for once.
#[must_use]
pub fn every(shell: &Shell, chosen: &str) -> Vec<(String, String, bool)> {
    let choice = |days: &i32| {
        let value = days.to_string();
        (value.clone(), shell.words.say("every-n-days", "n", *days), value == chosen)
    };
    EVERY.iter().map(choice).collect()
}

/// A local date as people say it.
#[must_use]
pub fn date(shell: &Shell, text: &str) -> String {
    let mut parts = text.split('-').skip(1).map(|part| part.trim_start_matches('0').to_owned());
    let (Some(month), Some(day), Ok(_)) = (parts.next(), parts.next(), text.parse::<Day>()) else {
        return text.to_owned();
    };
    shell.words.with("date-only", &[("month", shell.t(&format!("month-{month}")).into()), ("day", day.into())])
}

/// When it comes again, in words.
#[must_use]
pub fn comes(shell: &Shell, recurs: &Recurs) -> String {
    let day = date(shell, &recurs.next_on);
    match recurs.every_days {
        Some(days) => shell.words.with("recurs-every", &[("day", day.into()), ("n", days.into())]),
        None => shell.words.say("recurs-once", "day", day),
    }
}

/// The answers beside "it is here" and "it is not": word, and phrase.
#[must_use]
pub fn more_answers(shell: &Shell, after: &After) -> Vec<(&'static str, String)> {
    let Some(kind) = after.kind else { return Vec::new() };
    let beside = |word: &&Outcome| is_own_answer(**word) && !matches!(word, Outcome::Received | Outcome::NotReceived);
    let answer = |word: &Outcome| (word.as_str(), shell.t(&format!("own-{word}")));
    kind.outcomes().iter().filter(beside).map(answer).collect()
}

/// What is asked, instead of whether it came.
#[must_use]
pub fn question(after: &After) -> &'static str {
    match after.kind {
        Some(Kind::Medicine) => "after-medicine",
        Some(Kind::Visit) => "after-visit",
        Some(Kind::Goods) | None => "tracking-received-question",
    }
}

/// The good answer, in words that fit the question.
#[must_use]
pub fn well(after: &After) -> &'static str {
    match after.kind {
        Some(Kind::Medicine) => "own-taken",
        Some(Kind::Visit) => "own-visited",
        Some(Kind::Goods) | None => "tracking-received-yes",
    }
}

/// When somebody calls if nobody answers here.
#[must_use]
pub fn call(shell: &Shell, after: &After, now: At) -> Option<String> {
    let due = after.due_at.filter(|due| *due > now)?;
    Some(shell.words.say("after-call", "time", shell.words.when(due.0, now.0, &shell.zone)))
}
