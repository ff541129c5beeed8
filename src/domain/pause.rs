//! Two clocks: the resident's wait never stops; the team's time may stand still, for one of four reasons and not for long.

use super::clock::At;
use super::errand::{Refused, State};
use super::words::word;

word! {
    /// Why the team can do nothing for a request just now.
    PauseReason {
        /// The resident does not answer the door or the telephone.
        NoAnswer = "no_answer",
        ShopOpensLater = "shop_opens_later",
        GateShut = "gate_shut",
        /// A question from the counter is with the resident.
        WaitingForConsent = "waiting_for_consent",
    }
}

const HOUR_S: i64 = 3600;

impl PauseReason {
    /// A pause ends by itself: by then somebody must have looked again. A shop is shut for a night, an answer takes hours.
    #[must_use]
    pub const fn longest_s(self) -> i64 {
        match self {
            Self::NoAnswer | Self::WaitingForConsent => 4 * HOUR_S,
            Self::ShopOpensLater | Self::GateShut => 16 * HOUR_S,
        }
    }

    /// When a pause that begins `now` ends by itself: at the time asked for, or the longest it may be. `None` for a time that
    /// is past, or further off than a pause may last.
    #[must_use]
    pub fn ends_at(self, asked: Option<At>, now: At) -> Option<At> {
        let latest = now.plus_seconds(self.longest_s());
        match asked {
            None => Some(latest),
            Some(until) => (until > now && until <= latest).then_some(until),
        }
    }
}

/// Only what is under way has a clock to stop.
///
/// # Errors
/// [`Refused::Over`] once it is delivered, closed or cancelled.
pub const fn may_pause(state: State) -> Result<(), Refused> {
    match state {
        State::Delivered | State::Closed | State::Cancelled => Err(Refused::Over(state)),
        _ => Ok(()),
    }
}

/// One standing still, from and to.
pub type Stood = (At, At);

/// Microseconds of `(from, to)` in which the clock stood still; where pauses overlap it stood once.
#[must_use]
pub fn stood_still(pauses: &[Stood], (from, to): Stood) -> i64 {
    let mut inside: Vec<Stood> =
        pauses.iter().map(|(began, ended)| ((*began).max(from), (*ended).min(to))).filter(|(a, b)| a < b).collect();
    inside.sort_unstable();
    let mut seen_to = from;
    let mut stood = 0;
    for (began, ended) in inside {
        stood += ended.micros_since(began.max(seen_to)).max(0);
        seen_to = seen_to.max(ended);
    }
    stood
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: At = At::from_seconds(1_800_000_000);

    fn at(seconds: i64) -> At {
        NOW.plus_seconds(seconds)
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let reason = PauseReason::NoAnswer;
        assert_eq!(reason.ends_at(None, NOW), Some(at(4 * 3600)));
        assert_eq!(reason.ends_at(Some(at(60)), NOW), Some(at(60)));
        assert_eq!(reason.ends_at(Some(NOW), NOW), None);
        assert_eq!(reason.ends_at(Some(at(4 * 3600 + 1)), NOW), None);
    }

    #[test]
    fn what_is_over_has_no_clock_to_stop() {
        for state in State::ALL {
            let over = matches!(state, State::Delivered | State::Closed | State::Cancelled);
            assert_eq!(may_pause(*state).is_err(), over, "{state}");
        }
    }

    #[test]
    fn overlapping_pauses_stand_still_once_and_only_within() {
        let pauses = [(at(-50), at(10)), (at(5), at(20)), (at(90), at(500)), (at(30), at(30))];
        assert_eq!(stood_still(&pauses, (NOW, at(100))), 30_000_000);
        assert_eq!(stood_still(&[], (NOW, at(100))), 0);
    }

    proptest! {
        #[test]
        fn it_is_the_count_of_the_seconds_stood(pauses in prop::collection::vec((-20..120_i64, 0..60_i64), 0..8)) {
            let stood: Vec<Stood> = pauses.iter().map(|(from, length)| (at(*from), at(from + length))).collect();
            let seconds = (0..100).filter(|s| pauses.iter().any(|(from, length)| (*from..from + length).contains(s))).count();
            prop_assert_eq!(stood_still(&stood, (NOW, at(100))), i64::try_from(seconds).unwrap() * 1_000_000);
        }
    }
}
