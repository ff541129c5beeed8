//! `/run`: a runner's own work. One next action, in reach of the thumb; offers; the open board.
//!
//! Offers and the board are made from `BeforeClaim` alone, so no door, name or telephone can appear in them.

use askama::Template;

use super::ahead::{self, Ahead};
use super::cards::{Asked, Carried, distance};
use super::said;
use super::shopping::{self, AtShop};
use super::together::Outcome;
use crate::domain::clock::At;
use crate::domain::ids::PersonId;
use crate::domain::offer::Kind;
use crate::store::views::runner::{ActiveClaim, DoneErrand, Duty, OfferCard, Trip};
use crate::web::board::BoardRow;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::{Shell, Stamp};

/// Why a runner says no; told to nobody but the supervisor, and optional.
pub const DECLINE_REASONS: &[&str] = &["too_far", "too_heavy", "busy", "tired"];
/// Why an errand cannot be carried out.
pub const FAIL_REASONS: &[&str] = &["nobody_home", "wrong_address", "out_of_stock", "cannot"];

/// The whole page.
#[derive(Debug, Template)]
#[template(path = "run/page.html")]
pub struct RunPage<'a> {
    pub shell: &'a Shell,
    pub duty: &'a Duty,
    pub trip: &'a Trip,
    pub offers: &'a [OfferCard],
    pub board: &'a [BoardRow],
    /// Finished today.
    pub done: &'a [DoneErrand],
    /// What came of one press for several errands, when not all of it was done.
    pub outcomes: &'a [Outcome],
    pub me: PersonId,
    pub now: At,
    pub notice: Option<Notice>,
}

/// An open offer, ready to show.
#[derive(Debug)]
struct Offered {
    id: String,
    until: i64,
    left: String,
    title: &'static str,
    why: String,
    errands: Vec<Asked>,
}

/// A trip of the board, ready to show.
#[derive(Debug)]
struct Picked {
    /// "3 单 · 4 袋 · 2 个楼 · 一共走 900 米", for more than one errand.
    facts: Option<String>,
    errands: Vec<Asked>,
    place: String,
    later: bool,
}

const fn done_word(done: &DoneErrand) -> &'static str {
    if done.at_gate { "run-done-gate" } else { "run-done-door" }
}

/// For how many hours a runner may say beforehand to stay.
const STAYS_H: [i64; 5] = [1, 2, 3, 4, 6];

impl RunPage<'_> {
    fn current(&self) -> Option<Carried<'_>> {
        self.trip.stops.first().map(|stop| self.carried(stop))
    }

    fn later(&self) -> Vec<Carried<'_>> {
        self.trip.stops.iter().skip(1).map(|stop| self.carried(stop)).collect()
    }

    fn carried<'a>(&'a self, stop: &'a ActiveClaim) -> Carried<'a> {
        let together = ahead::together(&self.trip.stops, stop);
        Carried { shell: self.shell, stop, now: self.now, together }
    }

    fn ahead(&self) -> Vec<Ahead> {
        ahead::list(self.trip)
    }

    fn shops(&self) -> Vec<AtShop> {
        shopping::list(self.shell, self.trip)
    }

    fn said(&self) -> String {
        said::words(self)
    }

    /// When the page was made, and the same in a worried tone.
    fn fresh(&self) -> (String, String) {
        let time = self.shell.when(self.now, self.now).text;
        let say = |id: &str| self.shell.words.say(id, "time", time.clone());
        (say("run-fresh"), say("run-stale"))
    }

    fn done_rows(&self) -> Vec<(&DoneErrand, Stamp, String)> {
        let told = self.done.iter();
        told.map(|done| (done, self.shell.when(done.at, self.now), self.shell.t(done_word(done)))).collect()
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        self.shell.t(outcome.refused.as_deref().unwrap_or("run-together-done"))
    }

    fn offered(&self) -> Vec<Offered> {
        self.offers.iter().map(|offer| self.offer(offer)).collect()
    }

    fn offer(&self, offer: &OfferCard) -> Offered {
        let asked = |(place, errand): (usize, &_)| {
            // The distance is to the first stop only.
            let distance = offer.distance_m.filter(|_| place == 0);
            Asked::of(self.shell, errand, distance, self.now)
        };
        Offered {
            id: offer.offer.to_string(),
            until: offer.lapses_at.seconds(),
            left: self.shell.words.left(offer.lapses_at.0, self.now.0),
            title: match offer.kind {
                Kind::Next => "run-offer",
                Kind::AddOn => "run-offer-add_on",
                Kind::Divert => "run-offer-divert",
            },
            why: self.shell.words.say("run-why", "why", self.shell.t(&format!("pick-reason-{}", offer.reason))),
            errands: offer.errands.iter().enumerate().map(asked).collect(),
        }
    }

    fn board_rows(&self) -> Vec<Picked> {
        self.board.iter().map(|row| self.picked(row)).collect()
    }

    fn picked(&self, row: &BoardRow) -> Picked {
        let asked = |(place, errand): (usize, &_)| {
            Asked::of(self.shell, errand, row.distance_m.filter(|_| place == 0), self.now)
        };
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let facts = || {
            self.shell.words.with(
                "run-trip-facts",
                &[
                    ("errands", count(row.errands.len()).into()),
                    ("bags", i64::from(row.bags()).into()),
                    ("doors", count(row.doors()).into()),
                    ("way", distance(self.shell, row.way_m).into()),
                ],
            )
        };
        Picked {
            facts: (row.errands.len() > 1).then(facts),
            errands: row.errands.iter().enumerate().map(asked).collect(),
            place: row.place().map(|place| place.to_string()).unwrap_or_default(),
            later: row.later,
        }
    }

    fn stays(&self) -> Vec<(i64, String)> {
        STAYS_H.iter().map(|hours| (*hours, self.shell.words.say("run-until-hours", "n", *hours))).collect()
    }

    fn until(&self) -> Option<String> {
        let until = self.duty.until_at.filter(|_| self.duty.on)?;
        Some(self.shell.words.say("run-until-told", "time", self.shell.when(until, self.now).text))
    }

    /// Reasons as value and words.
    fn reasons(&self, prefix: &str, values: &'static [&'static str]) -> Vec<(&'static str, String)> {
        values.iter().map(|value| (*value, self.shell.t(&format!("{prefix}-{value}")))).collect()
    }

    fn declines(&self) -> Vec<(&'static str, String)> {
        self.reasons("decline", DECLINE_REASONS)
    }

    fn fails(&self) -> Vec<(&'static str, String)> {
        self.reasons("care-reason", FAIL_REASONS)
    }

    fn quiet(&self) -> Option<String> {
        let until = self.duty.quiet_until.filter(|until| *until > self.now)?;
        Some(self.shell.words.say("run-quiet", "span", self.shell.words.span(until.seconds_since(self.now))))
    }
}
