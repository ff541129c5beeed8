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

/// A run of numerals alone: 十二 is 12, 一百零五 is 105, 五零一 is 501, ３ is 3. `None` for everything else, and above
/// 99 999.
#[must_use]
pub fn number_of(text: &str) -> Option<u32> {
    let plain: String = text.chars().map(half_width).collect();
    if plain.is_empty() || plain.chars().count() > 5 {
        return None;
    }
    if plain.contains(['十', '百']) {
        return by_places(&plain);
    }
    plain.chars().try_fold(0_u32, |sum, c| Some(sum * 10 + digit(c).or_else(|| c.to_digit(10))?))
}

/// 二十四, 一百零五, 十: a digit before each place, the places falling, and one digit after them.
fn by_places(text: &str) -> Option<u32> {
    let (mut sum, mut held, mut last) = (0_u32, None, 1000_u32);
    for c in text.chars() {
        if let Some(n) = digit(c) {
            if held.is_some_and(|held| held != 0) {
                return None;
            }
            held = Some(n);
            continue;
        }
        let place = match c {
            '百' => 100,
            '十' => 10,
            _ => return None,
        };
        if place >= last || held == Some(0) {
            return None;
        }
        sum += held.take().unwrap_or(1) * place;
        last = place;
    }
    Some(sum + held.unwrap_or(0))
}

/// Whether this may stand in a number.
#[must_use]
pub fn is_numeral(c: char) -> bool {
    half_width(c).is_ascii_digit() || digit(c).is_some() || c == '十'
}

/// Half-width, without what takes no room and without spaces at the ends.
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
