//! The five figures on top of the overview. Each has words, a target where there is one, and a colour that says no
//! more than the words do.

use super::spark::{self, Spark};
use crate::domain::clock::At;
use crate::store::views::five::{Five, Timed, TimedPart};
use crate::web::pages::shell::Shell;
use crate::words::Value;

/// Below this many, a percentile is one person's story.
const ENOUGH: u64 = 10;

/// One figure, in words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub class: &'static str,
    pub title: String,
    pub number: String,
    pub unit: String,
    pub told: String,
    /// How it went over the day.
    pub spark: Option<Spark>,
}

pub(super) fn five(shell: &Shell, five: &Five) -> Vec<Figure> {
    let maker = Maker { shell, five };
    vec![maker.claim_median(), maker.claim_p90(), maker.deliver(), maker.unclaimed(), maker.late()]
}

struct Maker<'a> {
    shell: &'a Shell,
    five: &'a Five,
}

impl Maker<'_> {
    fn claim_median(&self) -> Figure {
        let timed = &self.five.to_claim;
        let figure = self.timed("watch-claim-p50", timed, (timed.p50_s, timed.target_p50_s));
        Figure { spark: self.went(timed, |part| part.p50_s), ..figure }
    }

    fn claim_p90(&self) -> Figure {
        let timed = &self.five.to_claim;
        let figure = self.timed("watch-claim-p90", timed, (timed.p90_s, timed.target_p90_s));
        Figure { spark: self.went(timed, |part| part.p90_s), ..figure }
    }

    fn deliver(&self) -> Figure {
        let timed = &self.five.to_deliver;
        let figure = self.timed("watch-deliver", timed, (timed.p50_s, timed.target_p50_s));
        let figure = Figure { spark: self.went(timed, |part| part.p50_s), ..figure };
        // The tail counts, too: half of them in time are no comfort to the rest.
        let tail = self.timed("watch-deliver", timed, (timed.p90_s, timed.target_p90_s)).class;
        let figure = if badness(tail) > badness(figure.class) { Figure { class: tail, ..figure } } else { figure };
        match timed.p50_s {
            Some(_) => {
                let number = format!("{} / {}", figure.number, self.number(timed, timed.p90_s));
                Figure { number, ..figure }
            }
            None => figure,
        }
    }

    /// What is not reached yet takes more than the longest wait so far: as bad as that, at least.
    fn timed(&self, title: &str, timed: &Timed, (seconds, target): (Option<f64>, Option<i32>)) -> Figure {
        let target = target.map(f64::from);
        let class = match (seconds.or(timed.more_than_s), target) {
            (Some(known), Some(target)) if known > target * 2.0 => "figure-bad",
            (Some(known), Some(target)) if known > target || seconds.is_none() => "figure-mind",
            (Some(_), Some(_)) => "figure-well",
            _ => "figure-none",
        };
        let words = self.shell.words;
        let told = match target {
            Some(_) if timed.n < ENOUGH => words.say("watch-too-few", "n", timed.n),
            Some(target) => words.say("watch-target", "n", minutes(target)),
            None => self.shell.t("watch-on-time-none"),
        };
        let number = self.number(timed, seconds);
        Figure { class, title: self.shell.t(title), number, unit: self.shell.t("unit-min"), told, spark: None }
    }

    fn number(&self, timed: &Timed, seconds: Option<f64>) -> String {
        let more_than = |seconds: f64| self.shell.words.say("figures-more-than", "n", minutes(seconds));
        seconds.map(minutes).or_else(|| timed.more_than_s.map(more_than)).unwrap_or_else(|| "–".to_owned())
    }

    fn unclaimed(&self) -> Figure {
        let oldest = self.five.open.oldest_unclaimed_s;
        let class = match oldest {
            Some(seconds) if seconds > 30 * 60 => "figure-bad",
            Some(seconds) if seconds > 10 * 60 => "figure-mind",
            _ => "figure-well",
        };
        Figure {
            class,
            title: self.shell.t("watch-unclaimed"),
            number: self.five.open.unclaimed.to_string(),
            unit: self.shell.t("unit-requests"),
            told: oldest.map_or_else(
                || self.shell.t("watch-oldest-none"),
                |seconds| self.shell.words.say("watch-oldest", "span", self.shell.words.span(seconds)),
            ),
            spark: self.counted(&self.five.open.line),
        }
    }

    fn late(&self) -> Figure {
        let late = self.five.late.n;
        let share = self.five.late.share_within_target;
        let told = share.map(|share| Value::from(format!("{:.0}%", share * 100.0)));
        Figure {
            class: if late > 0 { "figure-bad" } else { "figure-well" },
            title: self.shell.t("watch-late"),
            number: late.to_string(),
            unit: self.shell.t("unit-requests"),
            told: told.map_or_else(
                || self.shell.t("watch-on-time-none"),
                |told| self.shell.words.say("watch-on-time", "share", told),
            ),
            spark: self.counted(&self.five.late.line),
        }
    }

    fn went(&self, timed: &Timed, value: impl Fn(&TimedPart) -> Option<f64>) -> Option<Spark> {
        self.spark(
            "overview-spark-min",
            &timed.line.iter().map(|part| value(part).map(|s| s / 60.0)).collect::<Vec<_>>(),
        )
    }

    fn counted(&self, line: &[(At, u64)]) -> Option<Spark> {
        let values: Vec<Option<f64>> =
            line.iter().map(|(_, n)| Some(f64::from(u32::try_from(*n).unwrap_or(u32::MAX)))).collect();
        self.spark("overview-spark-n", &values)
    }

    /// The line, and in words how low and how high it went.
    fn spark(&self, id: &str, values: &[Option<f64>]) -> Option<Spark> {
        let (low, high) = spark::range(values)?;
        let from = self.shell.when(self.five.from, self.five.at).text;
        let said = |value: f64| Value::from(format!("{value:.0}"));
        let told = self.shell.words.with(id, &[("from", from.into()), ("low", said(low)), ("high", said(high))]);
        Some(Spark { lines: spark::draw(values), told })
    }
}

fn badness(class: &str) -> Option<usize> {
    ["figure-none", "figure-well", "figure-mind", "figure-bad"].iter().position(|known| *known == class)
}

/// One decimal below ten minutes, none above: "8.4", "118".
pub(super) fn minutes(seconds: f64) -> String {
    let minutes = seconds / 60.0;
    if minutes < 10.0 && minutes.fract() > 0.0 { format!("{minutes:.1}") } else { format!("{minutes:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_as_exact_as_one_needs() {
        for (seconds, said) in [(504.0, "8.4"), (600.0, "10"), (7080.0, "118"), (0.0, "0"), (30.0, "0.5")] {
            assert_eq!(minutes(seconds), said);
        }
    }
}
