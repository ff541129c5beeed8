//! The price of a runner's second: what a second of anybody's time brings in just now.
//!
//! It tunes itself. When much waits, trips are dense, the price is high and bags fill up; when little waits it falls and
//! everybody sets out at once.

/// What a trip brings and what it takes.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Worth {
    /// Sum of the weights of its errands.
    pub weight: f64,
    /// Seconds of the runner's time.
    pub seconds: f64,
}

impl Worth {
    #[must_use]
    pub fn a_second(&self) -> f64 {
        self.weight / self.seconds.max(1.0)
    }
}

/// Weight a second, learned from the trips sent out so far.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Price(f64);

/// How much of the old price stays after each trip.
const MEMORY: f64 = 0.95;

impl Default for Price {
    /// One green errand in ten minutes.
    fn default() -> Self {
        Self(1.0 / 600.0)
    }
}

impl Price {
    /// A price learned earlier.
    #[must_use]
    pub const fn of(a_second: f64) -> Self {
        Self(a_second)
    }

    #[must_use]
    pub const fn a_second(self) -> f64 {
        self.0
    }

    /// The price after one more trip was sent out.
    #[must_use]
    pub fn after(self, trip: Worth) -> Self {
        Self(MEMORY.mul_add(self.0, (1.0 - MEMORY) * trip.a_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_trips_raise_the_price() {
        let price = Price::default();
        assert!(price.after(Worth { weight: 6.0, seconds: 1200.0 }).a_second() > price.a_second());
    }

    #[test]
    fn the_price_settles_at_what_trips_bring() {
        let trip = Worth { weight: 4.0, seconds: 1000.0 };
        let settled = (0..400).fold(Price::default(), |price, _| price.after(trip));
        assert!((settled.a_second() - 0.004).abs() < 1e-6);
    }
}
