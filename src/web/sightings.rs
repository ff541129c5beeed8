//! What somebody tells about a counter, parsed once for the API and the pages.

use serde::Deserialize;
use utoipa::ToSchema;

use super::fault::{Fault, FieldError, Result};
use crate::domain::stock::{Found, ItemKey};
use crate::domain::text::{Goods, Unfit};
use crate::flow::sighting::Told;

/// As loose as it may come, so that all that is wrong can be told at once.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SightingBody {
    #[schema(example = "缬沙坦胶囊")]
    pub item: Option<String>,
    /// Empty: any strength.
    #[schema(example = "80mg")]
    pub strength: Option<String>,
    /// `has`, `none`, `other_maker`, `shut`
    #[schema(example = "has")]
    pub outcome: Option<String>,
}

/// # Errors
/// [`Fault::Invalid`] with everything that was refused.
pub fn read(place: &str, body: &SightingBody) -> Result<Told> {
    let mut errors = Vec::new();
    let mut refuse = |field: &str, code| errors.push(FieldError::new(field, code));
    let item = body.item.as_deref().unwrap_or_default();
    if let Err(unfit) = Goods::parse(item) {
        refuse("item", unfit.code());
    }
    let strength = body.strength.as_deref();
    if let Err(unfit @ (Unfit::TooLong | Unfit::ControlCharacter)) = Goods::parse(strength.unwrap_or_default()) {
        refuse("strength", unfit.code());
    }
    let found = match body.outcome.as_deref() {
        None | Some("") => Err("required"),
        Some(word) => word.parse::<Found>().map_err(|_| "not_a_word"),
    };
    match found {
        Ok(found) if errors.is_empty() => Ok(Told { place: place.to_owned(), key: ItemKey::of(item, strength), found }),
        Ok(_) => Err(Fault::Invalid(errors)),
        Err(code) => {
            errors.push(FieldError::new("outcome", code));
            Err(Fault::Invalid(errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(item: &str, strength: &str, outcome: &str) -> SightingBody {
        let given = |text: &str| Some(text.to_owned());
        SightingBody { item: given(item), strength: given(strength), outcome: given(outcome) }
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let refused = |body: SightingBody| match read("P-1", &body) {
            Err(Fault::Invalid(errors)) => {
                errors.into_iter().map(|error| format!("{} {}", error.field, error.code)).collect::<Vec<_>>()
            }
            _ => vec![],
        };
        assert_eq!(refused(SightingBody::default()), ["item required", "outcome required"]);
        assert_eq!(
            refused(body("a\u{0}", "b\n", "maybe")),
            ["item control_character", "strength control_character", "outcome not_a_word"]
        );
        assert_eq!(refused(body(&"药".repeat(101), "", "has")), ["item too_long"]);
        assert_eq!(refused(body(&"药".repeat(100), "", "shut")), Vec::<String>::new());
    }

    #[test]
    fn what_is_told_is_normalised() {
        let told = read("P-1", &body(" ＡＢＣ ", "80 mg", "other_maker")).unwrap();
        assert_eq!((told.key, told.found), (ItemKey::of("abc", Some("80mg")), Found::OtherMaker));
    }
}
