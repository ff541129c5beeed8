//! `/watch/requests/{id}`: one request with everything known about it, and what a person can do now.

use askama::Template;

use super::alarms::Ladder;
use super::queue::Line;
use crate::domain::clock::At;
use crate::domain::custody::Where;
use crate::domain::errand::{State, Step};
use crate::domain::ids::PersonId;
use crate::domain::question::{Choice, is_worth_asking};
use crate::domain::urgency::Urgency;
use crate::store::views::supervisor::{CustodyRow, Entry, LegRow, OfferMade, Opened, ProofRow, Question};
use crate::web::pages::notice::Notice;
use crate::web::pages::run::cards;
use crate::web::pages::shell::{Shell, Stamp};

/// A runner who could take it, best first; the handler ranks them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub on: bool,
    pub carrying: u64,
    /// Metres to the first stop, as the crow flies.
    pub distance_m: Option<f64>,
}

/// The page. Showing it is a look at personal data: the handler writes that down first.
#[derive(Debug, Template)]
#[template(path = "watch/opened.html")]
pub struct OpenedPage<'a> {
    pub shell: &'a Shell,
    pub opened: &'a Opened,
    pub runners: &'a [Ranked],
    /// False for the desk, who may read but not step in.
    pub may_step_in: bool,
    pub now: At,
    pub notice: Option<Notice>,
    pub ladder: &'a Ladder<'a>,
}

/// A question from the counter, ready to be asked on the telephone.
#[derive(Debug)]
struct Asked {
    id: String,
    told: String,
    choices: Vec<(&'static str, String)>,
}

impl Asked {
    fn of(shell: &Shell, question: &Question, about: &str) -> Self {
        let words = shell.words;
        let said = words.say(&format!("question-{}", question.kind), "thing", about);
        let offer = question.offer.as_deref().map(|offer| words.say("question-offer", "offer", offer));
        let told = [Some(said), offer].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let choice = |choice: &Choice| (choice.as_str(), shell.t(&format!("choice-{choice}")));
        Self { id: question.id.to_string(), told, choices: Choice::ALL.iter().map(choice).collect() }
    }
}

impl OpenedPage<'_> {
    fn line(&self) -> Line {
        Line::of(self.shell, &self.opened.row, self.now)
    }

    /// A request is called off as a whole; all else is done to the errand of it that counts.
    fn may(&self, step: Step) -> bool {
        let row = &self.opened.row;
        // What lies at the gate may have come to the door, whoever is being looked for.
        if step == Step::Override && row.state == State::AtGate {
            return self.may_step_in;
        }
        let stands = if step == Step::Cancel { row.state } else { row.errand_state };
        self.may_step_in && stands.step(step).is_ok()
    }

    /// It is open, and not brought yet: how urgent it is still matters.
    fn may_set_urgency(&self) -> bool {
        let state = self.opened.row.state;
        self.may_step_in && !state.is_over() && state != State::Delivered
    }

    fn urgencies(&self) -> Vec<(&'static str, String, bool)> {
        let now = self.opened.row.urgency;
        let choice =
            |urgency: &Urgency| (urgency.as_str(), self.shell.t(&format!("urgency-{urgency}")), *urgency == now);
        Urgency::ALL.iter().map(choice).collect()
    }

    /// What a runner may have done and cannot say himself.
    fn for_runner(&self) -> Option<String> {
        let (_, name) = self.opened.row.runner.as_ref()?;
        let fetches = self.may_step_in && self.opened.row.errand_state == State::Claimed;
        fetches.then(|| self.shell.words.say("watch-for-collect", "name", name.clone()))
    }

    /// What the runner waits to hear: the desk asks on the telephone and presses the answer.
    fn open_questions(&self) -> Vec<Asked> {
        let open = |(question, _): &&(Question, String)| question.answer.is_none();
        let worth = is_worth_asking(self.opened.row.state);
        let asked = self.opened.questions.iter().filter(open).filter(|_| worth);
        asked.map(|(question, about)| Asked::of(self.shell, question, about)).collect()
    }

    fn leg(&self, leg: &LegRow) -> String {
        let words = self.shell.words;
        words.say(if leg.leg == 1 { "watch-leg-to-gate" } else { "watch-leg-from-gate" }, "n", leg.leg)
    }

