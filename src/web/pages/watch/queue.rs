//! A row of the queue, and a row of the runners, in words.

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::lists::List;
use crate::store::views::supervisor::{QueueRow, RunnerRow};
use crate::web::api::need_of;
use crate::web::pages::shell::{Shell, Stamp};

/// Less than this left is worth a look.
const SOON_S: i64 = 30 * 60;
/// A runner's hands are full with this many.
const FULL: u64 = 4;

/// The mark that goes with a pressure: nobody should have to see colours.
#[derive(Debug, askama::Template)]
#[template(path = "parts/shape.html")]
pub(in crate::web::pages) struct Shape {
    pressure: &'static str,
}

impl Shape {
    pub const LATE: Self = Self { pressure: "late" };

    pub const fn of(pressure: &'static str) -> Self {
        Self { pressure }
    }
}

impl askama::filters::HtmlSafe for Shape {}

/// One request in the queue.
#[derive(Debug)]
pub(in crate::web::pages) struct Line {
    pub id: String,
    pub code: String,
    /// "late", "soon" or "calm": colour, shape and words go together.
    pub pressure: &'static str,
    pub shape: Shape,
    pub left: String,
    pub items: String,
    pub about: String,
    pub urgency: &'static str,
    pub to: String,
    pub state: String,
    pub told: String,
    /// Nobody has it: what there is to do is to send somebody.
    pub is_untaken: bool,
}

impl Line {
    pub fn of(shell: &Shell, row: &QueueRow, now: At) -> Self {
        let words = shell.words;
        let left_s = row.deliver_by.seconds_since(now);
        let is_open = !row.state.is_over() && row.state != State::Delivered;
        let pressure = match left_s {
            _ if !is_open => "over",
            left_s if left_s < 0 => "late",
            left_s if left_s < SOON_S => "soon",
            _ => "calm",
        };
        let why = words.find(&format!("urgency-reason-{}", row.urgency_reason)).unwrap_or_default();
        Self {
            id: row.request.to_string(),
            code: row.code.clone(),
            pressure,
            shape: Shape { pressure },
            left: if is_open { words.left(row.deliver_by.0, now.0) } else { "–".to_owned() },
            items: if row.items.is_empty() {
                words.get(&format!("category-{}", row.category))
            } else {
                row.items.clone()
            },
            about: format!("{} · {why}", words.get(&format!("urgency-{}", row.urgency))),
            urgency: row.urgency.as_str(),
            to: row.building_name.clone(),
            state: words.get(&format!("state-{}", row.state)),
            told: told(shell, row),
            is_untaken: List::of(row.errand_state) == Some(List::Queue),
        }
    }
}

/// Who has it, or why nobody has.
fn told(shell: &Shell, row: &QueueRow) -> String {
    let words = shell.words;
    if let Some((_, name)) = &row.runner {
        return name.clone();
    }
    let nobody = row.nobody_reason.as_ref().map(|reason| format!("nobody-reason-{reason}"));
    // A reason given in a word we do not have a phrase for, or in own words: opening the request shows it.
    let told = |reason: &String| words.find(&format!("care-reason-{reason}"));
    let care = row.care_reason.as_ref().map(|reason| told(reason).unwrap_or_else(|| words.get("care-reason-other")));
    let need = need_of(row).map(|need| words.say(&format!("need-{need}"), "n", 1));
    let nobody = nobody.and_then(|id| words.find(&id)).map(|why| match need {
        Some(need) => format!("{why} → {need}"),
        None => why,
    });
    care.or(nobody).unwrap_or_default()
}

/// One runner.
#[derive(Debug)]
pub(super) struct Load {
    pub name: String,
    pub duty: String,
    pub on: bool,
    /// Filled or empty, as many as hands can carry.
    pub bars: Vec<&'static str>,
    pub carrying: String,
    pub delivered: u64,
    pub seen: Option<Stamp>,
}

impl Load {
    pub fn of(shell: &Shell, row: &RunnerRow, now: At) -> Self {
        let held = row.carrying + row.offered;
        let bar = |place: u64| match place {
            place if place < row.carrying => "full",
            place if place < held => "asked",
            _ => "free",
        };
        let duty = match (row.on, row.carrying) {
            (false, _) => "watch-runner-off",
            (true, 0) => "watch-runner-free",
            (true, _) => "watch-runner-busy",
        };
        Self {
            name: row.name.clone(),
            duty: shell.t(duty),
            on: row.on,
            bars: (0..FULL.max(held.min(8))).map(bar).collect(),
            carrying: shell
                .words
                .with("watch-load", &[("carrying", row.carrying.into()), ("offered", row.offered.into())]),
            delivered: row.delivered_today,
            seen: row.seen_at.map(|at| shell.when(at, now)),
        }
    }
}
