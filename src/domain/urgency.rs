//! The medicine clock: how urgent a request is and by when it must be delivered, from what is left at home.
//!
//! Staff in Shanghai marked their hand lists red (out of medicine), yellow (same day), green (later); this is
//! that rule, with the doses counted. What is not known counts as the worse case.

use super::clock::At;
use super::request::{Care, Category};
use super::words::word;

word! {
    /// `red` (none left or life-critical), `yellow` (today), `green` (later). Ordered most urgent first.
    Urgency { Red = "red", Yellow = "yellow", Green = "green" }
}

impl Urgency {
    /// Seconds from submission within which it should be delivered: 30 min, 2 h, 4 h (docs/dispatch.md).
    #[must_use]
    pub const fn target_seconds(self) -> i64 {
        match self {
            Self::Red => 30 * 60,
            Self::Yellow => 2 * 3600,
            Self::Green => 4 * 3600,
        }
    }
}

word! {
    /// Why a request got its urgency, shown to staff in words.
    UrgencyReason {
        NoneLeft = "none_left",
        NextDoseNotCovered = "next_dose_not_covered",
        RunsOutToday = "runs_out_today",
        LifeCritical = "life_critical",
        Vulnerable = "vulnerable",
        StockUnknown = "stock_unknown",
        EnoughForNow = "enough_for_now",
        ByCategory = "by_category",
        SetByStaff = "set_by_staff",
    }
}

/// What the resident told about the medicine at home. `None` = not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MedicineLeft {
    pub doses_left: Option<u16>,
    pub doses_per_day: Option<u16>,
    pub next_dose_at: Option<At>,
}

const DAY_S: i64 = 86_400;
/// Someone must still open the bag: the bag arrives this long before the dose that is not covered.
const BEFORE_DOSE_S: i64 = 30 * 60;

impl MedicineLeft {
    /// When the first dose that nothing is left for is due; `None` when the doses left are not known.
    ///
    /// The next dose is due at `next_dose_at` (now, if not known), then every day ÷ doses a day (one a day,
    /// if not known); with n left, the n-th after the next one is not covered.
    #[must_use]
    pub fn runs_out_at(self, now: At) -> Option<At> {
        let left = i64::from(self.doses_left?);
        let per_day = i64::from(self.doses_per_day.unwrap_or(1).max(1));
        let next = self.next_dose_at.unwrap_or(now).max(now.plus_seconds(-DAY_S));
        Some(next.plus_seconds(left * DAY_S / per_day))
    }
}

/// The verdict of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Triage {
    pub urgency: Urgency,
    pub deliver_by: At,
    pub reason: UrgencyReason,
}

/// Judges a request at the moment `now` it is made.
#[must_use]
pub fn triage(category: Category, left: MedicineLeft, care: &[Care], now: At) -> Triage {
    let judged = match category {
        Category::Medicine => triage_medicine(left, now),
        Category::Food | Category::Daily | Category::Other => by_target(Urgency::Green, UrgencyReason::ByCategory, now),
        Category::CareVisit => by_target(Urgency::Yellow, UrgencyReason::ByCategory, now),
    };
    lift(judged, category, care, now)
}

fn triage_medicine(left: MedicineLeft, now: At) -> Triage {
    let Some(runs_out_at) = left.runs_out_at(now) else {
        return by_target(Urgency::Yellow, UrgencyReason::StockUnknown, now);
    };
    let in_hand_s = runs_out_at.seconds_since(now);
    let (urgency, reason) = if left.doses_left == Some(0) {
        (Urgency::Red, UrgencyReason::NoneLeft)
    } else if in_hand_s <= DAY_S / 4 {
        (Urgency::Red, UrgencyReason::NextDoseNotCovered)
    } else if in_hand_s <= DAY_S {
        (Urgency::Yellow, UrgencyReason::RunsOutToday)
    } else {
        (Urgency::Green, UrgencyReason::EnoughForNow)
    };
    let target = now.plus_seconds(urgency.target_seconds());
    let before_dose = runs_out_at.plus_seconds(-BEFORE_DOSE_S).max(now.plus_seconds(Urgency::Red.target_seconds()));
    // A red one is wanted at once even when the dose is hours away: the search for the drug may take them.
    Triage { urgency, deliver_by: target.min(before_dose), reason }
}

fn by_target(urgency: Urgency, reason: UrgencyReason, now: At) -> Triage {
    Triage { urgency, deliver_by: now.plus_seconds(urgency.target_seconds()), reason }
}

