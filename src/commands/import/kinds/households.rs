//! Households: `building,room,name,phone,care`.

use super::{Kind, Known, To};
use crate::commands::import::cells::Cells;
use crate::domain::clock::At;
use crate::domain::ids::HouseholdId;
use crate::domain::request::Care;
use crate::domain::words::join_list;
use crate::store::import::{HouseholdRow, put_household};
use crate::store::{Conn, Result};

pub(in crate::commands::import) struct Household {
    building: String,
    room: String,
    name: Option<String>,
    phone: Option<String>,
    care: Vec<Care>,
}

impl Kind for Household {
    const COLUMNS: &'static [&'static str] = &["building", "room", "name", "phone", "care"];
    const KEY: usize = 2;

    fn parse(cells: &mut Cells<'_>) -> Option<Self> {
        let (building, room) = (cells.required("building", Cells::code), cells.required("room", Cells::room));
        let (name, phone, care) = (cells.line("name"), cells.phone("phone"), cells.words::<Care>("care"));
        Some(Self { building: building?, room: room?, name, phone, care: care? })
    }

    fn refers_to(&self) -> Vec<(&'static str, To<'_>)> {
        vec![("building", To::Building(&self.building))]
    }

    async fn put(self, conn: &mut Conn, known: &Known, _: At) -> Result<()> {
        let row = HouseholdRow {
            id: HouseholdId::mint(),
            building_id: known.building(&self.building)?,
            room: self.room,
            name: self.name.unwrap_or_default(),
            phone: self.phone,
            care: join_list(&self.care),
        };
        put_household(conn, row).await
    }
}
