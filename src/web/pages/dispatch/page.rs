//! `/watch/dispatch`: the pressure, the dials, and what dispatch has learned, each with how often it was seen.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::learning::What;
use crate::domain::num;
use crate::domain::trip::Price;
use crate::store::views::dispatch::{Dials, HabitRow};
use crate::store::views::load::Load;
use crate::web::pages::busy;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::{Shell, Stamp};

/// How long green errands may be held, in minutes.
const PATIENCES_MIN: [i32; 6] = [0, 3, 5, 10, 15, 20];

#[derive(Debug, Template)]
#[template(path = "dispatch/page.html")]
pub struct DispatchPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    /// Its code, when it is another zone than the reader's own.
    pub elsewhere: Option<&'a str>,
    pub dials: Dials,
    /// What the service's settings say where the zone has no number of its own.
    pub usual: Usual,
    pub habits: &'a [HabitRow],
    pub load: &'a Load,
    pub now: At,
    pub notice: Option<Notice>,
}

/// The settings that dials and learned means lean on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    pub bags: i32,
    pub cart_bags: i32,
    pub counter_s: f64,
    pub speed_mps: f64,
}

/// What was learned of one subject, in words.
#[derive(Debug)]
struct Row {
    subject: String,
    told: Vec<String>,
    seen: Stamp,
}

impl DispatchPage<'_> {
    /// Pressure in times of a quiet day: one green errand for ten minutes of a runner.
    fn pressure(&self) -> String {
        let times = self.dials.price / Price::default().a_second();
        self.shell.words.say("dispatch-pressure-times", "n", (times * 10.0).round() / 10.0)
    }

    fn pressure_told(&self) -> String {
        let times = self.dials.price / Price::default().a_second();
        let id = match times {
            quiet if quiet < 2.0 => "dispatch-pressure-low",
            busy if busy < 6.0 => "dispatch-pressure-mid",
            _ => "dispatch-pressure-high",
        };
        self.shell.t(id)
    }

    /// Seconds, in words, whether that is how it stands.
    fn patiences(&self) -> Vec<(i32, String, bool)> {
        let told = |minutes: i32| {
            if minutes == 0 {
                self.shell.t("dispatch-patience-none")
            } else {
                self.shell.words.say("dispatch-patience-min", "n", minutes)
            }
        };
        let mut seconds: Vec<i32> = PATIENCES_MIN.iter().map(|minutes| minutes * 60).collect();
        if !seconds.contains(&self.dials.patience_s) {
            seconds.push(self.dials.patience_s);
        }
        seconds.into_iter().map(|s| (s, told(s / 60), s == self.dials.patience_s)).collect()
    }

    fn busy(&self) -> Vec<String> {
        busy::told(self.shell, self.load)
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = vec![];
        for row in self.habits {
            let subject = self.subject(row);
            match rows.last_mut().filter(|last| last.subject == subject) {
                Some(last) => last.told.push(self.told(row)),
                None => rows.push(Row {
                    subject,
                    told: vec![self.told(row)],
                    seen: self.shell.when(row.habit.last_at, self.now),
                }),
            }
        }
        rows
    }

    fn subject(&self, row: &HabitRow) -> String {
        let hour = || self.shell.words.say("dispatch-hour", "n", row.habit.hour);
        if row.subject.is_empty() { hour() } else { row.subject.clone() }
    }

    /// "says yes when asked: 83 % (seen 40 times)"
    fn told(&self, row: &HabitRow) -> String {
        let (shell, habit) = (self.shell, row.habit);
        let usual = match habit.what {
            What::Counter => self.usual.counter_s,
            What::Speed => self.usual.speed_mps,
            What::Accepts | What::Answers => 0.0,
        };
        let value = habit.value(usual);
        let value = match habit.what {
            What::Accepts => shell.words.say("dispatch-share", "n", (value * 100.0).round()),
            What::Answers | What::Counter => shell.words.span(num::round(value)),
            What::Speed => shell.words.say("dispatch-speed", "n", (value * 10.0).round() / 10.0),
        };
        let what = shell.t(&format!("habit-{}", habit.what));
        shell.words.with("dispatch-told", &[("what", what.into()), ("value", value.into()), ("n", habit.n.into())])
    }

    fn own_bags(&self) -> String {
        number(self.dials.bags)
    }

    fn own_cart_bags(&self) -> String {
        number(self.dials.cart_bags)
    }
}

fn number(own: Option<i32>) -> String {
    own.map(|bags| bags.to_string()).unwrap_or_default()
}
