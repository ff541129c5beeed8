//! One thing asked for, as it is written: 缬沙坦胶囊 80mg 2盒, "米 一袋", 还要两盒奥美拉唑.

use crate::domain::item::Item;
use crate::domain::numerals::{is_numeral, number_of};
use crate::domain::text::half_width;

/// A line of the form, as typed: name, strength, how many of what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Goods {
    pub name: String,
    pub strength: Option<String>,
    pub quantity: Option<i32>,
    pub unit: Option<String>,
}

const UNITS: &[&str] = &[
    "公斤", "千克", "盒", "瓶", "袋", "包", "片", "粒", "支", "板", "个", "斤", "罐", "桶", "箱", "卷", "提", "贴",
    "条", "颗", "双", "件", "份", "管", "只",
];
const STRENGTHS: &[&str] = &["mg", "ug", "μg", "ml", "iu", "毫克", "微克", "毫升", "克", "g", "万单位", "单位", "%"];
const ASKING: &[&str] = &[
    "麻烦帮买",
    "麻烦买",
    "帮忙买",
    "帮我买",
    "还需要",
    "想要买",
    "我要买",
    "还要",
    "需要",
    "想要",
    "要买",
    "我要",
    "帮买",
    "买",
    "要",
    "求",
];
const MEDICINES: &[&str] = &[
    "片",
    "胶囊",
    "颗粒",
    "丸",
    "口服液",
    "注射液",
    "软膏",
    "乳膏",
    "滴眼液",
    "糖浆",
    "散",
    "贴膏",
    "喷雾剂",
    "胰岛素",
    "滴剂",
    "冲剂",
    "药",
];

/// Reads a line of goods. `None` when there is no name in it.
#[must_use]
pub fn goods(text: &str) -> Option<Goods> {
    let text = unmarked(text.trim());
    let text = ASKING.iter().find_map(|word| text.strip_prefix(*word)).map_or(text, str::trim_start);
    let (rest, count) = without_count(text);
    let (name, strength) = without_strength(&rest);
    let named = name.chars().any(char::is_alphanumeric);
    let (quantity, unit) = count.map_or((None, None), |(quantity, unit)| (Some(quantity), Some(unit)));
    named.then_some(Goods { name, strength, quantity, unit })
}

/// Without "1." or "-" before it, as in a list.
fn unmarked(text: &str) -> &str {
    let bare = text.trim_start_matches(['-', '*', '•', '·', '✅', '☑']).trim_start();
    let digits = bare.chars().take_while(char::is_ascii_digit).count();
    let behind = bare.get(digits..).unwrap_or_default();
    let numbered = (1..=2).contains(&digits) && behind.starts_with(['.', ')', '）', '．']);
    let listed = numbered && !behind.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    if listed {
        behind.chars().next().and_then(|mark| behind.get(mark.len_utf8()..)).unwrap_or(bare).trim_start()
    } else {
        bare
    }
}

/// A number with a unit at the end (or "x2"), or at the start.
fn without_count(text: &str) -> (String, Option<(i32, String)>) {
    for unit in UNITS {
        let Some(head) = text.strip_suffix(unit) else { continue };
        if let Some((rest, number)) = number_at_end(head) {
            return (trimmed(rest.trim_end_matches(['x', 'X', '×', '*'])), Some((number, (*unit).to_owned())));
        }
    }
    if let Some((rest, number)) = number_at_end(text).filter(|(rest, _)| rest.ends_with(['x', 'X', '×', '*'])) {
        return (trimmed(rest.trim_end_matches(['x', 'X', '×', '*'])), Some((number, "件".to_owned())));
    }
    let digits: String = text.chars().take_while(|c| is_numeral(*c)).collect();
    let behind = text.get(digits.len()..).unwrap_or_default();
    let unit = UNITS.iter().find(|unit| behind.starts_with(**unit));
    let told = number_of(&digits).and_then(fitting).zip(unit);
    match told {
        Some((number, unit)) => {
            let name = behind.get(unit.len()..).unwrap_or_default();
            let name = name.strip_prefix('的').unwrap_or(name);
            if name.trim().is_empty() {
                (text.to_owned(), None)
            } else {
                (trimmed(name), Some((number, (*unit).to_owned())))
            }
        }
        None => (trimmed(text), None),
    }
}

fn trimmed(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || c == ':' || c == '：').to_owned()
}

/// `…2` → (`…`, 2). Not of "0.9" and not of what is longer than any count.
fn number_at_end(text: &str) -> Option<(&str, i32)> {
    let text = text.trim_end();
    let length: usize = text.chars().rev().take_while(|c| is_numeral(*c)).map(char::len_utf8).sum();
    let (rest, number) = text.split_at_checked(text.len() - length)?;
    let part_of_another = rest.ends_with(['.', '/', '-', '．']);
    number_of(number).and_then(fitting).filter(|_| !part_of_another).map(|number| (rest, number))
}

fn fitting(number: u32) -> Option<i32> {
    i32::try_from(number).ok().filter(|number| (1..=Item::MOST).contains(number))
}

/// The last word that is a strength: 80mg, 0.5g*24片, 10mg/5mg.
fn without_strength(text: &str) -> (String, Option<String>) {
    let Some(start) = strength_start(text) else { return (trimmed(text), None) };
    let (name, strength) = text.split_at_checked(start).unwrap_or((text, ""));
    let name = trimmed(name);
    if name.is_empty() { (trimmed(text), None) } else { (name, Some(strength.trim().to_owned())) }
}

/// Where the number begins that a strength ends the text with.
fn strength_start(text: &str) -> Option<usize> {
    let plain: String = text.chars().map(half_width).collect::<String>().to_lowercase();
    if plain.chars().count() != text.chars().count() || !STRENGTHS.iter().any(|unit| plain.ends_with(unit)) {
        return None;
    }
    let letters: Vec<char> = plain.chars().collect();
    let of_strength =
        |c: char| c.is_ascii_digit() || ".:/*×".contains(c) || "mguμliu%毫克微升万单位".contains(c) || c == ' ';
    let mut first = None;
    for (place, letter) in letters.iter().enumerate().rev() {
        if !of_strength(*letter) {
            break;
        }
        if letter.is_ascii_digit() {
            first = Some(place);
        }
    }
    text.char_indices().nth(first?).map(|(at, _)| at)
}

/// Whether a piece without a label is goods: a count or a strength, or a word that medicines end with.
pub(super) fn looks_like_goods(piece: &str) -> bool {
    let Some(read) = goods(piece) else { return false };
    let short = read.name.chars().count() <= 24;
    let medicine = MEDICINES.iter().any(|end| read.name.ends_with(end)) && read.name.chars().count() > 2;
    let sentence = [
        "了", "吗", "呢", "吧", "谢谢", "麻烦", "您好", "你好", "我家", "老人", "妈妈", "爸爸", "每天", "一天", "每日",
        "一日",
    ];
    let talks = sentence.iter().any(|word| read.name.contains(word));
    short && !talks && (read.quantity.is_some() || read.strength.is_some() || medicine)
}
