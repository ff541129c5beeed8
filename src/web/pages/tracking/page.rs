//! `/r/{token}`: where a request stands, said to the one who asked.

use askama::Template;

use super::told::{Question, Told};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::request::{Category, Problem};
use crate::flow::follow_up::Holder;
use crate::store::views::follow_ups::After;
use crate::store::views::load::Load;
use crate::store::views::tracking::{Look, Tracking};
use crate::web::links;
use crate::web::load::Promise;
use crate::web::pages::busy;
use crate::web::pages::follow_ups::after;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::{Shell, Stamp};

/// The page of one request.
#[derive(Debug, Template)]
#[template(path = "tracking/page.html")]
pub struct TrackingPage<'a> {
    /// Its path is `/r/{token}`; forms post below it.
    pub shell: &'a Shell,
    pub tracking: &'a Tracking,
    pub after: &'a After,
    pub load: &'a Load,
    pub holder: Holder,
    pub now: At,
    pub notice: Option<Notice>,
}

/// One of the four steps of the way.
#[derive(Debug, PartialEq, Eq)]
struct Milestone {
    class: &'static str,
    title: String,
    told: String,
}

impl TrackingPage<'_> {
    fn state(&self) -> String {
        self.shell.t(&format!("tracking-{}", self.tracking.state))
    }

    fn is_late(&self) -> bool {
        self.now > self.tracking.deliver_by && self.is_under_way()
    }

    /// Something may still happen by itself.
    const fn is_live(&self) -> bool {
        self.is_under_way()
    }

    fn token(&self) -> &str {
        self.shell.path.trim_start_matches("/r/")
    }

    /// Where its news are told.
    fn events(&self) -> String {
        format!("/api/v1/events?token={}", self.token())
    }

    /// The form once more, for the same kind of thing. Not for the same medicine at the same door: whoever holds the link
    /// would read both there.
    fn again(&self) -> String {
        links::ask(self.tracking.category)
    }

    fn open_questions(&self) -> Vec<Question> {
        let open = self.tracking.questions.iter().filter(|asked| asked.open);
        open.map(|asked| Question::of(self.shell, asked)).collect()
    }

    fn moments(&self) -> Vec<Told> {
        Told::all(self.shell, self.tracking, self.now)
    }

    fn looks(&self) -> Vec<Told> {
        let look = |look: &Look| {
            let role = self.shell.role_name(look.role);
            let said = look.name.as_ref().map_or(role.clone(), |name| format!("{role} · {name}"));
            Told { at: self.shell.when(look.at, self.now), said }
        };
        self.tracking.looks.iter().map(look).collect()
    }

    fn can_report(&self) -> bool {
        self.holder.may_act && self.tracking.state.step(Step::Reopen).is_ok()
    }

    fn problems(&self) -> Vec<(&'static str, String)> {
        let problem = |problem: &Problem| (problem.as_str(), self.shell.t(&format!("problem-{problem}")));
        Problem::ALL.iter().map(problem).collect()
    }

    const fn is_under_way(&self) -> bool {
        !self.tracking.state.is_over() && !matches!(self.tracking.state, State::Delivered)
    }

    fn ticket_class(&self) -> &'static str {
        match self.tracking.state {
            State::Cancelled => "ticket-over",
            _ if self.is_late() => "ticket-late",
            State::Care => "ticket-warn",
            _ => "ticket-well",
        }
    }

    fn late_by(&self) -> String {
        self.shell.words.span(self.now.seconds_since(self.tracking.deliver_by))
    }

    fn promised(&self) -> Promise {
        let times = (self.tracking.submitted_at, self.tracking.deliver_by);
        Promise::of(self.load, self.tracking.urgency, times, self.now)
    }

    fn promise(&self) -> Stamp {
        self.shell.when(self.promised().at, self.now)
    }

    /// While nobody has it: how busy it is.
    fn busy(&self) -> Option<String> {
        let waits = matches!(self.tracking.state, State::Waiting | State::Offered);
        let told = if waits { busy::told(self.shell, self.load) } else { Vec::new() };
        (!told.is_empty()).then(|| told.join(" · "))
    }

    /// What the promise is made from.
    fn measured(&self) -> Option<String> {
        let half_s = self.load.half_within_s(self.tracking.urgency).filter(|_| self.promised().measured)?;
        let words = self.shell.words;
        Some(words.say("tracking-measured", "span", words.span(half_s)))
    }

    fn can_cancel(&self) -> bool {
        self.holder.may_act && self.tracking.state.step(Step::Cancel).is_ok()
    }

    fn can_confirm(&self) -> bool {
        // At the gate it may have been fetched.
        let state = self.tracking.state;
        self.holder.may_act && (state == State::AtGate || state.step(Step::Confirm).is_ok())
    }

    /// What lies at the gate may have been fetched; that it has not come to the door yet is no news.
    fn received_question(&self) -> &'static str {
        if self.tracking.state == State::AtGate { "tracking-gate-question" } else { after::question(self.after) }
    }

    fn received_yes(&self) -> &'static str {
        after::well(self.after)
    }

    fn more_answers(&self) -> Vec<(&'static str, String)> {
        after::more_answers(self.shell, self.after)
    }

    fn call(&self) -> Option<String> {
        after::call(self.shell, self.after, self.now)
    }

    fn comes(&self) -> Option<String> {
        self.after.recurs.as_ref().filter(|_| self.holder.may_act).map(|recurs| after::comes(self.shell, recurs))
    }

    /// What was brought may be wanted again: once it is known to be here.
    const fn asks_again(&self) -> bool {
        self.holder.may_act && matches!(self.tracking.state, State::Closed)
    }

    fn every(&self) -> Vec<(String, String, bool)> {
        after::every(self.shell, "")
    }

    fn money(&self) -> Option<String> {
        let (spent, given) = self.tracking.money?;
        let said = [("spent", spent.to_string().into()), ("given", given.to_string().into())];
        Some(self.shell.words.with("money-spent", &said))
    }

    /// "Now with the street, since 19:05."
    fn now_with(&self) -> Option<String> {
        let (rung, since) = self.tracking.now_with.filter(|_| self.is_under_way())?;
        Some(self.shell.words.say(&format!("now-with-{rung}"), "time", self.shell.when(since, self.now).text))
    }

    fn care(&self) -> Option<String> {
        let reason = self.tracking.care_reason.as_deref().filter(|_| self.tracking.state == State::Care)?;
        let known = self.shell.words.find(&format!("care-reason-{reason}"));
        Some(known.unwrap_or_else(|| self.shell.t("care-reason-other")))
    }

    /// How many of the four steps are behind us.
    fn steps_done(&self) -> usize {
        let behind = |state: State| match state {
            State::Waiting | State::Offered => 1,
            State::Claimed => 2,
            State::Collected | State::AtGate => 3,
            State::Delivered | State::Closed => 4,
            State::Cancelled | State::Care => 0,
        };
        let now = behind(self.tracking.state);
        if now > 0 {
            return now;
        }
        // Set aside for a person: as far as it had come.
        self.tracking.timeline.iter().rev().map(|moment| behind(moment.state)).find(|done| *done > 0).unwrap_or(1)
    }

    fn milestones(&self) -> Vec<Milestone> {
        let done = self.steps_done();
        let class = |step: usize| match step.cmp(&done) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "then",
        };
        let names = ["received", "looking", "fetching", "brought"];
        let step = |(place, name): (usize, &&str)| Milestone {
            class: class(place),
            title: self.shell.t(&format!("milestone-{name}")),
            told: self.told(name, place, done),
        };
        names.iter().enumerate().map(step).collect()
    }

    /// How it was proved, in words; the photo is for staff alone.
    fn proved(&self) -> Option<String> {
        self.tracking.proved.map(|proved| self.shell.t(&format!("tracking-proof-{proved}")))
    }

    fn told(&self, name: &str, place: usize, done: usize) -> String {
        let runner = self.tracking.runner_name.as_deref();
        match (name, runner) {
            ("received", _) => self.shell.when(self.tracking.submitted_at, self.now).text,
            ("looking", Some(runner)) => self.shell.words.say("milestone-found", "name", runner),
            ("brought", _) if self.is_late() => self.shell.words.say("milestone-late", "span", self.late_by()),
            ("brought", _) if done < 4 => self.shell.words.say("milestone-by", "time", self.promise().text),
            ("brought", _) if self.proved().is_some() => self.proved().unwrap_or_default(),
            ("fetching", _) if self.tracking.state == State::AtGate => self.shell.t("milestone-at-gate"),
            _ if place == done => self.shell.t("milestone-now"),
            _ => String::new(),
        }
    }
}
