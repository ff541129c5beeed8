//! Today's time to claim by hour: half, and nine in ten, with what is wanted; drawn, said in a sentence, and as a table.

use askama::Template;

use super::figures::minutes;
use super::spark::{range, real, runs};
use crate::store::views::supervisor::{Group, Summary};
use crate::web::pages::shell::Shell;

/// Where on a sheet of 640 by 260 the lines are drawn.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 606.0;
const TOP: f64 = 30.0;
const FOOT: f64 = 222.0;
/// From here on a label stands over its point.
const TOO_FAR: f64 = 480.0;
/// Two labels nearer than this cover each other.
const APART: f64 = 20.0;
/// Between the lines of the grid, in minutes.
const STEPS: &[f64] = &[2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0];

/// One hour of the day.
#[derive(Debug)]
struct Hour {
    at: u32,
    n: u64,
    p50_s: Option<f64>,
    p90_s: Option<f64>,
    more_than_s: Option<f64>,
}

impl Hour {
    fn of(group: &Group) -> Option<Self> {
        let phase = &group.to_claim;
        Some(Self {
            at: group.key.parse().ok()?,
            n: phase.n,
            p50_s: phase.p50,
            p90_s: phase.p90,
            more_than_s: phase.more_than,
        })
    }
}

/// The end of a line, with what it is.
#[derive(Debug)]
struct Label {
    x: String,
    y: String,
    text_x: String,
    text_y: String,
    anchor: &'static str,
    text: String,
}

#[derive(Debug, Template)]
#[template(path = "watch/chart.html")]
pub(super) struct Chart<'a> {
    shell: &'a Shell,
    hours: Vec<Hour>,
    target_s: Option<f64>,
    /// Seconds from the foot to the top.
    most_s: f64,
}

impl askama::filters::HtmlSafe for Chart<'_> {}

type Value = fn(&Hour) -> Option<f64>;

impl<'a> Chart<'a> {
    pub(super) fn of(shell: &'a Shell, summary: &Summary) -> Self {
        let mut hours: Vec<Hour> = summary.groups.iter().filter_map(Hour::of).collect();
        hours.sort_by_key(|hour| hour.at);
        let target_s = summary.five.to_claim.target_p90_s.map(f64::from);
        let known: Vec<Option<f64>> =
            hours.iter().flat_map(|hour| [hour.p50_s, hour.p90_s]).chain([target_s]).collect();
        let most_s = range(&known).map_or(3600.0, |(_, most)| (most * 1.1).max(600.0));
        Self { shell, hours, target_s, most_s }
    }

    /// Whether there is a line to draw: hours with fewer than ten have none.
    fn is_known(&self) -> bool {
        self.hours.iter().any(|hour| hour.p50_s.is_some())
    }

    fn y(&self, seconds: f64) -> f64 {
        FOOT - (seconds / self.most_s).clamp(0.0, 1.0) * (FOOT - TOP)
    }

    fn place(&self, hour: &Hour, value: Value) -> Option<(f64, f64)> {
        value(hour).map(|seconds| (across(f64::from(hour.at) + 0.5), self.y(seconds)))
    }

    /// By the hour of the day: one that nobody asked in is a gap, too.
    fn points(&self, value: Value) -> impl Iterator<Item = Option<(f64, f64)>> {
        (0..24).map(move |at| self.hours.iter().find(|hour| hour.at == at).and_then(|hour| self.place(hour, value)))
    }

    fn p50(&self) -> Vec<String> {
        runs(self.points(|hour| hour.p50_s))
    }

    fn p90(&self) -> Vec<String> {
        runs(self.points(|hour| hour.p90_s))
    }

    /// Height and words of each line of the grid.
    fn grid(&self) -> Vec<(String, String)> {
        let most = self.most_s / 60.0;
        let step = STEPS.iter().copied().find(|step| most / step <= 5.0).unwrap_or(1440.0);
        let lines = (0..6).map(|n| real(n) * step).filter(|at| *at <= most);
        lines.map(|at| (format!("{:.1}", self.y(at * 60.0)), format!("{at:.0}"))).collect()
    }

    /// Place and words of each sixth hour.
    fn clock() -> Vec<(String, String)> {
        [0_u32, 6, 12, 18, 24]
            .iter()
            .map(|hour| (format!("{:.1}", across((*hour).into())), format!("{hour}:00")))
            .collect()
    }

    fn target(&self) -> Option<(String, String, String)> {
        let target = self.target_s?;
        let y = self.y(target);
        let told = self.shell.words.say("overview-chart-target", "n", minutes(target));
        Some((format!("{y:.1}"), format!("{:.1}", y - 7.0), told))
    }

    fn labels(&self) -> Vec<Label> {
        let ends: [(&str, Value); 2] =
            [("overview-chart-p90", |hour| hour.p90_s), ("overview-chart-p50", |hour| hour.p50_s)];
        let mut labels: Vec<Label> = Vec::new();
        let mut above = f64::NEG_INFINITY;
        for (id, value) in ends {
            let last = self.hours.iter().rev().find_map(|hour| Some((self.place(hour, value)?, value(hour)?)));
            let Some(((x, y), seconds)) = last else { continue };
            let (anchor, beside, lower) = if x > TOO_FAR { ("end", 8.0, -12.0) } else { ("start", 12.0, 5.0) };
            let text_y = (y + lower).max(above + APART);
            above = text_y;
            labels.push(Label {
                x: format!("{x:.1}"),
                y: format!("{y:.1}"),
                text_x: format!("{:.1}", x + beside),
                text_y: format!("{text_y:.1}"),
                anchor,
                text: self.shell.words.say(id, "n", minutes(seconds)),
            });
        }
        labels
    }

    /// The picture in a sentence.
    fn told(&self) -> String {
        let words = self.shell.words;
        let said: Vec<String> = self.labels().into_iter().map(|label| label.text).collect();
        let target = self.target().map(|(.., told)| told);
        let said = said.into_iter().chain(target).collect::<Vec<_>>().join(&words.get("list-comma"));
        words.say("overview-chart-told", "said", said)
    }

    fn cell(&self, hour: &Hour, seconds: Option<f64>) -> String {
        let words = self.shell.words;
        let more_than = || hour.more_than_s.map(|seconds| words.say("figures-more-than", "n", minutes(seconds)));
        seconds.map(minutes).or_else(more_than).unwrap_or_else(|| words.get("overview-too-few"))
    }
}

/// From the left, by the hour.
fn across(hour: f64) -> f64 {
    LEFT + hour / 24.0 * (RIGHT - LEFT)
}
