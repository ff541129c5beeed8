//! A plan of a neighbourhood: positions on the earth as places on a sheet, north up, and in which direction one walks.

use super::geo::{EARTH_RADIUS_M, Point};
use super::words::word;

word! {
    /// Of eight winds.
    Wind {
        North = "n",
        NorthEast = "ne",
        East = "e",
        SouthEast = "se",
        South = "s",
        SouthWest = "sw",
        West = "w",
        NorthWest = "nw",
    }
}

/// A sheet shows at least so much, in metres: one door alone is no plan.
const LEAST_M: f64 = 160.0;

/// Where things stand on a sheet of a size. Within a community the earth is flat: at 10 km the error is below a metre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    middle: Point,
    centre: (f64, f64),
    /// Of the sheet for each metre.
    scale: f64,
}

impl Plan {
    /// A sheet of `size` (width, height) that shows all `points` with `margin` left free; `None` without any.
    #[must_use]
    pub fn of(points: &[Point], size: (f64, f64), margin: f64) -> Option<Self> {
        let range = |value: fn(&Point) -> f64| {
            points
                .iter()
                .map(value)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)))
        };
        let ((south, north), (west, east)) = (range(|point| point.lat), range(|point| point.lon));
        if points.is_empty() {
            return None;
        }
        let middle = Point::new(f64::midpoint(south, north), f64::midpoint(west, east));
        let (wide, high) = offset(Point::new(south, west), Point::new(north, east));
        let room = |length: f64| (length - 2.0 * margin).max(1.0);
        let scale = (room(size.0) / wide.max(LEAST_M)).min(room(size.1) / high.max(LEAST_M));
        Some(Self { middle, centre: (size.0 / 2.0, size.1 / 2.0), scale })
    }

    /// Of the sheet for each metre.
    #[must_use]
    pub const fn scale(&self) -> f64 {
        self.scale
    }

    /// Where `point` stands: from the left, from the top.
    #[must_use]
    pub fn place(&self, point: Point) -> (f64, f64) {
        let (east, north) = offset(self.middle, point);
        (self.centre.0 + east * self.scale, self.centre.1 - north * self.scale)
    }
}

/// Metres to the east and to the north (equirectangular projection).
fn offset(from: Point, to: Point) -> (f64, f64) {
    let middle = f64::midpoint(from.lat, to.lat).to_radians();
    let metre = |degrees: f64| degrees.to_radians() * EARTH_RADIUS_M;
    (metre(to.lon - from.lon) * middle.cos(), metre(to.lat - from.lat))
}

/// The wind towards which one walks from here to there.
#[must_use]
pub fn wind(from: Point, to: Point) -> Wind {
    let (east, north) = offset(from, to);
    // Sixteen half winds of 22.5 degrees around north; two of them make a wind.
    let steep = north.abs() * TAN_22_5;
    let flat = east.abs() * TAN_22_5;
    match (east.abs() <= steep, north.abs() <= flat, north >= 0.0, east >= 0.0) {
        (true, _, true, _) => Wind::North,
        (true, _, false, _) => Wind::South,
        (_, true, _, true) => Wind::East,
        (_, true, _, false) => Wind::West,
        (_, _, true, true) => Wind::NorthEast,
        (_, _, true, false) => Wind::NorthWest,
        (_, _, false, true) => Wind::SouthEast,
        (_, _, false, false) => Wind::SouthWest,
    }
}

/// Tangent of 22.5 degrees, half a wind.
const TAN_22_5: f64 = std::f64::consts::SQRT_2 - 1.0;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near() -> impl Strategy<Value = Point> {
        (29.50..29.56_f64, 106.48..106.54_f64).prop_map(|(lat, lon)| Point::new(lat, lon))
    }

    proptest! {
        #[test]
        fn everything_is_on_the_sheet_and_north_is_up(points in prop::collection::vec(near(), 1..20)) {
            let plan = Plan::of(&points, (350.0, 200.0), 20.0).unwrap();
            for point in &points {
                let (x, y) = plan.place(*point);
                prop_assert!((19.9..=330.1).contains(&x) && (19.9..=180.1).contains(&y), "{x} {y}");
            }
            let (low, high) = (points[0], Point::new(points[0].lat + 0.001, points[0].lon));
            prop_assert!(plan.place(high).1 < plan.place(low).1);
        }

        #[test]
        fn the_way_back_is_the_other_wind(from in near(), to in near()) {
            let at = |wind: Wind| Wind::ALL.iter().position(|one| *one == wind).unwrap();
            prop_assume!(from != to);
            prop_assert_eq!((at(wind(from, to)) + 4) % 8, at(wind(to, from)));
        }
    }

    #[test]
    fn winds_are_those_of_a_compass() {
        let here = Point::new(29.53, 106.51);
        let go = |north: f64, east: f64| wind(here, Point::new(29.53 + north / 1e4, 106.51 + east / 1e4));
        assert_eq!(
            [go(1.0, 0.0), go(1.0, 1.0), go(0.0, 1.0), go(-1.0, 1.0)],
            [Wind::North, Wind::NorthEast, Wind::East, Wind::SouthEast]
        );
        assert!(Plan::of(&[], (1.0, 1.0), 0.0).is_none());
    }
}
