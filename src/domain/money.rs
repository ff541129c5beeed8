//! What goods cost. Whole fen, so that sums are exact; no payment is made here, only written down.

use std::fmt;
use std::iter::Sum;

use super::errand::State;
use super::text::half_width;
use super::words::word;

/// Hundredths of a yuan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Fen(pub i64);

word! {
    /// How a household gave what it owes.
    How {
        Cash = "cash",
        Transfer = "transfer",
        /// Its own card, which the runner carried.
        Card = "card",
    }
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAmount {
    #[error("required")]
    Required,
    #[error("not_an_amount")]
    NotAnAmount,
    #[error("out_of_range")]
    OutOfRange,
}

impl NoAmount {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::NotAnAmount => "not_an_amount",
            Self::OutOfRange => "out_of_range",
        }
    }
}

impl Fen {
    /// A hundred thousand yuan: more is a slip of the finger.
    pub const MOST: Self = Self(10_000_000);

    /// Reads yuan as people type them: `12`, `12.5`, `¥12.50`, `１２。５０元`. At most two decimals; a minus in front is a
    /// correction.
    ///
    /// # Errors
    /// [`NoAmount`].
    pub fn parse(text: &str) -> Result<Self, NoAmount> {
        let plain: String = text.chars().map(|c| if c == '。' { '.' } else { half_width(c) }).collect();
        let plain = plain.trim().trim_start_matches(['¥', '￥']).trim_end_matches(['元', '块']).trim();
        if plain.is_empty() {
            return Err(NoAmount::Required);
        }
        let (minus, digits) = plain.strip_prefix('-').map_or((false, plain), |rest| (true, rest));
        let (yuan, cents) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || !is_number(yuan) || !is_number(cents) || cents.len() > 2 {
            return Err(NoAmount::NotAnAmount);
        }
        let yuan: i64 = yuan.parse().map_err(|_| NoAmount::OutOfRange)?;
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| NoAmount::NotAnAmount)?;
        let fen = yuan.checked_mul(100).and_then(|fen| fen.checked_add(cents)).ok_or(NoAmount::OutOfRange)?;
        if fen > Self::MOST.0 { Err(NoAmount::OutOfRange) } else { Ok(Self(if minus { -fen } else { fen })) }
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minus, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{minus}{}.{:02}", fen / 100, fen % 100)
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        Self(parts.fold(0, |sum, part| sum.saturating_add(part.0)))
    }
}

/// Whether money may be written down for an errand: it is in somebody's hands, or was brought.
#[must_use]
pub const fn may_be_booked(state: State) -> bool {
    !matches!(state, State::Waiting | State::Offered | State::Cancelled)
}

/// What the till printed must be what went into the bags.
///
/// # Errors
/// By how much the bags are more (or, below zero, less) than the total.
pub fn adds_up(total: Fen, bags: impl Iterator<Item = Fen>) -> Result<(), Fen> {
    let difference = Fen(bags.sum::<Fen>().0.saturating_sub(total.0));
    if difference == Fen(0) { Ok(()) } else { Err(difference) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_as_people_type_them() {
        for (typed, fen) in [
            ("12", 1200),
            ("12.5", 1250),
            ("¥12.50", 1250),
            (" １２。５０元", 1250),
            ("0.05", 5),
            ("-3", -300),
            ("0", 0),
        ] {
            assert_eq!(Fen::parse(typed), Ok(Fen(fen)), "{typed}");
        }
        for (typed, why) in [
            ("", NoAmount::Required),
            ("¥", NoAmount::Required),
            ("1,200", NoAmount::NotAnAmount),
            ("12.345", NoAmount::NotAnAmount),
            ("1e3", NoAmount::NotAnAmount),
            (".5", NoAmount::NotAnAmount),
            ("--1", NoAmount::NotAnAmount),
            ("100000.01", NoAmount::OutOfRange),
            ("99999999999999999999", NoAmount::OutOfRange),
        ] {
            assert_eq!(Fen::parse(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn the_difference_is_told() {
        assert_eq!(adds_up(Fen(1000), [Fen(400), Fen(600)].into_iter()), Ok(()));
        assert_eq!(adds_up(Fen(1000), [Fen(400), Fen(650)].into_iter()), Err(Fen(50)));
        assert_eq!(adds_up(Fen(1000), std::iter::empty()), Err(Fen(-1000)));
    }

    #[test]
    fn money_is_booked_for_what_somebody_has_or_had() {
        let may: Vec<State> = State::ALL.iter().copied().filter(|state| may_be_booked(*state)).collect();
        let had = [State::Claimed, State::Collected, State::AtGate, State::Delivered, State::Closed, State::Care];
        assert_eq!(may, had);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in -10_000_000_i64..=10_000_000) {
            prop_assert_eq!(Fen::parse(&Fen(fen).to_string()), Ok(Fen(fen)));
        }

        #[test]
        fn nothing_typed_breaks_it(typed in "\\PC{0,30}") {
            let _read = Fen::parse(&typed);
        }
    }
}
