//! The official list of sealed places, in free text, read against the buildings of a zone: every line either names
//! buildings beyond doubt, or goes to a person with what is unclear about it. A wrong building is worse than no answer.

mod block;
mod compound;
mod folded;
mod line;

use std::collections::{BTreeMap, BTreeSet};

use super::super::ids::BuildingId;
use super::super::words::word;
use compound::Compound;

/// A building of the zone as its list knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    pub id: BuildingId,
    pub compound: &'a str,
    pub name: &'a str,
}

word! {
    /// Why a person must look at a line.
    Why {
        /// Another street than the zone's is named.
        OtherStreet = "other_street",
        /// No compound of the zone is named.
        NoCompound = "no_compound",
        /// Only a compound is named: all of it?
        WholeCompound = "whole_compound",
        /// A whole community is named.
        WholeCommunity = "whole_community",
        /// A building is named that the compound does not have here.
        UnknownBuilding = "unknown_building",
        /// Something in the line is not understood.
        Unclear = "unclear",
        /// It says how many buildings there are, and we know another number.
        CountDiffers = "count_differs",
    }
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// These buildings, beyond doubt.
    Buildings(Vec<BuildingId>),
    /// A person must look; `maybe` is what was understood of it.
    Person { why: Why, maybe: Vec<BuildingId> },
}

/// The names of a zone, ready to read lines by.
#[derive(Debug)]
pub struct Gazetteer {
    street: String,
    compounds: Vec<Compound>,
    /// How each compound is written at the beginning of a piece, the longest first.
    forms: Vec<(String, usize)>,
}

/// A name shortened to less could be anybody's.
const SHORTEST_FORM: usize = 4;

impl Gazetteer {
    #[must_use]
    pub fn of(street: &str, known: &[Known<'_>]) -> Self {
        let mut by_name: BTreeMap<String, Vec<Known<'_>>> = BTreeMap::new();
        for building in known {
            by_name.entry(folded::folded(building.compound)).or_default().push(*building);
        }
        let names: Vec<String> = by_name.keys().filter(|name| !name.is_empty()).cloned().collect();
        let compounds = by_name.into_iter().filter(|(name, _)| !name.is_empty());
        let compounds = compounds.map(|(_, known)| Compound::of(&known)).collect();
        Self { street: folded::folded(street), compounds, forms: forms(&names) }
    }

    /// Every line that says something, with its verdict. Communities named in one line are known in the others.
    #[must_use]
    pub fn read_list<'t>(&self, text: &'t str) -> Vec<(&'t str, Verdict)> {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let folded: Vec<String> = lines.iter().map(|line| folded::folded(line)).collect();
        let communities = folded.iter().filter_map(|line| line::community_of(self, line)).collect();
        lines.into_iter().zip(&folded).map(|(line, folded)| (line, self.read(folded, &communities))).collect()
    }

    fn read(&self, folded: &str, communities: &BTreeSet<String>) -> Verdict {
        line::read(self, communities, folded)
    }

    /// The compound whose name the text begins with, and what follows it. A name does not end within a number.
    fn compound_at<'t>(&self, text: &'t str) -> Option<(&Compound, &'t str)> {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let (form, index) = self.forms.iter().find(|(form, _)| {
            text.strip_prefix(form.as_str())
                .is_some_and(|rest| !(digit(form.chars().last()) && digit(rest.chars().next())))
        })?;
        Some((self.compounds.get(*index)?, text.strip_prefix(form.as_str())?))
    }
}

/// The name itself, without 小区, and without what stands before it ("华宇春江花月": 春江花月) where only one can be meant.
fn forms(names: &[String]) -> Vec<(String, usize)> {
    let mut forms: Vec<(String, usize)> = names.iter().cloned().zip(0..).collect();
    let short: Vec<&str> = names.iter().map(|name| name.strip_suffix("小区").unwrap_or(name)).collect();
    for (index, name) in short.iter().enumerate() {
        let tails = name.char_indices().map(|(at, _)| name.get(at..).unwrap_or_default());
        for tail in tails.filter(|tail| *tail == *name || tail.chars().count() >= SHORTEST_FORM) {
            let unique = short.iter().filter(|other| other.ends_with(tail)).count() == 1;
            if unique && !starts_in_a_number(name, tail) && !names.iter().any(|other| other == tail) {
                forms.push((tail.to_owned(), index));
            }
        }
    }
    forms.sort_by(|(one, _), (other, _)| other.chars().count().cmp(&one.chars().count()).then(one.cmp(other)));
    forms
}

/// "24城" cut to "4城" would be another place.
fn starts_in_a_number(name: &str, tail: &str) -> bool {
    tail != name && tail.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
