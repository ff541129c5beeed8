//! Places where goods are picked up.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::places;
use super::{Conn, Result, columns, has_nul, with};
use crate::domain::geo::Point;
use crate::domain::ids::{PlaceId, ZoneId};
use crate::domain::place::{Counter, Hours, PlaceKind};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = places)]
pub struct Place {
    pub id: PlaceId,
    pub code: String,
    pub zone_id: ZoneId,
    pub kind: PlaceKind,
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub opens_minute: Option<i32>,
    pub closes_minute: Option<i32>,
    pub phone: Option<String>,
}

impl Place {
    #[must_use]
    pub const fn at(&self) -> Point {
        Point::new(self.lat, self.lon)
    }

    /// `None` when its hours are not known.
    #[must_use]
    pub fn hours(&self) -> Option<Hours> {
        Some(Hours { opens_minute: self.opens_minute?, closes_minute: self.closes_minute? })
    }
}

impl From<&Place> for Counter {
    fn from(place: &Place) -> Self {
        Self { id: place.id, kind: place.kind, at: place.at(), hours: place.hours() }
    }
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, code: &str) -> Result<Option<Place>> {
    if has_nul(code) {
        return Ok(None);
    }
    let query = places::table.select(columns::<Place>()).filter(places::code.eq(code.to_owned()));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// [`super::Error::NotFound`] when there is no such place.
pub async fn load(conn: &mut Conn, id: PlaceId) -> Result<Place> {
    let query = places::table.select(columns::<Place>()).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Place>> {
    let query = places::table.select(columns::<Place>()).filter(places::zone_id.eq(zone)).order(places::code);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// The places of all zones.
///
/// # Errors
/// The store's.
pub async fn list_all(conn: &mut Conn) -> Result<Vec<Place>> {
    let query = places::table.select(columns::<Place>()).order(places::code);
    Ok(with!(conn, |c| query.load(c).await)?)
}
