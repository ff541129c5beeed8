//! The check after a delivery: which one, when somebody calls, and what follows from the answer.
//!
//! Whoever holds the link is asked on its page first. Where nobody answers there, a person calls at the time this rule
//! says; where somebody old, ill or alone lives, a person calls soon, whatever the page says. Nobody is called at night,
//! but for a medicine that had run out: whether it was taken is known within the hour.

use super::clock::At;
use super::errand::Step;
use super::local::LocalTime;
use super::request::{Care, Category, Problem};
use super::urgency::Urgency;
use super::words::word;

word! {
    /// What is asked.
    Kind {
        /// Is it the right one, was it taken, until when is it enough?
        Medicine = "medicine",
        /// Did it come, is anything missing?
        Goods = "goods",
        /// Was somebody there, is everything well?
        Visit = "visit",
    }
}

word! {
    Standing {
        Open = "open",
        /// Somebody told how it is.
        Done = "done",
        /// The request went another way: there was nothing to ask any more.
        Dropped = "dropped",
    }
}

word! {
    /// What came of asking.
    Outcome {
        /// All is well.
        Received = "received",
        /// It is there, and was not taken yet: asked once more.
        NotTaken = "not_taken",
        WrongItem = "wrong_item",
        Missing = "missing",
        Damaged = "damaged",
        NotReceived = "not_received",
        /// All is well, and something else is needed: a new request.
        MoreNeeded = "more_needed",
        NoAnswer = "no_answer",
        /// They do not want to be asked.
        Refused = "refused",
    }
}

/// What a check is about.
#[derive(Debug, Clone, Copy)]
pub struct Brought<'a> {
    pub category: Category,
    pub urgency: Urgency,
    pub care: &'a [Care],
    pub at: At,
}

/// What follows from an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The request is closed.
    Close,
    /// A person must decide; why.
    Reopen(&'static str),
    /// Asked again from then on.
    Again(At),
}

/// Nobody is called from this hour on,
const NIGHT: i32 = 21;
/// until this one.
pub const MORNING: i8 = 8;
/// So many calls without an answer, then somebody knocks.
pub const MOST_TRIES: i32 = 3;
const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3600;
/// The check of a red medicine, within the hour.
const RED_S: i64 = 45 * MINUTE_S;

impl Kind {
    #[must_use]
    pub const fn of(category: Category) -> Self {
        match category {
            Category::Medicine => Self::Medicine,
            Category::CareVisit => Self::Visit,
            Category::Food | Category::Daily | Category::Other => Self::Goods,
        }
    }

    /// The outcomes that can come of it, the good one first.
    #[must_use]
    pub const fn outcomes(self) -> &'static [Outcome] {
        use Outcome as O;
        match self {
            Self::Medicine => &[
                O::Received,
                O::NotTaken,
                O::WrongItem,
                O::Missing,
                O::Damaged,
                O::NotReceived,
                O::MoreNeeded,
                O::NoAnswer,
                O::Refused,
            ],
            Self::Goods => &[
                O::Received,
                O::Missing,
                O::WrongItem,
                O::Damaged,
                O::NotReceived,
                O::MoreNeeded,
                O::NoAnswer,
                O::Refused,
            ],
            Self::Visit => &[O::Received, O::NotReceived, O::MoreNeeded, O::NoAnswer, O::Refused],
        }
    }
}

/// Somebody lives there whom one calls in any case: a page is no way to be sure.
#[must_use]
pub fn is_always_called(care: &[Care]) -> bool {
    let called = |flag: &Care| {
        matches!(
            flag,
            Care::ElderlyAlone | Care::Disabled | Care::Dialysis | Care::Chemo | Care::Infant | Care::Pregnant
        )
    };
    care.iter().any(called)
}

/// Whoever answers on the page has answered.
#[must_use]
pub const fn is_own_answer(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::NoAnswer | Outcome::Refused)
}

