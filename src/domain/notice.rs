//! What a zone has to tell its residents, shown on their pages until a time.

use super::clock::At;
use super::text::Unfit;
use super::words::word;

word! {
    /// How long a notice hangs: choices, because nobody should have to work a calendar.
    Lasting { Today = "today", Tomorrow = "tomorrow", ThreeDays = "three_days", Week = "week", Month = "month" }
}

const DAY_S: i64 = 86_400;

impl Lasting {
    /// The end, given when the local day began.
    #[must_use]
    pub const fn until(self, today: At) -> At {
        let days = match self {
            Self::Today => 1,
            Self::Tomorrow => 2,
            Self::ThreeDays => 3,
            Self::Week => 7,
            Self::Month => 30,
        };
        today.plus_seconds(days * DAY_S)
    }
}

/// A notice as parsed: a short title, a text in plain words, both perhaps in English too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub text: String,
    pub title_en: Option<String>,
    pub text_en: Option<String>,
    pub until: At,
}

pub const LONGEST_TITLE: usize = 40;
pub const LONGEST_TEXT: usize = 300;

/// # Errors
/// [`Unfit`] when it is blank, too long or holds control characters.
pub fn check(text: &str, longest: usize) -> Result<String, Unfit> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Unfit::Required);
    }
    if text.chars().count() > longest {
        return Err(Unfit::TooLong);
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Unfit::ControlCharacter);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_for_today_ends_with_the_day() {
        let today = At::from_seconds(1_800_000_000);
        assert_eq!(Lasting::Today.until(today), today.plus_seconds(DAY_S));
        assert!(Lasting::ALL.windows(2).all(|two| two[0].until(today) < two[1].until(today)));
    }

    #[test]
    fn a_notice_is_short_and_plain() {
        assert_eq!(check("  明早做核酸 ", LONGEST_TITLE), Ok("明早做核酸".to_owned()));
        assert_eq!(check(" \n", LONGEST_TEXT), Err(Unfit::Required));
        assert_eq!(check(&"长".repeat(41), LONGEST_TITLE), Err(Unfit::TooLong));
        assert_eq!(check("a\0b", LONGEST_TITLE), Err(Unfit::ControlCharacter));
        assert!(check("第一行\n第二行", LONGEST_TEXT).is_ok());
    }
}
