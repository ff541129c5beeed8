//! What the watch is answered, as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::five::FiveJson;
use crate::domain::custody::Where;
use crate::domain::errand::{State, Step};
use crate::domain::fetched::{Consent, Got};
use crate::domain::help::Need;
use crate::domain::ids::{ErrandId, PhotoId, RequestId};
use crate::domain::proof::Proved;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::store::views::figures::By;
use crate::store::views::goods::{FetchedRow, RefusedRow};
use crate::store::views::supervisor::{
    CustodyRow, Entry, Group, LegRow, OfferMade, OpenAges, Opened, ProofRow, QueueRow, Summary,
};
use crate::web::iso::Iso;

#[derive(Serialize, ToSchema)]
pub struct SummaryJson {
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub from: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub to: Iso,
    pub submitted: u64,
    pub delivered: u64,
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    pub by_state: std::collections::BTreeMap<String, u64>,
    pub open: OpenAges,
    pub five: FiveJson,
    pub all: Group,
    pub by: By,
    pub groups: Vec<Group>,
    /// Deliveries of the span by how they were proved: `code`, `photo`, `none`, `override`.
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    pub proofs: std::collections::BTreeMap<String, u64>,
    pub runners_on_duty: u64,
    pub runners_free: u64,
    pub letters_waiting: u64,
    pub letters_dead: u64,
}

#[derive(Serialize, ToSchema)]
pub struct QueueJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: RequestId,
    #[schema(value_type = String, format = Uuid)]
    pub errand: ErrandId,
    /// Which of the request's errands that is: 1, or from a gate on a later one.
    pub leg: i32,
    pub errand_state: State,
    pub code: String,
    pub state: State,
    pub category: Category,
    pub urgency: Urgency,
    pub urgency_reason: String,
    pub building: String,
    pub items: String,
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Iso,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
    pub runner: Option<String>,
    /// Why nobody could be asked yet.
    pub nobody_reason: Option<String>,
    /// What would help, when that does not pass by itself.
    pub need: Option<Need>,
    pub care_reason: Option<String>,
}

/// Against the reason why nobody can be asked about it.
pub(in crate::web) fn need_of(row: &QueueRow) -> Option<Need> {
    row.nobody_reason.as_deref().and_then(|word| word.parse().ok()).and_then(Need::of)
}

