//! What fills the form beside typing: what is known of a number, a pasted message. Only blanks are filled; what was typed
//! stays.

use crate::domain::slip::{self, Slip};
use crate::domain::text::digits_of;
use crate::store::views::desk::Card;
use crate::web::pages::form::Typed;

/// Lines for items on the page.
pub const ROWS: usize = 5;

/// The form as pairs that can still be changed.
#[derive(Clone, Default)]
pub struct Draft(Vec<(String, String)>);

impl Draft {
    #[must_use]
    pub fn new(pairs: &[(String, String)]) -> Self {
        Self(pairs.to_vec())
    }

    #[must_use]
    pub fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(field, _)| field == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    fn fill(&mut self, name: &str, value: Option<&str>) -> bool {
        let Some(value) = value.filter(|value| !value.trim().is_empty()) else { return true };
        let blank = self.first(name).trim().is_empty();
        if blank {
            self.set(name, value);
        }
        blank
    }

    /// What is known of the caller's number.
    pub fn know(&mut self, card: &Card) {
        self.fill("name", Some(&card.name));
        self.fill("door", Some(&format!("{} {}", card.building, card.room)));
        if self.all("care").is_empty() {
            self.0.extend(card.care.iter().map(|flag| ("care".to_owned(), flag.as_str().to_owned())));
        }
    }

    /// Another line of goods, in the first free row; `false` when all are full.
    pub fn add_line(&mut self, line: &str) -> bool {
        let rows = self.all("item_line").len();
        self.0.extend((rows..ROWS).map(|_| ("item_line".to_owned(), String::new())));
        let free = self.0.iter_mut().find(|(field, value)| field == "item_line" && value.trim().is_empty());
        free.map(|(_, value)| line.clone_into(value)).is_some()
    }

    /// A pasted message: fields that are free take their part, the rest is added to the note.
    pub fn paste(&mut self, text: &str) {
        let slip = slip::read(text);
        let mut rest = self.take_plain(&slip);
        for goods in &slip.goods {
            let line = line_of(goods);
            if !self.add_line(&line) {
                rest.push(line);
            }
        }
        rest.push(slip.note);
        let said: Vec<String> =
            std::iter::once(self.first("note").to_owned()).chain(rest).filter(|text| !text.trim().is_empty()).collect();
        self.set("note", &said.join("\n"));
        self.set("slip", "");
    }

    fn take_plain(&mut self, slip: &Slip) -> Vec<String> {
        let number = |number: Option<u16>| number.map(|number| number.to_string());
        let (left, per_day) = (number(slip.doses_left), number(slip.doses_per_day));
        let fields = [
            ("phone", slip.phone.as_deref()),
            ("patient_phone", slip.patient_phone.as_deref()),
            ("name", slip.name.as_deref()),
            ("door", slip.door.as_deref()),
            ("doses_left", left.as_deref()),
            ("doses_per_day", per_day.as_deref()),
        ];
        let full = |(name, value): &(&str, Option<&str>)| !self.fill(name, *value);
        fields.into_iter().filter(full).filter_map(|(_, value)| value.map(ToOwned::to_owned)).collect()
    }

    /// The digits of the caller's number.
    #[must_use]
    pub fn digits(&self) -> String {
        digits_of(self.first("phone"))
    }

    #[must_use]
    pub fn typed(&self) -> Typed {
        self.0.clone().into_iter().collect()
    }

    /// What the call says, without what only the page itself needs: two of the same are the same call.
    #[must_use]
    pub fn digest(&self) -> String {
        const OWN: [&str; 7] = ["form_token", "idempotency_key", "looked", "read", "act", "slip", "door_choice"];
        let said = self.0.iter().filter(|(name, value)| !OWN.contains(&name.as_str()) && !value.is_empty());
        // Browsers end lines their own way, and filled fields stand elsewhere than sent ones.
        let mut said: Vec<String> =
            said.map(|(name, value)| format!("{name}={}", value.replace("\r\n", "\n"))).collect();
        said.sort();
        let text = said.join("\u{0}");
        crate::domain::secret::base32(&crate::domain::secret::digest(text.as_bytes()))
    }
}

fn line_of(goods: &slip::Goods) -> String {
    let count = goods.quantity.map(|quantity| format!("{quantity}{}", goods.unit.as_deref().unwrap_or("件")));
    let parts = [Some(goods.name.clone()), goods.strength.clone(), count];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_message_fills_blanks_and_loses_nothing() {
        let mut draft = Draft::new(&[("name".into(), "李老师".into())]);
        draft.paste("王阿姨 13800000000 3-2-501\n缬沙坦胶囊 80mg 2盒，没药了\n敲门三下");
        assert_eq!(
            (draft.first("name"), draft.first("phone"), draft.first("door")),
            ("李老师", "13800000000", "3-2-501")
        );
        assert_eq!((draft.all("item_line")[0], draft.first("doses_left")), ("缬沙坦胶囊 80mg 2盒", "0"));
        assert_eq!(draft.first("note"), "王阿姨\n敲门三下", "a second name is not lost");
    }

    #[test]
    fn more_goods_than_rows_go_to_the_note() {
        let mut draft = Draft::default();
        draft.paste("米1袋，面1袋，油1桶，盐1包，糖1包，茶2盒");
        assert_eq!((draft.all("item_line").len(), draft.first("note")), (ROWS, "茶 2盒"));
    }
}
