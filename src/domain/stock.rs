//! The chance that a place has an item, from what runners and desks saw there. A sighting fades within hours.

use crate::domain::clock::At;
use crate::domain::span;

/// What somebody found at a counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    Has,
    /// The same drug of another maker: as good as found where the resident consents to it.
    OtherMaker,
    HasNot,
    Shut,
}

/// A sighting of one item at one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sighting {
    pub found: Found,
    pub at: At,
}

/// What a place of this kind has when nothing is known.
pub const USUAL: f64 = 0.9;
/// After so long a sighting counts half.
const HALF_LIFE_S: f64 = 3.0 * 3600.0;
/// What the usual chance is worth in fresh sightings.
const TRUST: f64 = 0.5;

/// The chance that the item is there at `now`.
#[must_use]
pub fn chance(sightings: &[Sighting], now: At) -> f64 {
    let (mut has, mut seen) = (USUAL * TRUST, TRUST);
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
    has / seen
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
        assert!(chance(&[seen(Found::HasNot, 0)], NOW) < 0.35);
    }

    #[test]
    fn an_old_miss_is_forgiven() {
        assert!(chance(&[seen(Found::HasNot, 24)], NOW) > 0.88);
    }

    #[test]
    fn the_fresher_sighting_counts_more() {
        let restocked = chance(&[seen(Found::HasNot, 6), seen(Found::Has, 0)], NOW);
        let sold_out = chance(&[seen(Found::Has, 6), seen(Found::HasNot, 0)], NOW);
        assert!(restocked > sold_out);
    }

    #[test]
    fn a_shut_door_says_nothing_about_the_shelf() {
        assert!((chance(&[seen(Found::Shut, 0)], NOW) - USUAL).abs() < 1e-9);
    }
}
