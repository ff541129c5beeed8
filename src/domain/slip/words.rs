//! What a piece of a slip is: a telephone number, a door, a name, or labelled by its writer.

use crate::domain::numerals::{is_numeral, tidy};
use crate::domain::text::{Phone, digits_of, half_width};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Name,
    Phone,
    Door,
    Goods,
    Note,
}

const LABELS: &[(&str, Label)] = &[
    ("姓名", Label::Name),
    ("联系人", Label::Name),
    ("收货人", Label::Name),
    ("称呼", Label::Name),
    ("名字", Label::Name),
    ("联系电话", Label::Phone),
    ("手机号码", Label::Phone),
    ("手机号", Label::Phone),
    ("电话号码", Label::Phone),
    ("手机", Label::Phone),
    ("电话", Label::Phone),
    ("tel", Label::Phone),
    ("Tel", Label::Phone),
    ("收货地址", Label::Door),
    ("家庭住址", Label::Door),
    ("地址", Label::Door),
    ("住址", Label::Door),
    ("楼号", Label::Door),
    ("门牌号", Label::Door),
    ("门牌", Label::Door),
    ("房号", Label::Door),
    ("药品名称", Label::Goods),
    ("药名", Label::Goods),
    ("药品", Label::Goods),
    ("需求", Label::Goods),
    ("所需药品", Label::Goods),
    ("物品", Label::Goods),
    ("需要", Label::Goods),
    ("商品", Label::Goods),
    ("备注", Label::Note),
    ("说明", Label::Note),
];
const TITLES: &[&str] = &[
    "阿姨", "叔叔", "先生", "女士", "老师", "奶奶", "爷爷", "大爷", "大妈", "嬢嬢", "婆婆", "太太", "小姐", "师傅",
    "孃孃", "大叔", "老伯", "医生", "妈妈", "爸爸", "大姐", "大哥", "同学",
];
const I_AM: &[&str] = &["我是", "本人", "我叫", "我姓"];
const NOT_PEOPLE: &[&str] = &["爸爸", "妈妈", "爷爷", "奶奶"];

/// The label a piece begins with, and the rest: `电话：138…`.
pub(super) fn label_of(piece: &str) -> (Option<Label>, &str) {
    for (word, label) in LABELS {
        let rest = piece.strip_prefix(word).map(str::trim_start);
        if let Some(value) = rest.and_then(|rest| rest.strip_prefix([':', '：'])) {
            return (Some(*label), value.trim());
        }
    }
    (None, piece)
}

/// "药品：" with the list on the lines below.
pub(super) fn is_label_alone(piece: &str) -> bool {
    LABELS.iter().any(|(word, _)| piece.trim_end_matches([':', '：']).trim() == *word)
}

/// A mobile number within a piece, in bytes: eleven digits from 1, with dashes or spaces between.
pub(super) fn phone_in(piece: &str) -> Option<(usize, usize)> {
    let letters: Vec<(usize, char)> = piece.char_indices().map(|(at, c)| (at, half_width(c))).collect();
    let mut runs = letters.iter().enumerate().filter(|(place, (_, c))| *c == '1' && !digit_before(&letters, *place));
    let found = runs.find_map(|(place, (at, _))| Some((*at, end_of_mobile(&letters, place, piece.len())?)));
    found.map(|(start, end)| (with_country(piece, start), end))
}

/// `+86 ` and its like before the number belong to it.
fn with_country(piece: &str, start: usize) -> usize {
    let before = piece.get(..start).unwrap_or_default().trim_end_matches([' ', '-']);
    let bare = ["+86", "0086", "＋８６"].iter().find_map(|code| before.strip_suffix(code));
    bare.map_or(start, str::len)
}

fn digit_before(letters: &[(usize, char)], place: usize) -> bool {
    place.checked_sub(1).and_then(|before| letters.get(before)).is_some_and(|(_, c)| c.is_ascii_digit())
}

fn end_of_mobile(letters: &[(usize, char)], from: usize, length: usize) -> Option<usize> {
    let mut digits = 0;
    for (place, (_, letter)) in letters.iter().enumerate().skip(from) {
        match letter {
            digit if digit.is_ascii_digit() => digits += 1,
            ' ' | '-' if digits > 0 => continue,
            _ => return None,
        }
        if digits == 11 {
            let next = letters.get(place + 1);
            let ends = next.is_none_or(|(_, c)| !c.is_ascii_digit());
            return ends.then(|| next.map_or(length, |(at, _)| *at));
        }
    }
    None
}

/// Splits a label off the end of what stands before a number: `张三电话` is 张三 and 电话：.
pub(super) fn without_phone_label(before: &str) -> (&str, &'static str) {
    let bare = before.trim_end_matches([':', '：', ' ']);
    for (word, label) in LABELS {
        if let Some(head) = bare.strip_suffix(word).filter(|_| *label == Label::Phone) {
            return (head, "电话：");
        }
    }
    (before, "")
}

pub(super) fn is_phone(text: &str) -> bool {
    let text = text.trim();
    let ascii = text.chars().map(half_width).all(|c| c.is_ascii());
    let digits = digits_of(text);
    let mobile = digits.len() == 11 && digits.starts_with('1');
    let landline = (7..=12).contains(&digits.len()) && digits.starts_with(['0', '2', '3', '4', '5', '6', '7', '8']);
    let dashed = text.contains('-') && !digits.starts_with('0');
    ascii && Phone::parse(text).is_ok() && (mobile || landline && !dashed)
}

/// Numbers with dashes or words of place, and nothing else but names of places before them.
pub(super) fn is_door(piece: &str) -> bool {
    let plain: String = tidy(piece).chars().filter(|c| !c.is_whitespace()).collect();
    let digits = plain.chars().filter(|c| is_numeral(*c)).count();
    let ends_as_door = plain.ends_with(['室', '号']) || plain.chars().next_back().is_some_and(is_numeral);
    let placed = ["栋", "幢", "号楼", "单元", "座"].iter().any(|word| plain.contains(word));
    let numbers = plain.split('-').collect::<Vec<_>>();
    let dashed = (2..=4).contains(&numbers.len())
        && numbers.iter().skip(1).all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
        && numbers.last().is_some_and(|room| (3..=4).contains(&room.len()));
    plain.chars().count() <= 40 && digits >= 2 && ends_as_door && (placed || dashed)
}

/// `王阿姨`, `我是王阿姨`, `李秀英女士`; relatives alone ("妈妈") are nobody's name.
pub(super) fn is_name(piece: &str) -> bool {
    let bare = bare_name(piece);
    let length = bare.chars().count();
    let titled = TITLES.iter().any(|title| bare.ends_with(title)) && !NOT_PEOPLE.contains(&bare);
    let introduced = bare.len() < piece.trim().len() && (2..=4).contains(&length) && bare.chars().all(is_han);
    let about_relatives = ["我", "给", "帮", "的"].iter().any(|word| bare.contains(word));
    !about_relatives && (titled && (3..=6).contains(&length) && bare.chars().all(is_han) || introduced)
}

pub(super) fn bare_name(piece: &str) -> &str {
    let piece = piece.trim();
    I_AM.iter().find_map(|word| piece.strip_prefix(*word)).unwrap_or(piece)
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// A word between spaces that is read by itself.
pub(super) fn stands_alone(word: &str) -> bool {
    is_phone(word)
        || is_door(word)
        || is_name(word)
        || label_of(word).0.is_some()
        || super::amounts::read(word).is_some()
}
