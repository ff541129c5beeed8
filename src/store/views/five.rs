//! The five figures: to be claimed (half, and nine in ten), to be delivered, open, late. Each with what was wanted, and how
//! it went over twelve parts of the window. All of one snapshot, whose time stands on it.

use super::open::count_ages;
use super::supervisor::OpenAges;
use super::waits::{self, Aimed, Sample};
use crate::domain::clock::At;
use crate::domain::ids::ZoneId;
use crate::domain::target::Target;
use crate::domain::waiting_times::{FEWEST, Wait, Waits, nearest_rank, share};
use crate::store::{Conn, Result, targets};

/// Parts of the window, for the line under a figure.
pub const PARTS: usize = 12;

/// A point of that line is drawn from this many on; the percentile itself needs [`FEWEST`].
const FEWEST_OF_A_PART: usize = 3;

#[derive(Debug, Clone, PartialEq)]
pub struct Five {
    pub at: At,
    /// Submitted from here on, and before there.
    pub from: At,
    pub to: At,
    pub to_claim: Timed,
    pub to_deliver: Timed,
    pub open: Standing,
    pub late: Late,
}

/// Seconds from asking; percentiles by the estimator of [`crate::domain::waiting_times`].
#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    /// Requests counted, open ones too.
    pub n: u64,
    /// Of them those that still wait, or were cancelled waiting.
    pub censored: u64,
    /// Nothing below ten requests; nor while so many have not got there, then it takes more than `more_than_s`.
    pub p50_s: Option<f64>,
    pub p90_s: Option<f64>,
    pub more_than_s: Option<f64>,
    /// What the percentile would be, had each taken exactly what its target allows.
    pub target_p50_s: Option<i32>,
    pub target_p90_s: Option<i32>,
    pub line: Vec<TimedPart>,
}

/// One part of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimedPart {
    pub from: At,
    pub n: u64,
    pub p50_s: Option<f64>,
    pub p90_s: Option<f64>,
}

/// Everything open now, whenever it was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub n: u64,
    pub oldest_s: Option<i64>,
    /// Of them those nobody has.
    pub unclaimed: u64,
    pub oldest_unclaimed_s: Option<i64>,
    /// Of what was submitted in each part: how much is still open.
    pub line: Vec<(At, u64)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Late {
    /// Open now and past the promised time.
    pub n: u64,
    /// Of the window: delivered, or past its target.
    pub due: u64,
    /// Of those: delivered within the target that was valid when it was submitted.
    pub share_within_target: Option<f64>,
    /// Of what was submitted in each part: how much missed its target.
    pub line: Vec<(At, u64)>,
}

/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId, (from, to): (At, At), now: At) -> Result<Five> {
    let samples = waits::list(conn, zone, (from, to)).await?;
    let targets = targets::load(conn, zone).await?;
    let open = count_ages(conn, zone, now).await?;
    Ok(of(&waits::aim(samples, &targets), Window { from, to, now }, &open))
}

/// From when to when, seen when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub from: At,
    pub to: At,
    pub now: At,
}

impl Window {
    /// Where each part begins: of what has passed of it.
    fn parts(self) -> Vec<At> {
        let length = self.to.min(self.now.plus_seconds(1)).micros_since(self.from).max(0);
        (0_i64..).take(PARTS).map(|part| At(self.from.0 + part * (length / 12))).collect()
    }
}

pub(super) fn of(samples: &[Aimed], window: Window, open: &OpenAges) -> Five {
    let parts = cut(samples, &window.parts());
    let now = window.now;
    let verdicts = |samples: &[&Aimed]| -> Vec<bool> {
        samples.iter().filter_map(|(sample, target)| sample.in_time(*target, now)).collect()
    };
    let all: Vec<&Aimed> = samples.iter().collect();
    let due = verdicts(&all);
    let met = due.iter().filter(|met| **met).count();
    let count_each =
        |how: &dyn Fn(&[&Aimed]) -> usize| parts.iter().map(|(from, of)| (*from, number(how(of)))).collect::<Vec<_>>();
    Five {
        at: now,
        from: window.from,
        to: window.to,
        to_claim: timed(&all, &parts, (|sample| sample.to_claim(now), |target| target.claim_s)),
        to_deliver: timed(&all, &parts, (|sample| sample.to_deliver(now), |target| target.deliver_s)),
        open: Standing {
            n: open.n,
            oldest_s: open.oldest_s,
            unclaimed: open.unclaimed,
            oldest_unclaimed_s: open.oldest_waiting_s,
            line: count_each(&|of| of.iter().filter(|(sample, _)| sample.is_open()).count()),
        },
        late: Late {
            n: open.late,
            due: number(due.len()),
            share_within_target: (!due.is_empty()).then(|| share(met, due.len())),
            line: count_each(&|of| verdicts(of).iter().filter(|met| !**met).count()),
        },
    }
}

type Part<'s> = (At, Vec<&'s Aimed>);

fn cut<'s>(samples: &'s [Aimed], starts: &[At]) -> Vec<Part<'s>> {
    let mut parts: Vec<Part<'s>> = starts.iter().map(|from| (*from, Vec::new())).collect();
    for aimed in samples {
        let place = starts.partition_point(|from| *from <= aimed.0.submitted_at).saturating_sub(1);
        if let Some((_, part)) = parts.get_mut(place) {
            part.push(aimed);
        }
    }
    parts
}

fn timed(
    all: &[&Aimed],
    parts: &[Part<'_>],
    (wait, allowed): (impl Fn(&Sample) -> Wait, impl Fn(&Target) -> i32),
) -> Timed {
    let of = |samples: &[&Aimed]| Waits::of(samples.iter().map(|(sample, _)| wait(sample)).collect());
    let told = |waits: &Waits, fewest: usize| {
        if waits.n() < fewest { [None; 2] } else { waits.percentiles([50, 90]).map(|found| found.map(seconds)) }
    };
    let waits = of(all);
    let [p50_s, p90_s] = told(&waits, FEWEST);
    let mut wanted: Vec<i32> = all.iter().map(|(_, target)| allowed(target)).collect();
    wanted.sort_unstable();
    let part = |(from, samples): &Part<'_>| {
        let waits = of(samples);
        let [p50_s, p90_s] = told(&waits, FEWEST_OF_A_PART);
        TimedPart { from: *from, n: number(waits.n()), p50_s, p90_s }
    };
    Timed {
        n: number(waits.n()),
        censored: number(waits.open()),
        p50_s,
        p90_s,
        more_than_s: more_than(&waits, p90_s),
        target_p50_s: nearest_rank(&wanted, 50),
        target_p90_s: nearest_rank(&wanted, 90),
        line: parts.iter().map(part).collect(),
    }
}

/// What is known of a percentile that cannot be told because too many still wait.
pub(super) fn more_than(waits: &Waits, highest: Option<f64>) -> Option<f64> {
    if highest.is_some() || waits.n() < FEWEST { None } else { waits.longest().map(seconds) }
}

pub(super) fn seconds(micros: i64) -> f64 {
    std::time::Duration::from_micros(micros.unsigned_abs()).as_secs_f64()
}

pub(super) fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
