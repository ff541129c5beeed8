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
        /// To whoever sits on a rung of the ladder: a request needs somebody.
        Alarm = "alarm",
        /// The same to a door outside.
        AlarmHook = "alarm_hook",
    }
}

impl LetterKind {
    /// What leaves as a letter.
    pub const BY_MAIL: &[Self] = &[
        Self::Offer,
        Self::Delivered,
        Self::DeliveredToJoiner,
        Self::SealedIn,
        Self::Unsealed,
        Self::SignIn,
        Self::StillGoing,
        Self::Alarm,
    ];
    /// What leaves as a call to a door outside, by itself: one that hangs holds up no letter.
    pub const BY_HOOK: &[Self] = &[Self::AlarmHook];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_leaves_by_one_way() {
        for kind in LetterKind::ALL {
            assert!(LetterKind::BY_MAIL.contains(kind) != LetterKind::BY_HOOK.contains(kind), "{kind}");
        }
    }
}
