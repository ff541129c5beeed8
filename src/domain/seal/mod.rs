//! Seals of buildings: what one is, when it holds, and how a list in free text is read ([`list`]).

pub mod list;

use super::clock::At;
use super::words::word;

word! {
    Seal { Open = "open", Sealed = "sealed", StairsOnly = "stairs_only" }
}

/// What a building is now, by what stands in its row: a seal that is over counts as open.
#[must_use]
pub fn holds(seal: Seal, until: Option<At>, now: At) -> Seal {
    if until.is_none_or(|until| until > now) { seal } else { Seal::Open }
}

/// A seal somebody sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub seal: Seal,
    /// `None`: at once.
    pub from: Option<At>,
    /// `None`: until another is set.
    pub until: Option<At>,
    /// The line of the official list it was read from.
    pub source: Option<String>,
}

impl Order {
    /// Whether it ends after it begins, and not in the past.
    #[must_use]
    pub fn has_time(&self, now: At) -> bool {
        let begins = self.from.unwrap_or(now).max(now);
        self.until.is_none_or(|until| until > begins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_until_its_end() {
        let at = At::from_seconds;
        for (now, seal) in [(9, Seal::Sealed), (19, Seal::Sealed), (20, Seal::Open)] {
            assert_eq!(holds(Seal::Sealed, Some(at(20)), at(now)), seal, "{now}");
        }
        assert_eq!(holds(Seal::StairsOnly, None, at(5)), Seal::StairsOnly);
    }

    #[test]
    fn a_seal_ends_after_it_begins() {
        let at = |seconds| Some(At::from_seconds(seconds));
        let order = |from, until| Order { seal: Seal::Sealed, from, until, source: None };
        let now = At::from_seconds(100);
        for (from, until, fits) in [
            (None, None, true),
            (None, at(101), true),
            (None, at(100), false),
            (at(200), at(200), false),
            (at(50), at(99), false),
        ] {
            assert_eq!(order(from, until).has_time(now), fits, "{from:?} {until:?}");
        }
    }
}
