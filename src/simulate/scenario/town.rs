//! The plan of the community: its counters and its compounds.

use uuid::Uuid;

use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ground::Spot;
use crate::domain::ids::PlaceId;
use crate::domain::matching::Source;
use crate::domain::num;
use crate::domain::trip::Service;
use crate::simulate::chance::Chance;
use crate::simulate::world::clock;

pub(super) const MIDDLE: Point = Point::new(29.533, 106.5305);
const SIDE_M: f64 = 1500.0;
const METRES_PER_LAT: f64 = 111_194.9;
const METRES_PER_LON: f64 = 96_750.0;
const BUILDINGS: usize = 20;
const OPENS_H: f64 = 8.0;

pub(super) const PHARMACY: Kind =
    Kind { count: 4, service: Service { first_s: 150.0, further_s: 45.0 }, missing: 0.08, closes_h: 21.0 };
pub(super) const SHOP: Kind =
    Kind { count: 8, service: Service { first_s: 210.0, further_s: 60.0 }, missing: 0.06, closes_h: 20.5 };

/// A kind of counter.
pub(super) struct Kind {
    pub(super) count: usize,
    pub(super) service: Service,
    pub(super) missing: f64,
    pub(super) closes_h: f64,
}

/// A counter on the street.
#[derive(Clone, Copy)]
pub(super) struct Counter {
    pub(super) place: PlaceId,
    pub(super) spot: Spot,
    pub(super) service: Service,
    pub(super) missing: f64,
    pub(super) opens: At,
    pub(super) closes: Option<At>,
}

pub(super) struct Compound {
    pub(super) gate: Point,
    pub(super) doors: Vec<Spot>,
}

/// The point so many metres east and north of the south-west corner.
fn at(east: f64, north: f64) -> Point {
    let half = SIDE_M / 2.0;
    Point::new(MIDDLE.lat + (north - half) / METRES_PER_LAT, MIDDLE.lon + (east - half) / METRES_PER_LON)
}

impl Counter {
    pub(super) fn draw(kind: &Kind, chance: Chance, round_the_clock: bool) -> Self {
        // Counters stand on the streets between the compounds.
        let along = chance.about(1).between(0.0, SIDE_M);
        let street = num::float(num::floor(chance.about(2).between(0.0, 7.0)));
        let spot =
            if street < 4.0 { at(street * SIDE_M / 3.0, along) } else { at(along, (street - 4.0) * SIDE_M / 2.0) };
        Self {
            place: PlaceId::from_uuid(Uuid::from_u128(u128::from(num::bits(chance.unit())))),
            spot: Spot::street(spot),
            service: kind.service,
            missing: kind.missing,
            opens: if round_the_clock { At(0) } else { clock(OPENS_H * 3600.0) },
            closes: (!round_the_clock).then(|| clock(kind.closes_h * 3600.0)),
        }
    }

    pub(super) fn source(&self, placed_at: At) -> Source {
        Source {
            place: self.place,
            spot: self.spot,
            ready_at: self.opens.max(placed_at),
            closes_at: self.closes,
            shop: self.service,
            chance: 1.0 - self.missing,
        }
    }
}

impl Compound {
    /// Three by two blocks between the streets.
    pub(super) fn draw(index: usize, chance: Chance) -> Self {
        let (wide, high) = (SIDE_M / 3.0, SIDE_M / 2.0);
        let (west, south) = (num::float(index % 3) * wide, num::float(index / 3) * high);
        // Gates open on the street through the middle, as the main gates of an estate do.
        let inward = if index < 3 { high - 10.0 } else { 10.0 };
        let gate = at(west + wide * chance.about(1).between(0.3, 0.7), south + inward);
        let door = |n: usize| {
            let (column, row) = (num::float(n % 4), num::float(n / 4));
            let jitter = |axis: u64| {
                chance.about(2).about(u64::try_from(n).unwrap_or(u64::MAX)).about(axis).between(-15.0, 15.0)
            };
            let (east, north) = (west + (column + 0.5) * wide / 4.0, south + (row + 0.5) * high / 5.0);
            Spot::behind(at(east + jitter(1), north + jitter(2)), gate)
        };
        Self { gate, doors: (0..BUILDINGS).map(door).collect() }
    }
}
