//! Texts people type, parsed once into values that are known to be well-formed.
//!
//! What is accepted is kept byte for byte as typed: nothing is trimmed or "corrected". Comparing and dialling
//! use derived forms ([`Phone::digits`]).

use std::fmt;

/// Why a text was refused. The code is stable and has a phrase in every locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("required")]
    Required,
    #[error("too_long")]
    TooLong,
    #[error("control_character")]
    ControlCharacter,
    #[error("not_a_phone")]
    NotAPhone,
    #[error("not_an_email")]
    NotAnEmail,
}

impl Unfit {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong => "too_long",
            Self::ControlCharacter => "control_character",
            Self::NotAPhone => "not_a_phone",
            Self::NotAnEmail => "not_an_email",
        }
    }
}

fn check(text: &str, longest: usize, lines_allowed: bool) -> Result<(), Unfit> {
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(Unfit::Required);
    }
    if text.chars().count() > longest {
        return Err(Unfit::TooLong);
    }
    let unfit = |c: char| c.is_control() && !(lines_allowed && matches!(c, '\n' | '\r' | '\t'));
    if text.chars().any(unfit) {
        return Err(Unfit::ControlCharacter);
    }
    Ok(())
}

/// Characters that take no room: a "name" of these alone is empty to whoever reads it.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($longest:expr, $lines:expr))+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            pub const LONGEST: usize = $longest;

            /// # Errors
            /// [`Unfit`] when it is blank, longer than [`Self::LONGEST`] characters or holds control characters.
            pub fn parse(text: &str) -> Result<Self, Unfit> {
                check(text, Self::LONGEST, $lines)?;
                Ok(Self(text.to_owned()))
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        // Personal data: it never reaches a log by way of {:?}.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

texts! {
    /// One line: a name, an item, a strength.
    Line(120, false)
    /// What somebody tells about a counter: an item, or its strength.
    Goods(100, false)
    /// `2-501`, `1203`, "三单元五楼左边".
    Room(40, false)
    /// Where at a gate a bag was put: "左边第二格".
    Shelf(40, false)
    /// What else the runner should know.
    Note(2000, true)
}

/// A telephone number as typed, with at least five digits in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// # Errors
    /// [`Unfit::NotAPhone`] unless it is 5 to 20 digits (any script's full-width or Chinese numerals) among spaces, `+ - ( ) . #`.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        check(text, 60, false)?;
        let parts = || text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).map(half_width);
        let only_phone_marks = parts().all(|c| digit_of(c).is_some() || "+-()./#".contains(c));
        let digits = parts().filter(|c| digit_of(*c).is_some()).count();
        if only_phone_marks && (5..=20).contains(&digits) { Ok(Self(text.to_owned())) } else { Err(Unfit::NotAPhone) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits alone, without the country code of China: the form to compare and to dial.
    #[must_use]
    pub fn digits(&self) -> String {
        digits_of(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

/// See [`Phone::digits`].
#[must_use]
pub fn digits_of(phone: &str) -> String {
    let digits: String = phone.chars().map(half_width).filter_map(digit_of).collect();
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    national.filter(|rest| rest.len() == 11).map(ToOwned::to_owned).unwrap_or(digits)
}

/// The last four digits of a number, as asked for on `/find`.
#[must_use]
pub fn last_four(phone: &str) -> String {
    let digits = digits_of(phone);
    digits.get(digits.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

/// Full-width ASCII (as Chinese keyboards type it) made half-width; everything else as it is.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '—' | '–' | '‐' => '-',
        '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

const fn digit_of(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '〇' | '零' => Some('0'),
        '一' | '幺' => Some('1'),
        '二' => Some('2'),
        '三' => Some('3'),
        '四' => Some('4'),
        '五' => Some('5'),
        '六' => Some('6'),
        '七' => Some('7'),
        '八' => Some('8'),
        '九' => Some('9'),
        _ => None,
    }
}

/// An e-mail address: one `@`, something on both sides, no spaces. The letter tells whether it exists.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// [`Unfit::NotAnEmail`].
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        check(text, 254, false)?;
        let fits = text.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
        });
        let plain = text.chars().all(|c| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c));
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(Unfit::NotAnEmail) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_understood_as_people_write_them() {
        for (typed, digits) in [
            ("13800000000", "13800000000"),
            ("+86 138-0000-0000", "13800000000"),
            ("１３８００００００００", "13800000000"),
            ("幺三八零零零零零零零零", "13800000000"),
            ("023-5550 0110", "02355500110"),
        ] {
            assert_eq!(Phone::parse(typed).map(|phone| phone.digits()), Ok(digits.to_owned()), "{typed}");
        }
        for wrong in ["", "call me", "123", "1380000000x", "13800000000 ext mother"] {
            assert!(Phone::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_accepted_is_kept_byte_for_byte() {
        let typed = "  王阿姨 👵🏻 ";
        assert_eq!(Line::parse(typed).unwrap().as_str(), typed);
    }

    #[test]
    fn blanks_and_control_characters_are_refused() {
        assert_eq!(Line::parse(" \u{3000}\u{200B}"), Err(Unfit::Required));
        assert_eq!(Line::parse("a\0b"), Err(Unfit::ControlCharacter));
        assert_eq!(Line::parse("a\nb"), Err(Unfit::ControlCharacter));
        assert!(Note::parse("a\nb").is_ok());
    }

    #[test]
    fn personal_text_does_not_print() {
        let shown = format!("{:?} {:?}", Line::parse("王阿姨").unwrap(), Phone::parse("13800000000").unwrap());
        assert!(!shown.contains('王') && !shown.contains("138"), "{shown}");
    }
}
