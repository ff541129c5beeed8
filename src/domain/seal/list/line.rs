//! One line: where it is ("谢家湾街道杨坪社区"), which compound, which of its buildings.

use std::collections::BTreeSet;

use super::block::{self, Piece};
use super::compound::Compound;
use super::{Gazetteer, Verdict, Why};
use crate::domain::ids::BuildingId;

const LONGEST_PLACE: usize = 8;
/// Words that only lead to what follows.
const LEADING: [&str; 6] = ["包含", "包括", "其中", "含", "小区", "社区"];
const MARKS: [char; 14] = ['、', ',', '，', ';', '；', '/', '。', '.', ':', '：', '(', ')', '【', '】'];

type Said = Result<Vec<BuildingId>, Why>;

/// What is being gathered about one compound.
struct Group<'g> {
    compound: &'g Compound,
    /// The part last named: "A区" of "A区1栋、5栋".
    part: String,
    found: Vec<BuildingId>,
    /// Numbers whose 栋 comes later: "1、3、5栋".
    bare: Vec<String>,
    whole: Option<String>,
    count: Option<usize>,
}

pub fn read(gazetteer: &Gazetteer, communities: &BTreeSet<String>, line: &str) -> Verdict {
    let Some((line, except)) = take_exception(line) else { return person(Why::Unclear) };
    let body = line.replace("栋和", "栋、").replace("栋及", "栋、").replace("栋与", "栋、").replace("座和", "座、");
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut why = None;
    for piece in body.split(MARKS).filter(|piece| !piece.is_empty()) {
        match read_piece(gazetteer, communities, piece, &mut groups) {
            Ok(()) => {}
            Err(reason) => {
                why.get_or_insert(reason);
            }
        }
    }
    finish(groups, except.as_deref(), why)
}

fn person(why: Why) -> Verdict {
    Verdict::Person { why, maybe: vec![] }
}

fn finish(groups: Vec<Group<'_>>, except: Option<&str>, mut why: Option<Why>) -> Verdict {
    let (mut all, many) = (Vec::new(), groups.len() > 1);
    for group in groups {
        let maybe = group.found.clone();
        let said = match except {
            Some(_) if many => Err(Why::Unclear),
            Some(except) => without(group, except),
            None => said_by(group),
        };
        match said {
            Ok(found) => all.extend(found),
            Err(reason) => {
                why.get_or_insert(reason);
                all.extend(maybe);
            }
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|id| seen.insert(*id));
    match why {
        None if all.is_empty() => person(Why::NoCompound),
        None => Verdict::Buildings(all),
        Some(why) => Verdict::Person { why, maybe: all },
    }
}

fn said_by(group: Group<'_>) -> Said {
    if !group.bare.is_empty() {
        return Err(Why::Unclear);
    }
    // "南区全区（7栋-16栋）" of a compound that has no 南区 here: another one may be meant.
    let whole = group.whole.as_deref().filter(|part| !part.is_empty());
    if whole.is_some_and(|part| group.compound.all(part).is_empty()) {
        return Err(Why::Unclear);
    }
    let found = match (group.found.is_empty(), &group.whole) {
        (false, _) => group.found,
        (true, Some(part)) => group.compound.all(part),
        // "共5栋" alone means all of them, if there are five.
        (true, None) if group.count.is_some() => group.compound.all(""),
        (true, None) => return Err(Why::WholeCompound),
    };
    let distinct = found.iter().collect::<BTreeSet<_>>().len();
    match group.count {
        Some(count) if count != distinct => Err(Why::CountDiffers),
        _ if found.is_empty() => Err(Why::UnknownBuilding),
        _ => Ok(found),
    }
}

/// All but these, or these but those.
fn without(mut group: Group<'_>, except: &str) -> Said {
    let from = if group.found.is_empty() {
        group.compound.all(group.whole.as_deref().unwrap_or_default())
    } else {
        std::mem::take(&mut group.found)
    };
    let mut left_out = Group { found: vec![], bare: vec![], whole: None, count: None, ..group };
    for piece in except.split(MARKS).filter(|piece| !piece.is_empty()) {
        add(&mut left_out, piece)?;
    }
    if left_out.found.is_empty() || left_out.whole.is_some() {
        return Err(Why::Unclear);
    }
    let out = said_by(left_out)?;
    if out.iter().any(|id| !from.contains(id)) {
        return Err(Why::Unclear);
    }
    Ok(from.into_iter().filter(|id| !out.contains(id)).collect())
}

/// The line without "除…外", and what is said there. `None`: 除 without an end.
fn take_exception(line: &str) -> Option<(String, Option<String>)> {
    let Some((before, after)) = line.split_once('除') else { return Some((line.to_owned(), None)) };
    let (inner, rest) =
        ["以外", "之外", "外"].iter().filter_map(|end| after.split_once(end)).min_by_key(|(inner, _)| inner.len())?;
    let rest = rest.trim_start_matches(['的', '、', ',']);
    Some((format!("{before}、{rest}"), Some(inner.trim_start_matches('了').to_owned())))
}

fn read_piece<'g>(
    gazetteer: &'g Gazetteer,
    communities: &BTreeSet<String>,
    piece: &str,
    groups: &mut Vec<Group<'g>>,
) -> Result<(), Why> {
    let (rest, named) = read_head(gazetteer, communities, piece)?;
    if let Some(compound) = named {
        let fresh = Group { compound, part: String::new(), found: vec![], bare: vec![], whole: None, count: None };
        groups.push(fresh);
    }
    let group = groups.last_mut().ok_or(Why::NoCompound)?;
    if rest.is_empty() { Ok(()) } else { add(group, rest) }
}

