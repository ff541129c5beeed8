//! The five kinds of rows, one file each: columns, what a row says, what it refers to, and how it goes in.

mod buildings;
mod households;
mod people;
mod places;
mod zones;

use std::collections::BTreeMap;

use super::cells::Cells;
use super::table::{Lined, Wrong};
use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, ZoneId};
use crate::domain::seal::Seal;
use crate::store::{self, Conn, Result};

pub(super) use buildings::Building;
pub(super) use households::Household;
pub(super) use people::Person;
pub(super) use places::Place;
pub(super) use zones::Zone;

/// A kind of row. `parse` is pure; `put` trusts that [`strangers`] found nothing.
pub(super) trait Kind: Sized + Send + 'static {
    const COLUMNS: &'static [&'static str];
    /// How many of the first columns tell a row from all others.
    const KEY: usize;

    fn parse(cells: &mut Cells<'_>) -> Option<Self>;

    /// The codes this row refers to, with the column they stand in.
    fn refers_to(&self) -> Vec<(&'static str, To<'_>)>;

    fn put(self, conn: &mut Conn, known: &Known, now: At) -> impl Future<Output = Result<()>> + Send;
}

/// What a cell refers to.
pub(super) enum To<'r> {
    Zone(&'r str),
    Building(&'r str),
}

/// What is in the store already.
pub(super) struct Known {
    zones: BTreeMap<String, ZoneId>,
    buildings: BTreeMap<String, (BuildingId, Seal)>,
}

impl Known {
    pub async fn load(conn: &mut Conn) -> Result<Self> {
        let zones = store::zones::list(conn).await?.into_iter().map(|zone| (zone.code, zone.id)).collect();
        let buildings = store::zones::list_buildings(conn).await?;
        let buildings = buildings.into_iter().map(|building| (building.code, (building.id, building.seal))).collect();
        Ok(Self { zones, buildings })
    }

    /// The seal a building has now, when it is there already.
    fn seal(&self, code: &str) -> Option<Seal> {
        self.buildings.get(code).map(|(_, seal)| *seal)
    }

    fn knows(&self, to: &To<'_>) -> bool {
        match to {
            To::Zone(code) => self.zones.contains_key(*code),
            To::Building(code) => self.buildings.contains_key(*code),
        }
    }

    fn zone(&self, code: &str) -> Result<ZoneId> {
        self.zones.get(code).copied().ok_or(store::Error::NotFound)
    }

    fn building(&self, code: &str) -> Result<BuildingId> {
        self.buildings.get(code).map(|(id, _)| *id).ok_or(store::Error::NotFound)
    }
}

/// Every reference that leads nowhere.
pub(super) fn strangers<K: Kind>(rows: &[Lined<K>], known: &Known) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    for (line, row) in rows {
        for (column, to) in row.refers_to() {
            if !known.knows(&to) {
                let reason = match to {
                    To::Zone(code) => format!("there is no zone '{code}': import zones first"),
                    To::Building(code) => format!("there is no building '{code}': import buildings first"),
                };
                wrongs.push(Wrong { line: *line, column: column.to_owned(), reason });
            }
        }
    }
    wrongs
}
