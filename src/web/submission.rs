//! What a resident typed or an API client sent, parsed into a [`Submission`] once for both doors. Every refused field
//! is named; nothing typed is changed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fault::FieldError;
use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, PhotoId, PlaceId, ZoneId};
use crate::domain::item::{Item, Substitution};
use crate::domain::local::parse_rfc3339;
use crate::domain::request::{AskingFor, Care, Category, Channel, Contact, HandOver, Patient, Submission};
use crate::domain::text::{Email, Line, Note, Phone, Room, Unfit};
use crate::domain::urgency::{MedicineLeft, triage};
use crate::words::{Lang, Words};

/// `POST /requests`: every field as loose as it may come, so that all that is wrong can be told at once.
#[derive(Default, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    #[schema(example = "MZC-07")]
    pub building: Option<String>,
    #[schema(example = "2-501")]
    pub room: Option<String>,
    #[schema(example = "王阿姨")]
    pub name: Option<String>,
    #[schema(example = "13800000000")]
    pub phone: Option<String>,
    pub email: Option<String>,
    /// `zh-CN` or `en`: the language of letters.
    pub lang: Option<String>,
    /// `self`, `family`, `neighbour`, `staff`
    pub asking_for: Option<String>,
    pub patient: Option<AskedPatient>,
    /// `medicine`, `food`, `daily`, `care_visit`, `other`
    #[schema(example = "medicine")]
    pub category: Option<String>,
    /// A place's code; empty lets the service choose.
    pub place: Option<String>,
    /// `door`, `person`, `gate`
    pub hand_over: Option<String>,
    pub items: Vec<AskedItem>,
    pub medicine_left: Option<AskedMedicine>,
    pub care: Vec<String>,
    pub note: Option<String>,
}

#[derive(Default, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AskedPatient {
    pub name: Option<String>,
    pub phone: Option<String>,
}

#[derive(Default, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AskedItem {
    #[schema(example = "缬沙坦胶囊")]
    pub name: Option<String>,
    #[schema(example = "80mg")]
    pub strength: Option<String>,
    #[schema(value_type = Option<u32>, example = 2)]
    pub quantity: Option<serde_json::Number>,
    #[schema(example = "盒")]
    pub unit: Option<String>,
    /// `exact`, `same_drug`, `ask_me`, `ask_family`
    pub substitution: Option<String>,
    /// What `POST /photos` answered: a photo of the box. Then the name may be left out.
    pub photo: Option<String>,
}

#[derive(Default, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AskedMedicine {
    #[schema(value_type = Option<u32>)]
    pub doses_left: Option<serde_json::Number>,
    #[schema(value_type = Option<u32>)]
    pub doses_per_day: Option<serde_json::Number>,
    /// RFC 3339
    pub next_dose_at: Option<String>,
}

/// Where the codes in the body led to; `None` = there is no such thing.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub building: Option<(ZoneId, BuildingId)>,
    pub place: Option<PlaceId>,
    /// Item by item; one that lies behind the end has none.
    pub photos: Vec<Option<PhotoId>>,
}

/// Collects what is wrong while everything is read.
#[derive(Default)]
struct Reader {
    errors: Vec<FieldError>,
}

impl Reader {
    fn refuse(&mut self, field: impl Into<String>, code: &'static str) {
        self.errors.push(FieldError::new(field, code));
    }

    fn required<T>(
        &mut self,
        field: &str,
        text: Option<&String>,
        parse: impl Fn(&str) -> Result<T, Unfit>,
    ) -> Option<T> {
        match parse(text.map_or("", String::as_str)) {
            Ok(value) => Some(value),
            Err(unfit) => {
                self.refuse(field, unfit.code());
                None
            }
        }
    }