/// Care flags only ever make a request more urgent.
fn lift(judged: Triage, category: Category, care: &[Care], now: At) -> Triage {
    let critical = care.iter().any(|flag| matches!(flag, Care::Dialysis | Care::Chemo));
    let vulnerable =
        care.iter().any(|flag| matches!(flag, Care::Infant | Care::Pregnant | Care::ElderlyAlone | Care::Disabled));
    let lifted = if critical && category == Category::Medicine && judged.reason == UrgencyReason::StockUnknown {
        by_target(Urgency::Red, UrgencyReason::LifeCritical, now)
    } else if vulnerable && judged.urgency == Urgency::Green && category != Category::Other {
        by_target(Urgency::Yellow, UrgencyReason::Vulnerable, now)
    } else {
        return judged;
    };
    Triage { deliver_by: lifted.deliver_by.min(judged.deliver_by), ..lifted }
}

/// The deadline after a person has changed how urgent it is. Made more urgent, it is wanted within the new time from now
/// on, or sooner if it was; made less urgent, it has the new time since it was asked for, or later if it had.
#[must_use]
pub fn deadline_when_set((from, deliver_by): (Urgency, At), to: Urgency, (asked, now): (At, At)) -> At {
    match to.cmp(&from) {
        std::cmp::Ordering::Less => deliver_by.min(now.plus_seconds(to.target_seconds())),
        std::cmp::Ordering::Equal => deliver_by,
        std::cmp::Ordering::Greater => deliver_by.max(asked.plus_seconds(to.target_seconds())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(1_800_000_000);

    fn medicine(doses_left: Option<u16>, doses_per_day: Option<u16>, next_in_s: Option<i64>) -> Triage {
        let left = MedicineLeft { doses_left, doses_per_day, next_dose_at: next_in_s.map(|s| NOW.plus_seconds(s)) };
        triage(Category::Medicine, left, &[], NOW)
    }

    #[test]
    fn the_table_of_cases() {
        let hour = 3600;
        for (left, per_day, next, urgency, minutes, reason) in [
            (Some(0), Some(1), Some(3 * hour), Urgency::Red, 30, UrgencyReason::NoneLeft),
            (Some(0), None, None, Urgency::Red, 30, UrgencyReason::NoneLeft),
            (Some(0), Some(1), Some(20 * 60), Urgency::Red, 30, UrgencyReason::NoneLeft),
            (Some(1), Some(3), Some(-3 * hour), Urgency::Red, 30, UrgencyReason::NextDoseNotCovered),
            (Some(1), Some(2), Some(hour), Urgency::Yellow, 120, UrgencyReason::RunsOutToday),
            (Some(2), Some(1), Some(hour), Urgency::Green, 240, UrgencyReason::EnoughForNow),
            (Some(30), Some(1), None, Urgency::Green, 240, UrgencyReason::EnoughForNow),
            (None, None, None, Urgency::Yellow, 120, UrgencyReason::StockUnknown),
        ] {
            let judged = medicine(left, per_day, next);
            let expected = Triage { urgency, deliver_by: NOW.plus_seconds(minutes * 60), reason };
            assert_eq!(judged, expected, "left {left:?}, {per_day:?} a day, next {next:?}");
        }
    }

    #[test]
    fn care_flags_only_lift() {
        for category in Category::ALL {
            for doses in [None, Some(0), Some(1), Some(30)] {
                let left = MedicineLeft { doses_left: doses, ..MedicineLeft::default() };
                let plain = triage(*category, left, &[], NOW);
                for flag in Care::ALL {
                    let flagged = triage(*category, left, &[*flag], NOW);
                    assert!(
                        flagged.urgency <= plain.urgency && flagged.deliver_by <= plain.deliver_by,
                        "{category} {flag}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_unknown_stock_of_someone_on_dialysis_is_red() {
        let judged = triage(Category::Medicine, MedicineLeft::default(), &[Care::Dialysis], NOW);
        assert_eq!((judged.urgency, judged.reason), (Urgency::Red, UrgencyReason::LifeCritical));
    }

    #[test]
    fn more_urgent_is_never_later_and_less_urgent_never_sooner() {
        for from in Urgency::ALL {
            for to in Urgency::ALL {
                for (due_s, now_s) in [(600, 60), (7200, 3600), (1800, 9000), (14_400, 0)] {
                    let (due, now) = (NOW.plus_seconds(due_s), NOW.plus_seconds(now_s));
                    let set = deadline_when_set((*from, due), *to, (NOW, now));
                    match to.cmp(from) {
                        std::cmp::Ordering::Less => assert!(set <= due, "{from} to {to}"),
                        std::cmp::Ordering::Equal => assert_eq!(set, due),
                        std::cmp::Ordering::Greater => assert!(set >= due, "{from} to {to}"),
                    }
                }
            }
        }
    }
}
