//! How far it is on foot: streets, walls and gates.
//!
//! Inside a zone the earth is nearly flat (the error at 10 km is below a centimetre), so a leg costs one square root. A wall has one
//! open gate: whoever goes from behind one wall to behind another passes both gates and is checked at each.

use crate::domain::geo::{EARTH_RADIUS_M, Point};

const METRES_PER_DEGREE: f64 = EARTH_RADIUS_M * std::f64::consts::PI / 180.0;

/// Where one can stand: a point and, behind a wall, the gate that leads there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spot {
    pub at: Point,
    pub gate: Option<Point>,
}

impl Spot {
    /// A spot on the open street.
    #[must_use]
    pub const fn street(at: Point) -> Self {
        Self { at, gate: None }
    }

    /// A spot behind the wall whose open gate is at `gate`.
    #[must_use]
    pub const fn behind(at: Point, gate: Point) -> Self {
        Self { at, gate: Some(gate) }
    }
}

/// How fast somebody gets about: walking, or riding with a moment to lock the bicycle at each stop.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pace {
    pub speed_mps: f64,
    /// Added to every leg that goes anywhere.
    pub leg_s: f64,
}

impl Pace {
    #[must_use]
    pub const fn walking(speed_mps: f64) -> Self {
        Self { speed_mps, leg_s: 0.0 }
    }
}

/// The ground of one zone.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ground {
    /// Metres walked for each metre as the crow flies.
    pub road_factor: f64,
    /// Seconds of checks at each gate passed.
    pub gate_s: f64,
    middle_lat: f64,
    sine: f64,
    cosine: f64,
}

impl Ground {
    /// The ground around `middle`, any point of the zone.
    #[must_use]
    pub fn around(middle: Point, road_factor: f64) -> Self {
        let (sine, cosine) = middle.lat.to_radians().sin_cos();
        Self { road_factor, gate_s: 0.0, middle_lat: middle.lat, sine, cosine }
    }

    #[must_use]
    pub const fn with_gates(self, gate_s: f64) -> Self {
        Self { gate_s, ..self }
    }

    /// Metres as the crow flies.
    #[must_use]
    pub fn crow(&self, from: Point, to: Point) -> f64 {
        let north = (to.lat - from.lat) * METRES_PER_DEGREE;
        // Meridians draw together towards the pole: the cosine of the latitude half way, to the second order.
        let up = (f64::midpoint(from.lat, to.lat) - self.middle_lat).to_radians();
        let narrowing = up.mul_add(-self.sine, self.cosine * (0.5 * up).mul_add(-up, 1.0));
        let east = (to.lon - from.lon) * METRES_PER_DEGREE * narrowing;
        north.mul_add(north, east * east).sqrt()
    }

    /// Metres walked, through the gates that lie between.
    #[must_use]
    pub fn metres(&self, from: Spot, to: Spot) -> f64 {
        self.road_factor * self.through_gates(from, to)
    }

    /// Seconds of one leg at this pace, checks at gates included.
    #[must_use]
    pub fn seconds(&self, from: Spot, to: Spot, pace: Pace) -> f64 {
        if from == to {
            return 0.0;
        }
        self.metres(from, to) / pace.speed_mps + pace.leg_s + self.checks_s(from, to)
    }

    fn through_gates(&self, from: Spot, to: Spot) -> f64 {
        if from.gate == to.gate {
            return self.crow(from.at, to.at);
        }
        let (out, into) = (from.gate.unwrap_or(from.at), to.gate.unwrap_or(to.at));
        self.crow(from.at, out) + self.crow(out, into) + self.crow(into, to.at)
    }

    /// Where one is after a `share` of the way.
    #[must_use]
    pub fn along(&self, from: Spot, to: Spot, share: f64) -> Spot {
        let way = [from.at, from.gate.unwrap_or(from.at), to.gate.unwrap_or(to.at), to.at];
        let sides = [from.gate, None, to.gate];
        if from.gate == to.gate {
            return Spot { at: between(from.at, to.at, share), gate: from.gate };
        }
        let mut left = self.through_gates(from, to) * share;
        for ((leg, next), gate) in way.iter().zip(way.iter().skip(1)).zip(sides) {
            let length = self.crow(*leg, *next);
            if left <= length {
                return Spot { at: between(*leg, *next, left / length.max(1e-9)), gate };
            }
            left -= length;
        }
        to
    }

    /// A gate one already stands at (goods waiting there) is still passed when going in.
    #[must_use]
    pub fn checks_s(&self, from: Spot, to: Spot) -> f64 {
        if from.gate == to.gate {
            return 0.0;
        }
        self.gate_s * (f64::from(u8::from(from.gate.is_some())) + f64::from(u8::from(to.gate.is_some())))
    }
}

fn between(from: Point, to: Point, share: f64) -> Point {
    let part = |a: f64, b: f64| (b - a).mul_add(share, a);
    Point::new(part(from.lat, to.lat), part(from.lon, to.lon))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Point = Point::new(29.53, 106.52);
    const THERE: Point = Point::new(29.54, 106.53);

    #[test]
    fn flat_ground_agrees_with_the_sphere() {
        let flat = Ground::around(HERE, 1.0).crow(HERE, THERE);
        assert!((flat / HERE.metres_to(THERE) - 1.0).abs() < 1e-6, "{flat}");
    }

    #[test]
    fn a_wall_is_passed_at_its_gate() {
        let ground = Ground::around(HERE, 1.0).with_gates(25.0);
        let gate = Point::new(29.53, 106.53);
        let (street, inside) = (Spot::street(HERE), Spot::behind(THERE, gate));
        let metres = ground.crow(HERE, gate) + ground.crow(gate, THERE);
        assert!((ground.metres(street, inside) - metres).abs() < 1e-6);
        let seconds = ground.seconds(street, inside, Pace::walking(1.0));
        assert!((seconds - metres - 25.0).abs() < 1e-6);
    }

    #[test]
    fn neighbours_behind_one_wall_need_no_gate() {
        let ground = Ground::around(HERE, 1.4).with_gates(25.0);
        let gate = Point::new(29.6, 106.6);
        let (one, other) = (Spot::behind(HERE, gate), Spot::behind(THERE, gate));
        assert!((ground.metres(one, other) - 1.4 * ground.crow(HERE, THERE)).abs() < 1e-6);
    }
}
