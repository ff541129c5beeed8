//! How a delivery was proved. A code says that somebody spoke with the resident, a photo shows where the bag was left; the
//! bag carries the code too, so that neither is a secret: both are for finding out later what happened at a door.

use std::str::FromStr;

use super::code::Code;
use super::words::word;

word! {
    Proved {
        /// The resident read the request's code out.
        Code = "code",
        /// A photo of the bag at the door.
        Photo = "photo",
        /// Left without either.
        Unproved = "none",
        /// A supervisor vouches for it, with a reason.
        Override = "override",
    }
}

/// After so many wrong codes at one door the runner is told to take a photo: the resident may be reading another bag's.
pub const CODES_TO_TRY: i32 = 5;

/// The best proof there is of what the runner brought; a code that fits tells more than a photo.
#[must_use]
pub const fn proved_by(has_code: bool, has_photo: bool) -> Proved {
    match (has_code, has_photo) {
        (true, _) => Proved::Code,
        (false, true) => Proved::Photo,
        (false, false) => Proved::Unproved,
    }
}

/// Whether what was heard is the request's code, however it was typed: small letters, spaces, no dash, full width.
#[must_use]
pub fn fits(heard: &str, code: &str) -> bool {
    Code::from_str(heard).is_ok_and(|heard| heard.as_str() == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_fits_itself_however_it_is_typed_and_no_other(random: u64, other: u64, spaces in "[ -]{0,3}") {
            let code = Code::from_random(random);
            let typed = format!("{spaces}{}", code.as_str().to_lowercase().replace('-', &spaces));
            prop_assert!(fits(&typed, code.as_str()));
            let other = Code::from_random(other);
            prop_assert_eq!(fits(other.as_str(), code.as_str()), other == code);
        }
    }

    #[test]
    fn what_is_no_code_fits_nothing() {
        for heard in ["", " ", "王阿姨", "3K7", "3K7-PAQC-1"] {
            assert!(!fits(heard, "3K7-PAQC"), "{heard}");
        }
    }

    #[test]
    fn the_code_goes_before_the_photo() {
        assert_eq!(proved_by(true, true), Proved::Code);
        assert_eq!(proved_by(false, true), Proved::Photo);
        assert_eq!(proved_by(false, false), Proved::Unproved);
    }
}
