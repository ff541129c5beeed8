//! Offers: an errand held for one runner until it is accepted, declined or lapses.

use super::words::word;

word! {
    OfferState { Open = "open", Accepted = "accepted", Declined = "declined", Lapsed = "lapsed", Withdrawn = "withdrawn" }
}

/// What becomes of a claim; "somebody else has it" is an answer, not a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Won,
    /// Somebody else has it, or it lapsed.
    TooLate,
    NoSuch,
}
