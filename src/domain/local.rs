//! Local time: shops open and days begin where the zone is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::clock::At;
use super::day::Day;

/// The time zone the service works in.
#[derive(Debug, Clone)]
pub struct LocalTime(TimeZone);

impl LocalTime {
    /// `None` for a name the time zone database does not know.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Minutes since local midnight, 0 to 1439.
    #[must_use]
    pub fn minute_of_day(&self, at: At) -> i32 {
        let local = timestamp(at).to_zoned(self.0.clone());
        i32::from(local.hour()) * 60 + i32::from(local.minute())
    }

    /// Which day of the local week, from Monday, 0.
    #[must_use]
    pub fn weekday(&self, at: At) -> u8 {
        let local = timestamp(at).to_zoned(self.0.clone());
        u8::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0)
    }

    /// A time as a form field gives it, "2026-11-24T08:30": local, without an offset.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<At> {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        let zoned = local.to_zoned(self.0.clone()).ok()?;
        Some(At(zoned.timestamp().as_microsecond()))
    }

    /// The date it is here.
    #[must_use]
    pub fn day_of(&self, at: At) -> Day {
        Day::of(timestamp(at).to_zoned(self.0.clone()).date())
    }

    /// When it strikes `hour` on a day here. An hour the clock leaps over is the one after.
    #[must_use]
    pub fn at_hour(&self, day: Day, hour: i8) -> At {
        let zoned = day.date().at(hour, 0, 0, 0).to_zoned(self.0.clone());
        zoned.map_or(At::default(), |zoned| At(zoned.timestamp().as_microsecond()))
    }

    /// The local midnight before `at`.
    #[must_use]
    pub fn day_began(&self, at: At) -> At {
        let local = timestamp(at).to_zoned(self.0.clone());
        local.start_of_day().map_or(at, |midnight| At(midnight.timestamp().as_microsecond()))
    }
}

/// RFC 3339 in UTC, to the microsecond: the form of every time that leaves the service.
#[must_use]
pub fn rfc3339(at: At) -> String {
    timestamp(at).to_string()
}

/// Reads RFC 3339 with any offset.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<At> {
    text.parse::<Timestamp>().ok().map(|timestamp| At(timestamp.as_microsecond()))
}

fn timestamp(at: At) -> Timestamp {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_chongqing_begins_at_16_utc() {
        let shanghai = LocalTime::named("Asia/Shanghai").unwrap();
        let evening = parse_rfc3339("2026-11-23T11:05:00Z").unwrap();
        assert_eq!(shanghai.minute_of_day(evening), 19 * 60 + 5);
        assert_eq!(shanghai.weekday(evening), 0, "a Monday");
        assert_eq!(rfc3339(shanghai.day_began(evening)), "2026-11-22T16:00:00Z");
    }

    #[test]
    fn a_time_of_a_form_is_local() {
        let shanghai = LocalTime::named("Asia/Shanghai").unwrap();
        assert_eq!(shanghai.parse("2026-11-24T08:30"), parse_rfc3339("2026-11-24T00:30:00Z"));
        assert_eq!(shanghai.parse("soon"), None);
    }

    #[test]
    fn times_are_read_with_any_offset() {
        assert_eq!(parse_rfc3339("2026-11-23T19:00:00+08:00"), parse_rfc3339("2026-11-23T11:00:00Z"));
        assert_eq!(parse_rfc3339("tomorrow"), None);
    }
}
