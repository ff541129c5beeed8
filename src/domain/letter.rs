//! What a letter may be about.

use super::words::word;

word! {
    LetterKind {
        /// To a runner: a request near you.
        Offer = "offer",
        /// To a resident who left an address: it was delivered.
        Delivered = "delivered",
    }
}
