//! A date of the calendar on the wall, without a time and without a zone.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

/// Written `2026-12-30`, so that dates as texts sort as dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// It is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no date like 2026-12-30")]
pub struct NoDay;

impl Day {
    pub(super) const fn of(date: Date) -> Self {
        Self(date)
    }

    pub(super) const fn date(self) -> Date {
        self.0
    }

    /// So many days later; earlier for a number below zero. Stops at the end of the calendar.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(i64::from(days).days()))
    }

    /// Days from `earlier` to here; below zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.0.since(earlier.0).map_or(0, |span| span.get_days())
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let long = text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit());
        text.parse().ok().filter(|_| long).map(Self).ok_or(NoDay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(day("2028-02-28").plus(2), day("2028-03-01"));
        assert_eq!(day("2027-03-01").since(day("2026-03-01")), 365);
        assert_eq!(day("2026-11-01").since(day("2026-11-24")), -23);
        assert_eq!(day("2026-11-24").to_string(), "2026-11-24");
        for wrong in ["", "24.11.2026", "2026-13-01", "2026-11-24T00:00", "+002026-11-24"] {
            assert_eq!(wrong.parse::<Day>(), Err(NoDay), "{wrong}");
        }
    }
}
