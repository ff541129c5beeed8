//! `/watch`: what is wrong now, how long people wait, who can take what.

use askama::Template;

use super::alarms::Alarms;
use super::figures::{self, Figure};
use super::needs::NeedsBox;
use super::queue::{Line, Load, Shape};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::proof::Proved;
use crate::domain::urgency::Urgency;
use crate::store::views::supervisor::{QueueRow, RunnerRow, Summary};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;

/// What the queue is narrowed to; kept in the address so that it can be shared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    pub state: Option<State>,
    pub urgency: Option<Urgency>,
    /// Code, building or item.
    pub q: String,
}

impl Filters {
    #[must_use]
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// The overview; everything on it is of one moment, `summary.at`.
#[derive(Debug, Template)]
#[template(path = "watch/page.html")]
pub struct WatchPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub summary: &'a Summary,
    pub filters: &'a Filters,
    pub queue: &'a [QueueRow],
    pub runners: &'a [RunnerRow],
    /// What would help.
    pub needs: NeedsBox<'a>,
    pub notice: Option<Notice>,
    /// What is about to be late: said before everything else.
    pub alarms: &'a Alarms<'a>,
}

impl WatchPage<'_> {
    const fn now(&self) -> At {
        self.summary.at
    }

    /// The red line: said first, and only when something has gone wrong.
    fn breach(&self) -> Option<String> {
        let late = self.summary.open.late;
        let care = self.count(State::Care);
        let words = self.shell.words;
        let parts = [
            ("watch-breach-late", late),
            ("watch-breach-care", care),
            ("watch-breach-letters", self.summary.letters_dead),
        ];
        let said: Vec<String> = parts.iter().filter(|(_, n)| *n > 0).map(|(id, n)| words.say(id, "n", *n)).collect();
        (!said.is_empty()).then(|| said.join(&self.shell.t("list-comma")))
    }

    fn count(&self, state: State) -> u64 {
        self.summary.by_state.iter().filter(|(of, _)| *of == state).map(|(_, n)| n).sum()
    }

    fn five(&self) -> Vec<Figure> {
        figures::five(self.shell, &self.summary.five)
    }

    fn lines(&self) -> Vec<Line> {
        let mut rows: Vec<&QueueRow> = self.queue.iter().collect();
        rows.sort_by_key(|row| (row.state.is_over() || row.state == State::Delivered, row.deliver_by));
        rows.into_iter().map(|row| Line::of(self.shell, row, self.now())).collect()
    }

    fn loads(&self) -> Vec<Load> {
        let mut rows: Vec<&RunnerRow> = self.runners.iter().collect();
        rows.sort_by_key(|row| (!row.on, row.carrying + row.offered, row.name.clone()));
        rows.into_iter().map(|row| Load::of(self.shell, row, self.now())).collect()
    }

    fn states(&self) -> Vec<(&'static str, String, bool)> {
        let option = |state: &State| {
            (state.as_str(), self.shell.t(&format!("state-{state}")), self.filters.state == Some(*state))
        };
        State::ALL.iter().map(option).collect()
    }

    fn urgencies(&self) -> Vec<(&'static str, String, bool)> {
        let option = |urgency: &Urgency| {
            (urgency.as_str(), self.shell.t(&format!("urgency-{urgency}")), self.filters.urgency == Some(*urgency))
        };
        Urgency::ALL.iter().map(option).collect()
    }

    fn letters(&self) -> String {
        let (waiting, dead) = (self.summary.letters_waiting, self.summary.letters_dead);
        self.shell.words.with("watch-letters", &[("waiting", waiting.into()), ("dead", dead.into())])
    }

    fn day(&self) -> String {
        let (submitted, delivered) = (self.summary.submitted, self.summary.delivered);
        let words = self.shell.words;
        let day = words.with("watch-day", &[("submitted", submitted.into()), ("delivered", delivered.into())]);
        let unproved = self.summary.proofs.iter().find(|(kind, n)| *kind == Proved::Unproved && *n > 0);
        let unproved = unproved.map(|(_, n)| words.say("watch-unproved", "n", *n));
        [Some(day), unproved].into_iter().flatten().collect::<Vec<_>>().join(&words.get("list-comma"))
    }

    fn duty(&self) -> String {
        let (on, free) = (self.summary.runners_on_duty, self.summary.runners_free);
        self.shell.words.with("watch-duty", &[("on", on.into()), ("free", free.into())])
    }
}
