//! The steps of the form, which fields each of them shows, and where the buttons lead.

use crate::web::fault::FieldError;
use crate::web::pages::form;

/// A page of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    What,
    Where,
    Check,
}

/// The fields of the first step. Those of the medicine clock are shown for medicine only, else carried along.
const WHAT: &[&str] = &[
    "category",
    "item_name",
    "item_strength",
    "item_quantity",
    "item_unit",
    "item_substitution",
    "item_photo",
    "note",
];
pub const CLOCK: &[&str] = &["doses_left", "doses_per_day", "next_dose"];
const WHERE: &[&str] =
    &["building", "room", "name", "phone", "asking_for", "patient_name", "patient_phone", "hand_over", "care", "email"];

impl Step {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::What => "what",
            Self::Where => "where",
            Self::Check => "check",
        }
    }

    /// What was never heard of is the last step: there everything is judged.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "what" => Self::What,
            "where" => Self::Where,
            _ => Self::Check,
        }
    }

    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::What => 1,
            Self::Where => 2,
            Self::Check => 3,
        }
    }

    #[must_use]
    pub const fn after(self) -> Self {
        match self {
            Self::What => Self::Where,
            Self::Where | Self::Check => Self::Check,
        }
    }

    /// Whether this step shows the field of this name on the page.
    #[must_use]
    pub fn shows(self, name: &str) -> bool {
        match self {
            Self::What => WHAT.contains(&name) || CLOCK.contains(&name),
            Self::Where => WHERE.contains(&name),
            Self::Check => false,
        }
    }

    /// The step to mend this on. What no step shows can be mended nowhere else than at the beginning.
    #[must_use]
    pub fn of(error: &FieldError) -> Self {
        let (name, _) = form::FieldError::new(&error.field, error.code).place();
        let name = if name.starts_with("care[") { "care".to_owned() } else { name };
        if Self::Where.shows(&name) { Self::Where } else { Self::What }
    }
}

/// What a button asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    Next,
    Send,
    /// The same page, in another size or language.
    Stay,
    To(Step),
    AddRow,
    DropRow(usize),
    DropPhoto(usize),
}

impl Go {
    /// No button at all is a form sent in one piece.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let row = |prefix: &str| text.strip_prefix(prefix).and_then(|row| row.parse().ok());
        match text {
            "next" => Self::Next,
            "stay" => Self::Stay,
            "what" => Self::To(Step::What),
            "where" => Self::To(Step::Where),
            "add" => Self::AddRow,
            _ => row("drop-").map(Self::DropRow).or_else(|| row("unphoto-").map(Self::DropPhoto)).unwrap_or(Self::Send),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_step_to_mend_it_on() {
        for (field, step) in [
            ("items[3].quantity", Step::What),
            ("items", Step::What),
            ("medicine_left.doses_left", Step::What),
            ("note", Step::What),
            ("building", Step::Where),
            ("patient.name", Step::Where),
            ("care[2]", Step::Where),
            ("phone", Step::Where),
        ] {
            assert_eq!(Step::of(&FieldError::new(field, "required")), step, "{field}");
        }
    }

    #[test]
    fn a_form_sent_in_one_piece_is_sent() {
        assert_eq!(Go::parse(""), Go::Send);
        assert_eq!(Go::parse("drop-2"), Go::DropRow(2));
        assert_eq!(Go::parse("unphoto-0"), Go::DropPhoto(0));
        assert_eq!(Go::parse("drop-x"), Go::Send);
    }
}
