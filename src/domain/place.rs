//! Places where goods are picked up, and when they are open.

use super::words::word;
use super::request::Category;

word! {
    PlaceKind { Pharmacy = "pharmacy", Shop = "shop", Market = "market", Hospital = "hospital", Depot = "depot" }
}

impl PlaceKind {
    /// Whether goods of this category are usually had here.
    #[must_use]
    pub const fn serves(self, category: Category) -> bool {
        match category {
            Category::Medicine => matches!(self, Self::Pharmacy | Self::Hospital),
            Category::Food => matches!(self, Self::Shop | Self::Market | Self::Depot),
            Category::Daily | Category::Other => matches!(self, Self::Shop | Self::Market | Self::Depot | Self::Pharmacy),
            Category::CareVisit => false,
        }
    }
}

/// Opening hours as minutes of the local day; `closes` may be 1440, or before `opens` for a place open past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub opens_minute: i32,
    pub closes_minute: i32,
}

impl Hours {
    #[must_use]
    pub const fn open_at(self, minute: i32) -> bool {
        if self.opens_minute <= self.closes_minute {
            minute >= self.opens_minute && minute < self.closes_minute
        } else {
            minute >= self.opens_minute || minute < self.closes_minute
        }
    }
}

/// Reads `HH:MM` (00:00 to 24:00) as minutes of the day.
#[must_use]
pub fn parse_minute(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    ((0..60).contains(&minutes) && (0..=1440).contains(&total)).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_may_be_open_past_midnight() {
        let night = Hours { opens_minute: 20 * 60, closes_minute: 2 * 60 };
        assert!(night.open_at(23 * 60) && night.open_at(60) && !night.open_at(12 * 60));
    }

    #[test]
    fn minutes_of_the_day_are_read_strictly() {
        assert_eq!(parse_minute("08:30"), Some(510));
        assert_eq!(parse_minute("24:00"), Some(1440));
        for wrong in ["24:01", "8:30", "08:60", "", "0830", "-1:00"] {
            assert_eq!(parse_minute(wrong), None, "{wrong}");
        }
    }
}
