//! Available runners on a uniform grid of 250 m cells.
//!
//! Rows are bands of latitude; within its row a cell's width in degrees follows from the row's own latitude, so the grid
//! needs no centre and holds any place on earth. The cells are kept in one ordered map, which makes the runners of a
//! stretch of a row one range of it. Not for zones across the 180th meridian: there a search sees one side only.

use std::collections::{BTreeMap, HashMap};
use std::f64::consts::PI;

use crate::domain::geo::{EARTH_RADIUS_M, Point};
use crate::domain::ids::PersonId;
use crate::line::Near;

const CELL_M: f64 = 250.0;
const METRES_A_DEGREE: f64 = EARTH_RADIUS_M * PI / 180.0;
const CELL_LAT: f64 = CELL_M / METRES_A_DEGREE;
/// A search begins with a circle of this radius and doubles it, so that a wide ring in a busy place is not read whole.
const FIRST_RADIUS_M: f64 = CELL_M;
/// Room for rounding: a cell too many is read rather than one too few.
const MARGIN: f64 = 1.001;

/// Row, column, runner: the order of the map is the order of the cells.
type Spot = (i32, i32, PersonId);

#[derive(Default)]
pub(super) struct Grid {
    cells: BTreeMap<Spot, Point>,
    spots: HashMap<PersonId, Spot>,
}

impl Grid {
    /// Puts a runner at a place, away from any other.
    pub(super) fn put(&mut self, runner: PersonId, at: Point) {
        self.remove(runner);
        let row = row(at.lat);
        let spot = (row, column(row, at.lon), runner);
        self.spots.insert(runner, spot);
        self.cells.insert(spot, at);
    }

    pub(super) fn remove(&mut self, runner: PersonId) {
        if let Some(spot) = self.spots.remove(&runner) {
            self.cells.remove(&spot);
        }
    }

    pub(super) fn holds(&self, runner: PersonId) -> bool {
        self.spots.contains_key(&runner)
    }

    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.spots.len()).unwrap_or(u64::MAX)
    }

    /// The nearest `limit` runners within `ring_m`, nearest first and by id among equals. A circle that holds enough
    /// holds the nearest: everybody outside it is farther than everybody inside.
    pub(super) fn near(&self, from: Point, ring_m: f64, limit: usize) -> Vec<Near> {
        let mut radius = FIRST_RADIUS_M.min(ring_m);
        let mut found = self.within(from, radius);
        while found.len() < limit && radius < ring_m {
            radius = (radius * 2.0).min(ring_m);
            found = self.within(from, radius);
        }
        found.sort_unstable_by(|a, b| a.metres.total_cmp(&b.metres).then(a.runner.cmp(&b.runner)));
        found.truncate(limit);
        found
    }

    fn within(&self, from: Point, radius_m: f64) -> Vec<Near> {
        let reach = radius_m * MARGIN / METRES_A_DEGREE;
        let rows = row(from.lat - reach)..=row(from.lat + reach);
        // A circle as wide as the grid has more rows than runners: then it is quicker to read everybody.
        if usize::try_from(rows.end().saturating_sub(*rows.start())).unwrap_or(usize::MAX) > self.spots.len() {
            return nearer_than(self.cells.iter(), from, radius_m);
        }
        rows.flat_map(|row| nearer_than(self.stretch(row, from.lon, reach), from, radius_m)).collect()
    }

    /// The runners of a row from `reach` degrees (of latitude's length) west of `lon` to as far east.
    fn stretch(&self, row: i32, lon: f64, reach: f64) -> impl Iterator<Item = (&Spot, &Point)> {
        // Meridians are closest at the edge of the row that is nearer to the pole: there the reach spans most degrees.
        let reach = reach / narrowest(row);
        let (west, east) = (column(row, lon - reach), column(row, lon + reach));
        let first = (row, west, PersonId::from_uuid(uuid::Uuid::nil()));
        let last = (row, east, PersonId::from_uuid(uuid::Uuid::max()));
        self.cells.range(first..=last)
    }
}

