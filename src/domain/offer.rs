//! Offers: errands held for one runner until they are accepted, declined or lapse.

use super::words::word;

word! {
    OfferState { Open = "open", Accepted = "accepted", Declined = "declined", Lapsed = "lapsed", Withdrawn = "withdrawn" }
}

word! {
    /// How an offer meets what the runner is doing.
    Kind {
        /// A trip to begin after the last stop, now or soon.
        Next = "next",
        /// Joins a trip under way at a counter not reached yet.
        AddOn = "add_on",
        /// Goes before the rest of what is carried; the rest stays with the runner.
        Divert = "divert",
    }
}
