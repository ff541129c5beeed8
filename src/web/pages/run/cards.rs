//! The two kinds of card a runner sees: an errand asked about ([`Asked`]) and an errand in hand ([`Carried`]).

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::ErrandId;
use crate::domain::place::Hours;
use crate::domain::question::may_be_asked;
use crate::domain::request::{Category, HandOver};
use crate::store::views::runner::{ActiveClaim, BeforeClaim, Block, CarriedItem, Counter, Question};
use crate::web::pages::shell::Shell;
use crate::web::pages::tracking::told::chosen;

/// An errand before anyone claimed it, in words.
#[derive(Debug)]
pub(super) struct Asked {
    pub errand: String,
    pub title: String,
    pub urgency: &'static str,
    pub urgency_word: String,
    pub left: String,
    pub from: String,
    pub to: String,
    /// "350 米 · 1 袋 · 6 层，没电梯"
    pub facts: String,
}

impl Asked {
    pub fn of(shell: &Shell, errand: &BeforeClaim, distance_m: Option<f64>, now: At) -> Self {
        let words = shell.words;
        let mut facts = vec![words.say("run-bags", "n", errand.bags)];
        facts.splice(0..0, distance_m.map(|metres| distance(shell, metres)));
        facts.extend(stairs(shell, &errand.to));
        Self {
            errand: errand.errand.to_string(),
            title: words.get(&format!("category-{}", errand.category)),
            urgency: errand.urgency.as_str(),
            urgency_word: words.get(&format!("urgency-{}", errand.urgency)),
            left: words.left(errand.deliver_by.0, now.0),
            from: from(shell, errand),
            to: to(shell, errand),
            facts: facts.join(" · "),
        }
    }
}

fn from(shell: &Shell, errand: &BeforeClaim) -> String {
    if errand.ends.from_gate.is_some() {
        return shell.words.say("run-gate-of", "compound", errand.to.compound.clone());
    }
    errand.from.as_ref().map_or_else(|| no_place(shell, errand.category), |from| from.name.clone())
}

/// Up to the door, or while it is sealed to the gate.
fn to(shell: &Shell, errand: &BeforeClaim) -> String {
    let block = format!("{} · {}", errand.to.compound, errand.to.name);
    if errand.ends.to_gate.is_some() { shell.words.say("run-to-gate-of", "block", block) } else { block }
}

/// What to say when no place is given.
fn no_place(shell: &Shell, category: Category) -> String {
    shell.t(if category == Category::CareVisit { "run-no-place" } else { "run-any-place" })
}

pub(in crate::web::pages) fn distance(shell: &Shell, metres: f64) -> String {
    if metres < 950.0 {
        // To tens: a position is never better than that.
        shell.words.say("distance-m", "n", (metres / 10.0).round() * 10.0)
    } else {
        shell.words.say("distance-km", "n", (metres / 100.0).round() / 10.0)
    }
}

fn open_hours(hours: Hours) -> String {
    let minute = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}–{}", minute(hours.opens_minute), minute(hours.closes_minute))
}

/// "缬沙坦胶囊 80mg × 2 盒"
pub(super) fn item_title(item: &CarriedItem) -> String {
    let strength = item.strength.as_deref().map(|strength| format!(" {strength}")).unwrap_or_default();
    format!("{}{strength} × {} {}", item.name, item.quantity, item.unit)
}

fn stairs(shell: &Shell, block: &Block) -> Option<String> {
    let floors = block.floors?;
    let id = if block.lift? { "run-floors-lift" } else { "run-floors-stairs" };
    Some(shell.words.say(id, "n", floors))
}

/// An errand in the viewer's hands.
#[derive(Debug)]
pub(super) struct Carried<'a> {
    pub shell: &'a Shell,
    pub stop: &'a ActiveClaim,
    pub now: At,
    /// The bags that end at the same door or gate, this one among them.
    pub together: Vec<(ErrandId, String)>,
}

