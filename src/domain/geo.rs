//! Positions (WGS-84) and distances.

use serde::{Deserialize, Serialize};

/// Earth radius of the contract, metres (contract.md §6).
pub const EARTH_RADIUS_M: f64 = 6_371_000.0;

/// A WGS-84 position in degrees.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    pub lat: f64,
    pub lon: f64,
}

impl Point {
    #[must_use]
    pub const fn new(lat: f64, lon: f64) -> Self {
        Self { lat, lon }
    }

    /// True for finite degrees inside latitude ±90, longitude ±180.
    #[must_use]
    pub fn is_on_earth(self) -> bool {
        self.lat.is_finite() && self.lon.is_finite() && self.lat.abs() <= 90.0 && self.lon.abs() <= 180.0
    }

    /// Great-circle distance in metres (haversine formula).
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (lat2 - lat1) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + lat1.cos() * lat2.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().clamp(0.0, 1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_about_111_kilometres() {
        let metres = Point::new(29.0, 106.5).metres_to(Point::new(30.0, 106.5));
        assert!((metres - 111_194.9).abs() < 1.0, "{metres}");
    }

    #[test]
    fn a_point_is_no_way_from_itself() {
        let here = Point::new(29.53, 106.52);
        assert!(here.metres_to(here) < 1e-9);
    }
}
