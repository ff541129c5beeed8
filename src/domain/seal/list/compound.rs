//! The buildings of one compound by their keys.

use std::collections::BTreeMap;

use super::{Known, block, folded};
use crate::domain::ids::BuildingId;

#[derive(Debug)]
pub struct Compound {
    /// Two buildings of one key are told apart by nobody.
    blocks: BTreeMap<String, Vec<BuildingId>>,
}

impl Compound {
    pub fn of(known: &[Known<'_>]) -> Self {
        let mut blocks: BTreeMap<String, Vec<BuildingId>> = BTreeMap::new();
        for building in known {
            blocks.entry(block::key(&folded::folded(building.name))).or_default().push(building.id);
        }
        Self { blocks }
    }

    /// All of it, or of a part of it.
    pub fn all(&self, part: &str) -> Vec<BuildingId> {
        let of_part = self.blocks.iter().filter(|(key, _)| part.is_empty() || block::part_of(key) == part);
        of_part.flat_map(|(_, ids)| ids.iter().copied()).collect()
    }

    /// The one building of this key. A bare number after "A区1栋" means A区5栋, unless there is a plain 5栋, too: then
    /// nobody knows.
    pub fn find(&self, key: &str, part: &str) -> Option<BuildingId> {
        if block::part_of(key).is_empty() && !part.is_empty() {
            let plain = self.blocks.contains_key(key);
            return self.one(&format!("{part}{key}")).filter(|_| !plain);
        }
        self.one(key).or_else(|| self.one(self.without_phase(key)?))
    }

    fn one(&self, key: &str) -> Option<BuildingId> {
        match self.blocks.get(key)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// "2期央玺25" where the part has a name of its own, and nothing here goes by phase and name both.
    fn without_phase<'k>(&self, key: &'k str) -> Option<&'k str> {
        let (phase, rest) = key.split_once('期')?;
        let is_phase = !phase.is_empty() && phase.bytes().all(|byte| byte.is_ascii_digit());
        let part = block::part_of(rest);
        let named = part.chars().count() >= 2;
        let phased = self.blocks.keys().any(|known| known.contains('期') && known.contains(part));
        (is_phase && named && !phased).then_some(rest)
    }
}
