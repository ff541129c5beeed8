//! What would help those who wait: from the reasons why nobody can be asked, and by when each must be there, a short list
//! of needs with times: "two more runners before 19:00", "one trained for medicine on duty", "ring the shops".

use std::collections::BTreeMap;

use super::clock::At;
use super::matching::Nobody;
use super::words::word;

word! {
    /// What is missing. Ordered as they are told.
    Need {
        /// More of those who walk.
        Runners = "runners",
        /// One who is trained for medicine.
        Trained = "trained",
        /// One who lives behind the seal.
        Inside = "inside",
        /// A cart, or several who share it.
        Cart = "cart",
        /// Somebody asked in person: all who could have said no.
        ByHand = "by_hand",
        /// Those on duty open the page, so that one knows where they are.
        Positions = "positions",
        /// A shop that opens for it.
        RingShop = "ring_shop",
        /// No shop has it: the district, or the doctor.
        District = "district",
    }
}

impl Need {
    /// What would help against this reason; `None`: it passes by itself.
    #[must_use]
    pub const fn of(reason: Nobody) -> Option<Self> {
        match reason {
            Nobody::NobodyOnDuty | Nobody::ShiftEnds | Nobody::AllResting | Nobody::AllBusy => Some(Self::Runners),
            Nobody::StalePositions => Some(Self::Positions),
            Nobody::NotTrained => Some(Self::Trained),
            Nobody::WrongSideOfTheSeal => Some(Self::Inside),
            Nobody::TooManyBags => Some(Self::Cart),
            Nobody::AllDeclined => Some(Self::ByHand),
            Nobody::PlaceShut => Some(Self::RingShop),
            Nobody::OutOfStock => Some(Self::District),
            Nobody::AllAsked | Nobody::Held => None,
        }
    }

    /// It is people that are missing, so that a number of them can be said.
    #[must_use]
    pub const fn is_people(self) -> bool {
        matches!(self, Self::Runners | Self::Trained | Self::Inside | Self::Cart)
    }
}

/// An errand nobody can be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stuck {
    pub reason: Nobody,
    pub deliver_by: At,
}

/// Something that would help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Help {
    pub need: Need,
    /// How many people; 1 when it is no matter of people.
    pub people: usize,
    /// How many errands it would free.
    pub errands: usize,
    /// After this the first of them would be late.
    pub before: At,
}

/// One trip takes about so long, and carries so many.
const TRIP_S: i64 = 40 * 60;
const A_TRIP: i64 = 4;
/// Who is busy or resting is so again soon: only what would be late by then needs somebody else.
const SOON_S: i64 = 2 * TRIP_S;

/// What would help, one of each kind, by what is told first.
#[must_use]
pub fn needs(stuck: &[Stuck], now: At) -> Vec<Help> {
    let mut by_need: BTreeMap<Need, Vec<At>> = BTreeMap::new();
    let presses = |stuck: &&Stuck| !stuck.reason.passes() || stuck.deliver_by.seconds_since(now) < SOON_S;
    for stuck in stuck.iter().filter(presses) {
        if let Some(need) = Need::of(stuck.reason) {
            by_need.entry(need).or_default().push(stuck.deliver_by);
        }
    }
    by_need.into_iter().filter_map(|(need, due)| help(need, due, now)).collect()
}

fn help(need: Need, mut due: Vec<At>, now: At) -> Option<Help> {
    due.sort_unstable();
    let first = *due.first()?;
    let people = if need.is_people() { people(&due, now) } else { 1 };
    Some(Help { need, people, errands: due.len(), before: first.plus_seconds(-TRIP_S).max(now) })
}

/// The fewest who bring each of them in time, as far as counting tells: whatever is due until a moment must fit into the
/// trips that end before it. What is late already goes on the first trip.
fn people(due: &[At], now: At) -> usize {
    let wanted = |(place, at): (usize, &At)| {
        let trips = (at.seconds_since(now) / TRIP_S).max(1);
        let capacity = usize::try_from(trips * A_TRIP).unwrap_or(1);
        (place + 1).div_ceil(capacity)
    };
    due.iter().enumerate().map(wanted).max().unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: At = At::from_seconds(1_800_000_000);

    fn stuck(reason: Nobody, in_min: i64) -> Stuck {
        Stuck { reason, deliver_by: NOW.plus_seconds(in_min * 60) }
    }

    #[test]
    fn what_would_help_is_told_once_with_the_first_moment_it_is_too_late() {
        let all = [
            stuck(Nobody::NobodyOnDuty, 120),
            stuck(Nobody::NobodyOnDuty, 90),
            stuck(Nobody::OutOfStock, 60),
            stuck(Nobody::Held, 20),
        ];
        let told = needs(&all, NOW);
        let runners = Help { need: Need::Runners, people: 1, errands: 2, before: NOW.plus_seconds(50 * 60) };
        let district = Help { need: Need::District, people: 1, errands: 1, before: NOW.plus_seconds(20 * 60) };
        assert_eq!(told, vec![runners, district]);
    }

    #[test]
    fn ten_that_are_due_within_one_trip_need_three() {
        let all = [stuck(Nobody::NobodyOnDuty, 45); 10];
        assert_eq!(needs(&all, NOW)[0].people, 3);
        let later = [stuck(Nobody::NobodyOnDuty, 130); 10];
        assert_eq!(needs(&later, NOW)[0].people, 1, "one goes three times");
    }

    #[test]
    fn whoever_is_only_busy_is_waited_for_while_there_is_time() {
        assert_eq!(needs(&[stuck(Nobody::AllBusy, 180)], NOW), vec![]);
        assert_eq!(needs(&[stuck(Nobody::AllBusy, 30)], NOW)[0].need, Need::Runners);
        assert_eq!(needs(&[], NOW), vec![]);
    }

    proptest! {
        #[test]
        fn one_more_that_waits_never_needs_fewer(
            waits in proptest::collection::vec((0..Nobody::ALL.len(), -60..600_i64), 0..40),
            more in (0..Nobody::ALL.len(), -60..600_i64),
        ) {
            let of = |(reason, in_min): (usize, i64)| stuck(Nobody::ALL[reason], in_min);
            let before: Vec<Stuck> = waits.iter().copied().map(of).collect();
            let after: Vec<Stuck> = before.iter().copied().chain([of(more)]).collect();
            let (less, told) = (needs(&before, NOW), needs(&after, NOW));
            for help in less {
                let now = told.iter().find(|told| told.need == help.need);
                prop_assert!(now.is_some_and(|now| now.people >= help.people && now.before <= help.before));
            }
            for help in &told {
                prop_assert!(help.people >= 1 && help.people <= help.errands.max(1));
                prop_assert!(help.before >= NOW);
            }
        }
    }
}
