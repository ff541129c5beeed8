//! The storey of a door, as far as a room number tells it: a block is gone through from the top down.

use super::text::half_width;

/// Higher houses than this are misread numbers.
const HIGHEST: i32 = 120;

/// `2-501` and `501` are on the fifth floor, `1203` on the twelfth, `12楼3号` too; `三单元五楼左边` is not read.
#[must_use]
pub fn floor_of(room: &str) -> Option<i32> {
    let room: String = room.chars().map(half_width).collect();
    let said = room.find(['楼', '层']).and_then(|end| room.get(..end)).and_then(last_number);
    let numbered = || {
        let digits = room.rsplit(|c: char| !c.is_ascii_digit()).find(|run| !run.is_empty())?;
        (3..=4).contains(&digits.len()).then(|| digits.parse::<i32>().ok()).flatten().map(|number| number / 100)
    };
    said.or_else(numbered).filter(|floor| (1..=HIGHEST).contains(floor))
}

fn last_number(text: &str) -> Option<i32> {
    let start = text
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    text.get(start..).filter(|digits| !digits.is_empty()).and_then(|digits| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_read_as_people_write_them() {
        for (room, floor) in [
            ("2-501", Some(5)),
            ("501", Some(5)),
            ("1203", Some(12)),
            ("3-2-1001", Some(10)),
            ("２－５０１", Some(5)),
            ("12楼3号", Some(12)),
            ("2单元7层左", Some(7)),
            ("1", None),
            ("三单元五楼左边", None),
            ("00000501", None),
            ("9999", Some(99)),
            ("", None),
        ] {
            assert_eq!(floor_of(room), floor, "{room}");
        }
    }
}
