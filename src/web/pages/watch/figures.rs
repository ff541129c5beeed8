//! The five figures on top of the overview. Each has words, a target where there is one, and a colour that says no
//! more than the words do.

use crate::domain::errand::State;
use crate::store::views::supervisor::{Phase, Summary};
use crate::web::pages::shell::Shell;
use crate::words::Value;

/// Below this many, a 90th percentile is one person's story.
const ENOUGH: u64 = 10;

/// What a zone wants to reach, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Targets {
    pub to_claim_p50: f64,
    pub to_claim_p90: f64,
    pub to_deliver_p50: f64,
}

impl Default for Targets {
    fn default() -> Self {
        Self { to_claim_p50: 600.0, to_claim_p90: 1800.0, to_deliver_p50: 5400.0 }
    }
}

/// One figure, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub class: &'static str,
    pub title: String,
    pub number: String,
    pub unit: String,
    pub told: String,
}

pub(super) fn five(shell: &Shell, summary: &Summary, targets: Targets) -> Vec<Figure> {
    let maker = Maker { shell, summary };
    vec![
        maker.claim_median(targets.to_claim_p50),
        maker.claim_p90(targets.to_claim_p90),
        maker.deliver(targets.to_deliver_p50),
        maker.unclaimed(),
        maker.late(),
    ]
}

struct Maker<'a> {
    shell: &'a Shell,
    summary: &'a Summary,
}

impl Maker<'_> {
    fn claim_median(&self, target: f64) -> Figure {
        let seconds = self.summary.all.to_claim.p50;
        self.timed("watch-claim-p50", seconds, target)
    }

    fn claim_p90(&self, target: f64) -> Figure {
        let phase = &self.summary.all.to_claim;
        let figure = self.timed("watch-claim-p90", p90(phase), target);
        if phase.n > 0 && phase.n < ENOUGH { self.too_few(figure, phase.n) } else { figure }
    }

    fn deliver(&self, target: f64) -> Figure {
        let phase = &self.summary.all.to_deliver;
        let figure = self.timed("watch-deliver", phase.p50, target);
        match p90(phase) {
            Some(seconds) => Figure { number: format!("{} / {}", figure.number, minutes(seconds)), ..figure },
            None => figure,
        }
    }

    fn timed(&self, title: &str, seconds: Option<f64>, target: f64) -> Figure {
        let class = match seconds {
            None => "figure-none",
            Some(seconds) if seconds <= target => "figure-well",
            Some(seconds) if seconds <= target * 2.0 => "figure-mind",
            Some(_) => "figure-bad",
        };
        Figure {
            class,
            title: self.shell.t(title),
            number: seconds.map_or_else(|| "–".to_owned(), minutes),
            unit: self.shell.t("unit-min"),
            told: self.shell.words.say("watch-target", "n", minutes(target)),
        }
    }

    fn too_few(&self, figure: Figure, n: u64) -> Figure {
        Figure { told: self.shell.words.say("watch-too-few", "n", n), ..figure }
    }

    fn unclaimed(&self) -> Figure {
        let open =
            |state: State| self.summary.by_state.iter().filter(|(of, _)| *of == state).map(|(_, n)| n).sum::<u64>();
        let oldest = self.summary.open.oldest_waiting_s;
        let class = match oldest {
            Some(seconds) if seconds > 30 * 60 => "figure-bad",
            Some(seconds) if seconds > 10 * 60 => "figure-mind",
            _ => "figure-well",
        };
        Figure {
            class,
            title: self.shell.t("watch-unclaimed"),
            number: (open(State::Waiting) + open(State::Offered)).to_string(),
            unit: self.shell.t("unit-requests"),
            told: oldest.map_or_else(
                || self.shell.t("watch-oldest-none"),
                |seconds| self.shell.words.say("watch-oldest", "span", self.shell.words.span(seconds)),
            ),
        }
    }

    fn late(&self) -> Figure {
        let late = self.summary.open.late;
        let share = self.summary.all.share_within_target;
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
        }
    }
}

fn p90(phase: &Phase) -> Option<f64> {
    phase.p90.filter(|_| phase.n >= ENOUGH)
}

/// One decimal below ten minutes, none above: "8.4", "118".
fn minutes(seconds: f64) -> String {
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

    #[test]
    fn a_90th_percentile_of_few_is_not_shown() {
        let phase = |n| Phase { n, p50: Some(1.0), p90: Some(2.0), p95: None, max: None };
        assert_eq!((p90(&phase(9)), p90(&phase(10))), (None, Some(2.0)));
    }
}
