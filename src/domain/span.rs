//! Lengths of time as the planner reckons with them: seconds as floats, turned into [`At`] at the border.

use crate::domain::clock::At;
use crate::domain::num;

/// Seconds from `from` to `to`; negative when `to` is earlier.
#[must_use]
pub fn between(from: At, to: At) -> f64 {
    num::float_of(to.micros_since(from)) / 1e6
}

/// The instant `seconds` after `at`, to the microsecond.
#[must_use]
pub fn after(at: At, seconds: f64) -> At {
    At(at.0.saturating_add(num::round(seconds * 1e6)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_there_and_back_is_where_we_were() {
        let start = At::from_seconds(27_000);
        assert_eq!(after(after(start, 12.5), -12.5), start);
        assert!((between(start, after(start, 12.5)) - 12.5).abs() < 1e-9);
    }
}
