//! Zones: `zone,name,street,district`.

use super::{Kind, Known, To};
use crate::commands::import::cells::Cells;
use crate::domain::clock::At;
use crate::domain::ids::ZoneId;
use crate::store::import::{ZoneRow, put_zone};
use crate::store::{Conn, Result};

pub(in crate::commands::import) struct Zone {
    code: String,
    name: String,
    street: Option<String>,
    district: Option<String>,
}

impl Kind for Zone {
    const COLUMNS: &'static [&'static str] = &["zone", "name", "street", "district"];
    const KEY: usize = 1;

    fn parse(cells: &mut Cells<'_>) -> Option<Self> {
        let (code, name) = (cells.required("zone", Cells::code), cells.required("name", Cells::line));
        let (street, district) = (cells.line("street"), cells.line("district"));
        Some(Self { code: code?, name: name?, street, district })
    }

    fn refers_to(&self) -> Vec<(&'static str, To<'_>)> {
        Vec::new()
    }

    async fn put(self, conn: &mut Conn, _: &Known, now: At) -> Result<()> {
        let row = ZoneRow {
            id: ZoneId::mint(),
            code: self.code,
            name: self.name,
            street: self.street.unwrap_or_default(),
            district: self.district.unwrap_or_default(),
            created_at: now,
        };
        put_zone(conn, row).await
    }
}
