//! Buildings: `building,zone,compound,name,lat,lon,floors,lift,seal,gate_lat,gate_lon`.

use super::{Kind, Known, To};
use crate::commands::import::cells::Cells;
use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, ZoneId};
use crate::domain::seal::Seal;
use crate::store::import::{BuildingRow, put_building};
use crate::store::{Conn, Result};

pub(in crate::commands::import) struct Building {
    zone: String,
    seal: Option<Seal>,
    row: BuildingRow,
}

impl Kind for Building {
    const COLUMNS: &'static [&'static str] =
        &["building", "zone", "compound", "name", "lat", "lon", "floors", "lift", "seal", "gate_lat", "gate_lon"];
    const KEY: usize = 1;

    fn parse(cells: &mut Cells<'_>) -> Option<Self> {
        let (code, zone) = (cells.required("building", Cells::code), cells.required("zone", Cells::code));
        let (compound, name) = (cells.line("compound"), cells.required("name", Cells::line));
        let (lat, lon) = (cells.required("lat", Cells::latitude), cells.required("lon", Cells::longitude));
        let (floors, lift) = (cells.whole("floors", 1..=200), cells.yes_or_no("lift"));
        let seal = cells.word("seal");
        cells.both_or_none("gate_lat", "gate_lon");
        let (gate_lat, gate_lon) = (cells.latitude("gate_lat"), cells.longitude("gate_lon"));
        let row = BuildingRow {
            id: BuildingId::mint(),
            code: code?,
            zone_id: ZoneId::mint(),
            compound: compound.unwrap_or_default(),
            name: name?,
            lat: lat?,
            lon: lon?,
            floors,
            lift,
            seal: seal.unwrap_or(Seal::Open),
            gate_lat,
            gate_lon,
        };
        Some(Self { zone: zone?, seal, row })
    }

    fn refers_to(&self) -> Vec<(&'static str, To<'_>)> {
        vec![("zone", To::Zone(&self.zone))]
    }

    async fn put(mut self, conn: &mut Conn, known: &Known, _: At) -> Result<()> {
        self.row.zone_id = known.zone(&self.zone)?;
        // An empty seal is "not known": a building that is sealed now stays so.
        if let (None, Some(seal)) = (self.seal, known.seal(&self.row.code)) {
            self.row.seal = seal;
        }
        put_building(conn, self.row).await
    }
}
