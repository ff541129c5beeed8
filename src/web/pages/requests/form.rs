//! The fields of the page as the same [`Asked`] an API client sends: from there on both doors are one.

use serde_json::Number;

use crate::domain::clock::At;
use crate::domain::local::{LocalTime, rfc3339};
use crate::web::extract::Fields;
use crate::web::submission::{Asked, AskedItem, AskedMedicine, AskedPatient};
use crate::words::Lang;

/// Reads what was typed; blank rows of items are left out, everything else is judged by the parser.
#[must_use]
pub fn asked(fields: &Fields, lang: Lang, when: (&LocalTime, At)) -> Asked {
    let text = |name: &str| Some(fields.first(name).to_owned()).filter(|text| !text.is_empty());
    Asked {
        building: text("building"),
        room: text("room"),
        name: text("name"),
        phone: text("phone"),
        email: text("email"),
        lang: Some(lang.as_str().to_owned()),
        asking_for: text("asking_for"),
        patient: patient(fields),
        category: text("category"),
        place: None,
        hand_over: text("hand_over"),
        items: items(fields),
        medicine_left: Some(medicine(fields, when)),
        care: fields.all("care").filter(|flag| !flag.is_empty()).map(ToOwned::to_owned).collect(),
        note: text("note"),
    }
}

fn patient(fields: &Fields) -> Option<AskedPatient> {
    let (name, phone) = (fields.first("patient_name"), fields.first("patient_phone"));
    let given = !name.trim().is_empty() || !phone.trim().is_empty();
    given.then(|| AskedPatient { name: Some(name.to_owned()), phone: Some(phone.to_owned()) })
}

fn items(fields: &Fields) -> Vec<AskedItem> {
    let column = |name: &'static str| fields.all(name).map(ToOwned::to_owned).collect::<Vec<String>>();
    let (names, strengths) = (column("item_name"), column("item_strength"));
    let (quantities, units, substitutions) =
        (column("item_quantity"), column("item_unit"), column("item_substitution"));
    let cell = |column: &[String], row: usize| column.get(row).cloned().filter(|text| !text.trim().is_empty());
    let rows = (0..names.len()).map(|row| AskedItem {
        name: cell(&names, row),
        strength: cell(&strengths, row),
        quantity: cell(&quantities, row).map(|text| number(&text)),
        unit: cell(&units, row),
        substitution: cell(&substitutions, row),
    });
    rows.filter(|item| item.name.is_some() || item.strength.is_some()).collect()
}

/// A number as typed; what is none becomes one that the parser refuses with its field's name.
fn number(text: &str) -> Number {
    let half_width: String = text.trim().chars().map(crate::domain::text::half_width).collect();
    half_width.parse::<i64>().map_or_else(|_| Number::from_f64(0.5).unwrap_or_else(|| Number::from(-1)), Number::from)
}

fn medicine(fields: &Fields, (local, now): (&LocalTime, At)) -> AskedMedicine {
    let whole = |name: &str| Some(fields.first(name)).filter(|text| !text.trim().is_empty()).map(number);
    AskedMedicine {
        doses_left: whole("doses_left"),
        doses_per_day: whole("doses_per_day"),
        next_dose_at: next_dose(fields.first("next_dose"), local, now).map(rfc3339),
    }
}

/// The choices of the page as times: evening is 20:00, morning 08:00.
fn next_dose(choice: &str, local: &LocalTime, now: At) -> Option<At> {
    let midnight = local.day_began(now);
    match choice {
        "now" => Some(now),
        "in_2h" => Some(now.plus_seconds(2 * 3600)),
        "today_evening" => Some(midnight.plus_seconds(20 * 3600).max(now)),
        "tomorrow_morning" => Some(midnight.plus_seconds(32 * 3600)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local::parse_rfc3339;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Fields { pairs, ..Fields::default() }
    }

    #[test]
    fn rows_of_items_keep_together_and_blank_ones_are_left_out() {
        let local = LocalTime::named("Asia/Shanghai").unwrap();
        let fields = fields(&[
            ("item_name", "缬沙坦胶囊"),
            ("item_quantity", "２"),
            ("item_unit", "盒"),
            ("item_strength", "80mg"),
            ("item_name", ""),
            ("item_quantity", "1"),
            ("item_unit", ""),
            ("item_strength", ""),
            ("item_name", "大米"),
            ("item_quantity", "many"),
            ("item_unit", "袋"),
            ("item_strength", ""),
        ]);
        let asked = asked(&fields, Lang::ZhCn, (&local, At::from_seconds(0)));
        assert_eq!(asked.items.len(), 2);
        assert_eq!(asked.items[0].quantity, Some(Number::from(2)));
        assert_eq!(asked.items[1].name.as_deref(), Some("大米"));
        assert_eq!(asked.items[1].quantity.as_ref().and_then(Number::as_i64), None);
    }

    #[test]
    fn evening_is_eight_o_clock_where_the_zone_is() {
        let local = LocalTime::named("Asia/Shanghai").unwrap();
        let noon = parse_rfc3339("2026-11-23T04:00:00Z").unwrap();
        assert_eq!(next_dose("today_evening", &local, noon), parse_rfc3339("2026-11-23T12:00:00Z"));
        assert_eq!(next_dose("tomorrow_morning", &local, noon), parse_rfc3339("2026-11-24T00:00:00Z"));
        assert_eq!(next_dose("unknown", &local, noon), None);
    }
}
