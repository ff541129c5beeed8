//! What was typed and what was wrong with it: values are kept, refusals are said beside the field and in a summary.

use std::collections::BTreeMap;

use crate::web::fault;
use crate::words::{Value, Words};

/// The values of a form as they were typed; a name may come several times.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, Vec<String>>);

impl Typed {
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.is_empty()
    }

    /// Every field with each of its values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
    }

    /// Whether the field was sent at all.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The first value, or nothing.
    #[must_use]
    pub fn first(&self, name: &str) -> &str {
        self.nth(name, 0)
    }

    #[must_use]
    pub fn nth(&self, name: &str, place: usize) -> &str {
        self.all(name).get(place).map_or("", String::as_str)
    }

    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|typed| typed == value)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Typed {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            typed.0.entry(name.into()).or_default().push(value.into());
        }
        typed
    }
}

// What people type is personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// One refused field: `room` or `items[0].name`, and the code of the refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub code: String,
}

impl FieldError {
    #[must_use]
    pub fn new(field: &str, code: &str) -> Self {
        Self { field: field.to_owned(), code: code.to_owned() }
    }

    /// What was refused at the door, as a page shows it.
    #[must_use]
    pub fn of(refused: &[fault::FieldError]) -> Vec<Self> {
        refused.iter().map(|error| Self::new(&error.field, error.code)).collect()
    }

    /// The name of the field on the page and, in a repeated row, which row: `items[1].unit` is `item_unit` of row 1.
    #[must_use]
    pub fn place(&self) -> (String, Option<usize>) {
        let row = self.field.strip_prefix("items[").and_then(|rest| rest.split_once("]."));
        if let Some((number, name)) = row {
            return (format!("item_{name}"), Some(number.parse().unwrap_or(0)));
        }
        match self.field.as_str() {
            "items" => ("item_name".to_owned(), Some(0)),
            "patient" => ("patient_name".to_owned(), None),
            "medicine_left.next_dose_at" => ("next_dose".to_owned(), None),
            other => (other.trim_start_matches("medicine_left.").replace("patient.", "patient_"), None),
        }
    }

    /// What to say about it.
    #[must_use]
    pub fn text(&self, words: Words) -> String {
        let (name, row) = self.place();
        let label = words.find(&format!("field-{name}")).unwrap_or_else(|| name.clone());
        let label = match row {
            Some(row) if row > 0 => words.with("field-in-row", &[("field", label.into()), ("row", (row + 1).into())]),
            _ => label,
        };
        let id = format!("refusal-{}", self.code);
        words.with(if words.knows(&id) { &id } else { "refusal-other" }, &[("field", Value::from(label))])
    }
}

/// The id of a field's element, where the summary leads.
#[must_use]
pub fn anchor(name: &str, row: Option<usize>) -> String {
    row.map_or_else(|| name.to_owned(), |row| format!("{name}-{row}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn a_refusal_of_the_interface_finds_its_field_on_the_page() {
        for (field, name, row) in [
            ("room", "room", None),
            ("items[2].name", "item_name", Some(2)),
            ("items", "item_name", Some(0)),
            ("patient.phone", "patient_phone", None),
            ("medicine_left.doses_left", "doses_left", None),
        ] {
            assert_eq!(FieldError::new(field, "required").place(), (name.to_owned(), row));
        }
    }

    #[test]
    fn a_refusal_names_field_and_row() {
        let words = Words::of(Lang::ZhCn);
        let said = FieldError::new("items[1].name", "required").text(words);
        assert!(said.contains("第 2 样") && said.contains(&words.get("field-item_name")), "{said}");
        assert!(!FieldError::new("room", "never_heard_of").text(words).contains('['));
    }

    #[test]
    fn what_was_typed_does_not_print() {
        let typed: Typed = [("name", "王阿姨")].into_iter().collect();
        assert!(!format!("{typed:?}").contains('王'));
    }
}