/// When a person calls, if nobody has answered until then.
#[must_use]
pub fn due_at(brought: Brought<'_>, local: &LocalTime) -> At {
    if brought.category == Category::Medicine && brought.urgency == Urgency::Red {
        return brought.at.plus_seconds(RED_S);
    }
    let wait_s = match (Kind::of(brought.category), is_always_called(brought.care)) {
        (Kind::Medicine, true) => HOUR_S,
        (Kind::Medicine, false) => 4 * HOUR_S,
        (Kind::Goods | Kind::Visit, true) => 2 * HOUR_S,
        (Kind::Goods | Kind::Visit, false) => 20 * HOUR_S,
    };
    by_day(brought.at.plus_seconds(wait_s), local)
}

/// This moment, or the morning after when people sleep.
#[must_use]
pub fn by_day(at: At, local: &LocalTime) -> At {
    let hour = local.minute_of_day(at) / 60;
    let day = local.day_of(at);
    if hour < i32::from(MORNING) {
        local.at_hour(day, MORNING)
    } else if hour >= NIGHT {
        local.at_hour(day.plus(1), MORNING)
    } else {
        at
    }
}

/// What follows from an outcome, when it had been tried so often before.
#[must_use]
pub fn then(outcome: Outcome, (tries, now): (i32, At), local: &LocalTime) -> Then {
    match outcome {
        Outcome::Received | Outcome::MoreNeeded | Outcome::Refused => Then::Close,
        Outcome::WrongItem => Then::Reopen(Problem::WrongItem.as_str()),
        Outcome::Missing => Then::Reopen(Problem::Incomplete.as_str()),
        Outcome::Damaged => Then::Reopen(Problem::Damaged.as_str()),
        Outcome::NotReceived => Then::Reopen(Problem::NotReceived.as_str()),
        Outcome::NoAnswer if tries + 1 >= MOST_TRIES => Then::Reopen(NOBODY_ANSWERS),
        Outcome::NoAnswer => {
            let wait_s = if tries == 0 { 15 * MINUTE_S } else { HOUR_S };
            Then::Again(by_day(now.plus_seconds(wait_s), local))
        }
        Outcome::NotTaken if tries + 1 >= MOST_TRIES => Then::Reopen(NOT_TAKEN),
        Outcome::NotTaken => Then::Again(by_day(now.plus_seconds(2 * HOUR_S), local)),
    }
}

/// Why a person must decide: nobody answered any call.
pub const NOBODY_ANSWERS: &str = "nobody_answers";
/// Why a person must decide: the medicine is there and is not taken.
pub const NOT_TAKEN: &str = "not_taken";

