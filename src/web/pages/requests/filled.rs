//! What was filled in so far: the fields of all steps, carried along by the pages, and the rows of items among them.
//! In the end they are the same [`Asked`] an API client sends: from there on both doors are one.

use serde_json::Number;

use crate::domain::clock::At;
use crate::domain::local::{LocalTime, rfc3339};
use crate::domain::request::AskingFor;
use crate::domain::secret;
use crate::web::pages::form::Typed;
use crate::web::submission::{Asked, AskedItem, AskedMedicine, AskedPatient};
use crate::words::Lang;

/// The columns of an item; [`Row`] keeps them in this order.
const COLUMNS: [&str; 6] =
    ["item_name", "item_strength", "item_quantity", "item_unit", "item_substitution", "item_photo"];
const NAME: usize = 0;
const STRENGTH: usize = 1;
const QUANTITY: usize = 2;
const UNIT: usize = 3;
const SUBSTITUTION: usize = 4;
const PHOTO: usize = 5;
/// What belongs to the page and not to the request.
const OF_THE_PAGE: &[&str] = &["form_token", "idempotency_key", "step", "go"];
/// More rows than a request may have, so that it can be told; not so many as one could send.
const MOST_ROWS: usize = 40;

#[derive(Clone, Default, PartialEq, Eq)]
struct Row([String; 6]);

impl Row {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    fn given(&self, column: usize) -> Option<String> {
        Some(self.cell(column)).filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned)
    }

    fn is_blank(&self) -> bool {
        [NAME, STRENGTH, PHOTO].into_iter().all(|column| self.given(column).is_none())
    }
}

/// See the module.
#[derive(Clone, Default)]
pub struct Filled {
    pairs: Vec<(String, String)>,
    rows: Vec<Row>,
}

impl Filled {
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        let mut filled = Self::default();
        let mut filled_to = [0; 6];
        for (name, value) in pairs {
            match COLUMNS.iter().position(|column| *column == name) {
                Some(column) => filled.put(column, &mut filled_to, value),
                None if OF_THE_PAGE.contains(&name.as_str()) => {}
                None => filled.pairs.push((name, value)),
            }
        }
        filled
    }

    fn put(&mut self, column: usize, filled_to: &mut [usize; 6], value: String) {
        let Some(row) = filled_to.get_mut(column).filter(|row| **row < MOST_ROWS) else { return };
        if self.rows.len() <= *row {
            self.rows.push(Row::default());
        }
        if let Some(cell) = self.rows.get_mut(*row).and_then(|row| row.0.get_mut(column)) {
            *cell = value;
        }
        *row += 1;
    }

    /// The first value of a field; empty when there is none.
    #[must_use]
    pub fn first(&self, name: &str) -> &str {
        self.pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.pairs.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.pairs.retain(|(field, _)| field != name);
        self.pairs.push((name.to_owned(), value.to_owned()));
    }

    pub fn add_row(&mut self) {
        if self.rows.len() < MOST_ROWS {
            self.rows.push(Row::default());
        }
    }

    pub fn drop_row(&mut self, row: usize) {
        if row < self.rows.len() {
            self.rows.remove(row);
        }
    }

    /// Empty rows go: from here on the rows on the page are the items of the request.
    pub fn squeeze(&mut self) {
        self.rows.retain(|row| !row.is_blank());
    }

    pub fn set_photo(&mut self, row: usize, token: &str) {
        while self.rows.len() <= row.min(MOST_ROWS) {
            self.rows.push(Row::default());
        }
        if let Some(cell) = self.rows.get_mut(row).and_then(|row| row.0.get_mut(PHOTO)) {
            token.clone_into(cell);
        }
    }

    /// For the fields of the pages.
    #[must_use]
    pub fn typed(&self) -> Typed {
        let cells = |row: &Row| COLUMNS.into_iter().zip(row.0.clone()).collect::<Vec<_>>();
        let cells = self.rows.iter().flat_map(cells).map(|(name, value)| (name.to_owned(), value));
        self.pairs.iter().cloned().chain(cells).collect()
    }

    /// Equal for equal forms, whatever was pressed and however often the text was made larger.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        let rows: Vec<_> = self.rows.iter().filter(|row| !row.is_blank()).map(|row| &row.0).collect();
        let mut pairs: Vec<_> = self.pairs.iter().filter(|(name, value)| name != "seen" && !value.is_empty()).collect();
        pairs.sort();
        secret::digest(serde_json::to_string(&(pairs, rows)).unwrap_or_default().as_bytes())
    }

    /// As a request. Empty rows are left out; everything else is judged by the parser.
    #[must_use]
    pub fn asked(&self, lang: Lang, when: (&LocalTime, At)) -> Asked {
        let text = |name: &str| Some(self.first(name).to_owned()).filter(|text| !text.is_empty());
        Asked {
            building: text("building"),
            room: text("room"),
            name: text("name"),
            phone: text("phone"),
            email: text("email"),
            lang: Some(lang.as_str().to_owned()),
            asking_for: text("asking_for"),
            patient: self.patient(),
            category: text("category"),
            place: None,
            hand_over: text("hand_over"),
            items: self.rows.iter().filter(|row| !row.is_blank()).map(item).collect(),
            medicine_left: Some(self.medicine(when)),
            care: self.all("care").filter(|flag| !flag.is_empty()).map(ToOwned::to_owned).collect(),
            note: text("note"),
        }
    }

    /// Somebody who asks for another says for whom.
    fn patient(&self) -> Option<AskedPatient> {
        let (name, phone) = (self.first("patient_name"), self.first("patient_phone"));
        let for_another = [AskingFor::Family, AskingFor::Neighbour].map(AskingFor::as_str);
        let given = !name.trim().is_empty() || !phone.trim().is_empty();
        let wanted = given || for_another.contains(&self.first("asking_for"));
        wanted.then(|| AskedPatient { name: Some(name.to_owned()), phone: Some(phone.to_owned()) })
    }

    fn medicine(&self, (local, now): (&LocalTime, At)) -> AskedMedicine {
        let known = |text: &&str| !text.trim().is_empty() && *text != "unknown";
        let whole = |name: &str| Some(self.first(name)).filter(known).map(number);
        AskedMedicine {
            doses_left: whole("doses_left"),
            doses_per_day: whole("doses_per_day"),
            next_dose_at: next_dose(self.first("next_dose"), local, now).map(rfc3339),
        }
    }
}

