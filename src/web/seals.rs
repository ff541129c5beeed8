//! What somebody says about a seal, read once for both doors.

use serde::Deserialize;
use utoipa::ToSchema;

use super::fault::FieldError;
use crate::domain::clock::At;
use crate::domain::local::parse_rfc3339;
use crate::domain::seal::{Order, Seal};

/// A seal to set.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SealBody {
    /// `open`, `sealed`, `stairs_only`
    #[schema(example = "sealed")]
    pub seal: Option<String>,
    /// RFC 3339; at once when not given or in the past.
    pub from: Option<String>,
    /// RFC 3339; then the building is open by itself. Until another is set when not given.
    pub until: Option<String>,
}

impl SealBody {
    /// # Errors
    /// Every field that was refused.
    pub fn read(&self, now: At) -> Result<Order, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let seal = match self.seal.as_deref() {
            None | Some("") => Err("required"),
            Some(word) => word.parse::<Seal>().map_err(|_| "not_a_word"),
        };
        let seal = seal.map_err(|code| wrong.push(FieldError::new("seal", code))).ok();
        let (from, until) =
            (time("from", self.from.as_deref(), &mut wrong), time("until", self.until.as_deref(), &mut wrong));
        let Some(seal) = seal.filter(|_| wrong.is_empty()) else { return Err(wrong) };
        let order = Order { seal, from, until, source: None };
        if order.has_time(now) { Ok(order) } else { Err(vec![FieldError::new("until", "out_of_range")]) }
    }
}

fn time(field: &str, text: Option<&str>, wrong: &mut Vec<FieldError>) -> Option<At> {
    let text = text.filter(|text| !text.is_empty())?;
    let at = parse_rfc3339(text);
    if at.is_none() {
        wrong.push(FieldError::new(field, "not_a_time"));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(seal: &str, from: &str, until: &str) -> Vec<String> {
        let given = |text: &str| Some(text.to_owned());
        let body = SealBody { seal: given(seal), from: given(from), until: given(until) };
        let wrong = body.read(At::from_seconds(1_700_000_000)).err().unwrap_or_default();
        wrong.into_iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert!(refused("sealed", "", "").is_empty());
        assert!(refused("stairs_only", "2030-01-01T00:00:00Z", "2030-01-02T00:00:00Z").is_empty());
        assert_eq!(refused("", "x", "y"), ["seal required", "from not_a_time", "until not_a_time"]);
        assert_eq!(refused("shut", "", ""), ["seal not_a_word"]);
        assert_eq!(refused("sealed", "", "2020-01-01T00:00:00Z"), ["until out_of_range"]);
    }
}
