//! What cannot go on by itself: why, in a word, and the one step that most likely helps. A person decides; the suggestion
//! only saves the thinking.

use super::errand::State;
use super::words::word;

word! {
    /// Why a person must decide.
    Why {
        NobodyHome = "nobody_home",
        NobodyOpened = "nobody_opened",
        WrongAddress = "wrong_address",
        OutOfStock = "out_of_stock",
        NoShopHasIt = "no_shop_has_it",
        Cannot = "cannot",
        HandedBack = "handed_back",
        GoneSilent = "gone_silent",
        Released = "released",
        SealedIn = "sealed_in",
        NotReceived = "not_received",
        WrongItem = "wrong_item",
        Incomplete = "incomplete",
        Damaged = "damaged",
        /// Called after the delivery, three times.
        NobodyAnswers = "nobody_answers",
        /// The medicine is there and is not taken.
        NotTaken = "not_taken",
        /// The bag that was left at a gate is not there.
        NotAtGate = "not_at_gate",
        /// It lies at the gate for the household to fetch.
        LiesAtGate = "lies_at_gate",
        /// A question from the counter that nobody has answered for a while.
        Unanswered = "unanswered",
        /// Said in other words.
        Other = "other",
    }
}

impl Why {
    /// Of a request by what its row says; words we do not know are somebody's own.
    #[must_use]
    pub fn read(errand: State, reason: Option<&str>) -> Self {
        match (errand, reason) {
            (State::AtGate, _) => Self::LiesAtGate,
            (_, reason) => reason.and_then(|word| word.parse().ok()).unwrap_or(Self::Other),
        }
    }
}

word! {
    /// The one step that is offered first.
    Suggestion {
        /// Ring the household.
        Call = "call",
        /// Nobody answers the telephone: somebody goes and knocks.
        Knock = "knock",
        /// Mend the address, then send it again.
        CorrectAddress = "correct_address",
        /// The runner still has the goods: he goes on with them.
        SameRunner = "same_runner",
        /// The runner still has the goods and cannot go on: ask for them.
        BringBack = "bring_back",
        /// Look for somebody else.
        SendAgain = "send_again",
        /// Nothing of it is to be had here: the district, or the doctor for another.
        AskDistrict = "ask_district",
    }
}

/// What to do about it. `held`: a runner has the goods in hand.
#[must_use]
pub const fn suggest(why: Why, held: bool) -> Suggestion {
    match (why, held) {
        (Why::WrongAddress, _) => Suggestion::CorrectAddress,
        (Why::OutOfStock | Why::NoShopHasIt, _) => Suggestion::AskDistrict,
        (Why::Released | Why::HandedBack, true) => Suggestion::SameRunner,
        (Why::GoneSilent | Why::SealedIn | Why::Cannot, true) => Suggestion::BringBack,
        (Why::Released | Why::HandedBack | Why::GoneSilent | Why::SealedIn | Why::Cannot | Why::NotAtGate, false) => {
            Suggestion::SendAgain
        }
        (Why::NobodyAnswers, _) => Suggestion::Knock,
        (
            Why::NobodyHome
            | Why::NobodyOpened
            | Why::NotReceived
            | Why::WrongItem
            | Why::Incomplete
            | Why::Damaged
            | Why::NotTaken
            | Why::NotAtGate
            | Why::LiesAtGate
            | Why::Unanswered
            | Why::Other,
            _,
        ) => Suggestion::Call,
    }
}

/// Whether the runner written on an errand has its goods in hand. Of what was `brought` once they are with the household;
/// whoever left them at a gate is not written on it any more.
#[must_use]
pub const fn holds_goods(errand: State, has_runner: bool, brought: bool) -> bool {
    matches!(errand, State::Care) && has_runner && !brought
}

/// What a person can do about a request, by the state of the errand of it that counts.
#[must_use]
pub fn acts(errand: State) -> &'static [Act] {
    match errand {
        State::Care => &[Act::SendAgain, Act::Give, Act::Urgency, Act::Settle, Act::Cancel],
        State::AtGate => &[Act::Urgency, Act::Settle],
        State::Waiting
        | State::Offered
        | State::Claimed
        | State::Collected
        | State::Delivered
        | State::Closed
        | State::Cancelled => &[],
    }
}

word! {
    Act {
        /// Back to the queue, with another door if need be.
        SendAgain = "send_again",
        /// To a runner.
        Give = "give",
        Urgency = "urgency",
        /// The household has what it needs: it is closed.
        Settle = "settle",
        Cancel = "cancel",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::errand::Step;
    use crate::domain::follow_up::{NOBODY_ANSWERS, NOT_TAKEN};
    use crate::domain::lists::List;
    use crate::domain::request::Problem;

    #[test]
    fn each_reason_has_one_next_step_and_each_step_a_reason() {
        let mut seen = std::collections::BTreeSet::new();
        for why in Why::ALL {
            for held in [true, false] {
                seen.insert(suggest(*why, held));
            }
        }
        assert_eq!(seen.len(), Suggestion::ALL.len(), "every suggestion is reached");
    }

    #[test]
    fn goods_in_somebodys_hands_are_not_bought_a_second_time_without_thinking() {
        for why in Why::ALL {
            assert_ne!(suggest(*why, true), Suggestion::SendAgain, "{why}");
        }
    }

    #[test]
    fn whatever_is_in_care_can_be_brought_out_of_it() {
        for state in State::ALL {
            assert_eq!(!acts(*state).is_empty(), List::of(*state) == Some(List::Care), "{state}");
        }
        let leads_out = [Step::Requeue, Step::Assign, Step::Close, Step::Cancel];
        assert!(leads_out.iter().all(|step| State::Care.step(*step).is_ok()));
        assert!(State::AtGate.step(Step::Deliver).is_ok());
    }

    #[test]
    fn every_word_of_ours_that_leads_here_is_known() {
        let ours = [NOBODY_ANSWERS, NOT_TAKEN, "not_at_gate", "gone_silent", "released", "handed_back", "sealed_in"];
        let told = Problem::ALL.iter().map(|problem| problem.as_str()).chain(ours);
        for word in told.filter(|word| *word != "other") {
            assert_ne!(Why::read(State::Care, Some(word)), Why::Other, "{word}");
        }
    }

    #[test]
    fn own_words_are_a_reason_like_any_other() {
        assert_eq!(Why::read(State::Care, Some("too_far")), Why::Other);
        assert_eq!(Why::read(State::Care, None), Why::Other);
        assert_eq!(Why::read(State::Care, Some("wrong_address")), Why::WrongAddress);
        assert_eq!(Why::read(State::AtGate, None), Why::LiesAtGate);
    }
}
