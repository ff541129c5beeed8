//! Zones, buildings and places as the doors need them: what a code leads to, and what may be chosen from.

use crate::domain::errand::State;
use crate::domain::geo::Point;
use crate::domain::ids::{BuildingId, PlaceId, RequestId, ZoneId};
use crate::store::{Conn, Result, places, requests, zones};

pub use crate::store::zones::{Building, Zone};

/// The building of a code, with its zone.
///
/// # Errors
/// The store's.
pub async fn find_building(conn: &mut Conn, code: &str) -> Result<Option<(ZoneId, BuildingId)>> {
    Ok(zones::find_building(conn, code).await?.map(|building| (building.zone_id, building.id)))
}

/// Where the door of a building is.
///
/// # Errors
/// The store's.
pub async fn find_door(conn: &mut Conn, code: &str) -> Result<Option<Point>> {
    Ok(zones::find_building(conn, code).await?.map(|building| building.at()))
}

/// The place of a code, with its zone.
///
/// # Errors
/// The store's.
pub async fn find_place(conn: &mut Conn, code: &str) -> Result<Option<(ZoneId, PlaceId)>> {
    Ok(places::find(conn, code).await?.map(|place| (place.zone_id, place.id)))
}

/// All buildings one may ask from, by zone, compound and code.
///
/// # Errors
/// The store's.
pub async fn list_buildings(conn: &mut Conn) -> Result<Vec<Building>> {
    zones::list_buildings(conn).await
}

/// The buildings of a zone.
///
/// # Errors
/// The store's.
pub async fn list_blocks(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Building>> {
    let all = zones::list_buildings(conn).await?;
    Ok(all.into_iter().filter(|building| building.zone_id == zone).collect())
}

/// # Errors
/// The store's.
pub async fn list_zones(conn: &mut Conn) -> Result<Vec<Zone>> {
    zones::list(conn).await
}

/// # Errors
/// The store's.
pub async fn find_zone(conn: &mut Conn, code: &str) -> Result<Option<ZoneId>> {
    Ok(zones::find(conn, code).await?.map(|zone| zone.id))
}

/// # Errors
/// [`crate::store::Error::NotFound`] when there is no such zone.
pub async fn load_zone(conn: &mut Conn, zone: ZoneId) -> Result<Zone> {
    zones::load(conn, zone).await
}

/// The zone a request belongs to.
///
/// # Errors
/// The store's.
pub async fn find_zone_of(conn: &mut Conn, request: RequestId) -> Result<Option<ZoneId>> {
    Ok(requests::find(conn, request).await?.map(|request| request.zone_id))
}

/// How a request stands.
///
/// # Errors
/// The store's.
pub async fn find_state(conn: &mut Conn, request: RequestId) -> Result<Option<State>> {
    Ok(requests::find(conn, request).await?.map(|request| request.state))
}
