//! Regular medicines about to run out: a call in good time. How long something lasts is asked, never guessed; it is
//! only counted where single doses were brought and the doses a day are known.

use super::clock::At;
use super::words::word;

word! {
    /// Why there is a call.
    Cause {
        /// The home said until when it is enough, and that is near.
        Told = "told",
        /// Counted from the doses brought and the doses a day.
        Counted = "counted",
        /// Not known: ask until when it is enough.
        Ask = "ask",
    }
}

/// A medicine that was brought to a door last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brought<'a> {
    pub delivered_at: At,
    pub doses_left: Option<u16>,
    pub doses_per_day: Option<u16>,
    pub quantity: i32,
    pub unit: &'a str,
    /// What the home said since: enough until then.
    pub told: Option<At>,
}

const DAY_S: i64 = 86_400;
/// The call comes so long before the last dose: time to find the medicine without a red hurry.
pub const BEFORE_S: i64 = 3 * DAY_S;
/// The day after, somebody asks whether the right thing came and how long it lasts.
const ASK_AFTER_S: i64 = DAY_S;
/// Units of which one is one dose.
const SINGLE: &[&str] = &["片", "粒", "颗", "支", "次", "顿", "贴"];

/// Whether to call now, why, and until when the medicine lasts as far as it is known.
#[must_use]
pub fn due(brought: Brought<'_>, now: At) -> Option<(Cause, Option<At>)> {
    let (cause, until) = match (brought.told, counted(brought)) {
        (Some(told), _) => (Cause::Told, told),
        (None, Some(counted)) => (Cause::Counted, counted),
        (None, None) => {
            let asked = now >= brought.delivered_at.plus_seconds(ASK_AFTER_S);
            return asked.then_some((Cause::Ask, None));
        }
    };
    (now >= until.plus_seconds(-BEFORE_S)).then_some((cause, Some(until)))
}

fn counted(brought: Brought<'_>) -> Option<At> {
    let per_day = i64::from(brought.doses_per_day.filter(|doses| *doses > 0)?);
    let left = i64::from(brought.doses_left?);
    let single = SINGLE.contains(&brought.unit.trim());
    let doses = left + i64::from(brought.quantity.max(0));
    single.then(|| brought.delivered_at.plus_seconds(doses * DAY_S / per_day))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEN: At = At::from_seconds(1_800_000_000);
    const BOX: Brought<'static> = Brought {
        delivered_at: THEN,
        doses_left: Some(0),
        doses_per_day: Some(1),
        quantity: 2,
        unit: "盒",
        told: None,
    };

    fn day(days: i64) -> At {
        THEN.plus_seconds(days * DAY_S)
    }

    #[test]
    fn a_box_is_asked_about_the_day_after_and_never_counted() {
        assert_eq!(due(BOX, THEN), None);
        assert_eq!(due(BOX, day(1)), Some((Cause::Ask, None)));
        assert_eq!(due(BOX, day(90)), Some((Cause::Ask, None)), "until somebody asks");
    }

    #[test]
    fn what_was_told_counts_more_than_anything() {
        let told = Brought { told: Some(day(28)), ..BOX };
        assert_eq!(due(told, day(24)), None);
        assert_eq!(due(told, day(25)), Some((Cause::Told, Some(day(28)))));
        assert_eq!(due(told, day(40)), Some((Cause::Told, Some(day(28)))), "overdue stays on the list");
        let both = Brought { unit: "片", told: Some(day(28)), ..BOX };
        assert_eq!(due(both, day(2)), None);
    }

    #[test]
    fn single_doses_are_counted_when_all_is_known() {
        let tablets = Brought { unit: "片", quantity: 28, doses_left: Some(2), doses_per_day: Some(2), ..BOX };
        assert_eq!(due(tablets, day(11)), None);
        assert_eq!(due(tablets, day(12)), Some((Cause::Counted, Some(day(15)))));
        for unknown in [Brought { doses_per_day: None, ..tablets }, Brought { doses_left: None, ..tablets }] {
            assert_eq!(due(unknown, day(12)), Some((Cause::Ask, None)));
        }
    }
}