    fn optional<T>(
        &mut self,
        field: &str,
        text: Option<&String>,
        parse: impl Fn(&str) -> Result<T, Unfit>,
    ) -> Option<T> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        self.required(field, Some(text), parse)
    }

    fn word<T: std::str::FromStr + Copy>(
        &mut self,
        field: &str,
        text: Option<&String>,
        default: Option<T>,
    ) -> Option<T> {
        match text.map(String::as_str).filter(|text| !text.is_empty()) {
            None if default.is_some() => default,
            None => {
                self.refuse(field, "required");
                None
            }
            Some(text) => {
                let word = text.parse().ok();
                if word.is_none() {
                    self.refuse(field, "not_a_word");
                }
                word
            }
        }
    }

    fn whole(
        &mut self,
        field: &str,
        number: Option<&serde_json::Number>,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let number = number?;
        let whole = whole_of(number).filter(|whole| range.contains(whole));
        if whole.is_none() {
            self.refuse(
                field,
                if number.as_f64().is_some_and(|n| n.fract() != 0.0) { "not_a_number" } else { "out_of_range" },
            );
        }
        whole
    }
}

/// A whole number, however it is written: 1000.0 is a thousand.
fn whole_of(number: &serde_json::Number) -> Option<i64> {
    let written = || number.as_f64().filter(|n| n.fract() == 0.0).and_then(|n| format!("{n:.0}").parse().ok());
    number.as_i64().or_else(written)
}

/// Reads it all, or tells everything that is wrong.
///
/// # Errors
/// One [`FieldError`] for each field that was refused.
pub fn parse(asked: &Asked, found: &Found, channel: Channel, now: At) -> Result<Submission, Vec<FieldError>> {
    let mut reader = Reader::default();
    let building = read_building(&mut reader, asked, found);
    let category = reader.word::<Category>("category", asked.category.as_ref(), None);
    let asking_for = reader.word("asking_for", asked.asking_for.as_ref(), Some(AskingFor::Myself));
    let hand_over = reader.word("hand_over", asked.hand_over.as_ref(), Some(HandOver::Door));
    let contact = read_contact(&mut reader, asked);
    let items = read_items(&mut reader, asked, (category, &found.photos));
    let care = read_care(&mut reader, &asked.care);
    let left = read_medicine(&mut reader, asked.medicine_left.as_ref());
    if asked.place.as_ref().is_some_and(|code| !code.is_empty()) && found.place.is_none() {
        reader.refuse("place", "unknown_place");
    }
    match (building, category, asking_for, hand_over, contact) {
        (Some((zone, building)), Some(category), Some(asking_for), Some(hand_over), Some(contact))
            if reader.errors.is_empty() =>
        {
            let triage = triage(category, left, &care, now);
            let place = found.place;
            Ok(Submission {
                zone,
                building,
                place,
                channel,
                asking_for,
                category,
                hand_over,
                care,
                left,
                items,
                contact,
                triage,
                submitted_at: now,
            })
        }
        _ => Err(reader.errors),
    }
}

fn read_building(reader: &mut Reader, asked: &Asked, found: &Found) -> Option<(ZoneId, BuildingId)> {
    if asked.building.as_ref().is_none_or(|code| code.trim().is_empty()) {
        reader.refuse("building", "required");
    } else if found.building.is_none() {
        reader.refuse("building", "unknown_building");
    }
    found.building
}

fn read_contact(reader: &mut Reader, asked: &Asked) -> Option<Contact> {
    let room = reader.required("room", asked.room.as_ref(), Room::parse);
    let name = reader.required("name", asked.name.as_ref(), Line::parse);
    let phone = reader.required("phone", asked.phone.as_ref(), Phone::parse);
    let email = reader.optional("email", asked.email.as_ref(), Email::parse);
    let note = reader.optional("note", asked.note.as_ref(), Note::parse);
    let patient = asked.patient.as_ref().and_then(|patient| {
        let name = reader.required("patient.name", patient.name.as_ref(), Line::parse)?;
        let phone = reader.optional("patient.phone", patient.phone.as_ref(), Phone::parse);
        Some(Patient { name, phone })
    });
    let lang = match asked.lang.as_deref() {
        None | Some("" | "zh-CN") => "zh-CN",
        Some("en") => "en",
        Some(_) => {
            reader.refuse("lang", "not_a_word");
            "zh-CN"
        }
    };
    Some(Contact { room: room?, name: name?, phone: phone?, email, lang: lang.to_owned(), patient, note })
}

