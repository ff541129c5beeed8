//! Places: `place,zone,kind,name,lat,lon,opens,closes,phone`.

use super::{Kind, Known, To};
use crate::commands::import::cells::Cells;
use crate::domain::clock::At;
use crate::domain::ids::{PlaceId, ZoneId};
use crate::domain::place::PlaceKind;
use crate::store::import::{PlaceRow, put_place};
use crate::store::{Conn, Result};

pub(in crate::commands::import) struct Place {
    zone: String,
    row: PlaceRow,
}

impl Kind for Place {
    const COLUMNS: &'static [&'static str] =
        &["place", "zone", "kind", "name", "lat", "lon", "opens", "closes", "phone"];
    const KEY: usize = 1;

    fn parse(cells: &mut Cells<'_>) -> Option<Self> {
        let (code, zone) = (cells.required("place", Cells::code), cells.required("zone", Cells::code));
        let (kind, name) = (cells.required("kind", Cells::word::<PlaceKind>), cells.required("name", Cells::line));
        let (lat, lon) = (cells.required("lat", Cells::latitude), cells.required("lon", Cells::longitude));
        cells.both_or_none("opens", "closes");
        let (opens_minute, closes_minute) = (cells.minute("opens"), cells.minute("closes"));
        let phone = cells.phone("phone");
        let row = PlaceRow {
            id: PlaceId::mint(),
            code: code?,
            zone_id: ZoneId::mint(),
            kind: kind?,
            name: name?,
            lat: lat?,
            lon: lon?,
            opens_minute,
            closes_minute,
            phone,
        };
        Some(Self { zone: zone?, row })
    }

    fn refers_to(&self) -> Vec<(&'static str, To<'_>)> {
        vec![("zone", To::Zone(&self.zone))]
    }

    async fn put(mut self, conn: &mut Conn, known: &Known, _: At) -> Result<()> {
        self.row.zone_id = known.zone(&self.zone)?;
        put_place(conn, self.row).await
    }
}
