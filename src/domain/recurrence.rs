//! A request that is made again by itself: every so many days, or once, before a medicine runs out.
//!
//! The dates are a grid on the local calendar: the first one, and every so many days from there. A date is made once,
//! whatever happens to clocks, zones and processes: each has a row of its own. After a long stop the last date is made,
//! and those before it are let go, and told. A clock that ran ahead and was turned back leaves no gap: what it let go is
//! made when its day truly comes.

use super::clock::At;
use super::day::Day;
use super::follow_up::MORNING;
use super::local::LocalTime;
use super::request::Category;
use super::words::word;

word! {
    Standing { Active = "active", Ended = "ended" }
}

/// The request is made so many days before the medicine is used up: time to find it without a red hurry.
pub const LEAD_DAYS: i32 = 3;
/// At most so many days lie between two.
pub const MOST_DAYS: i32 = 180;
/// Dates let go that are written down one by one.
const MOST_SKIPPED: i32 = 400;

/// What is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub starts_on: Day,
    pub every_days: i32,
    /// So many days of the medicine are left on each date.
    pub lead_days: i32,
    pub until_on: Option<Day>,
}

/// What follows from "enough until then", "every so many days", or both. `None`: from neither nothing follows.
#[must_use]
pub fn plan((enough_until, every_days): (Option<Day>, Option<i32>), category: Category, today: Day) -> Option<Plan> {
    let every_days = every_days.map(|days| days.clamp(1, MOST_DAYS));
    match (enough_until, every_days) {
        (Some(until), every) => {
            let starts_on = until.plus(-LEAD_DAYS).max(today.plus(1));
            let until_on = every.is_none().then_some(starts_on);
            let lead_days = until.since(starts_on).max(0);
            Some(Plan { starts_on, every_days: every.unwrap_or(1), lead_days, until_on })
        }
        (None, Some(every_days)) => {
            let lead_days = if category == Category::Medicine { LEAD_DAYS.min(every_days - 1) } else { 0 };
            Some(Plan { starts_on: today.plus(every_days - lead_days), every_days, lead_days, until_on: None })
        }
        (None, None) => None,
    }
}

/// How far a recurrence has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    pub starts_on: Day,
    pub every_days: i32,
    pub until_on: Option<Day>,
    pub next_on: Day,
    pub made_on: Option<Day>,
}

/// A date to make now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub on: Day,
    pub next_on: Day,
    /// Dates before it that nobody made.
    pub skipped: Vec<Day>,
}

/// The date to make on this day, if there is one. It may have been made already: its row decides.
#[must_use]
pub fn due(rhythm: Rhythm, today: Day) -> Option<Due> {
    let every = rhythm.every_days.max(1);
    let last = rhythm.until_on.map_or(today, |until| until.min(today));
    if last < rhythm.starts_on {
        return None;
    }
    let on = rhythm.starts_on.plus(last.since(rhythm.starts_on) / every * every);
    // The calendar shows an earlier day than it did: a clock was turned back, or the zone moved west.
    let turned_back = rhythm.made_on.is_some_and(|made| made > today);
    let wanted = if turned_back { today.since(on) * 2 < every } else { on >= rhythm.next_on };
    if !wanted {
        return None;
    }
    let skipped = if turned_back { 0 } else { (on.since(rhythm.next_on) / every).clamp(0, MOST_SKIPPED) };
    let skipped = (1..=skipped).rev().map(|back| on.plus(-back * every)).collect();
    Some(Due { on, next_on: on.plus(every), skipped })
}

/// Nothing more will come of it.
#[must_use]
pub fn is_over(next_on: Day, until_on: Option<Day>) -> bool {
    until_on.is_some_and(|until| next_on > until)
}

/// The day whose morning has come: nobody's medicine is asked for in the middle of the night.
#[must_use]
pub fn today(local: &LocalTime, now: At) -> Day {
    let day = local.day_of(now);
    if local.minute_of_day(now) < i32::from(MORNING) * 60 { day.plus(-1) } else { day }
}