fn item(row: &Row) -> AskedItem {
    AskedItem {
        name: row.given(NAME),
        strength: row.given(STRENGTH),
        quantity: row.given(QUANTITY).map(|text| number(&text)),
        unit: row.given(UNIT),
        substitution: row.given(SUBSTITUTION),
        photo: row.given(PHOTO),
    }
}

/// A number as typed; what is none becomes one that the parser refuses with its field's name.
fn number(text: &str) -> Number {
    let half_width: String = text.trim().chars().map(crate::domain::text::half_width).collect();
    half_width.parse::<i64>().map_or_else(|_| Number::from_f64(0.5).unwrap_or_else(|| Number::from(-1)), Number::from)
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

    fn filled(pairs: &[(&str, &str)]) -> Filled {
        Filled::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn asked(filled: &Filled) -> Asked {
        filled.asked(Lang::ZhCn, (&LocalTime::named("Asia/Shanghai").unwrap(), At::from_seconds(0)))
    }

    const TWO: &[(&str, &str)] = &[
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
    ];

    #[test]
    fn rows_of_items_keep_together_and_blank_ones_are_left_out() {
        let asked = asked(&filled(TWO));
        assert_eq!(asked.items.len(), 2);
        assert_eq!(asked.items[0].quantity, Some(Number::from(2)));
        assert_eq!(asked.items[1].name.as_deref(), Some("大米"));
        assert_eq!(asked.items[1].quantity.as_ref().and_then(Number::as_i64), None);
    }

    #[test]
    fn rows_come_and_go_without_mixing() {
        let mut filled = filled(TWO);
        filled.set_photo(1, "token");
        filled.squeeze();
        filled.add_row();
        assert_eq!(filled.typed().all("item_name"), ["缬沙坦胶囊", "", "大米", ""]);
        assert_eq!(filled.typed().all("item_photo"), ["", "token", "", ""]);
        filled.drop_row(0);
        filled.drop_row(99);
        filled.squeeze();
        assert_eq!(filled.typed().all("item_unit"), ["", "袋"]);
        assert_eq!(asked(&filled).items[0].photo.as_deref(), Some("token"));
    }

    #[test]
    fn the_same_form_has_the_same_digest_whatever_button_was_pressed() {
        let mut pairs = TWO.to_vec();
        let plain = filled(&pairs).digest();
        pairs.extend([("go", "send"), ("form_token", "x"), ("seen", "check"), ("email", "")]);
        assert_eq!(filled(&pairs).digest(), plain);
        pairs.push(("room", "2-501"));
        assert_ne!(filled(&pairs).digest(), plain);
    }

    #[test]
    fn who_asks_for_a_neighbour_must_say_for_whom() {
        assert!(asked(&filled(&[("asking_for", "self")])).patient.is_none());
        let patient = asked(&filled(&[("asking_for", "neighbour")])).patient.unwrap();
        assert_eq!(patient.name.as_deref(), Some(""));
    }

    #[test]
    fn what_is_not_known_is_not_counted() {
        let left = asked(&filled(&[("doses_left", "unknown"), ("doses_per_day", ""), ("next_dose", "unknown")]));
        let left = left.medicine_left.unwrap();
        assert!(left.doses_left.is_none() && left.doses_per_day.is_none() && left.next_dose_at.is_none());
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
