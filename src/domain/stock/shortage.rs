//! Medicines that no shop has: told to people, who decide. The rule looks at shops and things only.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, ItemKey, Line, Seen};
use crate::domain::clock::At;
use crate::domain::ids::PlaceId;

/// An open errand's wish: one thing, and whether a runner is on the way for it already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub line: Line,
    pub claimed: bool,
}

/// A medicine nobody has today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    pub key: ItemKey,
    /// As it was typed.
    pub line: Line,
    /// Open errands that want it and nobody has claimed.
    pub waiting: u32,
    /// Those that a runner has in hand.
    pub claimed: u32,
    /// Who said so, latest first.
    pub said_none: Vec<(PlaceId, At)>,
}

/// Fewer tellings than this are no shortage yet, unless every shop told.
const TELLINGS: usize = 2;

/// What is wanted and was found nowhere today: of each place that serves it and told anything about it today, the last
/// word was "none"; and that was told at least twice, or by all places there are. Most wanted first.
///
/// `seen` is what was told since the day began, in any order; a shut door says nothing about the shelf.
#[must_use]
pub fn shortages(serving: &[PlaceId], seen: &[Seen], wishes: &[Wish]) -> Vec<Shortage> {
    let mut wanted: BTreeMap<ItemKey, Shortage> = BTreeMap::new();
    for wish in wishes {
        let key = ItemKey::of(&wish.line.item, wish.line.strength.as_deref());
        if key.item.is_empty() {
            continue;
        }
        let first =
            || Shortage { key: key.clone(), line: wish.line.clone(), waiting: 0, claimed: 0, said_none: vec![] };
        let shortage = wanted.entry(key.clone()).or_insert_with(first);
        *(if wish.claimed { &mut shortage.claimed } else { &mut shortage.waiting }) += 1;
    }
    let short = wanted.into_values().filter_map(|shortage| {
        let said_none = said_none(serving, seen, &shortage.key)?;
        Some(Shortage { said_none, ..shortage })
    });
    let mut short: Vec<Shortage> = short.collect();
    short.sort_by(|left, right| {
        let wanted = |shortage: &Shortage| shortage.waiting + shortage.claimed;
        wanted(right).cmp(&wanted(left)).then(left.key.cmp(&right.key))
    });
    short
}

/// The places that said they have none; `None` when it is no shortage.
fn said_none(serving: &[PlaceId], seen: &[Seen], key: &ItemKey) -> Option<Vec<(PlaceId, At)>> {
    let serving: BTreeSet<PlaceId> = serving.iter().copied().collect();
    let about = |told: &&Seen| told.found != Found::Shut && serving.contains(&told.place) && told.key.speaks_for(key);
    let told: Vec<&Seen> = seen.iter().filter(about).collect();
    let mut last: BTreeMap<PlaceId, &Seen> = BTreeMap::new();
    for told in &told {
        let latest = last.entry(told.place).or_insert(told);
        if told.at >= latest.at {
            *latest = told;
        }
    }
    let all_none = !last.is_empty() && last.values().all(|told| told.found == Found::HasNot);
    let tellings = told.iter().filter(|told| told.found == Found::HasNot).count();
    if !all_none || (tellings < TELLINGS && last.len() < serving.len()) {
        return None;
    }
    let mut places: Vec<(PlaceId, At)> = last.into_iter().map(|(place, told)| (place, told.at)).collect();
    places.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(&right.0)));
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(100_000);

    fn wish(item: &str, claimed: bool) -> Wish {
        Wish { line: Line { item: item.into(), strength: Some("80mg".into()), unit: None }, claimed }
    }

    fn told(place: PlaceId, item: &str, found: Found, minutes_ago: i64) -> Seen {
        Seen { place, key: ItemKey::of(item, Some("80mg")), found, at: NOW.plus_seconds(-60 * minutes_ago) }
    }

    fn three() -> [PlaceId; 3] {
        [PlaceId::mint(), PlaceId::mint(), PlaceId::mint()]
    }

    #[test]
    fn two_shops_that_have_none_are_a_shortage_and_one_of_three_is_not() {
        let shops = three();
        let one = [told(shops[0], "a", Found::HasNot, 30)];
        assert_eq!(shortages(&shops, &one, &[wish("a", false)]), []);
        let two = [told(shops[0], "a", Found::HasNot, 30), told(shops[1], "A ", Found::HasNot, 20)];
        let short = shortages(&shops, &two, &[wish("a", false), wish("a", true), wish("b", false)]);
        assert_eq!(short.len(), 1, "{short:?}");
        assert_eq!((short[0].waiting, short[0].claimed), (1, 1));
        let places: Vec<PlaceId> = short[0].said_none.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [shops[1], shops[0]], "the latest first");
    }

    #[test]
    fn the_only_shop_there_is_needs_to_say_it_once() {
        let shop = [PlaceId::mint()];
        assert_eq!(shortages(&shop, &[told(shop[0], "a", Found::HasNot, 5)], &[wish("a", false)]).len(), 1);
        assert_eq!(shortages(&[], &[told(shop[0], "a", Found::HasNot, 5)], &[wish("a", false)]), []);
    }

    #[test]
    fn whoever_has_it_now_ends_the_shortage_and_a_shut_door_says_nothing() {
        let shops = three();
        let none = [told(shops[0], "a", Found::HasNot, 60), told(shops[1], "a", Found::HasNot, 50)];
        let wishes = [wish("a", false)];
        for (found, is_short) in [(Found::Has, false), (Found::OtherMaker, false), (Found::Shut, true)] {
            let seen = [&none[..], &[told(shops[2], "a", found, 10)]].concat();
            assert_eq!(shortages(&shops, &seen, &wishes).len(), usize::from(is_short), "{found}");
        }
        let had = [told(shops[0], "a", Found::Has, 300), none[0].clone(), none[1].clone()];
        assert_eq!(shortages(&shops, &had, &wishes).len(), 1, "what was sold out since is short");
    }

    #[test]
    fn what_nobody_wants_is_no_shortage_and_what_more_want_comes_first() {
        let shops = [PlaceId::mint()];
        let seen = [told(shops[0], "a", Found::HasNot, 5), told(shops[0], "b", Found::HasNot, 5)];
        let wishes = [wish("a", false), wish("b", false), wish("b", true)];
        let items: Vec<String> =
            shortages(&shops, &seen, &wishes).into_iter().map(|shortage| shortage.line.item).collect();
        assert_eq!(items, ["b", "a"]);
        assert_eq!(shortages(&shops, &seen, &[]), []);
    }
}
