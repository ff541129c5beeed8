//! Nothing is in no list: each open request is in exactly one of the queue, a runner's hands, the follow-ups and the
//! care inbox. The pages and the check that looks for the lost go by this rule, so that they cannot differ.

use super::errand::State;
use super::words::word;

word! {
    /// Where somebody who looks for an open request finds it.
    List {
        /// Nobody has taken it on yet.
        Queue = "queue",
        WithRunner = "with_runner",
        /// Delivered, and nobody has said yet that all is well.
        FollowUp = "follow_up",
        /// Cannot go on by itself: a person must decide.
        Care = "care",
    }
}

impl List {
    /// The list of a request by the state of the errand of it that counts; `None`: it is over.
    ///
    /// What lies at a gate for the household to fetch is in no hands, and nobody is being looked for: a person sees that
    /// it is fetched.
    #[must_use]
    pub const fn of(errand: State) -> Option<Self> {
        match errand {
            State::Waiting | State::Offered => Some(Self::Queue),
            State::Claimed | State::Collected => Some(Self::WithRunner),
            State::Delivered => Some(Self::FollowUp),
            State::AtGate | State::Care => Some(Self::Care),
            State::Closed | State::Cancelled => None,
        }
    }

    /// The states of errands that are found here.
    pub fn states(self) -> impl Iterator<Item = State> {
        State::ALL.iter().copied().filter(move |state| Self::of(*state) == Some(self))
    }
}

/// An errand that counts, as far as it decides about the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    pub state: State,
    /// Which of the request's errands it is.
    pub number: i32,
    /// A runner is written on it: who has it, or who is asked.
    pub held: bool,
}

word! {
    /// Why a request is in no list, or in two.
    Lost {
        /// Nobody would ever carry it.
        NoErrand = "no_errand",
        /// More than one errand of it counts.
        TwoErrands = "two_errands",
        /// The request stands otherwise than its errand says.
        Differs = "differs",
        /// It is with a runner, and no runner is named.
        InNobodysHands = "in_nobodys_hands",
        /// Nobody has it, and a runner is named.
        HeldWhileWaiting = "held_while_waiting",
    }
}

/// The one list of a request, `None` when it is over.
///
/// # Errors
/// Why it would be found in none, or in two.
pub fn place(request: State, counting: &[Leg]) -> Result<Option<List>, Lost> {
    let leg = match counting {
        [] if request.is_over() => return Ok(None),
        [] => return Err(Lost::NoErrand),
        [leg] => *leg,
        _ => return Err(Lost::TwoErrands),
    };
    if request != leg.state.of_request(leg.number) {
        return Err(Lost::Differs);
    }
    let list = List::of(leg.state);
    match list {
        Some(List::WithRunner) if !leg.held => Err(Lost::InNobodysHands),
        Some(List::Queue) if leg.held && matches!(leg.state, State::Waiting) => Err(Lost::HeldWhileWaiting),
        _ => Ok(list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(state: State, number: i32) -> Leg {
        Leg { state, number, held: state.is_with_runner() }
    }

    #[test]
    fn every_open_state_is_in_one_list_and_what_is_over_in_none() {
        for state in State::ALL {
            let lists: Vec<&List> = List::ALL.iter().filter(|list| list.states().any(|here| here == *state)).collect();
            assert_eq!(lists.len(), usize::from(!state.is_over()), "{state}");
        }
    }

    #[test]
    fn a_request_that_stands_as_its_errand_says_has_a_place_on_every_leg() {
        for state in State::ALL {
            for number in 1..=3 {
                let told = place(state.of_request(number), &[leg(*state, number)]);
                assert_eq!(told, Ok(List::of(*state)), "{state} on leg {number}");
            }
        }
    }

    #[test]
    fn whatever_would_hide_a_request_is_named() {
        assert_eq!(place(State::Waiting, &[]), Err(Lost::NoErrand));
        assert_eq!(place(State::Cancelled, &[]), Ok(None));
        let both = [leg(State::Waiting, 1), leg(State::Waiting, 2)];
        assert_eq!(place(State::Waiting, &both), Err(Lost::TwoErrands));
        assert_eq!(place(State::Claimed, &[leg(State::Waiting, 1)]), Err(Lost::Differs));
        assert_eq!(place(State::Closed, &[leg(State::Waiting, 1)]), Err(Lost::Differs));
        let nobodys = Leg { held: false, ..leg(State::Collected, 1) };
        assert_eq!(place(State::Collected, &[nobodys]), Err(Lost::InNobodysHands));
        let held = Leg { held: true, ..leg(State::Waiting, 1) };
        assert_eq!(place(State::Waiting, &[held]), Err(Lost::HeldWhileWaiting));
    }

    #[test]
    fn of_all_there_can_be_only_one_standing_fits_a_leg() {
        for state in State::ALL {
            for request in State::ALL {
                let fits = place(*request, &[leg(*state, 1)]).is_ok();
                assert_eq!(fits, request == state, "{request} with an errand {state}");
            }
        }
    }
}
