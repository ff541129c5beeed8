//! What those who watch a zone see: response times, the queue, the runners.

use crate::domain::actor::Role;
use crate::domain::clock::At;
use crate::domain::custody::Where;
use crate::domain::errand::{State, Step};
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, PersonId, PhotoId, RequestId, ZoneId};
use crate::domain::proof::Proved;
use crate::domain::request::Category;
use crate::domain::urgency::{MedicineLeft, Urgency};
pub use crate::store::questions::Question;
pub use crate::store::views::five::Five;
pub use crate::store::views::goods::{FetchedRow, RefusedRow};

/// Seconds of one phase over the requests of one group. Open ones count by their age (Kaplan-Meier): a percentile over
/// finished ones alone would hide exactly the late.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Phase {
    /// Requests counted, open ones too.
    pub n: u64,
    /// Of them those that still wait, or were cancelled waiting.
    pub censored: u64,
    /// `null` below ten requests, and while fewer than so many have got there: then it takes longer than `more_than`.
    pub p50: Option<f64>,
    pub p90: Option<f64>,
    pub p95: Option<f64>,
    /// What is known of a percentile that is not reached yet: it takes more than this.
    pub more_than: Option<f64>,
    /// The longest so far, open ones too.
    pub max: Option<f64>,
}

/// One group of the summary: an urgency, a building, a category, a care flag, a channel, a runner or an hour.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Group {
    pub key: String,
    pub n: u64,
    pub to_claim: Phase,
    pub to_collect: Phase,
    pub to_deliver: Phase,
    /// To the door by the team's clock: less the time it stood still with a reason.
    pub team_to_deliver: Phase,
    /// Of the delivered, and of the open that are past their target: the share delivered within the target that was valid
    /// when the request was submitted.
    pub share_within_target: Option<f64>,
}

/// Open requests by age in seconds since submission.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, utoipa::ToSchema)]
pub struct OpenAges {
    pub under_10_min: u64,
    pub under_30_min: u64,
    pub under_2_h: u64,
    pub over_2_h: u64,
    /// All of them.
    pub n: u64,
    /// Of them those nobody has.
    pub unclaimed: u64,
    /// Submitted longest ago; seconds.
    pub oldest_s: Option<i64>,
    /// Submitted longest ago among those nobody has claimed; seconds.
    pub oldest_waiting_s: Option<i64>,
    pub late: u64,
}

/// One of those who wait longest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongWait {
    pub request: RequestId,
    pub code: String,
    pub state: State,
    pub urgency: Urgency,
    pub category: Category,
    pub building: String,
    pub submitted_at: At,
    pub deliver_by: At,
    pub wait_s: i64,
    pub must_act: MustAct,
}

/// Who must do something about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MustAct {
    pub role: Role,
    /// Of the runner who has it or is asked; a role is not one person.
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub zone: ZoneId,
    pub at: At,
    pub from: At,
    pub to: At,
    pub submitted: u64,
    pub delivered: u64,
    pub by_state: Vec<(State, u64)>,
    pub open: OpenAges,
    pub five: Five,
    pub groups: Vec<Group>,
    pub all: Group,
    /// Deliveries in the span by how they were proved.
    pub proofs: Vec<(Proved, u64)>,
    pub runners_on_duty: u64,
    pub runners_free: u64,
    pub letters_waiting: u64,
    pub letters_dead: u64,
}

/// One request in the queue. Name, phone and note are not here: opening them is a look of its own ([`Opened`]).
#[derive(Debug, Clone, PartialEq)]
pub struct QueueRow {
    pub request: RequestId,
    pub errand: ErrandId,
    /// Which of the request's errands that is; from the second on the goods are at the gate.
    pub leg: i32,
    pub errand_state: State,
    pub code: String,
    pub state: State,
    pub category: Category,
    pub urgency: Urgency,
    /// A word of `UrgencyReason`.
    pub urgency_reason: String,
    pub building: String,
    pub building_name: String,
    pub items: String,
    pub submitted_at: At,
    pub deliver_by: At,
    pub runner: Option<(PersonId, String)>,
    /// A word of `NobodyReason`, while nobody could be asked.
    pub nobody_reason: Option<String>,
    pub care_reason: Option<String>,
}

/// A request opened by a person who may read it; the look is written down before this is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    pub row: QueueRow,
    pub room: String,
    pub name: String,
    pub phone: String,
    pub patient: Option<(String, Option<String>)>,
    pub note: Option<String>,
    /// What the medicine clock was told.
    pub left: MedicineLeft,
    pub timeline: Vec<Entry>,
    pub offers: Vec<OfferMade>,
    /// All errands of it, when there are several: the way to a gate, and on from there.
    pub legs: Vec<LegRow>,
    /// What was asked from the counter, each with the thing it is about.
    pub questions: Vec<(Question, String)>,
    /// Of boxes, in the order of the items.
    pub photos: Vec<PhotoId>,
    /// What was truly got, when the runner told it thing by thing.
    pub fetched: Vec<FetchedRow>,
    /// What was not taken at the door.
    pub refused: Vec<RefusedRow>,
    /// How its delivery was proved, and photos of failed visits and hand-overs, oldest first.
    pub proofs: Vec<ProofRow>,
    /// Where the goods were from when to when.
    pub custody: Vec<CustodyRow>,
}

/// What shows that something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofRow {
    pub step: Step,
    pub kind: Proved,
    pub photo: Option<PhotoId>,
    pub at: At,
    /// A name, or a role without one.
    pub by: String,
}

/// A stretch of the goods' way; without an end they are there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodyRow {
    pub from: At,
    pub to: Option<At>,
    pub place: Where,
    /// Of a runner.
    pub who: Option<String>,
    /// The name of the place; where at the gate the bag lies, while it lies there.
    pub told: Option<String>,
}

/// One event of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub at: At,
    /// When it was heard of, where that was later: done without a network.
    pub received_at: Option<At>,
    pub kind: String,
    pub state: Option<State>,
    pub by: String,
    pub reason: Option<String>,
}

/// One errand of a request, and its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegRow {
    pub leg: i32,
    pub state: State,
    /// Who has it, or had it last.
    pub runner: Option<String>,
    /// Since when it could be carried.
    pub waiting_since: At,
    /// When it was taken on last, and when it left those hands.
    pub taken_at: Option<At>,
    pub ended_at: Option<At>,
}

/// Who was asked, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferMade {
    pub runner: String,
    pub made_at: At,
    pub state: String,
    pub reason: String,
    pub distance_m: Option<f64>,
}

/// A runner, as a supervisor sees one.
#[derive(Debug, Clone, PartialEq)]
pub struct RunnerRow {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub on: bool,
    /// Last known.
    pub at: Option<Point>,
    pub seen_at: Option<At>,
    pub carrying: u64,
    pub offered: u64,
    pub delivered_today: u64,
}
