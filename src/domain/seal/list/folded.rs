//! One way to write what people write in many: full-width as half-width, Chinese numerals as digits, no spaces and dots.

use crate::domain::numerals::{is_numeral, number_of};
use crate::domain::text::{half_width, is_invisible};

/// The text to compare by. Both what the list says and what the zone knows is folded, so nothing is lost by it.
#[must_use]
pub fn folded(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c) && !is_middle_dot(*c));
    let plain = kept.map(|c| half_width(c).to_ascii_lowercase());
    let mut out = String::new();
    let mut run = String::new();
    for c in plain {
        if c == '百' || (is_numeral(c) && !c.is_ascii_digit()) {
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
        // What is no number stays as it is.
        match number_of(run) {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str(run),
        }
        run.clear();
    }
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
