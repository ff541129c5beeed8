//! One way to write what people write in many: full-width as half-width, Chinese numerals as digits, no spaces and dots.

use crate::domain::text::{half_width, is_invisible};

/// The text to compare by. Both what the list says and what the zone knows is folded, so nothing is lost by it.
#[must_use]
pub fn folded(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c) && !is_middle_dot(*c));
    let plain = kept.map(|c| half_width(c).to_ascii_lowercase());
    let mut out = String::new();
    let mut run = String::new();
    for c in plain {
        if numeral(c).is_some() || matches!(c, '十' | '百') {
            run.push(c);
        } else {
            push_number(&mut out, &mut run);
            out.push(c);
        }
    }
    push_number(&mut out, &mut run);
    out
}

/// The dots within names: "聚金•万佳苑".
const fn is_middle_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '・' | '●' | '∙')
}

fn push_number(out: &mut String, run: &mut String) {
    if !run.is_empty() {
        match value_of(run) {
            Some(number) => out.push_str(&number),
            None => out.push_str(run),
        }
        run.clear();
    }
}

const fn numeral(c: char) -> Option<u32> {
    match c {
        '零' | '〇' => Some(0),
        '一' => Some(1),
        '二' => Some(2),
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

/// 二十四 is 24; 二四 is 24, too, digit by digit. What is neither stays as it is.
fn value_of(run: &str) -> Option<String> {
    if !run.contains(['十', '百']) {
        return run.chars().map(|c| numeral(c).and_then(|n| char::from_digit(n, 10))).collect();
    }
    let (mut sum, mut digit, mut last) = (0_u32, None, 1000_u32);
    for c in run.chars() {
        if let Some(n) = numeral(c) {
            if digit.is_some_and(|digit| digit != 0) {
                return None;
            }
            digit = Some(n);
            continue;
        }
        let place = if c == '百' { 100 } else { 10 };
        if place >= last || digit == Some(0) {
            return None;
        }
        sum += digit.take().unwrap_or(1) * place;
        last = place;
    }
    Some((sum + digit.unwrap_or(0)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_many_ways_is_one() {
        for (typed, plain) in [
            ("华润二十四城 四期３１栋", "华润24城4期31栋"),
            ("文化六村１－２３栋", "文化6村1-23栋"),
            ("聚金•万佳苑", "聚金万佳苑"),
            ("十栋、十二栋、一百零五栋、二十栋", "10栋、12栋、105栋、20栋"),
            ("奥园Ｃ区", "奥园c区"),
            ("十十百", "十十百"),
            ("二〇二栋", "202栋"),
        ] {
            assert_eq!(folded(typed), plain, "{typed}");
        }
    }
}
