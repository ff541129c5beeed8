//! What is said about a photo that was not taken.

use crate::flow::photos::Unreadable;

#[must_use]
pub const fn code_of(unreadable: Unreadable) -> &'static str {
    match unreadable {
        Unreadable::NoPicture => "not_a_picture",
        Unreadable::TooLarge => "photo_too_large",
    }
}
