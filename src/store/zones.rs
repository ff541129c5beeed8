//! Zones and their buildings.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{buildings, zones};
use super::{Conn, Result, columns, has_nul, with};
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{BuildingId, ZoneId};
use crate::domain::seal::Seal;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = zones)]
pub struct Zone {
    pub id: ZoneId,
    pub code: String,
    pub name: String,
    pub street: String,
    pub district: String,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = buildings)]
pub struct Building {
    pub id: BuildingId,
    pub code: String,
    pub zone_id: ZoneId,
    pub compound: String,
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub floors: Option<i32>,
    pub lift: Option<bool>,
    pub seal: Seal,
    pub sealed_until: Option<At>,
    pub gate_lat: Option<f64>,
    pub gate_lon: Option<f64>,
}

impl Building {
    #[must_use]
    pub const fn at(&self) -> Point {
        Point::new(self.lat, self.lon)
    }

    /// The open gate of the wall around it.
    #[must_use]
    pub fn gate(&self) -> Option<Point> {
        Some(Point::new(self.gate_lat?, self.gate_lon?))
    }

    /// Nobody goes in or out now.
    #[must_use]
    pub fn is_sealed(&self, now: At) -> bool {
        self.seal_now(now) == Seal::Sealed
    }

    /// Its seal now: one that is over counts as open, also before a duty has written that down.
    #[must_use]
    pub fn seal_now(&self, now: At) -> Seal {
        crate::domain::seal::holds(self.seal, self.sealed_until, now)
    }
}

/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn) -> Result<Vec<Zone>> {
    let query = zones::table.select(columns::<Zone>()).order(zones::code);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, code: &str) -> Result<Option<Zone>> {
    if has_nul(code) {
        return Ok(None);
    }
    let query = zones::table.select(columns::<Zone>()).filter(zones::code.eq(code.to_owned()));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// The store's.
pub async fn find_building(conn: &mut Conn, code: &str) -> Result<Option<Building>> {
    if has_nul(code) {
        return Ok(None);
    }
    let query = buildings::table.select(columns::<Building>()).filter(buildings::code.eq(code.to_owned()));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// [`super::Error::NotFound`] when there is no such zone.
pub async fn load(conn: &mut Conn, id: ZoneId) -> Result<Zone> {
    let query = zones::table.select(columns::<Zone>()).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// # Errors
/// [`super::Error::NotFound`] when there is no such building.
pub async fn load_building(conn: &mut Conn, id: BuildingId) -> Result<Building> {
    let query = buildings::table.select(columns::<Building>()).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// The buildings of a zone.
///
/// # Errors
/// The store's.
pub async fn list_buildings_of(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Building>> {
    let query =
        buildings::table.select(columns::<Building>()).filter(buildings::zone_id.eq(zone)).order(buildings::code);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// All buildings, by zone, compound and code.
///
/// # Errors
/// The store's.
pub async fn list_buildings(conn: &mut Conn) -> Result<Vec<Building>> {
    let query = buildings::table.select(columns::<Building>()).order((
        buildings::zone_id,
        buildings::compound,
        buildings::code,
    ));
    Ok(with!(conn, |c| query.load(c).await)?)
}
