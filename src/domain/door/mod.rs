//! Where a caller lives, as it is said on the telephone: `3-2-501` (building, unit, room), `MZC-07 2-501` (official
//! code), "文化六村3栋2单元501". What may mean several doors stays several: a person chooses, nothing is guessed.

mod parts;
#[cfg(test)]
mod tests;

use super::numerals::tidy;
use parts::{Mark, Part, join, parts_of, within};

/// A building one may live in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    pub code: &'a str,
    pub compound: &'a str,
    pub name: &'a str,
}

/// One door that may be meant: the place of its building in the list, and the room there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub block: usize,
    pub room: String,
}

/// What was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Nothing,
    One(Door),
    /// Likely ones first.
    Several(Vec<Door>),
    /// No building of ours was named; this was the rest.
    NoBuilding(String),
}

/// Reads what was typed against the buildings of a zone.
#[must_use]
pub fn read(text: &str, blocks: &[Block<'_>]) -> Reading {
    let text = tidy(text);
    if text.is_empty() {
        return Reading::Nothing;
    }
    if let Some(door) = by_code(&text, blocks) {
        return Reading::One(door);
    }
    // What looks like an official code and is none of ours is not read as numbers: that would be a guess.
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.is_ascii() {
        return Reading::NoBuilding(text);
    }
    let (rest, candidates) = narrowed(&text, blocks);
    let parts = parts_of(&rest);
    let (doors, room) = by_number(&parts, &rest, &candidates, blocks);
    let mut doors = doors.into_iter();
    match (doors.next(), doors.next()) {
        (None, _) => Reading::NoBuilding(room),
        (Some(only), None) => Reading::One(only),
        (Some(first), Some(second)) => Reading::Several([first, second].into_iter().chain(doors).collect()),
    }
}

/// The official code, then the room. Of `H-1` and `H-1-2` the longer one counts.
fn by_code(text: &str, blocks: &[Block<'_>]) -> Option<Door> {
    let fits = |block: &Block<'_>| {
        let (head, rest) = text.split_at_checked(block.code.len())?;
        let ends = rest.chars().next().is_none_or(|next| !next.is_ascii_alphanumeric());
        (!block.code.is_empty() && ends && head.eq_ignore_ascii_case(block.code)).then_some(rest)
    };
    let found = blocks.iter().enumerate().filter_map(|(place, block)| Some((block.code.len(), place, fits(block)?)));
    let (_, block, rest) = found.max_by_key(|(length, ..)| *length)?;
    Some(Door { block, room: room_text(rest) })
}

fn room_text(rest: &str) -> String {
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || "-,，/".contains(c));
    let parts = parts_of(rest);
    let plain = parts.iter().all(|part| matches!(part.mark, Mark::None | Mark::Unit | Mark::Room));
    if plain && !parts.is_empty() && parts::is_only(rest, &parts) { join(&parts) } else { rest.to_owned() }
}

/// The buildings that names in the text leave over, and the text without those names.
fn narrowed(text: &str, blocks: &[Block<'_>]) -> (String, Vec<usize>) {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compounds = blocks.iter().map(|block| block.compound).filter(|name| within(&squeezed, name));
    let Some(compound) = compounds.max_by_key(|name| name.len()) else {
        return named(text, &(0..blocks.len()).collect::<Vec<_>>(), blocks);
    };
    let there = |place: &usize| blocks.get(*place).is_some_and(|block| block.compound == compound);
    let inside: Vec<usize> = (0..blocks.len()).filter(there).collect();
    let rest =
        if text.contains(compound) { text.replacen(compound, " ", 1) } else { squeezed.replacen(compound, " ", 1) };
    named(&rest, &inside, blocks)
}

/// A name that is more than its number ("C区7栋") says which of several sevens is meant.
fn named(rest: &str, candidates: &[usize], blocks: &[Block<'_>]) -> (String, Vec<usize>) {
    let name = |place: &usize| blocks.get(*place).map_or("", |block| block.name);
    let more_than_a_number = |name: &str| name.chars().next().is_some_and(|first| !first.is_ascii_digit());
    let fits = candidates.iter().map(&name).filter(|name| more_than_a_number(name) && within(rest, name));
    let Some(longest) = fits.max_by_key(|name| name.len()) else { return (rest.to_owned(), candidates.to_vec()) };
    let left = candidates.iter().copied().filter(|place| name(place) == longest).collect();
    (rest.to_owned(), left)
}

/// Which of the candidates the numbers name, and what is left as the room.
fn by_number(parts: &[Part], rest: &str, candidates: &[usize], blocks: &[Block<'_>]) -> (Vec<Door>, String) {
    let numbered = |wanted: &str, room: &str| -> Vec<Door> {
        let fits = |place: &&usize| {
            blocks.get(**place).and_then(|block| parts::number_of_block(block.name)) == Some(wanted.to_owned())
        };
        candidates.iter().filter(fits).map(|place| Door { block: *place, room: room.to_owned() }).collect()
    };
    if let Some(at) = parts.iter().rposition(|part| part.mark == Mark::Building) {
        let room = parts::room_after(rest, parts, at);
        let wanted = parts.get(at).map(|part| part.number.clone()).unwrap_or_default();
        return (numbered(&wanted, &room), room);
    }
    let plain = parts.iter().all(|part| part.mark == Mark::None);
    match parts {
        [building, room @ ..] if plain && room.len() >= 2 => {
            let room = join(room);
            (numbered(&building.number, &room), room)
        }
        [first, second] if plain => {
            let whole = join(parts);
            // Building and room, or unit and room of a building that was not said: both stay open.
            let mut doors = numbered(&first.number, &second.number);
            if !doors.is_empty() {
                doors.extend(candidates.iter().map(|place| Door { block: *place, room: whole.clone() }));
            }
            (doors, whole)
        }
        _ => (Vec::new(), room_text(rest)),
    }
}

/// The staircase of a room, if the room tells it: `2-501` and 2单元501 are of 2.
#[must_use]
pub fn unit_of(room: &str) -> Option<String> {
    let parts = parts_of(&tidy(room));
    match parts.as_slice() {
        [first, _, ..] if matches!(first.mark, Mark::None | Mark::Unit) => Some(first.number.clone()),
        [only] if only.mark == Mark::Unit => Some(only.number.clone()),
        _ => None,
    }
}

/// Two spellings of one room compare equal by this: `2-501`, `２－５０１室`, 2单元501.
#[must_use]
pub fn room_key(room: &str) -> String {
    let squeezed: String = tidy(room).chars().filter(|c| !c.is_whitespace()).collect();
    room_text(&squeezed).to_lowercase()
}
