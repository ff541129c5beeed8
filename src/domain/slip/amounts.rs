//! How much is left and how much is taken: 没药了, 只剩2片, 一天两次.

use crate::domain::numerals::{is_numeral, number_of, tidy};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// Doses left at home.
    Left(u16),
    PerDay(u16),
}

const NONE_LEFT: &[&str] = &[
    "没药了",
    "药没了",
    "没有药了",
    "断药",
    "断药了",
    "已断药",
    "已经断药",
    "已经断药了",
    "药吃完了",
    "吃完了",
    "药已吃完",
    "已吃完",
    "已经吃完了",
    "药用完了",
    "用完了",
    "一片都没有了",
    "一粒都没有了",
    "一片不剩",
    "全吃完了",
    "没得了",
    "药没得了",
    "药吃完",
    "没药",
    "都吃完了",
    "今天断药",
];
const LEFT: &[&str] = &["只剩下", "还剩下", "只剩", "还剩", "剩下", "就剩", "仅剩", "家里还有", "还有", "剩余", "剩"];
const DOSES: &[&str] = &["片了", "粒了", "颗了", "顿了", "次了", "片", "粒", "颗", "顿", "次", "支", "针"];
const A_DAY: &[&str] = &["一天", "每天", "每日", "一日", "1天", "1日"];
const TIMES: &[&str] = &["次", "顿", "回"];

/// Understood only as a whole: "剩2片的那种" is not.
pub(super) fn read(piece: &str) -> Option<Amount> {
    let plain: String = tidy(piece).chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.strip_prefix('药').filter(|_| !NONE_LEFT.contains(&plain.as_str())).unwrap_or(&plain);
    if NONE_LEFT.contains(&plain) {
        return Some(Amount::Left(0));
    }
    let after = |starts: &[&str]| starts.iter().find_map(|start| plain.strip_prefix(*start)).map(ToOwned::to_owned);
    if let Some(count) = after(LEFT).and_then(|rest| counted(&rest, DOSES)) {
        return Some(Amount::Left(count));
    }
    // Times, not tablets: "每天2片" may be one dose or two.
    after(A_DAY)
        .and_then(|rest| counted(rest.trim_start_matches('吃'), TIMES))
        .filter(|times| (1..=48).contains(times))
        .map(Amount::PerDay)
}

fn counted(text: &str, units: &[&str]) -> Option<u16> {
    let number: String = text.chars().take_while(|c| is_numeral(*c)).collect();
    let unit = text.get(number.len()..)?;
    let known = units.contains(&unit);
    number_of(&number).filter(|count| known && *count <= 9999).and_then(|count| u16::try_from(count).ok())
}