/// Doses left when a request is made so many days after its date, from what was left on it.
#[must_use]
pub fn doses_left(lead_days: i32, late_days: i32, per_day: Option<u16>) -> u16 {
    let days = lead_days.saturating_sub(late_days.max(0)).max(0);
    u16::try_from(days).unwrap_or(0).saturating_mul(per_day.unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_plan_asks_before_the_medicine_is_used_up() {
        let (today, medicine) = (day("2026-11-24"), Category::Medicine);
        let of = |until: Option<&str>, every| plan((until.map(day), every), medicine, today);
        let once = of(Some("2026-12-24"), None).unwrap();
        assert_eq!((once.starts_on, once.lead_days, once.until_on), (day("2026-12-21"), 3, Some(day("2026-12-21"))));
        let monthly = of(Some("2026-12-24"), Some(30)).unwrap();
        assert_eq!((monthly.starts_on, monthly.every_days, monthly.until_on), (day("2026-12-21"), 30, None));
        let soon = of(Some("2026-11-25"), None).unwrap();
        assert_eq!((soon.starts_on, soon.lead_days), (day("2026-11-25"), 0));
        let every = of(None, Some(30)).unwrap();
        assert_eq!((every.starts_on, every.lead_days), (day("2026-12-21"), 3));
        let rice = plan((None, Some(7)), Category::Food, today).unwrap();
        assert_eq!((rice.starts_on, rice.lead_days), (day("2026-12-01"), 0));
        assert_eq!(of(None, Some(1)).unwrap().starts_on, day("2026-11-25"));
        assert_eq!(of(None, None), None);
    }

    #[test]
    fn after_a_long_stop_one_is_made_and_the_rest_is_let_go() {
        let weekly = Rhythm {
            starts_on: day("2026-11-01"),
            every_days: 7,
            until_on: None,
            next_on: day("2026-11-08"),
            made_on: Some(day("2026-11-01")),
        };
        let caught = due(weekly, day("2026-11-24")).unwrap();
        assert_eq!((caught.on, caught.next_on), (day("2026-11-22"), day("2026-11-29")));
        assert_eq!(caught.skipped, [day("2026-11-08"), day("2026-11-15")]);
        assert_eq!(due(weekly, day("2026-11-07")), None);
        let until = Rhythm { until_on: Some(day("2026-11-10")), ..weekly };
        assert_eq!(due(until, day("2026-12-24")).unwrap().on, day("2026-11-08"));
        assert!(is_over(day("2026-11-15"), until.until_on) && !is_over(day("2026-11-08"), until.until_on));
    }

    #[test]
    fn what_is_left_is_counted_from_the_refill() {
        assert_eq!(doses_left(3, 0, Some(2)), 6);
        assert_eq!(doses_left(3, 1, Some(2)), 4);
        assert_eq!(doses_left(3, 9, Some(2)), 0);
        assert_eq!(doses_left(3, 0, None), 3);
    }

    #[test]
    fn the_day_begins_in_the_morning() {
        let local = LocalTime::named("Asia/Shanghai").unwrap();
        let at = |text| crate::domain::local::parse_rfc3339(text).unwrap();
        assert_eq!(today(&local, at("2026-11-24T07:59:00+08:00")), day("2026-11-23"));
        assert_eq!(today(&local, at("2026-11-24T08:00:00+08:00")), day("2026-11-24"));
    }

    /// As the store keeps it: one row a date.
    struct Kept {
        rhythm: Rhythm,
        rows: BTreeMap<Day, bool>,
    }

    impl Kept {
        /// One look of a worker; answers how many requests it made.
        fn look(&mut self, today: Day) -> usize {
            let Some(due) = due(self.rhythm, today) else { return 0 };
            for skipped in due.skipped {
                self.rows.entry(skipped).or_insert(false);
            }
            (self.rhythm.made_on, self.rhythm.next_on) = (Some(due.on), due.next_on);
            usize::from(self.rows.insert(due.on, true) != Some(true))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn a_year_of_turned_clocks_makes_each_date_once_and_leaves_no_gap(
            every in 1_i32..40,
            // Day by day: how the clock of that day's look is wrong, or that nobody looked.
            looks in prop::collection::vec(prop::option::weighted(0.9, prop_oneof![
                12 => Just(0_i32), 1 => -1_i32..=1, 1 => -60_i32..=60
            ]), 365),
        ) {
            let first = day("2026-01-01");
            let start = Rhythm { starts_on: first, every_days: every, until_on: None, next_on: first, made_on: None };
            let mut kept = Kept { rhythm: start, rows: BTreeMap::new() };
            let mut seen_right = BTreeSet::new();
            for (number, look) in (0..).zip(looks) {
                let Some(wrong_by) = look else { continue };
                let today = first.plus(number + wrong_by);
                prop_assert!(kept.look(today) <= 1);
                prop_assert_eq!(kept.look(today), 0, "a second look makes nothing");
                if wrong_by == 0 {
                    seen_right.insert(first.plus(number));
                }
            }
            for made in kept.rows.keys() {
                prop_assert_eq!(made.since(first) % every, 0, "only dates of the grid");
            }
            // A date on which somebody looked, with a clock that was right, has its request.
            for on in seen_right.iter().filter(|day| day.since(first) % every == 0) {
                prop_assert_eq!(kept.rows.get(on), Some(&true), "{} of every {}", on, every);
            }
        }
    }
}
