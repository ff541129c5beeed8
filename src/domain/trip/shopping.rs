//! One shopping list for all bags of a trip: what two households want of the same thing is asked for once.

use crate::domain::stock::ItemKey;

/// One item of one bag, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want<B> {
    pub bag: B,
    pub name: String,
    pub strength: Option<String>,
    pub quantity: i32,
    pub unit: String,
    /// A photo says what it is: two of them need not be the same thing.
    pub unnamed: bool,
}

/// So many of one thing, and for which bags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<B> {
    /// As the first one wrote it.
    pub name: String,
    pub strength: Option<String>,
    pub unit: String,
    pub total: i64,
    /// Each bag with its part, in the order given.
    pub bags: Vec<(B, i32)>,
}

/// Wants of the same item, strength and unit become one line, in the order of the first of each. Nothing is guessed: two
/// names of one drug, or boxes and tablets, stay two lines.
pub fn merge<B>(wants: impl IntoIterator<Item = Want<B>>) -> Vec<Line<B>> {
    let mut lines: Vec<(Option<Same>, Line<B>)> = Vec::new();
    for want in wants {
        let key = (!want.unnamed).then(|| Same::of(&want));
        let same = lines.iter_mut().find(|(other, _)| other.is_some() && *other == key);
        match same {
            Some((_, line)) => line.add(want.bag, want.quantity),
            None => lines.push((key, Line::of(want))),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// What must agree.
#[derive(PartialEq)]
struct Same {
    item: ItemKey,
    unit: String,
}

impl Same {
    fn of<B>(want: &Want<B>) -> Self {
        let unit = ItemKey::of(&want.unit, None).item;
        Self { item: ItemKey::of(&want.name, want.strength.as_deref()), unit }
    }
}

impl<B> Line<B> {
    fn of(want: Want<B>) -> Self {
        let (bag, part) = (want.bag, want.quantity);
        Self {
            name: want.name,
            strength: want.strength,
            unit: want.unit,
            total: i64::from(part),
            bags: vec![(bag, part)],
        }
    }

    fn add(&mut self, bag: B, part: i32) {
        self.total += i64::from(part);
        self.bags.push((bag, part));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn want(bag: u8, name: &str, strength: Option<&str>, (quantity, unit): (i32, &str)) -> Want<u8> {
        Want { bag, name: name.into(), strength: strength.map(Into::into), quantity, unit: unit.into(), unnamed: false }
    }

    fn told(lines: &[Line<u8>]) -> Vec<String> {
        lines.iter().map(|line| format!("{} × {} {:?}", line.total, line.name, line.bags)).collect()
    }

    #[test]
    fn the_same_thing_for_three_doors_is_asked_for_once() {
        let lines = merge([
            want(1, "氨氯地平片", Some("5mg"), (1, "盒")),
            want(2, "二甲双胍", None, (1, "盒")),
            want(2, " 氨氯地平片 ", Some("5 MG"), (1, "盒")),
            want(3, "氨氯地平片", Some("５ｍｇ"), (1, "盒 ")),
        ]);
        assert_eq!(told(&lines), ["3 × 氨氯地平片 [(1, 1), (2, 1), (3, 1)]", "1 × 二甲双胍 [(2, 1)]"]);
    }

    #[test]
    fn another_strength_or_unit_is_another_line() {
        let lines = merge([
            want(1, "缬沙坦", Some("80mg"), (1, "盒")),
            want(2, "缬沙坦", Some("160mg"), (1, "盒")),
            want(3, "缬沙坦", Some("80mg"), (7, "片")),
            want(4, "缬沙坦", None, (1, "盒")),
        ]);
        assert_eq!(lines.len(), 4);
    }

    #[test]
    fn what_only_a_photo_tells_is_never_put_together() {
        let photo = |bag| Want { unnamed: true, ..want(bag, "照片上的药", None, (1, "盒")) };
        assert_eq!(merge([photo(1), photo(2), want(3, "照片上的药", None, (1, "盒"))]).len(), 3);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_added_or_given_to_another_bag(
            wants in prop::collection::vec((0..6_u8, 0..4_usize, 0..3_usize, 1..=999_i32, any::<bool>()), 0..30),
        ) {
            let (names, strengths) = (["甲", "甲 ", "乙", "Ａ"], [None, Some("5mg"), Some("5 mg")]);
            let wants: Vec<Want<u8>> = wants
                .into_iter()
                .map(|(bag, name, strength, quantity, unnamed)| {
                    Want { unnamed, ..want(bag, names[name], strengths[strength], (quantity, "盒")) }
                })
                .collect();
            let lines = merge(wants.clone());
            let of_bag = |bag: u8| -> i64 { wants.iter().filter(|w| w.bag == bag).map(|w| i64::from(w.quantity)).sum() };
            let bought = |bag: u8| -> i64 {
                lines.iter().flat_map(|l| &l.bags).filter(|(b, _)| *b == bag).map(|(_, n)| i64::from(*n)).sum()
            };
            for bag in 0..6 {
                prop_assert_eq!(of_bag(bag), bought(bag));
            }
            for line in &lines {
                prop_assert_eq!(line.total, line.bags.iter().map(|(_, n)| i64::from(*n)).sum::<i64>());
            }
            let mut keys: Vec<_> = wants.iter().filter(|w| !w.unnamed).map(|w| ItemKey::of(&w.name, w.strength.as_deref())).collect();
            keys.sort();
            keys.dedup();
            prop_assert_eq!(lines.len(), keys.len() + wants.iter().filter(|w| w.unnamed).count());
        }
    }
}
