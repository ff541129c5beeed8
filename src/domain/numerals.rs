//! Numbers as people write them in Chinese: 两盒, 三栋二单元五零一, 十二楼.

use super::text::{half_width, is_invisible};

fn digit(c: char) -> Option<u32> {
    match c {
        '〇' | '零' => Some(0),
        '一' | '幺' => Some(1),
        '二' | '两' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    }
}

/// A run of numerals alone: 十二 is 12, 五零一 is 501, 二十 is 20, ３ is 3. `None` for everything else, and above 99 999.
#[must_use]
pub fn number_of(text: &str) -> Option<u32> {
    let plain: String = text.chars().map(half_width).collect();
    if plain.is_empty() || plain.chars().count() > 5 {
        return None;
    }
    if plain.chars().all(|c| c.is_ascii_digit()) {
        return plain.parse().ok();
    }
    match plain.split_once('十') {
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { Some(1) } else { single(tens) };
            let ones = if ones.is_empty() { Some(0) } else { single(ones) };
            Some(tens? * 10 + ones?)
        }
        None => plain.chars().try_fold(0_u32, |sum, c| Some(sum * 10 + digit(c).or_else(|| c.to_digit(10))?)),
    }
}

fn single(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    let value = digit(chars.next()?)?;
    chars.next().is_none().then_some(value)
}

/// Whether this may stand in a number.
#[must_use]
pub fn is_numeral(c: char) -> bool {
    half_width(c).is_ascii_digit() || digit(c).is_some() || c == '十'
}

/// Half-width, without what takes no room and without spaces at the ends; Chinese numbers before a word of place
/// (栋, 单元, 室 …) as digits.
#[must_use]
pub fn tidy(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).map(half_width).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_they_are_said() {
        for (text, number) in [
            ("两", Some(2)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("二十", Some(20)),
            ("九十九", Some(99)),
            ("五零一", Some(501)),
            ("５０１", Some(501)),
            ("一二〇三", Some(1203)),
            ("", None),
            ("十十", None),
            ("很多", None),
            ("999999", None),
        ] {
            assert_eq!(number_of(text), number, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in any::<String>()) {
            let _ = (number_of(&text), tidy(&text));
        }
    }
}
