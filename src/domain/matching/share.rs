//! A runner's share of the work: errands for each hour on duty against the mean of the zone. 1 is a fair share.

/// Hours at the mean rate that a newcomer is credited with.
const PRIOR_HOURS: f64 = 1.0;
/// Below this rate nobody has done anything yet and all are equal.
const LEAST_RATE: f64 = 0.1;

/// Errands for each hour on duty, over all of `(errands, hours)`.
#[must_use]
pub fn mean_rate(all: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (taken, hours) = all.fold((0.0, 0.0), |sum, (taken, hours)| (sum.0 + taken, sum.1 + hours.max(0.0)));
    (taken / f64::max(hours, 1e-9)).max(LEAST_RATE)
}

/// The share of somebody who took so many errands in so many hours.
#[must_use]
pub fn share(taken: f64, hours: f64, mean_rate: f64) -> f64 {
    PRIOR_HOURS.mul_add(mean_rate, taken) / (hours.max(0.0) + PRIOR_HOURS) / mean_rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_has_a_fair_share() {
        assert!((share(0.0, 0.0, 5.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn who_carried_twice_the_mean_has_nearly_twice_the_share() {
        let mean = mean_rate([(20.0, 4.0), (40.0, 4.0), (0.0, 4.0)].into_iter());
        assert!((mean - 5.0).abs() < 1e-9);
        assert!(share(40.0, 4.0, mean) > 1.7 && share(0.0, 4.0, mean) < 0.3);
    }
}
