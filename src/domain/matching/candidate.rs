//! A runner on duty as the line and the gauges need to know one: may be asked, or why not.

use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::PersonId;
use crate::domain::matching::reason::Nobody;
use crate::domain::matching::terms::Terms;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub runner: PersonId,
    pub at: Option<Point>,
    pub seen_at: At,
    /// Has errands in hand; may be asked all the same.
    pub carries: bool,
    /// Has an offer that is not answered yet.
    pub is_asked: bool,
    pub quiet_until: Option<At>,
    /// When the shift ends.
    pub until_at: Option<At>,
}

impl Candidate {
    /// Whether this runner may be asked anything at `now`.
    ///
    /// # Errors
    /// The reason why not.
    pub fn may_be_asked(&self, terms: &Terms, now: At) -> Result<(), Nobody> {
        if self.until_at.is_some_and(|until| until <= now) {
            Err(Nobody::ShiftEnds)
        } else if self.at.is_none() || now.seconds_since(self.seen_at) > terms.position_stale_s {
            Err(Nobody::StalePositions)
        } else if self.quiet_until.is_some_and(|until| until > now) {
            Err(Nobody::AllResting)
        } else if self.is_asked {
            Err(Nobody::AllAsked)
        } else {
            Ok(())
        }
    }

    /// Free hands: neither errands nor an open offer.
    #[must_use]
    pub const fn has_free_hands(&self) -> bool {
        !self.carries && !self.is_asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(1_000_000);

    fn candidate() -> Candidate {
        Candidate {
            runner: PersonId::mint(),
            at: Some(Point::new(29.53, 106.52)),
            seen_at: NOW,
            carries: false,
            is_asked: false,
            quiet_until: None,
            until_at: None,
        }
    }

    #[test]
    fn each_obstacle_has_its_reason() {
        let terms = Terms::default();
        let later = Some(NOW.plus_seconds(60));
        let cases = [
            (candidate(), Ok(())),
            (Candidate { carries: true, ..candidate() }, Ok(())),
            (Candidate { is_asked: true, ..candidate() }, Err(Nobody::AllAsked)),
            (Candidate { quiet_until: later, ..candidate() }, Err(Nobody::AllResting)),
            (Candidate { at: None, ..candidate() }, Err(Nobody::StalePositions)),
            (Candidate { seen_at: NOW.plus_seconds(-1801), ..candidate() }, Err(Nobody::StalePositions)),
            (Candidate { until_at: Some(NOW), ..candidate() }, Err(Nobody::ShiftEnds)),
        ];
        for (candidate, expected) in cases {
            assert_eq!(candidate.may_be_asked(&terms, NOW), expected, "{candidate:?}");
        }
    }
}