/// What a step out of `delivered` says about the check, by the word that was its reason.
#[must_use]
pub fn told_by(step: Step, reason: Option<&str>) -> Option<Outcome> {
    match (step, reason) {
        (Step::Confirm, _) => Some(Outcome::Received),
        (Step::Reopen, Some(NOBODY_ANSWERS)) => Some(Outcome::NoAnswer),
        (Step::Reopen, Some("incomplete")) => Some(Outcome::Missing),
        (Step::Close | Step::Reopen, Some(word)) => word.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::local::parse_rfc3339;

    fn chongqing() -> LocalTime {
        LocalTime::named("Asia/Shanghai").unwrap()
    }

    /// On 24 November in Chongqing.
    fn at(time: &str) -> At {
        parse_rfc3339(&format!("2026-11-24T{time}:00+08:00")).unwrap()
    }

    fn due(category: Category, urgency: Urgency, care: &[Care], time: &str) -> String {
        let due = due_at(Brought { category, urgency, care, at: at(time) }, &chongqing());
        let late = due.seconds_since(at("00:00"));
        format!("{:02}:{:02}", late / HOUR_S, late % HOUR_S / MINUTE_S)
    }

    #[test]
    fn the_table_of_cases() {
        use Category as C;
        use Urgency as U;
        let alone = [Care::ElderlyAlone];
        for (category, urgency, care, delivered, called) in [
            (C::Medicine, U::Red, &[][..], "10:00", "10:45"),
            (C::Medicine, U::Red, &[], "23:10", "23:55"),
            (C::Medicine, U::Yellow, &[], "10:00", "14:00"),
            (C::Medicine, U::Yellow, &[], "18:00", "32:00"),
            (C::Medicine, U::Green, &alone, "10:00", "11:00"),
            (C::Medicine, U::Green, &alone, "20:30", "32:00"),
            (C::Food, U::Green, &[], "18:00", "38:00"),
            (C::Food, U::Green, &alone, "10:00", "12:00"),
            (C::Daily, U::Green, &[Care::NoLift], "08:00", "32:00"),
            (C::CareVisit, U::Yellow, &alone, "19:30", "32:00"),
            (C::Other, U::Green, &alone, "03:00", "08:00"),
        ] {
            assert_eq!(due(category, urgency, care, delivered), called, "{category} {urgency} {care:?} at {delivered}");
        }
    }

    #[test]
    fn three_calls_without_an_answer_and_somebody_knocks() {
        let local = chongqing();
        let after = |tries, time: &str| then(Outcome::NoAnswer, (tries, at(time)), &local);
        assert_eq!(after(0, "10:00"), Then::Again(at("10:15")));
        assert_eq!(after(1, "10:15"), Then::Again(at("11:15")));
        assert_eq!(after(2, "11:15"), Then::Reopen("nobody_answers"));
        assert_eq!(after(1, "20:30"), Then::Again(at("08:00").plus_seconds(86_400)), "tomorrow morning");
    }

    #[test]
    fn each_outcome_leads_somewhere_and_is_told_again_by_its_step() {
        let local = chongqing();
        for outcome in Outcome::ALL {
            let told = match then(*outcome, (MOST_TRIES, at("10:00")), &local) {
                Then::Close => told_by(Step::Close, Some(outcome.as_str())),
                Then::Reopen(why) => told_by(Step::Reopen, Some(why)),
                Then::Again(_) => None,
            };
            assert_eq!(told, Some(*outcome));
        }
        assert_eq!(told_by(Step::Confirm, None), Some(Outcome::Received));
        assert_eq!(told_by(Step::Cancel, Some("by_resident")), None);
    }

    proptest! {
        #[test]
        fn nobody_is_called_at_night_but_for_a_red_medicine(
            seconds in 1_700_000_000_i64..1_900_000_000,
            category in prop::sample::select(Category::ALL),
            urgency in prop::sample::select(Urgency::ALL),
            care in prop::collection::vec(prop::sample::select(Care::ALL), 0..3),
            zone in prop::sample::select(vec!["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]),
        ) {
            let (local, at) = (LocalTime::named(zone).unwrap(), At::from_seconds(seconds));
            let due = due_at(Brought { category, urgency, care: &care, at }, &local);
            let red = category == Category::Medicine && urgency == Urgency::Red;
            prop_assert!(due > at && due <= at.plus_seconds(33 * HOUR_S));
            prop_assert!(!red || due <= at.plus_seconds(HOUR_S));
            let hour = local.minute_of_day(due) / 60;
            prop_assert!(red || (8..21).contains(&hour), "{hour}");
        }

        #[test]
        fn the_more_one_must_look_after_somebody_the_sooner_the_call(
            seconds in 1_700_000_000_i64..1_900_000_000,
            category in prop::sample::select(Category::ALL),
            urgency in prop::sample::select(Urgency::ALL),
        ) {
            let (local, at) = (chongqing(), At::from_seconds(seconds));
            let due = |care: &[Care]| due_at(Brought { category, urgency, care, at }, &local);
            prop_assert!(due(&[Care::ElderlyAlone]) <= due(&[]));
        }
    }
}
