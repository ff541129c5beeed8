//! Times as people say them: "今天 14:05", "剩 23 分". Instants are microseconds since 1970 UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Words;

/// The zone of the readers when none is named.
pub const HOME_ZONE: &str = "Asia/Shanghai";

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3600;

impl Words {
    /// An instant as a day and a time of day: "今天 14:05", "昨天 23:50", "11月23日 14:05".
    #[must_use]
    pub fn when(self, at_us: i64, now_us: i64, zone: &str) -> String {
        let (at, now) = (local(at_us, zone), local(now_us, zone));
        let time = at.strftime("%H:%M").to_string();
        let days = at.date().duration_since(now.date()).as_hours() / 24;
        let day = match days {
            0 => "time-today",
            1 => "time-tomorrow",
            -1 => "time-yesterday",
            _ => return self.dated(at, &time),
        };
        self.say(day, "time", time)
    }

    fn dated(self, at: DateTime, time: &str) -> String {
        let month = self.get(&format!("month-{}", at.month()));
        self.with("time-date", &[("month", month.into()), ("day", at.day().into()), ("time", time.into())])
    }

    /// How long is left until a deadline, or how long it has passed: "剩 23 分", "超 12 分".
    #[must_use]
    pub fn left(self, deadline_us: i64, now_us: i64) -> String {
        let seconds = deadline_us.saturating_sub(now_us).div_euclid(1_000_000);
        let id = if seconds < 0 { "time-over" } else { "time-left" };
        self.say(id, "span", self.span(seconds.abs()))
    }

    /// A length of time, never more exact than one can act on: "40 秒", "8 分", "2 小时 5 分", "3 天".
    #[must_use]
    pub fn span(self, seconds: i64) -> String {
        let minutes = seconds / MINUTE_S;
        if seconds < MINUTE_S {
            self.say("span-seconds", "n", seconds.max(0))
        } else if minutes < 100 {
            self.say("span-minutes", "n", minutes)
        } else if seconds < 48 * HOUR_S {
            self.with("span-hours", &[("h", (seconds / HOUR_S).into()), ("m", (minutes % 60).into())])
        } else {
            self.say("span-days", "n", seconds / (24 * HOUR_S))
        }
    }
}

/// RFC 3339 in UTC, for `<time datetime>`.
#[must_use]
pub fn machine_readable(at_us: i64) -> String {
    let seconds = Timestamp::from_second(at_us.div_euclid(1_000_000)).unwrap_or(Timestamp::UNIX_EPOCH);
    seconds.to_string()
}

fn local(at_us: i64, zone: &str) -> DateTime {
    // A zone that does not exist, or an instant beyond the calendar, is shown in UTC or as 1970 rather than not at all.
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone).datetime()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    /// 2022-11-23 14:05 in Chongqing.
    const NOW: i64 = 1_669_183_500 * 1_000_000;
    const ZH: Words = Words::of(Lang::ZhCn);
    const EN: Words = Words::of(Lang::En);

    fn after(seconds: i64) -> i64 {
        NOW + seconds * 1_000_000
    }

    #[test]
    fn an_instant_is_said_by_its_day() {
        for (seconds, zh, en) in [
            (0, "今天 14:05", "today 14:05"),
            (-15 * HOUR_S, "昨天 23:05", "yesterday 23:05"),
            (10 * HOUR_S, "明天 00:05", "tomorrow 00:05"),
            (-5 * 24 * HOUR_S, "11月18日 14:05", "18 Nov 14:05"),
        ] {
            assert_eq!(ZH.when(after(seconds), NOW, HOME_ZONE), zh);
            assert_eq!(EN.when(after(seconds), NOW, HOME_ZONE), en);
        }
    }

    #[test]
    fn what_is_left_and_what_has_passed_are_told_apart_in_words() {
        for (seconds, zh, en) in [
            (23 * 60 + 59, "剩 23 分", "23 min left"),
            (45, "剩 45 秒", "45 s left"),
            (-12 * 60, "超 12 分", "12 min late"),
            (99 * 60, "剩 99 分", "99 min left"),
            (125 * 60, "剩 2 小时 5 分", "2 h 5 min left"),
            (72 * HOUR_S, "剩 3 天", "3 days left"),
        ] {
            assert_eq!(ZH.left(after(seconds), NOW), zh);
            assert_eq!(EN.left(after(seconds), NOW), en);
        }
    }

    #[test]
    fn impossible_instants_and_zones_are_shown_somehow() {
        assert!(!ZH.when(i64::MAX, i64::MIN, "Mars/Olympus").is_empty());
        assert_eq!(machine_readable(NOW), "2022-11-23T06:05:00Z");
    }
}
