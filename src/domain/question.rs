//! What a runner asks at the counter, and what the resident may answer.

use super::errand::State;
use super::words::word;

word! {
    /// What is the matter with a thing that was asked for.
    About {
        OutOfStock = "out_of_stock",
        /// The shop has it of another maker.
        OtherMaker = "other_maker",
    }
}

word! {
    /// What to do about it. Drug and strength always stay the same.
    Choice {
        /// Take the same thing of another maker.
        Swap = "swap",
        Wait = "wait",
        /// Not needed any more.
        Drop = "drop",
    }
}

/// The place in the list that stands for the shop itself: "the one you named has none; may it be another shop?" Answered
/// [`Choice::Swap`], it may.
pub const THE_SHOP: i32 = 0;

/// Whether an answer still changes something: until it has left the counter for good, or is over.
#[must_use]
pub const fn is_worth_asking(state: State) -> bool {
    !state.is_over() && !matches!(state, State::AtGate | State::Delivered)
}

/// Whether the runner who has it stands before a counter.
#[must_use]
pub const fn may_be_asked(state: State) -> bool {
    matches!(state, State::Claimed | State::Collected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_it_asks_and_only_what_is_open_is_answered() {
        let asked: Vec<State> = State::ALL.iter().copied().filter(|state| may_be_asked(*state)).collect();
        assert_eq!(asked, [State::Claimed, State::Collected]);
        let over: Vec<State> = State::ALL.iter().copied().filter(|state| !is_worth_asking(*state)).collect();
        assert_eq!(over, [State::AtGate, State::Delivered, State::Closed, State::Cancelled]);
    }
}
