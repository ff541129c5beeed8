//! Amounts, parsed once for the API and the pages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fault::{Fault, FieldError, Result};
use crate::domain::ids::ErrandId;
use crate::domain::money::{Fen, How, NoAmount};
use crate::flow::booking::{Bag, Bought};

/// Yuan: a text such as `"12.50"`, or a number.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Amount {
    Text(String),
    Number(f64),
}

impl Amount {
    fn read(&self) -> std::result::Result<Fen, NoAmount> {
        match self {
            Self::Text(text) => Fen::parse(text),
            Self::Number(number) => Fen::parse(&number.to_string()),
        }
    }
}

#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpentItem {
    /// Place of the thing in the list, from 1.
    #[schema(value_type = i32)]
    pub item: Option<i32>,
    #[schema(example = "12.50")]
    pub amount: Option<Amount>,
}

#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpentBag {
    pub errand: Option<String>,
    pub items: Vec<SpentItem>,
}

/// A receipt: what the till printed, and what went into which bag. The bags must add up to the total.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReceiptBody {
    /// Code of the place.
    pub place: Option<String>,
    #[schema(example = "63.40")]
    pub total: Option<Amount>,
    /// Of the receipt: what `POST /photos` answered.
    pub photo: Option<String>,
    pub bags: Vec<SpentBag>,
}

/// What a household gave.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettleBody {
    /// Yuan; below zero for what it got back.
    #[schema(example = "63.40")]
    pub amount: Option<Amount>,
    /// `cash`, `transfer`, `card` (its own, which the runner carried).
    pub how: Option<String>,
}

/// Bags of one receipt.
const MOST_BAGS: usize = 30;

fn amount(errors: &mut Vec<FieldError>, field: String, given: Option<&Amount>, below_zero: bool) -> Fen {
    let read = given.map_or(Err(NoAmount::Required), Amount::read);
    let read = read.and_then(|fen| if fen.0 < 0 && !below_zero { Err(NoAmount::OutOfRange) } else { Ok(fen) });
    read.unwrap_or_else(|unfit| {
        errors.push(FieldError::new(field, unfit.code()));
        Fen(0)
    })
}

impl ReceiptBody {
    /// # Errors
    /// [`Fault::Invalid`] with everything that was refused.
    pub fn read(&self) -> Result<Bought> {
        let mut errors = Vec::new();
        let total = amount(&mut errors, "total".to_owned(), self.total.as_ref(), false);
        if self.bags.is_empty() {
            errors.push(FieldError::new("bags", "required"));
        }
        if self.bags.len() > MOST_BAGS {
            errors.push(FieldError::new("bags", "too_many"));
        }
        let bags = self.bags.iter().take(MOST_BAGS).enumerate();
        let bags = bags.filter_map(|(place, bag)| read_bag(&mut errors, place, bag)).collect();
        if !errors.is_empty() {
            return Err(Fault::Invalid(errors));
        }
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Ok(Bought { place: given(&self.place), total, photo: given(&self.photo), bags, key: None })
    }
}

fn read_bag(errors: &mut Vec<FieldError>, place: usize, bag: &SpentBag) -> Option<Bag> {
    let field = |name: &str| format!("bags[{place}].{name}");
    let errand: Option<ErrandId> = bag.errand.as_deref().and_then(|text| text.parse().ok());
    if errand.is_none() {
        errors.push(FieldError::new(field("errand"), "required"));
    }
    if bag.items.is_empty() {
        errors.push(FieldError::new(field("items"), "required"));
    }
    let mut items = Vec::with_capacity(bag.items.len());
    for (line, item) in bag.items.iter().enumerate() {
        let fen = amount(errors, field(&format!("items[{line}].amount")), item.amount.as_ref(), false);
        match item.item {
            Some(position) => items.push((position, fen)),
            None => errors.push(FieldError::new(field(&format!("items[{line}].item")), "required")),
        }
    }
    Some(Bag { errand: errand?, items })
}

impl SettleBody {
    /// # Errors
    /// [`Fault::Invalid`] with everything that was refused.
    pub fn read(&self) -> Result<(Fen, How)> {
        let mut errors = Vec::new();
        let fen = amount(&mut errors, "amount".to_owned(), self.amount.as_ref(), true);
        let how = match self.how.as_deref() {
            None | Some("") => Err("required"),
            Some(word) => word.parse::<How>().map_err(|_| "not_a_word"),
        };
        match how {
            Ok(how) if errors.is_empty() => Ok((fen, how)),
            Ok(_) => Err(Fault::Invalid(errors)),
            Err(code) => {
                errors.push(FieldError::new("how", code));
                Err(Fault::Invalid(errors))
            }
        }
    }
}
