//! What both doors read of an answer after a delivery.

use serde::Deserialize;
use utoipa::ToSchema;

use super::Site;
use super::fault::{Fault, FieldError, Result};
use crate::domain::day::Day;
use crate::domain::follow_up::{Outcome, is_own_answer};
use crate::domain::recurrence::MOST_DAYS;
use crate::domain::text::Note;
use crate::flow::following::Told;
use crate::flow::recurring::Again;

/// A supply for longer than that nobody has at home.
const LONGEST_SUPPLY: i32 = 400;

/// What was answered after a delivery.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FollowUpBody {
    /// `received`, `not_taken`, `wrong_item`, `missing`, `damaged`, `not_received`, `more_needed`; of a call also
    /// `no_answer`, `refused`
    #[schema(example = "received")]
    pub outcome: Option<String>,
    /// In own words.
    pub note: Option<String>,
    /// It is enough until that day: the request is made again three days before.
    #[schema(example = "2026-12-30")]
    pub enough_until: Option<String>,
    /// The request is made again every so many days, 1 to 180.
    #[schema(example = 30)]
    pub every_days: Option<i32>,
    /// How often it had been tried, as it was read: the same answer sent twice is one.
    pub tries: Option<i32>,
}

/// When it is wanted again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AgainBody {
    /// It is enough until that day.
    #[schema(example = "2026-12-30")]
    pub enough_until: Option<String>,
    /// Every so many days, 1 to 180.
    #[schema(example = 30)]
    pub every_days: Option<i32>,
}

impl AgainBody {
    pub(super) fn read(&self, site: &Site) -> Result<Again> {
        let mut wrong = Vec::new();
        let again = again(site, self, &mut wrong);
        if wrong.is_empty() && again == Again::default() {
            wrong.push(FieldError::new("every_days", "required"));
        }
        if wrong.is_empty() { Ok(again) } else { Err(Fault::Invalid(wrong)) }
    }
}

fn again(site: &Site, body: &AgainBody, wrong: &mut Vec<FieldError>) -> Again {
    let every_days = body.every_days;
    if every_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
        wrong.push(FieldError::new("every_days", "out_of_range"));
    }
    let given = body.enough_until.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let enough_until = given.map(str::parse::<Day>).transpose().unwrap_or_else(|_| {
        wrong.push(FieldError::new("enough_until", "not_a_time"));
        None
    });
    let today = site.house.local.day_of(site.house.now());
    if enough_until.is_some_and(|day| !(0..=LONGEST_SUPPLY).contains(&day.since(today))) {
        wrong.push(FieldError::new("enough_until", "out_of_range"));
    }
    Again { enough_until, every_days }
}

impl FollowUpBody {
    /// The answer to a call.
    pub(super) fn read(&self, site: &Site) -> Result<Told> {
        self.read_among(site, Outcome::ALL)
    }

    /// The asker's own answer: whoever answers has answered.
    pub(super) fn read_own(&self, site: &Site) -> Result<Told> {
        let own: Vec<Outcome> = Outcome::ALL.iter().copied().filter(|word| is_own_answer(*word)).collect();
        self.read_among(site, &own)
    }

    fn read_among(&self, site: &Site, words: &[Outcome]) -> Result<Told> {
        let mut wrong = Vec::new();
        let outcome = match self.outcome.as_deref().filter(|text| !text.is_empty()) {
            None => Err("required"),
            Some(text) => text.parse().ok().filter(|word| words.contains(word)).ok_or("not_a_word"),
        };
        let outcome = outcome.map_err(|code| wrong.push(FieldError::new("outcome", code))).ok();
        let note = self.note.as_deref().filter(|text| !text.trim().is_empty()).map(Note::parse).transpose();
        let note = note.unwrap_or_else(|unfit| {
            wrong.push(FieldError::new("note", unfit.code()));
            None
        });
        let wanted = AgainBody { enough_until: self.enough_until.clone(), every_days: self.every_days };
        let again = again(site, &wanted, &mut wrong);
        match outcome {
            Some(outcome) if wrong.is_empty() => Ok(Told { outcome, note, again, tries: self.tries }),
            _ => Err(Fault::Invalid(wrong)),
        }
    }
}
