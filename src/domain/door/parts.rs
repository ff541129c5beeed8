//! The numbers of a spoken address, each with the word behind it.

use crate::domain::numerals::{is_numeral, number_of};

/// What the word behind a number says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Building,
    Unit,
    Floor,
    Room,
    /// Only a dash or a space, or nothing.
    None,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub number: String,
    pub mark: Mark,
    /// Where the word behind the number ends, in bytes.
    pub ends: usize,
}

const MARKS: &[(&str, Mark)] = &[
    ("号楼", Mark::Building),
    ("号院", Mark::Other),
    ("栋", Mark::Building),
    ("幢", Mark::Building),
    ("座", Mark::Building),
    ("#", Mark::Building),
    ("单元", Mark::Unit),
    ("门洞", Mark::Unit),
    ("楼", Mark::Floor),
    ("层", Mark::Floor),
    ("室", Mark::Room),
    ("房", Mark::Room),
    ("号", Mark::Room),
];

/// Reads all numbers in order. A letter before 座 is a number too.
pub(super) fn parts_of(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        let run = run_at(rest, first);
        if run == 0 {
            at += first.len_utf8();
            continue;
        }
        let (number, behind) = rest.split_at_checked(run).unwrap_or((rest, ""));
        let (mark, length) = mark_of(behind);
        at += run + length;
        parts.push(Part { number: spelled(number), mark, ends: at });
    }
    parts
}

/// How many bytes of the start are a number.
fn run_at(rest: &str, first: char) -> usize {
    if first.is_ascii_alphabetic() && rest.get(1..).is_some_and(|behind| behind.starts_with('座')) {
        return 1;
    }
    rest.chars().take_while(|c| is_numeral(*c)).map(char::len_utf8).sum()
}

fn spelled(number: &str) -> String {
    if number.chars().all(|c| c.is_ascii_digit()) {
        let bare = number.trim_start_matches('0');
        return if bare.is_empty() { "0".to_owned() } else { bare.to_owned() };
    }
    number_of(number).map_or_else(|| number.to_ascii_uppercase(), |number| number.to_string())
}

fn mark_of(behind: &str) -> (Mark, usize) {
    if let Some((word, mark)) = MARKS.iter().find(|(word, _)| behind.starts_with(word)) {
        return (*mark, word.len());
    }
    let separates = behind.chars().next().is_none_or(|c| c.is_whitespace() || "-/,，.、".contains(c));
    (if separates { Mark::None } else { Mark::Other }, 0)
}

pub(super) fn join(parts: &[Part]) -> String {
    parts.iter().map(|part| part.number.as_str()).collect::<Vec<_>>().join("-")
}

/// Whether the text holds nothing but these numbers, their words and what separates them.
pub(super) fn is_only(text: &str, parts: &[Part]) -> bool {
    let known = |c: char| is_numeral(c) || c.is_whitespace() || "-/,，.、单元门洞室房号".contains(c);
    !parts.is_empty() && text.chars().all(known)
}

/// What stands behind the building: numbers joined, or as it was typed when there are other words in it.
pub(super) fn room_after(text: &str, parts: &[Part], building: usize) -> String {
    let ends = parts.get(building).map_or(0, |part| part.ends);
    let rest = text.get(ends..).unwrap_or_default();
    super::room_text(rest)
}

/// `7` of "C区7栋", `A` of "A座", `16` of "新16栋".
pub(super) fn number_of_block(name: &str) -> Option<String> {
    let name = super::tidy(name);
    let parts = parts_of(&name);
    let marked = parts.iter().rfind(|part| part.mark == Mark::Building);
    marked.or(parts.last()).map(|part| part.number.clone())
}

/// Whether a name stands in the text, and not as the end of another number: 7栋 is not in 17栋.
pub(super) fn within(text: &str, name: &str) -> bool {
    let starts_with_digit = name.chars().next().is_some_and(|c| c.is_ascii_digit());
    !name.is_empty()
        && text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            !(starts_with_digit && before.is_some_and(|c| c.is_ascii_digit()))
        })
}
