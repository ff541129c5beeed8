//! `/watch`: what is wrong now, how long people wait, who can take what.

use askama::Template;

use super::alarms::Alarms;
use super::chart::Chart;
use super::due::DueBox;
use super::figures::{self, Figure};
use super::needs::NeedsBox;
use super::plan::Plan;
use super::queue::{Line, Load, Shape};
use super::red::RedLine;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::lists::List;
use crate::domain::proof::Proved;
use crate::domain::urgency::Urgency;
use crate::store::views::ground::Building;
use crate::store::views::open::Undelivered;
use crate::store::views::supervisor::{QueueRow, RunnerRow, Summary};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;

/// Runners on the page: those who have something to do, or could.
const RUNNERS: usize = 12;

/// What the queue is narrowed to; kept in the address so that it can be shared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    pub state: Option<State>,
    pub list: Option<List>,
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
    /// How many rows of the queue.
    pub shown: usize,
    /// All that somebody still waits for, whatever the queue is narrowed to.
    pub open: &'a [Undelivered],
    pub queue: &'a [QueueRow],
    pub runners: &'a [RunnerRow],
    pub blocks: &'a [Building],
    /// What would help.
    pub needs: NeedsBox<'a>,
    pub due: DueBox<'a>,
    pub notice: Option<Notice>,
    /// What is about to be late: said before everything else.
    pub alarms: &'a Alarms<'a>,
}

impl WatchPage<'_> {
    const fn now(&self) -> At {
        self.summary.at
    }

    fn red(&self) -> Option<RedLine> {
        RedLine::of(self.shell, self.summary, (self.alarms, self.open))
    }

    /// Those whose coming makes a sound: red ones, and each again when it is late.
    fn ringing(&self) -> String {
        let ring = |one: &Undelivered| match (one.deliver_by < self.now(), one.urgency) {
            (true, _) => Some(format!("{}!", one.request)),
            (false, Urgency::Red) => Some(one.request.to_string()),
            (false, _) => None,
        };
        self.open.iter().filter_map(ring).collect::<Vec<_>>().join(" ")
    }

    /// "(2) " in front of the title, so that a tab among others tells it.
    fn badge(&self) -> String {
        let late = self.summary.open.late;
        if late > 0 { format!("({late}) ") } else { String::new() }
    }

    /// The script puts seconds and time in.
    fn lost_told(&self) -> String {
        self.shell.words.with("overview-lost-told", &[("s", "{s}".into()), ("at", "{at}".into())])
    }

    /// All rows there are, shown or not.
    fn all(&self) -> usize {
        if self.filters.is_blank() { self.open.len() } else { self.queue.len() }
    }

    fn plan(&self) -> Plan<'_> {
        Plan::of(self.shell, (self.blocks, self.runners), (self.open, self.now()))
    }

    fn chart(&self) -> Chart<'_> {
        Chart::of(self.shell, self.summary)
    }

    /// Views one press away: address, words, how many, whether it is this one.
    fn views(&self) -> Vec<(&'static str, String, usize, bool)> {
        let of = |list: List| self.open.iter().filter(|one| List::of(one.state) == Some(list)).count();
        let red = self.open.iter().filter(|one| one.urgency == Urgency::Red).count();
        let is = |list| *self.filters == Filters { list, ..Filters::default() };
        let is_red = *self.filters == Filters { urgency: Some(Urgency::Red), ..Filters::default() };
        vec![
            ("/watch", self.shell.t("watch-filter-all"), self.open.len(), self.filters.is_blank()),
            ("/watch?list=queue", self.shell.t("watch-unclaimed"), of(List::Queue), is(Some(List::Queue))),
            ("/watch?urgency=red", self.shell.t("urgency-red"), red, is_red),
            ("/watch?list=care", self.shell.t("care-title"), of(List::Care), is(Some(List::Care))),
        ]
    }

    fn five(&self) -> Vec<Figure> {
        figures::five(self.shell, &self.summary.five)
    }

    fn lines(&self) -> Vec<Line> {
        let mut rows: Vec<&QueueRow> = self.queue.iter().collect();
        rows.sort_by_key(|row| (row.state.is_over() || row.state == State::Delivered, row.deliver_by));
        rows.into_iter().take(self.shown).map(|row| Line::of(self.shell, row, self.now())).collect()
    }

    fn loads(&self) -> Vec<Load> {
        let has_to_do = |row: &&RunnerRow| row.on || row.carrying + row.offered > 0;
        let mut rows: Vec<&RunnerRow> = self.runners.iter().filter(has_to_do).collect();
        rows.sort_by_key(|row| (!row.on, row.carrying + row.offered, row.name.clone()));
        rows.into_iter().take(RUNNERS).map(|row| Load::of(self.shell, row, self.now())).collect()
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