fn nearer_than<'a>(spots: impl Iterator<Item = (&'a Spot, &'a Point)>, from: Point, radius_m: f64) -> Vec<Near> {
    let measured = spots.map(|((_, _, runner), at)| Near { runner: *runner, metres: from.metres_to(*at) });
    measured.filter(|near| near.metres <= radius_m).collect()
}

fn row(lat: f64) -> i32 {
    whole(lat / CELL_LAT)
}

fn column(row: i32, lon: f64) -> i32 {
    whole(lon * narrowest(row) / CELL_LAT)
}

/// The cosine of the latitude at the polar edge of a row: how much shorter a degree of longitude is there.
fn narrowest(row: i32) -> f64 {
    let polar_edge = (f64::from(row) * CELL_LAT).abs().max((f64::from(row) + 1.0).abs() * CELL_LAT);
    polar_edge.min(89.9).to_radians().cos()
}

#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "floats have no other way to integers; `as` saturates"
)]
fn whole(x: f64) -> i32 {
    x.floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENTRE: Point = Point::new(29.53, 106.52);

    fn off(north_m: f64, east_m: f64) -> Point {
        let lat = CENTRE.lat + north_m / METRES_A_DEGREE;
        Point::new(lat, CENTRE.lon + east_m / METRES_A_DEGREE / CENTRE.lat.to_radians().cos())
    }

    fn naive(people: &[(PersonId, Point)], from: Point, ring_m: f64, limit: usize) -> Vec<Near> {
        let mut all: Vec<_> =
            people.iter().map(|(runner, at)| Near { runner: *runner, metres: from.metres_to(*at) }).collect();
        all.retain(|near| near.metres <= ring_m);
        all.sort_by(|a, b| a.metres.total_cmp(&b.metres).then(a.runner.cmp(&b.runner)));
        all.truncate(limit);
        all
    }

    #[test]
    fn every_search_equals_looking_at_everybody() {
        for (lat, lon, spread) in [(29.53, 106.52, 0.02), (-33.9, -70.6, 0.2), (0.0, 0.0, 0.05), (84.0, 20.0, 1.0)] {
            let mut grid = Grid::default();
            let mut people = Vec::new();
            for _ in 0..500 {
                let at = Point::new(
                    lat + spread * (rand::random::<f64>() - 0.5),
                    lon + spread * (rand::random::<f64>() - 0.5),
                );
                let runner = PersonId::mint();
                grid.put(runner, at);
                people.push((runner, at));
            }
            for ring in [100.0, 250.0, 1_000.0, 4_000.0, 16_000.0, 500_000.0] {
                for limit in [0, 1, 7, 1_000] {
                    let from = Point::new(lat, lon);
                    assert_eq!(grid.near(from, ring, limit), naive(&people, from, ring, limit), "{lat} {ring} {limit}");
                }
            }
        }
    }

    #[test]
    fn a_runner_who_moves_is_in_one_place() {
        let (mut grid, runner) = (Grid::default(), PersonId::mint());
        grid.put(runner, off(0.0, 0.0));
        grid.put(runner, off(3_000.0, 0.0));
        assert_eq!(grid.count(), 1);
        assert!(grid.near(CENTRE, 250.0, 10).is_empty());
        assert_eq!(grid.near(CENTRE, 4_000.0, 10).len(), 1);
        grid.remove(runner);
        assert_eq!(grid.count(), 0);
        assert!(grid.near(CENTRE, 4_000.0, 10).is_empty());
    }

    #[test]
    fn neighbours_across_the_edge_of_a_cell_are_found() {
        let mut grid = Grid::default();
        for (north, east) in [(249.0, 0.0), (-249.0, 0.0), (0.0, 249.0), (0.0, -249.0), (176.0, 176.0)] {
            grid.put(PersonId::mint(), off(north, east));
        }
        assert_eq!(grid.near(CENTRE, 250.0, 10).len(), 5);
    }
}
