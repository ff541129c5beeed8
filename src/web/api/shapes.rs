//! JSON shapes of the API that more than one handler answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::actor::ActorRole;
use crate::domain::errand::State;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, PhotoId, QuestionId, RequestId};
use crate::domain::item::Substitution;
use crate::domain::place::PlaceKind;
use crate::domain::question::{About, Choice};
use crate::domain::request::{Category, HandOver};
use crate::domain::urgency::Urgency;
use crate::flow::{Errand, Question};
use crate::store::views::runner::{ActiveClaim, BeforeClaim, Block, Counter, Ends};
use crate::store::views::tracking;
use crate::web::api::ledger::ReckonedJson;
use crate::web::iso::Iso;

/// How an errand stands after an act.
#[derive(Serialize, ToSchema)]
pub struct ErrandState {
    #[schema(value_type = String, format = Uuid)]
    pub errand: ErrandId,
    #[schema(value_type = String, format = Uuid)]
    pub request: RequestId,
    pub state: State,
    pub fence: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lease_until: Option<Iso>,
}

impl From<&Errand> for ErrandState {
    fn from(errand: &Errand) -> Self {
        Self {
            errand: errand.id,
            request: errand.request_id,
            state: errand.state,
            fence: errand.fence,
            lease_until: errand.lease_until.map(Iso),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct CounterJson {
    pub code: String,
    pub name: String,
    pub kind: PlaceKind,
    pub lat: f64,
    pub lon: f64,
    pub phone: Option<String>,
}

impl From<Counter> for CounterJson {
    fn from(counter: Counter) -> Self {
        let at = counter.at;
        Self {
            code: counter.code,
            name: counter.name,
            kind: counter.kind,
            lat: at.lat,
            lon: at.lon,
            phone: counter.phone,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct BlockJson {
    pub code: String,
    pub compound: String,
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub floors: Option<i32>,
    pub lift: Option<bool>,
}

impl From<Block> for BlockJson {
    fn from(block: Block) -> Self {
        let at = block.at;
        Self {
            code: block.code,
            compound: block.compound,
            name: block.name,
            lat: at.lat,
            lon: at.lon,
            floors: block.floors,
            lift: block.lift,
        }
    }
}

/// Degrees, WGS-84.
#[derive(Serialize, ToSchema)]
pub struct PointJson {
    pub lat: f64,
    pub lon: f64,
}

impl From<Point> for PointJson {
    fn from(at: Point) -> Self {
        Self { lat: at.lat, lon: at.lon }
    }
}

/// Which part of the way an errand is, when its building is sealed.
#[derive(Serialize, ToSchema)]
pub struct EndsJson {
    /// 1: from a place; a later one: from the gate on.
    pub leg: i32,
    /// The goods lie at this gate.
    pub from_gate: Option<PointJson>,
    /// Hand over at this gate: the building is sealed.
    pub to_gate: Option<PointJson>,
}

impl From<Ends> for EndsJson {
    fn from(ends: Ends) -> Self {
        Self { leg: ends.leg, from_gate: ends.from_gate.map(Into::into), to_gate: ends.to_gate.map(Into::into) }
    }
}

/// An errand before it is claimed: no door, name, phone, item or note.
#[derive(Serialize, ToSchema)]
pub struct BeforeClaimJson {
    #[schema(value_type = String, format = Uuid)]
    pub errand: ErrandId,
    pub from: Option<CounterJson>,
    pub to: BlockJson,
    #[serde(flatten)]
    pub ends: EndsJson,
    pub category: Category,
    pub urgency: Urgency,
    pub bags: i32,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
}

impl From<BeforeClaim> for BeforeClaimJson {
    fn from(errand: BeforeClaim) -> Self {
        Self {
            errand: errand.errand,
            from: errand.from.map(Into::into),
            to: errand.to.into(),
            ends: errand.ends.into(),
            category: errand.category,
            urgency: errand.urgency,
            bags: errand.bags,
            deliver_by: errand.deliver_by.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ItemJson {
    pub name: String,
    pub strength: Option<String>,
    pub quantity: i32,
    pub unit: String,
    pub substitution: Substitution,
    /// A photo of the box: `GET /photos/{id}`.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub photo: Option<PhotoId>,
}

#[derive(Serialize, ToSchema)]
pub struct PatientJson {
    pub name: String,
    pub phone: Option<String>,
}

/// An errand in the caller's hands: everything needed to carry it out.
#[derive(Serialize, ToSchema)]
pub struct ActiveClaimJson {
    #[schema(value_type = String, format = Uuid)]
    pub errand: ErrandId,
    pub code: String,
    pub state: State,
    pub from: Option<CounterJson>,
    pub to: BlockJson,
    #[serde(flatten)]
    pub ends: EndsJson,
    pub room: String,
    pub name: String,
    pub phone: String,
    pub patient: Option<PatientJson>,
    pub note: Option<String>,
    pub hand_over: HandOver,
    pub items: Vec<ItemJson>,
    /// What was asked at the counter, and what was answered.
    pub questions: Vec<QuestionJson>,
    pub category: Category,
    pub urgency: Urgency,
    pub bags: i32,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lease_until: Option<Iso>,
    /// Where at the gate the bag lies, in the words of who left it there.
    pub shelf: Option<String>,
    /// What it cost and what was given for it, once anything is written down.
    pub money: Option<ReckonedJson>,
}

impl From<ActiveClaim> for ActiveClaimJson {
    fn from(claim: ActiveClaim) -> Self {
        let items = claim.items.into_iter().map(|item| ItemJson {
            name: item.name,
            strength: item.strength,
            quantity: item.quantity,
            unit: item.unit,
            substitution: item.substitution,
            photo: item.photo,
        });
        Self {
            errand: claim.errand,
            code: claim.code,
            state: claim.state,
            from: claim.from.map(Into::into),
            to: claim.to.into(),
            ends: claim.ends.into(),
            room: claim.room,
            name: claim.name,
            phone: claim.phone,
            patient: claim.patient.map(|(name, phone)| PatientJson { name, phone }),
            note: claim.note,
            hand_over: claim.hand_over,
            items: items.collect(),
            questions: claim.questions.into_iter().map(Into::into).collect(),
            category: claim.category,
            urgency: claim.urgency,
            bags: claim.bags,
            deliver_by: claim.deliver_by.into(),
            lease_until: claim.lease_until.map(Iso),
            shelf: claim.shelf,
            money: claim.money.map(Into::into),
        }
    }
}

/// A question from the counter. To whoever holds a link, `offer` is told while it is asked alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: QuestionId,
    /// Place of the thing in the list of items, from 1; 0: the shop as a whole, may it be another than the one that was
    /// named?
    pub item: i32,
    pub kind: About,
    pub offer: Option<String>,
    /// What may be answered.
    pub choices: &'static [Choice],
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Iso,
    pub answer: Option<Choice>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Iso>,
    /// `resident`, `desk`, `supervisor`, `admin`
    pub answered_by: Option<ActorRole>,
}

impl From<tracking::Asked> for QuestionJson {
    fn from(asked: tracking::Asked) -> Self {
        Self {
            id: asked.id,
            item: asked.position,
            kind: asked.about,
            offer: asked.offer,
            choices: if asked.open { Choice::ALL } else { &[] },
            asked_at: asked.asked_at.into(),
            answer: asked.answer.map(|(choice, _)| choice),
            answered_at: asked.answer.map(|(_, at)| at.into()),
            answered_by: asked.answered_by,
        }
    }
}

impl From<Question> for QuestionJson {
    fn from(question: Question) -> Self {
        Self {
            id: question.id,
            item: question.position,
            kind: question.kind,
            offer: question.offer,
            choices: Choice::ALL,
            asked_at: question.asked_at.into(),
            answer: question.answer,
            answered_at: question.answered_at.map(Iso),
            answered_by: question.answered_by,
        }
    }
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `after` to get the next page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReasonBody {
    pub reason: Option<String>,
}
