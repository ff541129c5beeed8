//! Who has the watch when: days of the week and hours, which may run over midnight.

use super::words::word;

word! {
    Day { Mon = "mon", Tue = "tue", Wed = "wed", Thu = "thu", Fri = "fri", Sat = "sat", Sun = "sun" }
}

/// Some days of the week, one bit each, Monday the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days(u8);

impl Days {
    pub const ALL: Self = Self(0b111_1111);

    /// `None` when there is no day among them.
    #[must_use]
    pub fn of(days: &[Day]) -> Option<Self> {
        let bits = days.iter().fold(0, |bits, day| bits | Self::bit(*day));
        (bits != 0).then_some(Self(bits))
    }

    fn bit(day: Day) -> u8 {
        let place = Day::ALL.iter().position(|one| *one == day).and_then(|place| u32::try_from(place).ok());
        1_u8.checked_shl(place.unwrap_or(0)).unwrap_or(0)
    }

    /// As it is kept.
    #[must_use]
    pub fn bits(self) -> i32 {
        i32::from(self.0)
    }

    #[must_use]
    pub fn from_bits(bits: i32) -> Self {
        Self(u8::try_from(bits).unwrap_or(0) & Self::ALL.0)
    }

    /// The day so many days after Monday.
    #[must_use]
    pub const fn has(self, weekday: u8) -> bool {
        weekday < 7 && self.0 & (1 << weekday) != 0
    }

    #[must_use]
    pub fn list(self) -> Vec<Day> {
        Day::ALL.iter().copied().filter(|day| self.0 & Self::bit(*day) != 0).collect()
    }
}

/// A watch, in local minutes of the day. From later than to: over midnight, and it belongs to the day it begins on.
/// From and to alike: the whole day round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    pub days: Days,
    pub from_minute: i32,
    pub to_minute: i32,
}

impl Watch {
    /// Whether it is on at this minute of this day (Monday 0).
    #[must_use]
    pub const fn covers(&self, weekday: u8, minute: i32) -> bool {
        let yesterday = (weekday + 6) % 7;
        let (from, to) = (self.from_minute, self.to_minute);
        if from < to {
            return self.days.has(weekday) && from <= minute && minute < to;
        }
        (self.days.has(weekday) && from <= minute) || (self.days.has(yesterday) && minute < to)
    }
}

/// "08:30" in minutes of the day.
#[must_use]
pub fn parse_minute(text: &str) -> Option<i32> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// The opposite of [`parse_minute`].
#[must_use]
pub fn told_minute(minute: i32) -> String {
    format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_night_belongs_to_the_day_it_begins_on() {
        let days = Days::of(&[Day::Fri]).unwrap();
        let night = Watch { days, from_minute: 22 * 60, to_minute: 6 * 60 };
        assert!(night.covers(4, 23 * 60) && night.covers(5, 5 * 60 + 59));
        assert!(!night.covers(4, 5 * 60) && !night.covers(5, 6 * 60) && !night.covers(5, 23 * 60));
        let day = Watch { from_minute: 8 * 60, to_minute: 20 * 60, ..night };
        assert!(day.covers(4, 8 * 60) && !day.covers(4, 20 * 60) && !day.covers(3, 9 * 60));
    }

    #[test]
    fn sunday_night_ends_on_monday() {
        let days = Days::of(&[Day::Sun]).unwrap();
        assert!(Watch { days, from_minute: 1320, to_minute: 360 }.covers(0, 100));
        assert_eq!(days.list(), [Day::Sun]);
        assert_eq!(Days::of(&[]), None);
    }

    #[test]
    fn a_time_is_read_as_it_is_told() {
        assert_eq!(parse_minute("08:30"), Some(510));
        assert_eq!(told_minute(510), "08:30");
        for wrong in ["24:00", "8:30", "08:60", "0830", "", "+8:30", "08:+1"] {
            assert_eq!(parse_minute(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_watch_and_what_is_left_of_the_round_cover_every_minute_once(
            from in 0..1440_i32, to in 0..1440_i32, weekday in 0..7_u8, minute in 0..1440_i32,
        ) {
            prop_assume!(from != to);
            let days = Days::ALL;
            let watch = Watch { days, from_minute: from, to_minute: to };
            let rest = Watch { days, from_minute: to, to_minute: from };
            prop_assert!(watch.covers(weekday, minute) != rest.covers(weekday, minute));
        }

        #[test]
        fn days_come_back_as_they_were_kept(bits in 1..128_i32) {
            let days = Days::from_bits(bits);
            prop_assert_eq!(Days::of(&days.list()).unwrap().bits(), bits);
        }
    }
}
