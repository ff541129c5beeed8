//! What was truly got of a thing that was asked for, and who allowed that it differs.

use super::item::Substitution;
use super::question::Choice;
use super::words::word;

word! {
    /// What the runner has in hand of it. Drug, strength and form are always as asked.
    Got {
        AsAsked = "as_asked",
        /// The same of another maker.
        Swap = "swap",
        HasNot = "none",
    }
}

word! {
    /// By whose word something else, or nothing, may be brought.
    Consent {
        /// It was asked for like that: any maker.
        AsWritten = "as_written",
        /// A question from the counter was answered so.
        Answered = "answered",
        /// Somebody said so on the telephone; who, is written down.
        Call = "call",
    }
}

/// Whoever has a say in it has not been heard yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheard;

/// Whether this may be brought; for something that differs, by whose word. A call counts always; else the last answer
/// counts, also against what was written before; else what was written.
///
/// # Errors
/// [`Unheard`] when something differs and nobody has said that it may.
pub fn consent(
    got: Got,
    substitution: Substitution,
    answer: Option<Choice>,
    called: bool,
) -> Result<Option<Consent>, Unheard> {
    let wanted = match got {
        Got::AsAsked => return Ok(None),
        Got::Swap => Choice::Swap,
        Got::HasNot => Choice::Drop,
    };
    match answer {
        _ if called => Ok(Some(Consent::Call)),
        Some(choice) if choice == wanted => Ok(Some(Consent::Answered)),
        None if got == Got::Swap && substitution == Substitution::SameDrug => Ok(Some(Consent::AsWritten)),
        Some(_) | None => Err(Unheard),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_asked_needs_nobodys_word() {
        for substitution in Substitution::ALL {
            assert_eq!(consent(Got::AsAsked, *substitution, None, false), Ok(None));
            assert_eq!(consent(Got::AsAsked, *substitution, Some(Choice::Drop), false), Ok(None));
        }
    }

    #[test]
    fn another_maker_needs_a_word_unless_any_was_asked_for() {
        use Substitution as S;
        assert_eq!(consent(Got::Swap, S::SameDrug, None, false), Ok(Some(Consent::AsWritten)));
        for substitution in [S::Exact, S::AskMe, S::AskFamily] {
            assert_eq!(consent(Got::Swap, substitution, None, false), Err(Unheard), "{substitution}");
            let answered = consent(Got::Swap, substitution, Some(Choice::Swap), false);
            assert_eq!(answered, Ok(Some(Consent::Answered)));
            assert_eq!(consent(Got::Swap, substitution, None, true), Ok(Some(Consent::Call)));
        }
    }

    #[test]
    fn the_last_answer_counts_against_what_was_written_before() {
        for choice in [Choice::Wait, Choice::Drop] {
            assert_eq!(consent(Got::Swap, Substitution::SameDrug, Some(choice), false), Err(Unheard));
        }
    }

    #[test]
    fn nothing_may_be_brought_only_when_it_is_not_needed_any_more() {
        for substitution in Substitution::ALL {
            assert_eq!(consent(Got::HasNot, *substitution, None, false), Err(Unheard));
            assert_eq!(consent(Got::HasNot, *substitution, Some(Choice::Wait), false), Err(Unheard));
            let dropped = consent(Got::HasNot, *substitution, Some(Choice::Drop), false);
            assert_eq!(dropped, Ok(Some(Consent::Answered)));
        }
    }
}
