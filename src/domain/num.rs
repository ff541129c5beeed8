//! Conversions between numbers that say what they do; the one place where `as` is allowed.

#![allow(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "this module exists so that no other needs them"
)]

/// A count as a float: exact up to 2^53.
#[must_use]
pub const fn float(count: usize) -> f64 {
    count as f64
}

/// A signed whole number as a float: exact up to 2^53.
#[must_use]
pub const fn float_of(number: i64) -> f64 {
    number as f64
}

/// Rounded to the nearest whole number; what does not fit saturates, NaN is 0.
#[must_use]
pub fn round(number: f64) -> i64 {
    number.round() as i64
}

/// Rounded down to an index or a count; negative and NaN are 0.
#[must_use]
pub fn floor(number: f64) -> usize {
    number.floor() as usize
}

/// The upper 53 bits of a random word as a float in [0, 1).
#[must_use]
pub const fn unit(word: u64) -> f64 {
    (word >> 11) as f64 / (1_u64 << 53) as f64
}

/// The bits of a float, as a key.
#[must_use]
pub const fn bits(number: f64) -> u64 {
    number.to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_never_wraps() {
        assert_eq!(round(1e300), i64::MAX);
        assert_eq!(round(f64::NAN), 0);
        assert_eq!(floor(-3.0), 0);
    }

    #[test]
    fn a_unit_is_below_one() {
        assert!(unit(u64::MAX) < 1.0);
    }
}
