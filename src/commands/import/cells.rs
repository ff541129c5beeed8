//! The cells of one row, read into domain values; what does not fit is collected, not thrown.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::table::Wrong;
use crate::domain::place::parse_minute;
use crate::domain::text::{Email, Line, Phone, Room, Unfit};
use crate::domain::words::{NotAWord, parse_list};
use crate::flow::password;

/// Each reader answers `None` when the cell is empty or does not fit; in the second case it leaves a [`Wrong`] behind.
pub(super) struct Cells<'r> {
    line: u64,
    header: &'r [String],
    record: &'r csv::StringRecord,
    wrongs: Vec<Wrong>,
}

impl<'r> Cells<'r> {
    pub fn new(line: u64, header: &'r [String], record: &'r csv::StringRecord) -> Self {
        Self { line, header, record, wrongs: Vec::new() }
    }

    pub fn into_wrongs(self) -> Vec<Wrong> {
        self.wrongs
    }

    pub fn wrong(&mut self, column: &str, reason: impl Into<String>) {
        self.wrongs.push(Wrong { line: self.line, column: column.to_owned(), reason: reason.into() });
    }

    /// The cell as it stands; empty when there is nothing.
    pub fn raw(&self, column: &str) -> &'r str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    fn read<T, E: Display>(&mut self, column: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let cell = self.raw(column);
        if cell.is_empty() {
            return None;
        }
        read(cell).map_err(|reason| self.wrong(column, reason.to_string())).ok()
    }

    /// The value of a cell that may not be empty.
    pub fn required<T>(&mut self, column: &str, read: impl FnOnce(&mut Self, &str) -> Option<T>) -> Option<T> {
        if self.raw(column).is_empty() {
            self.wrong(column, "is empty");
        }
        read(self, column)
    }

    /// One line of text for people.
    pub fn line(&mut self, column: &str) -> Option<String> {
        self.read(column, |cell| Line::parse(cell).map(|text| text.as_str().to_owned()).map_err(worded::<Line>))
    }

    pub fn room(&mut self, column: &str) -> Option<String> {
        self.read(column, |cell| Room::parse(cell).map(|room| room.as_str().to_owned()).map_err(worded::<Room>))
    }

    pub fn phone(&mut self, column: &str) -> Option<String> {
        self.read(column, |cell| Phone::parse(cell).map(|phone| phone.as_str().to_owned()).map_err(worded::<Phone>))
    }

    pub fn email(&mut self, column: &str) -> Option<String> {
        self.read(column, |cell| Email::parse(cell).map(|email| email.as_str().to_owned()).map_err(worded::<Email>))
    }

    pub fn username(&mut self, column: &str) -> Option<String> {
        self.read(column, |cell| check_username(cell).map(|()| cell.to_owned()))
    }

    /// A code of a zone, building or place: it stands in addresses such as `/b/MZC-07`.
    pub fn code(&mut self, column: &str) -> Option<String> {
        let fits = |c: char| !c.is_whitespace() && !c.is_control() && !"/?#%&;,\\\"'<>".contains(c);
        self.read(column, |cell| match cell {
            code if code.chars().count() > 40 => Err("is longer than 40 characters".to_owned()),
            code if code.chars().all(fits) => Ok(code.to_owned()),
            code => Err(format!("'{code}' is no code: use letters, digits and '-'")),
        })
    }

    pub fn latitude(&mut self, column: &str) -> Option<f64> {
        self.degrees(column, 90.0)
    }

    pub fn longitude(&mut self, column: &str) -> Option<f64> {
        self.degrees(column, 180.0)
    }

    fn degrees(&mut self, column: &str, most: f64) -> Option<f64> {
        self.read(column, |cell| match cell.parse::<f64>() {
            Ok(degrees) if degrees.is_finite() && degrees.abs() <= most => Ok(degrees),
            _ => Err(format!("'{cell}' is not degrees from -{most} to {most}")),
        })
    }

    pub fn whole(&mut self, column: &str, range: RangeInclusive<i32>) -> Option<i32> {
        self.read(column, |cell| match cell.parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(format!("'{cell}' is not a whole number from {} to {}", range.start(), range.end())),
        })
    }

    pub fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        self.read(column, |cell| match cell {
            "yes" | "true" | "1" => Ok(true),
            "no" | "false" | "0" => Ok(false),
            _ => Err(format!("'{cell}' is neither yes nor no")),
        })
    }

    pub fn minute(&mut self, column: &str) -> Option<i32> {
        let wanted = |cell: &str| format!("'{cell}' is no time of the day: write HH:MM, 00:00 to 24:00");
        self.read(column, |cell| parse_minute(cell).ok_or_else(|| wanted(cell)))
    }

    pub fn word<T: FromStr<Err = NotAWord>>(&mut self, column: &str) -> Option<T> {
        self.read(column, str::parse)
    }

    /// A `;`-separated list of words; an empty cell is an empty list.
    pub fn words<T: FromStr<Err = NotAWord>>(&mut self, column: &str) -> Option<Vec<T>> {
        if self.raw(column).is_empty() { Some(Vec::new()) } else { self.read(column, parse_list) }
    }

    pub fn password_hash(&mut self, column: &str) -> Option<String> {
        // The cell itself is not repeated: somebody may have put a password there.
        self.read(column, |cell| {
            let phc = password::is_phc(cell).then(|| cell.to_owned());
            phc.ok_or("is not an argon2id PHC string; leave it empty, never write a password")
        })
    }

    /// Two cells that are both known or both not.
    pub fn both_or_none(&mut self, first: &str, second: &str) {
        match (self.raw(first).is_empty(), self.raw(second).is_empty()) {
            (true, false) => self.wrong(first, format!("is empty: it goes together with {second}")),
            (false, true) => self.wrong(second, format!("is empty: it goes together with {first}")),
            (true, true) | (false, false) => {}
        }
    }
}

/// # Errors
/// Says what a username may be.
pub(in crate::commands) fn check_username(name: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    if (2..=64).contains(&name.len()) && name.chars().all(plain) {
        return Ok(());
    }
    Err(format!("'{name}' is no username: 2 to 64 letters, digits, '-', '_', '.' or '@'"))
}

/// The reason in words, without the cell: it is personal.
fn worded<T: Limited>(unfit: Unfit) -> String {
    match unfit {
        Unfit::Required => "is blank".to_owned(),
        Unfit::TooLong => format!("is longer than {} characters", T::LONGEST),
        Unfit::ControlCharacter => "holds a line end or another control character".to_owned(),
        Unfit::NotAPhone => "is no telephone number of 5 to 20 digits".to_owned(),
        Unfit::NotAnEmail => "is no e-mail address".to_owned(),
    }
}

trait Limited {
    const LONGEST: usize;
}
impl Limited for Line {
    const LONGEST: usize = Self::LONGEST;
}
impl Limited for Room {
    const LONGEST: usize = Self::LONGEST;
}
impl Limited for Phone {
    const LONGEST: usize = 60;
}
impl Limited for Email {
    const LONGEST: usize = 254;
}
