//! How long people wait, told honestly: those who still wait count by how long they have waited so far.
//!
//! A percentile over finished requests alone hides exactly the late ones. An open request is *censored*: it is known that
//! its wait is longer than its age, and no more. The product-limit estimator reckons with that: E. L. Kaplan, P. Meier,
//! "Nonparametric Estimation from Incomplete Observations", Journal of the American Statistical Association 53 (282),
//! 1958, 457–481, doi:10.1080/01621459.1958.10501452. With nothing censored it is the plain nearest-rank percentile.

/// Below this many, a percentile is one person's story: it is not told.
pub const FEWEST: usize = 10;

/// One wait, in microseconds: over, or still going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pub micros: i64,
    /// What was waited for has happened. Else this is how long has been waited so far, or until it was given up.
    pub over: bool,
}

impl Wait {
    #[must_use]
    pub fn over(micros: i64) -> Self {
        Self { micros: micros.max(0), over: true }
    }

    #[must_use]
    pub fn open(micros: i64) -> Self {
        Self { micros: micros.max(0), over: false }
    }
}

/// Waits of one group, shortest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits(Vec<Wait>);

/// Products of a million factors drift by less; one wait among a million weighs more.
const DRIFT: f64 = 1e-9;

impl Waits {
    /// Of waits equally long those that are over come first: who still waits was still waiting then.
    #[must_use]
    pub fn of(mut waits: Vec<Wait>) -> Self {
        waits.sort_unstable_by_key(|wait| (wait.micros, !wait.over));
        Self(waits)
    }

    /// How many were counted, open ones too.
    #[must_use]
    pub const fn n(&self) -> usize {
        self.0.len()
    }

    /// How many still go on, or were given up.
    #[must_use]
    pub fn open(&self) -> usize {
        self.0.iter().filter(|wait| !wait.over).count()
    }

    /// The longest seen so far, open ones too.
    #[must_use]
    pub fn longest(&self) -> Option<i64> {
        self.0.last().map(|wait| wait.micros)
    }

    /// The wait within which so many per cent are over, each in turn. `None`: so many are not over yet, and it is known only
    /// that it takes more than [`Self::longest`].
    #[must_use]
    pub fn percentiles<const N: usize>(&self, percents: [u32; N]) -> [Option<i64>; N] {
        let mut found = [None; N];
        let mut at_risk = self.0.len();
        // The share of all that still waits after the time looked at.
        let mut waiting = 1.0;
        for together in self.0.chunk_by(|left, right| left.micros == right.micros) {
            let over = together.iter().filter(|wait| wait.over).count();
            if over > 0 {
                waiting *= share(at_risk - over, at_risk);
                let at = together.first().map(|wait| wait.micros);
                for (percent, found) in percents.iter().zip(&mut found) {
                    let left = 1.0 - f64::from(*percent) / 100.0;
                    if found.is_none() && waiting <= left + DRIFT {
                        *found = at;
                    }
                }
            }
            at_risk -= together.len();
        }
        found
    }
}

/// Nearest-rank percentile of values already in order.
#[must_use]
pub fn nearest_rank<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// A part of a whole that is not nothing.
#[must_use]
pub fn share(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap_or(u32::MAX)) / f64::from(u32::try_from(whole).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn over(waits: &[i64]) -> Vec<Wait> {
        waits.iter().map(|micros| Wait::over(*micros)).collect()
    }

    #[test]
    fn the_example_of_the_textbook() {
        // Freireich's 21 patients on 6-MP, weeks: 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+; median 23.
        let ended = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(Wait::over);
        let open = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(Wait::open);
        let waits = Waits::of(ended.into_iter().chain(open).collect());
        assert_eq!(waits.percentiles([25, 50, 90]), [Some(13), Some(23), None]);
        assert_eq!((waits.n(), waits.open(), waits.longest()), (21, 12, Some(35)));
    }

    #[test]
    fn when_most_still_wait_the_median_is_not_known() {
        let waits = Waits::of([Wait::over(5), Wait::open(60), Wait::open(70)].to_vec());
        assert_eq!((waits.percentiles([50]), waits.longest()), ([None], Some(70)));
        assert_eq!(Waits::of(vec![]).percentiles([50]), [None]);
    }

    #[test]
    fn finished_waits_alone_would_flatter() {
        let mut all = over(&[10; 60]);
        let flattered = Waits::of(all.clone()).percentiles([90]);
        all.extend([Wait::open(3600); 40]);
        assert_eq!((flattered, Waits::of(all).percentiles([50, 90])), ([Some(10)], [Some(10), None]));
    }

    fn any_wait() -> impl Strategy<Value = Wait> {
        (0..500_i64, any::<bool>()).prop_map(|(micros, over)| Wait { micros, over })
    }

    proptest! {
        #[test]
        fn with_nothing_open_it_is_the_nearest_rank(mut waits in prop::collection::vec(0..5000_i64, 1..400), percent in 1..100_u32) {
            let [told] = Waits::of(over(&waits)).percentiles([percent]);
            waits.sort_unstable();
            prop_assert_eq!(told, nearest_rank(&waits, usize::try_from(percent).unwrap()));
        }

        #[test]
        fn a_higher_percentile_is_never_shorter(waits in prop::collection::vec(any_wait(), 0..200)) {
            let told = Waits::of(waits).percentiles([10, 25, 50, 75, 90, 95, 99]);
            for pair in told.windows(2) {
                prop_assert!(pair[1].unwrap_or(i64::MAX) >= pair[0].unwrap_or(i64::MAX), "{:?}", told);
            }
        }

        #[test]
        fn waiting_longer_never_makes_it_shorter(waits in prop::collection::vec(any_wait(), 1..200), which in any::<prop::sample::Index>(), more in 1..500_i64) {
            let mut longer = waits.clone();
            let wait = which.get_mut(&mut longer);
            prop_assume!(!wait.over);
            wait.micros += more;
            let (before, after) = (Waits::of(waits).percentiles([50, 90]), Waits::of(longer).percentiles([50, 90]));
            for (before, after) in before.into_iter().zip(after) {
                prop_assert!(after.unwrap_or(i64::MAX) >= before.unwrap_or(i64::MAX));
            }
        }

        #[test]
        fn what_is_told_is_a_wait_that_was_over(waits in prop::collection::vec(any_wait(), 0..100)) {
            let [told] = Waits::of(waits.clone()).percentiles([50]);
            prop_assert!(told.is_none_or(|micros| waits.contains(&Wait::over(micros))));
        }
    }
}
