//! The buildings of a zone with their seals, as whoever seals them sees them: now, to come, and by whom.

use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, ZoneId};
use crate::domain::seal::Seal;
use crate::store::{Conn, Result, seals, zones};

/// A building with what holds there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub id: BuildingId,
    pub code: String,
    pub compound: String,
    pub name: String,
    pub seal: Seal,
    pub until: Option<At>,
    /// The line of the official list the seal was read from.
    pub source: Option<String>,
    /// What begins later.
    pub planned: Option<Planned>,
}

/// A seal that begins later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    pub seal: Seal,
    pub from: At,
    pub until: Option<At>,
}

/// A zone's street and buildings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub zone: String,
    pub code: String,
    pub street: String,
    pub blocks: Vec<Block>,
}

/// # Errors
/// [`crate::store::Error::NotFound`] when there is no such zone.
pub async fn load(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Overview> {
    let found = zones::load(conn, zone).await?;
    let open = seals::list_open(conn, zone).await?;
    let buildings = zones::list_buildings_of(conn, zone).await?;
    let block = |building: zones::Building| {
        let of_it = || open.iter().filter(|set| set.building_id == building.id);
        let seal = building.seal_now(now);
        let planned = of_it().find(|set| set.begun_at.is_none());
        let running = of_it().find(|set| set.begun_at.is_some() && seal != Seal::Open);
        Block {
            id: building.id,
            seal,
            until: building.sealed_until.filter(|_| seal != Seal::Open),
            source: running.and_then(|set| set.source.clone()),
            planned: planned.map(|set| Planned { seal: set.seal, from: set.from_at, until: set.until_at }),
            code: building.code,
            compound: building.compound,
            name: building.name,
        }
    };
    let blocks = buildings.into_iter().map(block).collect();
    Ok(Overview { zone: found.name, code: found.code, street: found.street, blocks })
}
