//! `/run`: a runner's own work. One next action, in reach of the thumb; offers; the open board.
//!
//! Offers and the board are made from `BeforeClaim` alone, so no door, name or telephone can appear in them.

use std::collections::BTreeMap;

use askama::Template;

use super::acting::Refused;
use super::ahead::{self, Ahead};
use super::cards::{Asked, Carried, distance};
use super::counter::{self, Line, Other, Shelf};
use super::money::Money;
use super::purse::{self, Household};
use super::said;
use super::shopping::{self, AtShop};
use super::together::Outcome;
use super::way::{self, Way};
use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::money::How;
use crate::domain::offer::Kind;
use crate::flow::carrying;
use crate::flow::dispatch::Counsel;
use crate::store::views::ground::Building;
use crate::store::views::runner::{ActiveClaim, CarriedItem, DoneErrand, Duty, OfferCard, Trip, Undoable};
use crate::web::board::BoardRow;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::{Shell, Stamp};

/// Why a runner says no; told to nobody but the supervisor, and optional.
pub const DECLINE_REASONS: &[&str] = &["too_far", "too_heavy", "busy", "tired"];
/// Why an errand cannot be carried out.
pub const FAIL_REASONS: &[&str] = &["nobody_home", "wrong_address", "out_of_stock", "cannot"];
/// Before a bag is fetched at a gate.
pub const GATE_FAIL_REASONS: &[&str] = &[carrying::NOT_AT_GATE, "cannot"];

/// The whole page.
#[derive(Debug, Template)]
#[template(path = "run/page.html")]
pub struct RunPage<'a> {
    pub shell: &'a Shell,
    pub duty: &'a Duty,
    pub trip: &'a Trip,
    pub offers: &'a [OfferCard],
    pub board: &'a [BoardRow],
    /// For what is in hand and not fetched yet.
    pub counsels: &'a BTreeMap<ErrandId, Counsel>,
    /// Of the runner's zone, to find the way by; none while nothing is in hand.
    pub blocks: &'a [Building],
    pub me: PersonId,
    pub now: At,
    pub notice: Option<Notice>,
    pub asides: Asides,
}

/// What else the page tells beside the work itself.
#[derive(Debug, Default)]
pub struct Asides {
    /// The last thing done, while it can be taken back.
    pub undo: Option<Undoable>,
    /// An act that was refused for what came with it.
    pub refused: Refused,
    /// Claims without a sign of life for a while.
    pub idle: Vec<ErrandId>,
    /// What was typed about money and refused.
    pub money: Money,
    /// Finished today.
    pub done: Vec<DoneErrand>,
    /// What came of one press for several errands, when not all of it was done.
    pub outcomes: Vec<Outcome>,
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

    /// Of the errand that is next alone: where one will be later is not known yet.
    fn way(&self, card: &Carried<'_>) -> Option<Way> {
        let next = self.trip.stops.first()?;
        let is_next = next.errand == card.stop.errand && next.state == card.stop.state;
        if is_next { way::find(card, self.duty.at, self.blocks) } else { None }
    }

    fn purse(&self) -> Vec<Household> {
        purse::list(self.shell, self.trip)
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
        let told = self.asides.done.iter();
        told.map(|done| (done, self.shell.when(done.at, self.now), self.shell.t(done_word(done)))).collect()
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        self.shell.t(outcome.refused.as_deref().unwrap_or("run-together-done"))
    }

    fn counsel(&self, card: &Carried<'_>) -> Option<&Counsel> {
        self.counsels.get(&card.stop.errand)
    }

    fn trouble(&self, card: &Carried<'_>) -> Option<String> {
        counter::trouble(self.shell, self.counsel(card)?, self.now)
    }

    fn others(&self, card: &Carried<'_>) -> Vec<Other> {
        self.counsel(card).map(|counsel| counter::others(self.shell, counsel, self.now)).unwrap_or_default()
    }

    /// The household named the place: another one only with its answer.
    fn must_ask(&self, card: &Carried<'_>) -> bool {
        self.counsel(card).is_some_and(|counsel| counsel.named)
    }

    fn is_asked(&self, card: &Carried<'_>) -> bool {
        self.counsel(card).is_some_and(|counsel| counsel.asked)
    }

    /// What is to be fetched where this one is, of whichever errand.
    fn shelves(&self, card: &Carried<'_>) -> Vec<Shelf> {
        let Some(here) = self.counsel(card) else { return Vec::new() };
        let counsels = self.trip.stops.iter().filter_map(|stop| Some((stop, self.counsels.get(&stop.errand)?)));
        counter::shelves(counsels.filter(|(_, counsel)| counsel.place == here.place))
    }

    fn answers(&self) -> Vec<(&'static str, String)> {
        counter::answers(self.shell)
    }

    fn lines(&self, card: &Carried<'_>) -> Vec<Line> {
        counter::lines(self.shell, card.stop)
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

    fn undo_told(&self, undo: &Undoable) -> String {
        self.shell.words.say(&format!("run-undo-{}", undo.step), "code", undo.code.as_str())
    }

    fn undo_left(&self, undo: &Undoable) -> String {
        let span = self.shell.words.span(undo.until.seconds_since(self.now).max(0));
        self.shell.words.say("run-undo-left", "span", span)
    }

    fn is_idle(&self, card: &Carried) -> bool {
        self.asides.idle.contains(&card.stop.errand)
    }

    /// What was typed for this errand and refused.
    fn typed(&self, card: &Carried) -> Refused {
        let refused = &self.asides.refused;
        if refused.errand == Some(card.stop.errand) { refused.clone() } else { Refused::default() }
    }

    /// What is wrong with a field of it.
    fn wrong(&self, card: &Carried, field: &str) -> Option<String> {
        let typed = self.typed(card);
        let wrong = typed.wrong.iter().find(|wrong| wrong.field == field)?;
        Some(wrong.text(self.shell.words))
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

    /// What was typed about the money of this errand, and refused.
    fn money_of(&self, card: &Carried<'_>) -> Option<&Money> {
        Some(&self.asides.money).filter(|money| money.errand == Some(card.stop.errand))
    }

    fn money_wrong(&self, card: &Carried<'_>, settling: bool) -> Vec<String> {
        let money = self.money_of(card).filter(|money| money.settling == settling);
        money.map(|money| money.wrong(self.shell)).unwrap_or_default()
    }

    fn money_typed(&self, card: &Carried<'_>, name: &str) -> &str {
        self.money_of(card).map_or("", |money| money.typed.nth(name, 0))
    }

    /// Each item of the errand with what was typed for it and refused.
    fn spent<'c>(&'c self, card: &Carried<'c>) -> Vec<(&'c CarriedItem, &'c str)> {
        let money = self.money_of(card);
        let typed = |place| money.map_or("", |money| money.typed.nth("spent", place));
        card.stop.items.iter().enumerate().map(|(place, item)| (item, typed(place))).collect()
    }

    fn hows(&self) -> Vec<(&'static str, String)> {
        How::ALL.iter().map(|how| (how.as_str(), self.shell.t(&format!("how-{how}")))).collect()
    }

    fn fails(&self, card: &Carried<'_>) -> Vec<(&'static str, String)> {
        let at_gate = card.is_fetching() && card.stop.ends.leg > 1;
        self.reasons("care-reason", if at_gate { GATE_FAIL_REASONS } else { FAIL_REASONS })
    }

    fn quiet(&self) -> Option<String> {
        let until = self.duty.quiet_until.filter(|until| *until > self.now)?;
        Some(self.shell.words.say("run-quiet", "span", self.shell.words.span(until.seconds_since(self.now))))
    }
}
