//! What a runner tells about the goods, parsed once for the API and the page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fault::{Fault, FieldError, Result};
use crate::domain::errand::Step;
use crate::domain::fetched::Got;
use crate::domain::text::{Line, Note};
use crate::flow::fetching::{Goods, Said, Ticked};

/// What was got of one thing.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GotBody {
    /// Its place in the list of items, from 1.
    #[schema(example = 1)]
    pub item: Option<i64>,
    /// `as_asked`, `swap` (the same drug and strength of another maker), `none`
    #[schema(example = "swap")]
    pub got: Option<String>,
    /// A call about it.
    pub said: Option<SaidBody>,
}

/// Who allowed it on the telephone. Kept as a remark; staff see it, with the time.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaidBody {
    /// Who was spoken to.
    pub by: Option<String>,
    /// What was said.
    pub note: Option<String>,
}

/// # Errors
/// [`Fault::Invalid`] with everything that was refused; goods told along with a step they do not belong to are unknown
/// fields.
pub fn read(step: Step, items: Option<&[GotBody]>, refused: Option<&[i64]>) -> Result<Goods> {
    let (mut goods, mut errors) = (Goods::default(), Vec::new());
    if items.is_some() && step != Step::Collect {
        errors.push(FieldError::new("items", "unknown_field"));
    }
    if refused.is_some() && step != Step::Deliver {
        errors.push(FieldError::new("refused", "unknown_field"));
    }
    for (row, body) in items.unwrap_or_default().iter().enumerate() {
        match body.read(row) {
            Ok(ticked) if goods.items.iter().any(|known: &Ticked| known.position == ticked.position) => {
                errors.push(FieldError::new(format!("items[{row}].item"), "too_many"));
            }
            Ok(ticked) => goods.items.push(ticked),
            Err(wrong) => errors.extend(wrong),
        }
    }
    for position in refused.unwrap_or_default() {
        match i32::try_from(*position) {
            Ok(position) if goods.refused.contains(&position) => {}
            Ok(position) => goods.refused.push(position),
            Err(_) => errors.push(FieldError::new("refused", "out_of_range")),
        }
    }
    if errors.is_empty() { Ok(goods) } else { Err(Fault::Invalid(errors)) }
}

impl GotBody {
    fn read(&self, row: usize) -> std::result::Result<Ticked, Vec<FieldError>> {
        let wrong = |field: &str, code| FieldError::new(format!("items[{row}].{field}"), code);
        let position = match self.item.map(i32::try_from) {
            None => Err(wrong("item", "required")),
            Some(Ok(position)) if position >= 1 => Ok(position),
            Some(_) => Err(wrong("item", "out_of_range")),
        };
        let got = match self.got.as_deref() {
            None | Some("") => Err(wrong("got", "required")),
            Some(word) => word.parse::<Got>().map_err(|_| wrong("got", "not_a_word")),
        };
        let said = self.said.as_ref().map(SaidBody::read).transpose();
        let said = said.map_err(|(field, code)| wrong(field, code));
        match (position, got, said) {
            (Ok(position), Ok(got), Ok(said)) => Ok(Ticked { position, got, said }),
            (position, got, said) => Err([position.err(), got.err(), said.err()].into_iter().flatten().collect()),
        }
    }
}

impl SaidBody {
    fn read(&self) -> std::result::Result<Said, (&'static str, &'static str)> {
        let by = Line::parse(self.by.as_deref().unwrap_or_default()).map_err(|unfit| ("said.by", unfit.code()))?;
        let note = self.note.as_deref().filter(|note| !note.trim().is_empty()).map(Note::parse).transpose();
        Ok(Said { by, note: note.map_err(|unfit| ("said.note", unfit.code()))? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn got(item: i64, got: &str) -> GotBody {
        GotBody { item: Some(item), got: Some(got.to_owned()), said: None }
    }

    fn refusals(result: Result<Goods>) -> Vec<String> {
        match result {
            Err(Fault::Invalid(errors)) => {
                errors.iter().map(|wrong| format!("{} {}", wrong.field, wrong.code)).collect()
            }
            _ => vec![],
        }
    }

    #[test]
    fn everything_wrong_is_told_at_once_by_row_and_field() {
        let said = SaidBody { by: Some(" ".into()), note: None };
        let items = [
            GotBody::default(),
            got(0, "maybe"),
            GotBody { said: Some(said), ..got(1, "swap") },
            got(2, "none"),
            got(2, "swap"),
        ];
        let expected = [
            "items[0].item required",
            "items[0].got required",
            "items[1].item out_of_range",
            "items[1].got not_a_word",
            "items[2].said.by required",
            "items[4].item too_many",
        ];
        assert_eq!(refusals(read(Step::Collect, Some(&items), None)), expected);
    }

    #[test]
    fn goods_belong_to_their_step() {
        let items = [got(1, "swap")];
        assert_eq!(refusals(read(Step::Deliver, Some(&items), Some(&[1]))), ["items unknown_field"]);
        assert_eq!(refusals(read(Step::Collect, Some(&items), Some(&[1]))), ["refused unknown_field"]);
        assert_eq!(read(Step::Deliver, None, Some(&[2, 2, 1])).unwrap().refused, [2, 1]);
        assert!(read(Step::Fail, None, None).unwrap().items.is_empty());
    }
}