impl Carried<'_> {
    /// Before collecting, the way leads to the place; then to the door.
    pub fn is_fetching(&self) -> bool {
        self.stop.state == State::Claimed
    }

    pub fn phase(&self) -> String {
        self.shell.t(match (self.is_fetching(), self.ends_at_gate()) {
            (true, _) => "run-phase-fetch",
            (false, true) => "run-phase-gate",
            (false, false) => "run-phase-bring",
        })
    }

    /// The building is sealed, and somebody inside carries it on from the gate. Who asked to fetch it there is handed it.
    pub fn ends_at_gate(&self) -> bool {
        self.stop.ends.to_gate.is_some() && self.stop.hand_over != HandOver::Gate
    }

    pub fn then_to(&self) -> &'static str {
        if self.ends_at_gate() { "run-then-to-gate" } else { "run-then-to" }
    }

    /// "首创立方小区 大门口", where the goods lie or are to be left.
    pub fn gate(&self) -> String {
        self.shell.words.say("run-gate-of", "compound", self.stop.to.compound.clone())
    }

    /// What is done at its next stop, in short.
    pub fn step(&self) -> String {
        self.shell.t(match (self.is_fetching(), self.ends_at_gate()) {
            (true, _) => "run-step-collect",
            (false, true) => "run-step-gate",
            (false, false) => "run-step-deliver",
        })
    }

    pub fn urgency(&self) -> &'static str {
        self.stop.urgency.as_str()
    }

    pub fn urgency_word(&self) -> String {
        self.shell.t(&format!("urgency-{}", self.stop.urgency))
    }

    pub fn left(&self) -> String {
        self.shell.words.left(self.stop.deliver_by.0, self.now.0)
    }

    pub fn is_late(&self) -> bool {
        self.now > self.stop.deliver_by
    }

    pub fn door(&self) -> String {
        format!("{} {}", self.stop.to.name, self.stop.room)
    }

    pub fn hand_over(&self) -> String {
        self.shell.t(&format!("hand-over-{}", self.stop.hand_over))
    }

    pub fn stairs(&self) -> Option<String> {
        stairs(self.shell, &self.stop.to)
    }

    pub fn counter(&self) -> Option<&Counter> {
        self.stop.from.as_ref()
    }

    pub fn no_counter(&self) -> String {
        no_place(self.shell, self.stop.category)
    }

    pub fn counter_told(&self, counter: &Counter) -> String {
        let kind = self.shell.t(&format!("place-kind-{}", counter.kind));
        counter.hours.map_or(kind.clone(), |hours| format!("{kind} · {}", open_hours(hours)))
    }

    /// The way to the next stop of this errand, as a `geo:` link: whatever map the phone has. Positions are WGS-84.
    pub fn way(&self) -> String {
        let (ends, from) = (self.stop.ends, self.stop.from.as_ref().map(|from| from.at));
        let next = if self.is_fetching() { ends.from_gate.or(from) } else { ends.to_gate };
        let to = next.unwrap_or(self.stop.to.at);
        format!("geo:{:.6},{:.6}", to.lat, to.lon)
    }

    pub fn item_swap(&self, item: &CarriedItem) -> String {
        self.shell.t(&format!("substitution-{}-hint", item.substitution))
    }

    pub fn may_ask(&self) -> bool {
        // What lies at a gate was chosen at a counter long ago.
        self.stop.ends.leg == 1 && may_be_asked(self.stop.state) && !self.stop.items.is_empty()
    }

    /// Goods are handed over at the door: some of them may not be taken.
    pub fn may_refuse(&self) -> bool {
        self.stop.state == State::Collected && !self.ends_at_gate() && !self.stop.items.is_empty()
    }

    /// What was asked at the counter, and what was said.
    pub fn asked(&self) -> Vec<String> {
        self.stop.questions.iter().map(|question| self.answered(question)).collect()
    }

    fn answered(&self, question: &Question) -> String {
        let words = self.shell.words;
        let place = usize::try_from(question.position).ok().and_then(|position| position.checked_sub(1));
        let item = place.and_then(|place| self.stop.items.get(place)).map(item_title);
        let item = item.unwrap_or_else(|| self.shell.t("run-asked-shop"));
        let Some(choice) = question.answer else { return words.say("run-asked-wait", "item", item) };
        let by = question.answered_by.map(|role| self.shell.t(&format!("actor-{role}"))).unwrap_or_default();
        let choice = chosen(self.shell, question.position, choice);
        words.with("run-asked-answer", &[("item", item.into()), ("by", by.into()), ("choice", choice.into())])
    }

    /// "这个门口的 2 单都送到了"
    pub fn all_here(&self) -> String {
        let id = if self.ends_at_gate() { "run-together-gate" } else { "run-together-door" };
        self.shell.words.say(id, "n", i64::try_from(self.together.len()).unwrap_or(i64::MAX))
    }

    /// What the thumb does next: path and words.
    pub fn next(&self) -> (&'static str, String) {
        let (act, id) = match (self.is_fetching(), self.ends_at_gate()) {
            (true, _) => ("collect", "run-collect"),
            (false, true) => ("hand-over", "run-hand-over"),
            (false, false) => ("deliver", "run-deliver"),
        };
        (act, self.shell.t(id))
    }
}