fn read_items(
    reader: &mut Reader,
    asked: &Asked,
    (category, photos): (Option<Category>, &[Option<PhotoId>]),
) -> Vec<Item> {
    if asked.items.is_empty() && category != Some(Category::CareVisit) {
        reader.refuse("items", "required");
    }
    if asked.items.len() > Submission::MOST_ITEMS {
        reader.refuse("items", "too_many");
        return Vec::new();
    }
    let words = Words::of(asked.lang.as_deref().and_then(Lang::parse).unwrap_or_default());
    let photo = |place: usize| photos.get(place).copied().flatten();
    let items = asked.items.iter().enumerate();
    items.filter_map(|(place, item)| read_item(reader, place, item, (photo(place), words))).collect()
}

fn read_item(
    reader: &mut Reader,
    place: usize,
    item: &AskedItem,
    (photo, words): (Option<PhotoId>, Words),
) -> Option<Item> {
    let field = |name: &str| format!("items[{place}].{name}");
    if photo.is_none() && item.photo.as_ref().is_some_and(|token| !token.is_empty()) {
        reader.refuse(field("photo"), "photo_gone");
    }
    // A box that is seen need not be named.
    let shown = photo.map(|_| words.get("item-from-photo"));
    let told = item.name.as_ref().filter(|name| shown.is_none() || !name.trim().is_empty());
    let unnamed = told.is_none();
    let name = told.or(shown.as_ref());
    let name = reader.required(&field("name"), name, Line::parse);
    let strength = reader.optional(&field("strength"), item.strength.as_ref(), Line::parse);
    let unit = reader.optional(&field("unit"), item.unit.as_ref(), Line::parse);
    let before = reader.errors.len();
    let quantity = reader.whole(&field("quantity"), item.quantity.as_ref(), 1..=i64::from(Item::MOST));
    let quantity = if reader.errors.len() == before { quantity.or(Some(1)) } else { None };
    let substitution = reader.word(&field("substitution"), item.substitution.as_ref(), Some(Substitution::AskMe));
    Some(Item {
        name: name?.as_str().to_owned(),
        strength: strength.map(|strength| strength.as_str().to_owned()),
        quantity: i32::try_from(quantity?).ok()?,
        unit: unit.map_or_else(|| "件".to_owned(), |unit| unit.as_str().to_owned()),
        substitution: substitution?,
        photo,
        unnamed,
    })
}

fn read_care(reader: &mut Reader, asked: &[String]) -> Vec<Care> {
    let mut care = Vec::with_capacity(asked.len());
    for (place, text) in asked.iter().enumerate() {
        if let Some(flag) = reader.word(&format!("care[{place}]"), Some(text), None) {
            care.push(flag);
        }
    }
    care.sort_unstable();
    care.dedup();
    care
}

fn read_medicine(reader: &mut Reader, asked: Option<&AskedMedicine>) -> MedicineLeft {
    let Some(asked) = asked else { return MedicineLeft::default() };
    let doses_left = reader.whole("medicine_left.doses_left", asked.doses_left.as_ref(), 0..=9999);
    let doses_per_day = reader.whole("medicine_left.doses_per_day", asked.doses_per_day.as_ref(), 1..=48);
    let next_dose_at = asked.next_dose_at.as_deref().filter(|text| !text.is_empty()).and_then(|text| {
        let at = parse_rfc3339(text);
        if at.is_none() {
            reader.refuse("medicine_left.next_dose_at", "not_a_time");
        }
        at
    });
    let small = |whole: Option<i64>| whole.and_then(|whole| u16::try_from(whole).ok());
    MedicineLeft { doses_left: small(doses_left), doses_per_day: small(doses_per_day), next_dose_at }
}
