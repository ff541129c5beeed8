//! `/run`: a runner's own work. One next action, in reach of the thumb; offers; the open board.
//!
//! Offers and the board are made from `BeforeClaim` alone, so no door, name or telephone can appear in them.

use askama::Template;

use super::cards::{Asked, Carried};
use crate::domain::clock::At;
use crate::store::views::runner::{BoardRow, Duty, OfferCard, Trip};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;

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
    pub now: At,
    pub notice: Option<Notice>,
}

/// An open offer, ready to show.
#[derive(Debug)]
struct Offered {
    id: String,
    until: i64,
    left: String,
    why: String,
    errands: Vec<Asked>,
}

impl RunPage<'_> {
    fn current(&self) -> Option<Carried<'_>> {
        self.trip.stops.first().map(|stop| Carried { shell: self.shell, stop, now: self.now })
    }

    fn later(&self) -> Vec<Carried<'_>> {
        self.trip.stops.iter().skip(1).map(|stop| Carried { shell: self.shell, stop, now: self.now }).collect()
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
            why: self.shell.words.say("run-why", "why", self.shell.t(&format!("pick-reason-{}", offer.reason))),
            errands: offer.errands.iter().enumerate().map(asked).collect(),
        }
    }

    fn board_rows(&self) -> Vec<Asked> {
        self.board.iter().map(|row| Asked::of(self.shell, &row.errand, row.distance_m, self.now)).collect()
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
