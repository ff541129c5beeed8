//! What a resident asks for.

use super::clock::At;
use super::ids::{BuildingId, PlaceId, ZoneId};
use super::item::Item;
use super::text::{Email, Line, Note, Phone, Room};
use super::urgency::{MedicineLeft, Triage};
use super::words::word;

word! {
    Category { Medicine = "medicine", Food = "food", Daily = "daily", CareVisit = "care_visit", Other = "other" }
}
word! {
    AskingFor { Myself = "self", Family = "family", Neighbour = "neighbour", Staff = "staff" }
}
word! {
    HandOver { Door = "door", Person = "person", Gate = "gate" }
}
word! {
    Care {
        ElderlyAlone = "elderly_alone",
        Pregnant = "pregnant",
        Infant = "infant",
        Disabled = "disabled",
        Dialysis = "dialysis",
        Chemo = "chemo",
        Infected = "infected",
        NoLift = "no_lift",
    }
}
word! {
    /// The door a request came in by.
    Channel { Web = "web", Poster = "poster", Api = "api", Phone = "phone", Paper = "paper", Chat = "chat" }
}
word! {
    /// What may be the matter with what was brought.
    Problem {
        NotReceived = "not_received",
        WrongItem = "wrong_item",
        Incomplete = "incomplete",
        Damaged = "damaged",
        Other = "other",
    }
}
word! {
    CancelledBy { Resident = "resident", Staff = "staff" }
}

/// The person the goods are for, when that is not the asker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    pub name: Line,
    pub phone: Option<Phone>,
}

/// Who asks and where the door is. Kept apart from the rest: it opens in stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub room: Room,
    pub name: Line,
    pub phone: Phone,
    pub email: Option<Email>,
    pub lang: String,
    pub patient: Option<Patient>,
    pub note: Option<Note>,
}

/// A request as parsed: every field is known to be well-formed, the building to exist.
#[derive(Debug, Clone)]
pub struct Submission {
    pub zone: ZoneId,
    pub building: BuildingId,
    pub place: Option<PlaceId>,
    pub channel: Channel,
    pub asking_for: AskingFor,
    pub category: Category,
    pub hand_over: HandOver,
    pub care: Vec<Care>,
    pub left: MedicineLeft,
    pub items: Vec<Item>,
    pub contact: Contact,
    pub triage: Triage,
    pub submitted_at: At,
}

impl Submission {
    pub const MOST_ITEMS: usize = 20;

    /// Bags a runner's hands are full of: small packs share one, each line of food is one.
    #[must_use]
    pub fn bags(&self) -> i32 {
        match self.category {
            Category::Medicine | Category::CareVisit => 1,
            Category::Food | Category::Daily | Category::Other => {
                i32::try_from(self.items.len().div_ceil(4)).unwrap_or(1).clamp(1, 6)
            }
        }
    }
}