/// Street, community, compound, in this order; of several compounds the last: communities bear their names, too.
fn read_head<'g, 't>(
    gazetteer: &'g Gazetteer,
    communities: &BTreeSet<String>,
    piece: &'t str,
) -> Result<(&'t str, Option<&'g Compound>), Why> {
    let (mut rest, mut named) = (piece, None);
    loop {
        let leading = LEADING.iter().find_map(|word| rest.strip_prefix(word));
        if let Some(after) = street_at(gazetteer, rest)? {
            rest = after;
        } else if let Some(after) = community_at(rest)?.map(|(_, after)| after).or(leading) {
            rest = after;
        } else if let Some((compound, after)) = gazetteer.compound_at(rest) {
            named = Some(compound);
            rest = after;
        } else if let Some(after) = communities.iter().find_map(|name| rest.strip_prefix(name.as_str())) {
            rest = after;
        } else if let Some(after) = short_again(gazetteer, piece, rest, named.is_some()) {
            rest = after;
        } else {
            return Ok((rest, named));
        }
    }
}

/// "华润二十四城华润二期…": the beginning of the name again, before a phase or a part.
fn short_again<'t>(gazetteer: &Gazetteer, piece: &str, rest: &'t str, named: bool) -> Option<&'t str> {
    if !named {
        return None;
    }
    let said = piece.strip_suffix(rest)?;
    let (form, _) = gazetteer.forms.iter().find(|(form, _)| said.ends_with(form.as_str()))?;
    let short: String = form.chars().take(2).collect();
    rest.strip_prefix(short.as_str()).filter(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

/// "…社区" at the beginning: its name, and what follows. A whole community is for a person.
fn community_at(text: &str) -> Result<Option<(&str, &str)>, Why> {
    let Some((name, after)) = text.split_once("社区") else { return Ok(None) };
    if ["整个", "全", "全部"].iter().any(|whole| name.ends_with(whole)) {
        return Err(Why::WholeCommunity);
    }
    let fits = !name.is_empty() && name.chars().count() <= LONGEST_PLACE && !name.contains(['栋', '幢', '座', '号']);
    Ok(fits.then_some((name, after)))
}

/// "…街道" at the beginning. Another street has compounds of the same names.
fn street_at<'t>(gazetteer: &Gazetteer, text: &'t str) -> Result<Option<&'t str>, Why> {
    let own = gazetteer.street.as_str();
    if let Some(after) = text.strip_prefix(own).filter(|_| !own.is_empty()) {
        return Ok(Some(after));
    }
    let other = ["街道", "镇"].iter().filter_map(|word| text.split_once(word)).min_by_key(|(name, _)| name.len());
    match other {
        Some((name, _)) if !name.is_empty() && name.chars().count() <= LONGEST_PLACE => Err(Why::OtherStreet),
        _ => Ok(None),
    }
}

/// The community a line names, to know it again where 社区 is left out.
pub fn community_of(gazetteer: &Gazetteer, line: &str) -> Option<String> {
    let after = street_at(gazetteer, line).ok()?.unwrap_or(line);
    let (name, _) = community_at(after).ok()??;
    (name.chars().count() >= 3).then(|| name.to_owned())
}

fn add(group: &mut Group<'_>, piece: &str) -> Result<(), Why> {
    match block::read(piece).ok_or(Why::Unclear)? {
        Piece::Count(count) => group.count = Some(count),
        Piece::Whole { part } => group.whole = Some(part),
        Piece::Blocks { keys, designated } => {
            group.bare.extend(keys);
            if designated {
                for key in std::mem::take(&mut group.bare) {
                    let found = group.compound.find(&key, &group.part).ok_or(Why::UnknownBuilding)?;
                    group.found.push(found);
                    let part = block::part_of(&key);
                    if !part.is_empty() {
                        part.clone_into(&mut group.part);
                    }
                }
            }
        }
    }
    Ok(())
}
