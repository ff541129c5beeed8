//! Whom to ask. First form: the nearest available runner; every pick and every "nobody" has a reason.

use std::collections::BTreeSet;

use super::super::clock::At;
use super::super::geo::Point;
use super::super::ids::PersonId;
use super::super::words::word;

word! {
    /// Why this runner was asked, kept with the offer and shown to runner and supervisor.
    PickReason {
        NearestAvailable = "nearest_available",
        ByHand = "by_hand",
        FromBoard = "from_board",
    }
}
word! {
    /// Why nobody could be asked.
    NobodyReason {
        NobodyOnDuty = "nobody_on_duty",
        AllBusy = "all_busy",
        AllDeclined = "all_declined",
        AllResting = "all_resting",
        StalePositions = "stale_positions",
        OutOfReach = "out_of_reach",
    }
}

/// The numbers dispatch works with; each is a setting (`config/default.toml`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// An offer lapses after this many seconds.
    pub offer_s: i64,
    /// A claim without a sign of life lapses after this many seconds.
    pub claim_s: i64,
    /// A runner who let an offer lapse is left in peace for this many seconds.
    pub quiet_s: i64,
    pub max_bags: i32,
    /// Walking speed, metres a second.
    pub speed_mps: f64,
    /// Walked metres per metre as the crow flies.
    pub road_factor: f64,
    /// A position older than this counts as unknown.
    pub position_stale_s: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            offer_s: 60,
            claim_s: 300,
            quiet_s: 120,
            max_bags: 6,
            speed_mps: 1.3,
            road_factor: 1.4,
            position_stale_s: 1800,
        }
    }
}

impl Terms {
    /// Seconds to walk from one point to another.
    #[must_use]
    pub fn walk_seconds(&self, from: Point, to: Point) -> f64 {
        from.metres_to(to) * self.road_factor / self.speed_mps
    }
}

/// A runner as dispatch sees one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub runner: PersonId,
    pub at: Option<Point>,
    pub seen_at: At,
    /// Has an errand or an open offer.
    pub busy: bool,
    pub quiet_until: Option<At>,
}

/// A pick, with how far it is to the first stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    pub runner: PersonId,
    pub metres: f64,
    pub reason: PickReason,
}

/// What stands between a candidate and the errand, if anything; each check is one rule.
#[must_use]
pub fn obstacle(candidate: &Candidate, declined: &BTreeSet<PersonId>, terms: &Terms, now: At) -> Option<NobodyReason> {
    if declined.contains(&candidate.runner) {
        Some(NobodyReason::AllDeclined)
    } else if candidate.busy {
        Some(NobodyReason::AllBusy)
    } else if candidate.quiet_until.is_some_and(|until| until > now) {
        Some(NobodyReason::AllResting)
    } else if candidate.at.is_none() || now.seconds_since(candidate.seen_at) > terms.position_stale_s {
        Some(NobodyReason::StalePositions)
    } else {
        None
    }
}

/// Why nobody could be asked about one errand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nobody {
    pub reason: NobodyReason,
    /// Nobody has free hands for any errand: a round need not ask on for each.
    pub for_all: bool,
}

/// The nearest candidate nothing stands in the way of; ties go to the smaller id, so that the order given never matters.
///
/// # Errors
/// The reason that kept most candidates away, when there is none to ask.
pub fn nearest(
    candidates: &[Candidate],
    start: Point,
    declined: &BTreeSet<PersonId>,
    terms: &Terms,
    now: At,
) -> Result<Pick, Nobody> {
    let free = candidates.iter().filter(|candidate| obstacle(candidate, declined, terms, now).is_none());
    let by_distance = free.filter_map(|candidate| Some((candidate.at?.metres_to(start), candidate.runner)));
    by_distance
        .min_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)))
        .map(|(metres, runner)| Pick { runner, metres, reason: PickReason::NearestAvailable })
        .ok_or_else(|| Nobody {
            reason: most_common_obstacle(candidates, declined, terms, now),
            for_all: candidates.iter().all(|candidate| obstacle(candidate, &BTreeSet::new(), terms, now).is_some()),
        })
}

fn most_common_obstacle(
    candidates: &[Candidate],
    declined: &BTreeSet<PersonId>,
    terms: &Terms,
    now: At,
) -> NobodyReason {
    let obstacles: Vec<_> =
        candidates.iter().filter_map(|candidate| obstacle(candidate, declined, terms, now)).collect();
    let count = |reason: NobodyReason| obstacles.iter().filter(|found| **found == reason).count();
    NobodyReason::ALL
        .iter()
        .copied()
        .filter(|reason| count(*reason) > 0)
        .max_by_key(|reason| count(*reason))
        .unwrap_or(NobodyReason::NobodyOnDuty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: At = At::from_seconds(1_800_000_000);
    const START: Point = Point::new(29.53, 106.52);

    fn standing(north_m: f64) -> Candidate {
        let at = Point::new(START.lat + north_m / 111_195.0, START.lon);
        Candidate { runner: PersonId::mint(), at: Some(at), seen_at: NOW, busy: false, quiet_until: None }
    }

    #[test]
    fn the_nearest_free_runner_is_asked() {
        let (near, far) = (standing(100.0), standing(400.0));
        let pick = nearest(&[far, near], START, &BTreeSet::new(), &Terms::default(), NOW).unwrap();
        assert_eq!(pick.runner, near.runner);
        assert!((pick.metres - 100.0).abs() < 1.0);
    }

    #[test]
    fn who_said_no_is_not_asked_again() {
        let (near, far) = (standing(100.0), standing(400.0));
        let declined = BTreeSet::from([near.runner]);
        assert_eq!(nearest(&[near, far], START, &declined, &Terms::default(), NOW).unwrap().runner, far.runner);
        let all = BTreeSet::from([near.runner, far.runner]);
        let nobody = nearest(&[near, far], START, &all, &Terms::default(), NOW).unwrap_err();
        // Both have free hands for other errands.
        assert_eq!(nobody, Nobody { reason: NobodyReason::AllDeclined, for_all: false });
    }

    #[test]
    fn each_nobody_has_its_reason() {
        let ask = |candidate: Candidate| {
            nearest(&[candidate], START, &BTreeSet::new(), &Terms::default(), NOW).map_err(|nobody| nobody.reason)
        };
        assert_eq!(ask(Candidate { busy: true, ..standing(1.0) }), Err(NobodyReason::AllBusy));
        assert_eq!(ask(Candidate { at: None, ..standing(1.0) }), Err(NobodyReason::StalePositions));
        assert_eq!(
            ask(Candidate { seen_at: NOW.plus_seconds(-7200), ..standing(1.0) }),
            Err(NobodyReason::StalePositions)
        );
        assert_eq!(
            ask(Candidate { quiet_until: Some(NOW.plus_seconds(9)), ..standing(1.0) }),
            Err(NobodyReason::AllResting)
        );
        let nobody = nearest(&[], START, &BTreeSet::new(), &Terms::default(), NOW);
        assert_eq!(nobody, Err(Nobody { reason: NobodyReason::NobodyOnDuty, for_all: true }));
    }

    proptest! {
        #[test]
        fn the_order_of_candidates_does_not_matter(distances in prop::collection::vec(0.0_f64..5000.0, 1..20)) {
            let mut candidates: Vec<_> = distances.into_iter().map(standing).collect();
            let first = nearest(&candidates, START, &BTreeSet::new(), &Terms::default(), NOW);
            candidates.reverse();
            prop_assert_eq!(first, nearest(&candidates, START, &BTreeSet::new(), &Terms::default(), NOW));
        }
    }
}