    /// "郑小云 · 到了大门口 · 用了 18 分钟"
    fn leg_told(&self, leg: &LegRow) -> String {
        let words = self.shell.words;
        let state = words.get(&format!("state-{}", leg.state));
        let spent = leg.ended_at.unwrap_or(self.now).seconds_since(leg.waiting_since);
        let spent = words.say("watch-leg-spent", "span", words.span(spent));
        [leg.runner.clone(), Some(state), Some(spent)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn leg_at(&self, leg: &LegRow) -> Stamp {
        self.shell.when(leg.waiting_since, self.now)
    }

    /// What was got of each thing, by whose word; then what was not taken.
    fn goods(&self) -> Vec<(Stamp, String, String)> {
        let words = self.shell.words;
        let got = self.opened.fetched.iter().map(|row| {
            let told = words.say(&format!("got-{}", row.got), "thing", row.item.clone());
            let by = row.consent.map(|consent| words.get(&format!("consent-{consent}"))).unwrap_or_default();
            (self.shell.when(row.at, self.now), told, by)
        });
        let refused = self.opened.refused.iter().map(|row| {
            let told = words.say("watch-refused", "thing", row.item.clone());
            let whose = words.say("watch-refused-with", "name", row.runner.clone());
            (self.shell.when(row.at, self.now), told, whose)
        });
        got.chain(refused).collect()
    }

    /// "和平药房 今天 12:00 → 陈晓 今天 12:10 → 大门口（左边第二格）今天 12:40"
    fn custody(&self) -> String {
        let words = self.shell.words;
        let told = |row: &CustodyRow| {
            let place = words.get(&format!("custody-{}", row.place));
            let whose = row.who.as_ref().or(row.told.as_ref().filter(|_| row.place == Where::Place));
            let name = whose.cloned().unwrap_or(place);
            let lies_at = row.told.as_ref().filter(|_| row.place == Where::Gate);
            let name = lies_at.map_or(name.clone(), |lies_at| {
                words.with("custody-shelf", &[("gate", name.into()), ("shelf", lies_at.as_str().into())])
            });
            format!("{name} {}", self.shell.when(row.from, self.now).text)
        };
        self.opened.custody.iter().map(told).collect::<Vec<_>>().join(" → ")
    }

    /// "送到了 · 居民报了单号"
    fn proof(&self, proof: &ProofRow) -> String {
        let words = self.shell.words;
        let (step, kind) = (words.get(&format!("event-{}", proof.step)), words.get(&format!("proof-{}", proof.kind)));
        if proof.step == Step::Override { kind } else { format!("{step} · {kind}") }
    }

    fn proof_at(&self, proof: &ProofRow) -> Stamp {
        self.shell.when(proof.at, self.now)
    }

    fn submitted(&self) -> Stamp {
        self.shell.when(self.opened.row.submitted_at, self.now)
    }

    fn deliver_by(&self) -> Stamp {
        self.shell.when(self.opened.row.deliver_by, self.now)
    }

    /// What made it as urgent as it is: "out of medicine: none left, 1 a day, next dose today 20:00".
    fn clock(&self) -> Option<String> {
        let (words, left) = (self.shell.words, self.opened.left);
        let when = |at: At| self.shell.when(at, self.now).text;
        let parts = [
            left.doses_left.map(|n| words.say("clock-doses-left", "n", u32::from(n))),
            left.doses_per_day.map(|n| words.say("clock-doses-a-day", "n", u32::from(n))),
            left.next_dose_at.map(|at| words.say("clock-next-dose", "time", when(at))),
            left.runs_out_at(self.opened.row.submitted_at).map(|at| words.say("clock-runs-out", "time", when(at))),
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(&self.shell.t("list-comma")))
    }

    fn entry_at(&self, entry: &Entry) -> Stamp {
        self.shell.when(entry.at, self.now)
    }

    fn offer_at(&self, offer: &OfferMade) -> Stamp {
        self.shell.when(offer.made_at, self.now)
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

    fn entry(&self, entry: &Entry) -> String {
        let words = self.shell.words;
        let state = entry.state.map(|state| words.get(&format!("state-{state}")));
        let event = words.find(&format!("event-{}", entry.kind)).or(state).unwrap_or_else(|| entry.kind.clone());
        match entry.reason.as_deref().filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("{event} · {}", self.reason(reason)),
            None => event,
        }
    }

    /// A word of ours in the reader's language, or what a person wrote.
    fn reason(&self, reason: &str) -> String {
        let kinds = [
            "care-reason",
            "decline",
            "nobody-reason",
            "pause-reason",
            "pick-reason",
            "urgency-reason",
            "follow-outcome",
            "event",
        ];
        let known = kinds.iter().find_map(|kind| self.shell.words.find(&format!("{kind}-{reason}")));
        known.unwrap_or_else(|| reason.to_owned())
    }

    fn by(&self, entry: &Entry) -> String {
        let by = self.shell.words.find(&format!("actor-{}", entry.by)).unwrap_or_else(|| entry.by.clone());
        let heard = |at| self.shell.words.say("watch-heard", "time", self.shell.when(at, self.now).text);
        entry.received_at.map_or(by.clone(), |at| format!("{by} · {}", heard(at)))
    }

    fn offer(&self, offer: &OfferMade) -> String {
        let state = self.shell.words.find(&format!("offer-{}", offer.state)).unwrap_or_else(|| offer.state.clone());
        let distance = offer.distance_m.map(|metres| cards::distance(self.shell, metres));
        let parts = [Some(state), Some(self.reason(&offer.reason)), distance];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}
