//! The red line: what is breached, who must act, and one press that leads there. Only when something has gone wrong.

use super::alarms::Alarms;
use crate::domain::errand::State;
use crate::domain::lists::List;
use crate::store::views::open::Undelivered;
use crate::store::views::supervisor::Summary;
use crate::web::links;
use crate::web::pages::shell::Shell;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct RedLine {
    pub what: String,
    /// Who must act, where that is known.
    pub who: Option<String>,
    pub href: String,
}

impl RedLine {
    pub(super) fn of(shell: &Shell, summary: &Summary, (alarms, open): (&Alarms<'_>, &[Undelivered])) -> Option<Self> {
        let words = shell.words;
        let is_late = |one: &&Undelivered| one.deliver_by < summary.at;
        let late: Vec<&Undelivered> = open.iter().filter(is_late).collect();
        let untaken = late.iter().filter(|one| List::of(one.state) == Some(List::Queue)).count();
        let care = open.iter().filter(|one| one.state == State::Care).count();
        let said = [
            ("overview-red-alarms", count(alarms.len())),
            ("watch-breach-late", count(late.len())),
            ("overview-red-untaken", count(untaken)),
            ("watch-breach-care", count(care)),
            ("watch-breach-letters", summary.letters_dead),
        ];
        let said: Vec<String> = said.iter().filter(|(_, n)| *n > 0).map(|(id, n)| words.say(id, "n", *n)).collect();
        let first = alarms.first().or_else(|| late.first().map(|one| one.request));
        let href = match first {
            Some(request) => links::opened(request),
            None if care > 0 => links::CARE.to_owned(),
            None => "#runners".to_owned(),
        };
        let role = || late.first().map(|_| words.get(if untaken > 0 { "role-supervisor" } else { "role-runner" }));
        let who = alarms.who().or_else(role).map(|who| words.say("overview-red-who", "who", who));
        (!said.is_empty()).then(|| Self { what: said.join(&words.get("list-comma")), who, href })
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