impl From<QueueRow> for QueueJson {
    fn from(row: QueueRow) -> Self {
        let need = need_of(&row);
        Self {
            id: row.request,
            errand: row.errand,
            leg: row.leg,
            errand_state: row.errand_state,
            code: row.code,
            state: row.state,
            category: row.category,
            urgency: row.urgency,
            urgency_reason: row.urgency_reason,
            building: row.building,
            items: row.items,
            submitted_at: row.submitted_at.into(),
            deliver_by: row.deliver_by.into(),
            runner: row.runner.map(|(_, name)| name),
            need,
            nobody_reason: row.nobody_reason,
            care_reason: row.care_reason,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct OpenedJson {
    #[serde(flatten)]
    pub row: QueueJson,
    pub room: String,
    pub name: String,
    pub phone: String,
    pub patient: Option<String>,
    pub patient_phone: Option<String>,
    pub note: Option<String>,
    pub timeline: Vec<EntryJson>,
    pub offers: Vec<OfferMadeJson>,
    /// Its errands with their own clocks, when there are several: the way to a gate, and on from there.
    pub legs: Vec<LegJson>,
    /// Photos of boxes: `GET /photos/{id}`.
    #[schema(value_type = Vec<String>)]
    pub photos: Vec<PhotoId>,
    /// What was truly got, when the runner told it thing by thing; else all is as asked.
    pub fetched: Vec<FetchedJson>,
    /// What was not taken at the door: it is with the runner, and goes nowhere without staff.
    pub refused: Vec<RefusedJson>,
    /// How the delivery was proved, and photos of failed visits and hand-overs; oldest first.
    pub proofs: Vec<ProofJson>,
    /// Where the goods were from when to when.
    pub custody: Vec<CustodyJson>,
}

#[derive(Serialize, ToSchema)]
pub struct FetchedJson {
    /// Place of the thing in the list of items, from 1.
    pub position: i32,
    pub item: String,
    pub got: Got,
    /// By whose word it differs.
    pub consent: Option<Consent>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
}

#[derive(Serialize, ToSchema)]
pub struct RefusedJson {
    /// Place of the thing in the list of items, from 1.
    pub position: i32,
    pub item: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    pub runner: String,
}

impl From<FetchedRow> for FetchedJson {
    fn from(row: FetchedRow) -> Self {
        Self { position: row.position, item: row.item, got: row.got, consent: row.consent, at: row.at.into() }
    }
}

impl From<RefusedRow> for RefusedJson {
    fn from(row: RefusedRow) -> Self {
        Self { position: row.position, item: row.item, at: row.at.into(), runner: row.runner }
    }
}

/// What shows that something was done.
#[derive(Serialize, ToSchema)]
pub struct ProofJson {
    /// `deliver`, `override`, `fail`, `hand_over`, `collect`
    pub step: Step,
    pub kind: Proved,
    /// `GET /photos/{id}`
    #[schema(value_type = Option<String>, format = Uuid)]
    pub photo: Option<PhotoId>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    pub by: String,
}

impl From<ProofRow> for ProofJson {
    fn from(row: ProofRow) -> Self {
        Self { step: row.step, kind: row.kind, photo: row.photo, at: row.at.into(), by: row.by }
    }
}

/// A stretch of the goods' way; without an end they are there now.
#[derive(Serialize, ToSchema)]
pub struct CustodyJson {
    #[schema(value_type = String, format = DateTime)]
    pub from_at: Iso,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to_at: Option<Iso>,
    /// The runner, while a runner has them.
    pub who: Option<String>,
    #[serde(rename = "where")]
    pub place: Where,
    /// The name of the place.
    pub name: Option<String>,
    /// Where at the gate the bag lies, while it lies there.
    pub shelf: Option<String>,
}

impl From<CustodyRow> for CustodyJson {
    fn from(row: CustodyRow) -> Self {
        let (name, shelf) = if row.place == Where::Gate { (None, row.told) } else { (row.told, None) };
        let (from_at, to_at) = (row.from.into(), row.to.map(Iso));
        Self { from_at, to_at, who: row.who, place: row.place, name, shelf }
    }
}

/// One errand of a request.
#[derive(Serialize, ToSchema)]
pub struct LegJson {
    pub leg: i32,
    pub state: State,
    /// Who has it, or had it last.
    pub runner: Option<String>,
    /// Since when it could be carried.
    #[schema(value_type = String, format = DateTime)]
    pub waiting_since: Iso,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub taken_at: Option<Iso>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Iso>,
}

impl From<LegRow> for LegJson {
    fn from(row: LegRow) -> Self {
        Self {
            leg: row.leg,
            state: row.state,
            runner: row.runner,
            waiting_since: row.waiting_since.into(),
            taken_at: row.taken_at.map(Iso),
            ended_at: row.ended_at.map(Iso),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct EntryJson {
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    /// When the service heard of it, where that was later: done without a network.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Iso>,
    pub kind: String,
    pub state: Option<State>,
    pub by: String,
    pub reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct OfferMadeJson {
    pub runner: String,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Iso,
    pub state: String,
    pub reason: String,
    pub distance_m: Option<f64>,
}

impl SummaryJson {
    pub fn new(summary: Summary, by: By) -> Self {
        Self {
            at: summary.at.into(),
            from: summary.from.into(),
            to: summary.to.into(),
            submitted: summary.submitted,
            delivered: summary.delivered,
            by_state: summary.by_state.into_iter().map(|(state, n)| (state.to_string(), n)).collect(),
            open: summary.open,
            five: summary.five.into(),
            all: summary.all,
            by,
            groups: summary.groups,
            proofs: summary.proofs.into_iter().map(|(kind, n)| (kind.to_string(), n)).collect(),
            runners_on_duty: summary.runners_on_duty,
            runners_free: summary.runners_free,
            letters_waiting: summary.letters_waiting,
            letters_dead: summary.letters_dead,
        }
    }
}

impl From<Opened> for OpenedJson {
    fn from(opened: Opened) -> Self {
        let (patient, patient_phone) = opened.patient.map_or((None, None), |(name, phone)| (Some(name), phone));
        Self {
            row: opened.row.into(),
            room: opened.room,
            name: opened.name,
            phone: opened.phone,
            patient,
            patient_phone,
            note: opened.note,
            timeline: opened.timeline.into_iter().map(EntryJson::from).collect(),
            offers: opened.offers.into_iter().map(OfferMadeJson::from).collect(),
            legs: opened.legs.into_iter().map(LegJson::from).collect(),
            photos: opened.photos,
            fetched: opened.fetched.into_iter().map(Into::into).collect(),
            refused: opened.refused.into_iter().map(Into::into).collect(),
            proofs: opened.proofs.into_iter().map(ProofJson::from).collect(),
            custody: opened.custody.into_iter().map(CustodyJson::from).collect(),
        }
    }
}

impl From<Entry> for EntryJson {
    fn from(entry: Entry) -> Self {
        Self {
            at: entry.at.into(),
            received_at: entry.received_at.map(Iso),
            kind: entry.kind,
            state: entry.state,
            by: entry.by,
            reason: entry.reason,
        }
    }
}

impl From<OfferMade> for OfferMadeJson {
    fn from(offer: OfferMade) -> Self {
        Self {
            runner: offer.runner,
            made_at: offer.made_at.into(),
            state: offer.state,
            reason: offer.reason,
            distance_m: offer.distance_m,
        }
    }
}
