//! The five figures, as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::clock::At;
use crate::store::views::five::{Five, Late, Standing, Timed, TimedPart};
use crate::web::iso::Iso;

/// The five figures of one snapshot: to be claimed (`to_claim.p50`, `to_claim.p90`), to be delivered, open, late.
#[derive(Serialize, ToSchema)]
pub struct FiveJson {
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub from: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub to: Iso,
    pub to_claim: TimedJson,
    pub to_deliver: TimedJson,
    pub open: StandingJson,
    pub late: LateJson,
}

/// Seconds from asking. Open requests count by their age (Kaplan-Meier).
#[derive(Serialize, ToSchema)]
pub struct TimedJson {
    /// Requests counted, open ones too.
    pub n: u64,
    /// Of them those that still wait, or were cancelled waiting.
    pub censored: u64,
    /// `null` below ten requests, and while fewer than so many have got there: then it takes longer than `more_than`.
    pub p50: Option<f64>,
    pub p90: Option<f64>,
    pub more_than: Option<f64>,
    /// What the percentile would be, had each taken exactly what its target allows.
    pub target_p50: Option<i32>,
    pub target_p90: Option<i32>,
    /// The same over twelve parts of the window.
    pub line: Vec<TimedPartJson>,
}

#[derive(Serialize, ToSchema)]
pub struct TimedPartJson {
    #[schema(value_type = String, format = DateTime)]
    pub from: Iso,
    pub n: u64,
    pub p50: Option<f64>,
    pub p90: Option<f64>,
}

/// Everything open now, whenever it was submitted.
#[derive(Serialize, ToSchema)]
pub struct StandingJson {
    pub n: u64,
    pub oldest_s: Option<i64>,
    /// Of them those nobody has.
    pub unclaimed: u64,
    pub oldest_unclaimed_s: Option<i64>,
    /// Of what was submitted in each part of the window: how much is still open.
    pub line: Vec<CountJson>,
}

#[derive(Serialize, ToSchema)]
pub struct LateJson {
    /// Open now, and past the promised time.
    pub n: u64,
    /// Of the window: delivered, or past the target.
    pub due: u64,
    /// Of those: delivered within the target that was valid when the request was submitted.
    pub share_within_target: Option<f64>,
    /// Of what was submitted in each part of the window: how much missed its target.
    pub line: Vec<CountJson>,
}

#[derive(Serialize, ToSchema)]
pub struct CountJson {
    #[schema(value_type = String, format = DateTime)]
    pub from: Iso,
    pub n: u64,
}

impl From<Five> for FiveJson {
    fn from(five: Five) -> Self {
        Self {
            at: five.at.into(),
            from: five.from.into(),
            to: five.to.into(),
            to_claim: five.to_claim.into(),
            to_deliver: five.to_deliver.into(),
            open: five.open.into(),
            late: five.late.into(),
        }
    }
}

impl From<Timed> for TimedJson {
    fn from(timed: Timed) -> Self {
        let part =
            |part: TimedPart| TimedPartJson { from: part.from.into(), n: part.n, p50: part.p50_s, p90: part.p90_s };
        Self {
            n: timed.n,
            censored: timed.censored,
            p50: timed.p50_s,
            p90: timed.p90_s,
            more_than: timed.more_than_s,
            target_p50: timed.target_p50_s,
            target_p90: timed.target_p90_s,
            line: timed.line.into_iter().map(part).collect(),
        }
    }
}

impl From<Standing> for StandingJson {
    fn from(open: Standing) -> Self {
        Self {
            n: open.n,
            oldest_s: open.oldest_s,
            unclaimed: open.unclaimed,
            oldest_unclaimed_s: open.oldest_unclaimed_s,
            line: counts(open.line),
        }
    }
}

impl From<Late> for LateJson {
    fn from(late: Late) -> Self {
        Self { n: late.n, due: late.due, share_within_target: late.share_within_target, line: counts(late.line) }
    }
}

fn counts(line: Vec<(At, u64)>) -> Vec<CountJson> {
    line.into_iter().map(|(from, n)| CountJson { from: from.into(), n }).collect()
}
