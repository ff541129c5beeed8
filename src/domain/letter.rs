//! What a letter may be about.

use super::words::word;

word! {
    LetterKind {
        /// To a runner: a request near you.
        Offer = "offer",
        /// To a resident who left an address: it was delivered.
        Delivered = "delivered",
        /// The same to one who asked for it later and joined: by the joiner's own link.
        DeliveredToJoiner = "delivered_to_joiner",
        /// To a runner: your building is sealed, you are off duty.
        SealedIn = "sealed_in",
        /// To a runner: your building is open again, you are on duty.
        Unsealed = "unsealed",
        /// To a runner: your link to sign in once.
        SignIn = "sign_in",
        /// To a runner: you claimed something and nothing has happened; are you still going?
        StillGoing = "still_going",
    }
}
