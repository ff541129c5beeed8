//! The letters, as typed values: what a letter may say is what its struct holds.

mod alarm;
mod delivered;
mod offer;
mod sealed;
mod sign_in;
mod still_going;

pub use alarm::AlarmLetter;
pub use delivered::DeliveredLetter;
pub use offer::OfferLetter;
pub use sealed::SealedLetter;
pub use sign_in::SignInLetter;
pub use still_going::StillGoingLetter;

use super::{Envelope, MailError};

/// Something that can be put into an envelope.
pub trait Letter {
    /// # Errors
    /// [`MailError::Template`] when the text cannot be written.
    fn envelope(&self, message_id: &str, to: &str) -> Result<Envelope, MailError>;
}

/// Every letter with sample values, for the test that reads them all.
#[cfg(test)]
pub(super) fn samples(lang: crate::words::Lang) -> Vec<(&'static str, Box<dyn Letter>)> {
    vec![
        ("offer", Box::new(offer::sample(lang))),
        ("delivered", Box::new(delivered::sample(lang))),
        ("sealed", Box::new(sealed::sample(lang, true))),
        ("sign_in", Box::new(sign_in::sample(lang))),
        ("still going", Box::new(still_going::sample(lang))),
        ("alarm", Box::new(alarm::sample(lang, false))),
        ("nudge", Box::new(alarm::sample(lang, true))),
        ("unsealed", Box::new(sealed::sample(lang, false))),
    ]
}
