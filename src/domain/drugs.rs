//! Names of drugs to suggest while somebody types: generic, trade, and the first letters of their pinyin. A suggestion
//! saves typing, nothing else: a name that is not here is as good as one that is.

use super::text::{half_width, is_invisible};

/// One name on the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drug {
    pub name: String,
    pub trade: Vec<String>,
    pub strengths: Vec<String>,
    /// `blf` for 布洛芬, as the list has it.
    pub initials: String,
    pub trade_initials: Vec<String>,
}

/// The list, in the order in which equals are shown: what is asked for most comes first.
#[derive(Debug, Default)]
pub struct Drugs(Vec<Entry>);

/// A drug with its names written as they are compared.
#[derive(Debug)]
struct Entry {
    drug: Drug,
    names: Vec<String>,
    letters: Vec<String>,
}

impl Drugs {
    /// More would not be read.
    pub const MOST: usize = 8;

    #[must_use]
    pub fn new(list: impl IntoIterator<Item = Drug>) -> Self {
        Self(list.into_iter().map(Entry::new).collect())
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What begins with the typed text comes first, then what begins with its letters, then what holds it.
    #[must_use]
    pub fn suggest(&self, typed: &str) -> Vec<&Drug> {
        let typed = folded(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, &Drug)> =
            self.0.iter().filter_map(|entry| Some((entry.rank(&typed)?, &entry.drug))).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, drug)| drug).take(Self::MOST).collect()
    }
}

impl Entry {
    fn new(drug: Drug) -> Self {
        let names = std::iter::once(&drug.name).chain(&drug.trade).map(|name| folded(name)).collect();
        let letters = std::iter::once(&drug.initials).chain(&drug.trade_initials).map(|name| folded(name)).collect();
        Self { drug, names, letters }
    }

    /// How well it fits; lower is better, `None` is not at all.
    fn rank(&self, typed: &str) -> Option<u8> {
        let begins = |names: &[String]| names.iter().any(|name| name.starts_with(typed));
        if begins(&self.names) {
            Some(0)
        } else if begins(&self.letters) {
            Some(1)
        } else if typed.chars().count() > 1 && self.names.iter().any(|name| name.contains(typed)) {
            Some(2)
        } else {
            None
        }
    }
}

/// Half-width, small letters, no spaces, no marks: as names are compared.
fn folded(text: &str) -> String {
    let short = text.chars().take(40).map(half_width);
    short.filter(|c| c.is_alphanumeric() && !is_invisible(*c)).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list() -> Drugs {
        let drug = |name: &str, trade: &str, initials: &str, trade_initials: &str| Drug {
            name: name.to_owned(),
            trade: vec![trade.to_owned()],
            strengths: Vec::new(),
            initials: initials.to_owned(),
            trade_initials: vec![trade_initials.to_owned()],
        };
        Drugs::new([
            drug("精氨酸布洛芬片", "司百得", "jasblfp", "sbd"),
            drug("布洛芬缓释胶囊", "芬必得", "blfhsjn", "fbd"),
            drug("缬沙坦氨氯地平片(Ⅰ)", "倍博特", "xstaldpp", "bbt"),
        ])
    }

    fn names(typed: &str) -> Vec<String> {
        list().suggest(typed).into_iter().map(|drug| drug.name.clone()).collect()
    }

    #[test]
    fn a_drug_is_found_by_its_generic_name_its_trade_name_and_the_letters_of_both() {
        for typed in ["缬沙坦", "倍博特", "xst", "XST", "ｘｓｔ", "bbt", " 缬 沙坦", "缬沙坦氨氯地平片（"]
        {
            assert_eq!(names(typed), ["缬沙坦氨氯地平片(Ⅰ)"], "{typed}");
        }
    }

    #[test]
    fn what_begins_with_the_text_comes_before_what_holds_it() {
        assert_eq!(names("布洛芬"), ["布洛芬缓释胶囊", "精氨酸布洛芬片"]);
        assert_eq!(names("blf"), ["布洛芬缓释胶囊"]);
    }

    #[test]
    fn nothing_typed_suggests_nothing() {
        for typed in ["", " \u{3000}", "\u{200B}", "()", "大米"] {
            assert_eq!(names(typed), Vec::<String>::new(), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_at_most_eight_come_back(typed in any::<String>()) {
            prop_assert!(list().suggest(&typed).len() <= Drugs::MOST);
        }
    }
}
