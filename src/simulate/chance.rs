//! Chance that is the same for everybody: a draw depends on what is drawn, never on what was drawn before.
//!
//! Two policies that ask the same runner for the same errand get the same answer (common random numbers), so their
//! difference is the policies' own. The mixer is written out here because a seed must mean the same day in every
//! future version; a library's generator may change.

use crate::domain::num;

/// A source of independent draws, one for each key.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed: mix(seed ^ 0x5061_6f74_7569_2e31) }
    }

    /// A stream of its own within this one.
    #[must_use]
    pub const fn about(self, key: u64) -> Self {
        Self { seed: mix(self.seed ^ mix(key.wrapping_add(0x9e37_79b9_7f4a_7c15))) }
    }

    /// A draw in [0, 1).
    #[must_use]
    pub const fn unit(self) -> f64 {
        num::unit(mix(self.seed))
    }

    #[must_use]
    pub fn happens(self, rate: f64) -> bool {
        self.unit() < rate
    }

    /// A draw in [low, high).
    #[must_use]
    pub fn between(self, low: f64, high: f64) -> f64 {
        (high - low).mul_add(self.unit(), low)
    }

    /// A standard normal draw (Box and Muller).
    #[must_use]
    pub fn normal(self) -> f64 {
        let radius = (-2.0 * (1.0 - self.about(1).unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.about(2).unit()).cos()
    }
}

/// The finaliser of splitmix64.
const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_draw_for_ever() {
        assert_eq!(Chance::new(1).about(7).unit().to_bits(), Chance::new(1).about(7).unit().to_bits());
        assert!((Chance::new(1).about(7).unit() - Chance::new(2).about(7).unit()).abs() > 1e-12);
    }

    #[test]
    fn draws_are_spread_evenly() {
        let mean = (0..10_000).map(|key| Chance::new(3).about(key).unit()).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
    }

    #[test]
    fn normal_draws_have_unit_spread() {
        let squares = (0..10_000).map(|key| Chance::new(3).about(key).normal().powi(2)).sum::<f64>() / 10_000.0;
        assert!((squares - 1.0).abs() < 0.05, "{squares}");
    }
}
