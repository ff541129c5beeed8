//! The call as the same [`Asked`] an API client sends, and refusals back to where they stand on this page.

use serde_json::Number;

use super::fill::Draft;
use crate::domain::clock::At;
use crate::domain::door::{self, Block, Door, Reading};
use crate::domain::local::{LocalTime, rfc3339};
use crate::domain::numerals::number_of;
use crate::domain::slip::goods;
use crate::store::views::ground::Building;
use crate::web::fault::FieldError;
use crate::web::submission::{Asked, AskedItem, AskedMedicine, AskedPatient};

/// Where it goes, as far as the door box tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Nothing,
    Known {
        building: String,
        room: String,
    },
    /// A person chooses: official spellings, likely ones first.
    Choose(Vec<(String, String)>),
}

/// Reads the door box against the buildings of the zone.
#[must_use]
pub fn place(text: &str, buildings: &[Building]) -> Place {
    let blocks: Vec<Block<'_>> = buildings
        .iter()
        .map(|building| Block { code: &building.code, compound: &building.compound, name: &building.name })
        .collect();
    let spelled = |door: &Door| {
        let building = buildings.get(door.block)?;
        let official = format!("{} {}", building.code, door.room);
        Some((official, format!("{} {} · {}", building.compound, building.name, door.room)))
    };
    match door::read(text, &blocks) {
        Reading::Nothing => Place::Nothing,
        Reading::One(one) => match buildings.get(one.block) {
            Some(building) => Place::Known { building: building.code.clone(), room: one.room },
            None => Place::Nothing,
        },
        Reading::Several(doors) => Place::Choose(doors.iter().filter_map(spelled).collect()),
        Reading::NoBuilding(room) => {
            let all = (0..buildings.len()).map(|block| Door { block, room: room.clone() });
            Place::Choose(all.filter_map(|door| spelled(&door)).collect())
        }
    }
}

/// The rows that hold something: their places on the page, in the order of the items.
#[must_use]
pub fn rows(draft: &Draft) -> Vec<usize> {
    let lines = draft.all("item_line");
    (0..lines.len()).filter(|row| lines.get(*row).is_some_and(|line| !line.trim().is_empty())).collect()
}

/// What was typed, for the one parser of both doors.
#[must_use]
pub fn asked(draft: &Draft, place: &Place, when: (&LocalTime, At)) -> Asked {
    let text = |name: &str| Some(draft.first(name).to_owned()).filter(|text| !text.trim().is_empty());
    let (building, room) = match place {
        Place::Known { building, room } => (Some(building.clone()), Some(room.clone())),
        _ => (None, None),
    };
    let lines = draft.all("item_line");
    let items =
        rows(draft).into_iter().filter_map(|row| lines.get(row)).map(|line| item(line, draft.first("substitution")));
    let (patient_name, patient_phone) = (text("patient_name"), text("patient_phone"));
    Asked {
        building,
        room,
        name: text("name"),
        phone: text("phone"),
        asking_for: text("asking_for"),
        patient: (patient_name.is_some() || patient_phone.is_some())
            .then(|| AskedPatient { name: patient_name.or_else(|| text("name")), phone: patient_phone }),
        category: text("category"),
        hand_over: text("hand_over"),
        items: items.collect(),
        medicine_left: Some(medicine(draft, when)),
        care: draft.all("care").into_iter().filter(|flag| !flag.is_empty()).map(ToOwned::to_owned).collect(),
        note: text("note"),
        ..Asked::default()
    }
}

/// `缬沙坦胶囊 80mg 2盒`; what cannot be split is all name.
fn item(line: &str, substitution: &str) -> AskedItem {
    let read = goods(line);
    let name = read.as_ref().map_or_else(|| line.trim().to_owned(), |read| read.name.clone());
    AskedItem {
        name: Some(name),
        strength: read.as_ref().and_then(|read| read.strength.clone()),
        quantity: read.as_ref().and_then(|read| read.quantity).map(Number::from),
        unit: read.and_then(|read| read.unit),
        substitution: Some(substitution.to_owned()).filter(|word| !word.is_empty()),
        ..AskedItem::default()
    }
}

/// What is no number becomes one that the parser refuses with its field's name.
fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    let none = || Number::from_f64(0.5).unwrap_or_else(|| Number::from(-1));
    (!text.is_empty()).then(|| number_of(text).map_or_else(none, Number::from))
}

fn medicine(draft: &Draft, (local, now): (&LocalTime, At)) -> AskedMedicine {
    let midnight = local.day_began(now);
    let next = match draft.first("next_dose") {
        "now" => Some(now),
        "in_2h" => Some(now.plus_seconds(2 * 3600)),
        "today_evening" => Some(midnight.plus_seconds(20 * 3600).max(now)),
        "tomorrow_morning" => Some(midnight.plus_seconds(32 * 3600)),
        _ => None,
    };
    AskedMedicine {
        doses_left: number(draft.first("doses_left")),
        doses_per_day: number(draft.first("doses_per_day")),
        next_dose_at: next.map(rfc3339),
    }
}

/// Refusals where they stand here: building and room are the door box, an item is its row.
#[must_use]
pub fn on_page(errors: &[FieldError], place: &Place, rows: &[usize]) -> Vec<FieldError> {
    let mut told: Vec<FieldError> = Vec::new();
    for error in errors {
        let here = match error.field.as_str() {
            "building" | "room" => FieldError::new("door", door_code(place, error.code)),
            "items" => FieldError::new("items[0].line", error.code),
            field => match item_row(field) {
                Some(item) => {
                    FieldError::new(format!("items[{}].line", rows.get(item).copied().unwrap_or(item)), error.code)
                }
                None => error.clone(),
            },
        };
        if told.iter().all(|known| known.field != here.field) {
            told.push(here);
        }
    }
    told
}

const fn door_code(place: &Place, code: &'static str) -> &'static str {
    match place {
        Place::Choose(_) => "which_door",
        Place::Nothing | Place::Known { .. } => code,
    }
}

fn item_row(field: &str) -> Option<usize> {
    field.strip_prefix("items[")?.split(']').next()?.parse().ok()
}
