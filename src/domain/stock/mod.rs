//! What places have, from what runners, desks and the shops themselves told. A sighting fades within hours.

mod key;
mod questions;
pub mod ranking;
pub mod shortage;

pub use key::ItemKey;
pub use questions::{Line, Question, Shops, Wanted};

use std::collections::BTreeMap;

use crate::domain::clock::At;
use crate::domain::ids::PlaceId;
use crate::domain::span;
use crate::domain::words::word;

word! {
    /// What somebody found at a counter.
    Found {
        Has = "has",
        HasNot = "none",
        /// The same drug of another maker: as good as found where the resident consents to it.
        OtherMaker = "other_maker",
        Shut = "shut",
    }
}

/// A sighting of one item at one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sighting {
    pub found: Found,
    pub at: At,
}

/// A sighting with where it was made and what it speaks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub place: PlaceId,
    pub key: ItemKey,
    pub found: Found,
    pub at: At,
}

impl Seen {
    #[must_use]
    pub const fn sighting(&self) -> Sighting {
        Sighting { found: self.found, at: self.at }
    }
}

/// For so long the word of a counter is taken as it stands: nobody asks again, and a shut door counts as shut.
pub const FRESH_S: i64 = 2 * 3600;

/// Whether a place counts as shut now, from everything seen there, whatever the item: somebody stood before a shut
/// door within two hours, and nobody has been served since.
#[must_use]
pub fn is_shut(sightings: &[Sighting], now: At) -> bool {
    let latest = |shut: bool| {
        let of_this_kind = sightings.iter().filter(|sighting| (sighting.found == Found::Shut) == shut);
        of_this_kind.map(|sighting| sighting.at).max()
    };
    latest(true).is_some_and(|at| now.seconds_since(at) < FRESH_S && latest(false).is_none_or(|served| served <= at))
}

/// Whether an item is out at a place, from everything seen of it there: the last word within two hours was that there is
/// none. Nobody is sent to find the same shelf empty again.
#[must_use]
pub fn is_out(sightings: &[Sighting], now: At) -> bool {
    let told = sightings.iter().filter(|sighting| sighting.found != Found::Shut);
    let last = told.max_by_key(|sighting| sighting.at);
    last.is_some_and(|last| last.found == Found::HasNot && now.seconds_since(last.at) < FRESH_S)
}

/// What a place of this kind has when nothing is known.
pub const USUAL: f64 = 0.9;
/// After so long a sighting counts half.
const HALF_LIFE_S: f64 = 3.0 * 3600.0;
/// What the usual chance is worth in fresh sightings.
const TRUST: f64 = 0.5;

/// What [`USUAL`] is worth in last words, where the zone's own have been heard.
const USUAL_TRUST: f64 = 3.0;
/// However bad or good a day is, the next shelf may be another.
const USUAL_BOUNDS: (f64, f64) = (0.2, 0.95);

/// The chance that the item is there at `now`; `usual` is the chance where nothing is known ([`usual`], or [`USUAL`]).
#[must_use]
pub fn chance(usual: f64, sightings: &[Sighting], now: At) -> f64 {
    let (has, seen) = weighed(sightings, now);
    (usual * TRUST + has) / (TRUST + seen)
}

/// Fresh finds, and fresh tellings.
fn weighed(sightings: &[Sighting], now: At) -> (f64, f64) {
    let (mut has, mut seen) = (0.0, 0.0);
    for sighting in sightings {
        let weight = 0.5_f64.powf(span::between(sighting.at, now).max(0.0) / HALF_LIFE_S);
        match sighting.found {
            Found::Has => has += weight,
            Found::OtherMaker => has += 0.5 * weight,
            Found::HasNot => {}
            // A shut door says nothing about the shelf.
            Found::Shut => continue,
        }
        seen += weight;
    }
    (has, seen)
}

