//! What two people mean by the same item: its name and strength, written one way.

use crate::domain::text::{half_width, is_invisible};

/// An item in a strength, normalised so that what the resident typed and what the shop was asked compare equal.
///
/// Full-width letters, digits and marks become half-width, ASCII letters small; characters that take no room are left
/// out; spaces are trimmed and collapsed in the name, and left out of the strength ("80 mg" is "80mg"). Nothing is
/// looked up: two names of one drug stay two items, for a wrong guess would send somebody for the wrong medicine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    pub item: String,
    /// Empty: any strength.
    pub strength: String,
}

impl ItemKey {
    /// What is longer is cut, as typed, before it is normalised.
    pub const LONGEST: usize = 100;

    #[must_use]
    pub fn of(item: &str, strength: Option<&str>) -> Self {
        let words: Vec<String> = folded(item).split_whitespace().map(ToOwned::to_owned).collect();
        let strength = folded(strength.unwrap_or_default()).split_whitespace().collect();
        Self { item: words.join(" "), strength }
    }

    /// Whether a sighting of this says something about `other`: of no strength, about all strengths of the item; of
    /// one, about that one alone.
    #[must_use]
    pub fn speaks_for(&self, other: &Self) -> bool {
        self.item == other.item && (self.strength.is_empty() || self.strength == other.strength)
    }
}

fn folded(text: &str) -> String {
    let kept = |c: &char| !is_invisible(*c) && (!c.is_control() || c.is_whitespace());
    let cut = text.chars().take(ItemKey::LONGEST);
    cut.filter(kept).map(|c| half_width(c).to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_item_typed_in_many_ways_is_one_item() {
        let plain = ItemKey::of("阿司匹林 abc", Some("80mg"));
        for (item, strength) in [
            ("阿司匹林 ABC", "80 mg"),
            ("  阿司匹林\u{3000}\u{3000}ＡＢＣ ", "８０ＭＧ"),
            ("阿司匹林\tAbc\u{200B}", " 80\u{3000}Mg "),
        ] {
            assert_eq!(ItemKey::of(item, Some(strength)), plain, "{item} {strength}");
        }
        assert_eq!(ItemKey::of("0.9%氯化钠（250ml）", None), ItemKey::of("０．９％氯化钠(250ML)", Some(" ")));
    }

    #[test]
    fn what_differs_stays_two() {
        let plain = ItemKey::of("缬沙坦胶囊", Some("80mg"));
        for (item, strength) in [("缬沙坦胶囊", "160mg"), ("缬沙坦片", "80mg"), ("缬沙坦胶囊", "")] {
            assert_ne!(ItemKey::of(item, Some(strength)), plain, "{item} {strength}");
        }
    }

    #[test]
    fn a_sighting_without_a_strength_speaks_for_all_and_one_with_it_for_that_alone() {
        let key = |strength| ItemKey::of("缬沙坦", strength);
        let (any, small, large) = (key(None), key(Some("80mg")), key(Some("160mg")));
        assert!(any.speaks_for(&any) && any.speaks_for(&small) && any.speaks_for(&large));
        assert!(small.speaks_for(&small) && !small.speaks_for(&large) && !small.speaks_for(&any));
        assert!(!any.speaks_for(&ItemKey::of("氯沙坦", None)));
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(item in any::<String>(), strength in "\\PC{0,130}") {
            let once = ItemKey::of(&item, Some(&strength));
            prop_assert_eq!(ItemKey::of(&once.item, Some(&once.strength)), once.clone());
            prop_assert!(once.item.chars().count() <= ItemKey::LONGEST);
        }
    }
}
