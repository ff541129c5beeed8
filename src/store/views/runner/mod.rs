//! What a runner sees. [`BeforeClaim`] and [`ActiveClaim`] are two types, so that an address or phone cannot reach
//! a page that shows offers: it does not compile.

mod before_claim;
mod done;
mod trip;
mod undo;

use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, OfferId, PersonId, PhotoId, PlaceId, TripId};
use crate::domain::item::Substitution;
use crate::domain::matching::Pick;
use crate::domain::offer::Kind;
use crate::domain::place::{Hours, PlaceKind};
use crate::domain::request::{Category, HandOver};
use crate::domain::urgency::Urgency;
use crate::store::errands::Errand;
use crate::store::places::Place;
pub use crate::store::questions::Question;
use crate::store::zones::Building;
use crate::store::{Conn, Result};

pub use before_claim::{list_before_claim, list_offers};
pub use done::{DoneErrand, list_done};
pub use trip::load_trip;

pub use crate::store::views::ledger::Reckoned;
pub use undo::{Undoable, find_undoable};

/// Where to pick up.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    pub id: PlaceId,
    pub code: String,
    pub name: String,
    pub kind: PlaceKind,
    pub at: Point,
    pub hours: Option<Hours>,
    pub phone: Option<String>,
}

/// Which block, without a door.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub code: String,
    pub compound: String,
    pub name: String,
    pub at: Point,
    pub floors: Option<i32>,
    pub lift: Option<bool>,
}

/// How an errand meets the gate of its building. Goods for a sealed building go to its gate, and on from there by a leg
/// of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// 1, or a later one: from the gate on.
    pub leg: i32,
    /// The goods lie at this gate.
    pub from_gate: Option<Point>,
    /// The building is sealed: this far and no further.
    pub to_gate: Option<Point>,
}

impl Ends {
    fn of(errand: &Errand, building: &Building, now: At) -> Self {
        // Without a gate of its own goods change hands at the foot of the building.
        let gate = building.gate().unwrap_or_else(|| building.at());
        let to_gate = building.is_sealed(now) && !errand.goes_inside();
        Self { leg: errand.leg, from_gate: (errand.leg > 1).then_some(gate), to_gate: to_gate.then_some(gate) }
    }
}

/// An errand nobody has claimed: kind, urgency and block; no door, name, phone, item or note.
#[derive(Debug, Clone, PartialEq)]
pub struct BeforeClaim {
    pub errand: ErrandId,
    pub from: Option<Counter>,
    pub to: Block,
    pub ends: Ends,
    pub category: Category,
    pub urgency: Urgency,
    pub bags: i32,
    pub deliver_by: At,
}

/// An errand in the viewer's hands: everything needed to carry it out, until it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct ActiveClaim {
    pub errand: ErrandId,
    pub code: String,
    pub state: State,
    pub from: Option<Counter>,
    pub to: Block,
    pub ends: Ends,
    pub room: String,
    pub name: String,
    pub phone: String,
    /// The patient, when that is somebody else.
    pub patient: Option<(String, Option<String>)>,
    pub note: Option<String>,
    pub hand_over: HandOver,
    pub items: Vec<CarriedItem>,
    /// What was asked at the counter, and what was answered.
    pub questions: Vec<Question>,
    pub category: Category,
    pub urgency: Urgency,
    pub bags: i32,
    pub deliver_by: At,
    pub lease_until: Option<At>,
    /// Where at the gate the bag lies, in the words of who left it there.
    pub shelf: Option<String>,
    /// What it cost and what was given for it, once anything is written down.
    pub money: Option<Reckoned>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedItem {
    pub name: String,
    pub strength: Option<String>,
    pub quantity: i32,
    pub unit: String,
    pub substitution: Substitution,
    /// Of the box.
    pub photo: Option<PhotoId>,
    /// The photo alone says what it is.
    pub unnamed: bool,
}

/// An open offer.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferCard {
    pub offer: OfferId,
    pub errands: Vec<BeforeClaim>,
    pub made_at: At,
    pub lapses_at: At,
    /// How it meets what is under way.
    pub kind: Kind,
    pub reason: Pick,
    /// Metres as the crow flies from the runner's position to the first stop.
    pub distance_m: Option<f64>,
}

/// What the runner carries now, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Trip {
    pub trip: Option<TripId>,
    pub stops: Vec<ActiveClaim>,
    /// Everything that is still to be done to them, in the order of the way.
    pub plan: Vec<(ErrandId, Step)>,
}

/// The runner's own duty.
#[derive(Debug, Clone, PartialEq)]
pub struct Duty {
    pub name: String,
    pub on: bool,
    pub at: Option<Point>,
    pub seen_at: Option<At>,
    pub quiet_until: Option<At>,
    pub until_at: Option<At>,
    /// It was a seal on the own building that ended the duty.
    pub sealed_off: bool,
}

impl From<Place> for Counter {
    fn from(place: Place) -> Self {
        let (at, hours) = (place.at(), place.hours());
        Self { id: place.id, code: place.code, name: place.name, kind: place.kind, at, hours, phone: place.phone }
    }
}

impl From<Building> for Block {
    fn from(building: Building) -> Self {
        let at = building.at();
        Self {
            code: building.code,
            compound: building.compound,
            name: building.name,
            at,
            floors: building.floors,
            lift: building.lift,
        }
    }
}

type Leg = (Errand, Building, Option<Place>);

/// The viewer's own duty.
///
/// # Errors
/// [`crate::store::Error::NotFound`] when there is no such person.
pub async fn load_duty(conn: &mut Conn, viewer: PersonId) -> Result<Duty> {
    let account = crate::store::people::load(conn, viewer).await?;
    let row = crate::store::duties::find(conn, viewer).await?;
    Ok(Duty {
        name: account.name,
        on: row.as_ref().is_some_and(crate::store::duties::Duty::is_on),
        at: row.as_ref().and_then(crate::store::duties::Duty::at),
        seen_at: row.as_ref().map(|row| row.seen_at),
        quiet_until: row.as_ref().and_then(|row| row.quiet_until),
        sealed_off: row.as_ref().is_some_and(|row| row.sealed_off_at.is_some()),
        until_at: row.and_then(|row| row.until_at),
    })
}