/// What a shelf of this zone has when nothing is known of it: [`USUAL`], drawn towards how the others were found lately.
/// Each shelf counts once, by its first word: later ones are of those who knew where to go, and would say that all is
/// well. In a shortage one learns so to walk a little farther to where it was seen.
#[must_use]
pub fn usual(seen: &[Seen], now: At) -> f64 {
    let mut first: BTreeMap<(PlaceId, &ItemKey), Sighting> = BTreeMap::new();
    for told in seen.iter().filter(|told| told.found != Found::Shut) {
        let known = first.entry((told.place, &told.key)).or_insert_with(|| told.sighting());
        if told.at < known.at {
            *known = told.sighting();
        }
    }
    let first: Vec<Sighting> = first.into_values().collect();
    let (has, told) = weighed(&first, now);
    let (least, most) = USUAL_BOUNDS;
    ((USUAL * USUAL_TRUST + has) / (USUAL_TRUST + told)).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(100_000);

    fn seen(found: Found, hours_ago: i64) -> Sighting {
        Sighting { found, at: NOW.plus_seconds(-3600 * hours_ago) }
    }

    #[test]
    fn an_empty_shelf_is_not_tried_again_at_once() {
        assert!(chance(USUAL, &[seen(Found::HasNot, 0)], NOW) < 0.35);
    }

    #[test]
    fn what_is_out_is_out_for_two_hours_or_until_somebody_finds_it() {
        assert!(is_out(&[seen(Found::HasNot, 1)], NOW) && !is_out(&[seen(Found::HasNot, 2)], NOW));
        assert!(!is_out(&[seen(Found::HasNot, 1), seen(Found::Has, 0)], NOW));
        assert!(is_out(&[seen(Found::Has, 1), seen(Found::HasNot, 0), seen(Found::Shut, 0)], NOW));
        assert!(!is_out(&[], NOW));
    }

    #[test]
    fn an_old_miss_is_forgiven() {
        assert!(chance(USUAL, &[seen(Found::HasNot, 24)], NOW) > 0.88);
    }

    #[test]
    fn the_fresher_sighting_counts_more() {
        let restocked = chance(USUAL, &[seen(Found::HasNot, 6), seen(Found::Has, 0)], NOW);
        let sold_out = chance(USUAL, &[seen(Found::Has, 6), seen(Found::HasNot, 0)], NOW);
        assert!(restocked > sold_out);
    }

    #[test]
    fn a_shut_door_counts_for_two_hours_or_until_somebody_is_served() {
        let minutes = |found, ago: i64| Sighting { found, at: NOW.plus_seconds(-60 * ago) };
        assert!(!is_shut(&[], NOW));
        assert!(is_shut(&[minutes(Found::Shut, 119)], NOW));
        assert!(!is_shut(&[minutes(Found::Shut, 120)], NOW));
        assert!(is_shut(&[minutes(Found::Has, 30), minutes(Found::Shut, 10)], NOW));
        assert!(!is_shut(&[minutes(Found::HasNot, 5), minutes(Found::Shut, 10)], NOW));
        assert!(is_shut(&[minutes(Found::Shut, 1), minutes(Found::Has, 5), minutes(Found::Shut, 10)], NOW));
    }

    #[test]
    fn a_zone_where_much_is_out_expects_less_of_the_next_shelf() {
        let shelf = |number: usize, found, hours_ago| Seen {
            place: PlaceId::mint(),
            key: ItemKey::of(&format!("drug {number}"), None),
            found,
            at: seen(found, hours_ago).at,
        };
        let day = |out: usize| (0..20).map(|n| shelf(n, if n < out { Found::HasNot } else { Found::Has }, 0)).collect();
        let expected = |out: usize| -> f64 {
            let seen: Vec<Seen> = day(out);
            usual(&seen, NOW)
        };
        assert!((usual(&[], NOW) - USUAL).abs() < 1e-9);
        assert!(expected(8) < 0.7 && expected(8) > 0.6, "{}", expected(8));
        assert!(expected(0) > 0.9 && expected(20) >= 0.2);
        // Twenty more who went where it was known say nothing new.
        let known = shelf(1, Found::Has, 2);
        let again: Vec<Seen> = (0..20).map(|_| Seen { at: NOW, ..known.clone() }).chain([known.clone()]).collect();
        assert!((usual(&again, NOW) - usual(&[known], NOW)).abs() < 1e-9);
    }

    #[test]
    fn a_shut_door_says_nothing_about_the_shelf() {
        assert!((chance(USUAL, &[seen(Found::Shut, 0)], NOW) - USUAL).abs() < 1e-9);
    }
}
