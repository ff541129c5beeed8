//! Places where goods are picked up, and when they are open.

use super::geo::Point;
use super::ids::PlaceId;
use super::request::Category;
use super::words::word;

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
            Category::Daily | Category::Other => {
                matches!(self, Self::Shop | Self::Market | Self::Depot | Self::Pharmacy)
            }
            Category::CareVisit => false,
        }
    }
}

/// Minutes of a day.
const DAY: i32 = 1440;

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

    /// Minutes until it shuts, for a place that is open at `minute`; `None` for one that never shuts.
    #[must_use]
    pub const fn shuts_in(self, minute: i32) -> Option<i32> {
        let length = self.closes_minute - self.opens_minute;
        if length == 0 || length >= DAY { None } else { Some((self.closes_minute - minute).rem_euclid(DAY)) }
    }

    /// Minutes until it opens, for a place that is shut at `minute`.
    #[must_use]
    pub const fn opens_in(self, minute: i32) -> i32 {
        (self.opens_minute - minute).rem_euclid(DAY)
    }
}

/// A place as choosing one sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counter {
    pub id: PlaceId,
    pub kind: PlaceKind,
    pub at: Point,
    pub hours: Option<Hours>,
}

/// Where goods of `category` for `door` are likely had: the nearest place that serves it and is open at `minute`;
/// when all are shut, the nearest that serves it.
#[must_use]
pub fn nearest_serving(places: &[Counter], category: Category, door: Point, minute: i32) -> Option<PlaceId> {
    let nearest = |open_only: bool| {
        places
            .iter()
            .filter(|place| place.kind.serves(category))
            .filter(|place| !open_only || place.hours.is_none_or(|hours| hours.open_at(minute)))
            .min_by(|left, right| {
                left.at.metres_to(door).total_cmp(&right.at.metres_to(door)).then(left.id.cmp(&right.id))
            })
            .map(|place| place.id)
    };
    nearest(true).or_else(|| nearest(false))
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
    fn the_minutes_to_shutting_and_opening_go_over_midnight() {
        let night = Hours { opens_minute: 20 * 60, closes_minute: 2 * 60 };
        assert_eq!((night.shuts_in(23 * 60), night.opens_in(12 * 60)), (Some(180), 480));
        let day = Hours { opens_minute: 8 * 60, closes_minute: 20 * 60 };
        assert_eq!((day.shuts_in(19 * 60 + 45), day.opens_in(21 * 60)), (Some(15), 660));
        let always = Hours { opens_minute: 0, closes_minute: 1440 };
        assert_eq!(always.shuts_in(0), None);
    }

    #[test]
    fn the_nearest_open_counter_is_chosen_and_a_shut_one_before_none() {
        let door = Point::new(29.53, 106.52);
        let day = Hours { opens_minute: 480, closes_minute: 1200 };
        let counter = |kind, north: f64, hours| Counter {
            id: PlaceId::mint(),
            kind,
            at: Point::new(29.53 + north, 106.52),
            hours,
        };
        let near = counter(PlaceKind::Pharmacy, 0.001, Some(day));
        let far = counter(PlaceKind::Pharmacy, 0.01, None);
        let shop = counter(PlaceKind::Shop, 0.0, None);
        let places = [far, near, shop];
        assert_eq!(nearest_serving(&places, Category::Medicine, door, 600), Some(near.id));
        assert_eq!(nearest_serving(&places, Category::Medicine, door, 1300), Some(far.id));
        assert_eq!(nearest_serving(&[near], Category::Medicine, door, 1300), Some(near.id));
        assert_eq!(nearest_serving(&[shop], Category::Medicine, door, 600), None);
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
