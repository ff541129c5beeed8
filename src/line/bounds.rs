//! What the line can keep, the same for both kinds of line: Redis's grid has edges and its scores are doubles.

use super::{LineError, Result};
use crate::domain::clock::At;
use crate::domain::geo::Point;

/// The latitude at which the grid of Redis's GEO commands ends.
const LAST_LATITUDE: f64 = 85.051_128_78;
/// A double counts microseconds exactly up to here: the year 2255.
const LAST_MICROSECOND: i64 = 1 << 53;
/// No answer is longer; Redis refuses limits that do not fit its own integers.
const LONGEST: usize = 1_000_000;

/// The point itself, if the line can keep it.
pub(super) fn on_the_map(point: Point) -> Result<Point> {
    if point.is_on_earth() && point.lat.abs() <= LAST_LATITUDE { Ok(point) } else { Err(LineError::OffTheMap(point)) }
}

/// True for a radius that can be searched; nobody is inside any other.
pub(super) fn is_a_ring(ring_m: f64) -> bool {
    ring_m.is_finite() && ring_m > 0.0
}

/// The time as it is kept: "never" and the like become the last (or first) time there is.
pub(super) fn kept(at: At) -> At {
    At(at.0.clamp(-LAST_MICROSECOND, LAST_MICROSECOND))
}

pub(super) fn at_most(limit: usize) -> usize {
    limit.min(LONGEST)
}
