//! People: `username,name,roles,zone,phone,email,building,skills,password_hash`.

use super::{Kind, Known, To};
use crate::commands::import::cells::Cells;
use crate::domain::actor::{Role, Skill};
use crate::domain::clock::At;
use crate::domain::ids::PersonId;
use crate::domain::words::join_list;
use crate::store::import::{PersonRow, put_person};
use crate::store::{Conn, Result};

pub(in crate::commands::import) struct Person {
    username: String,
    name: String,
    roles: Vec<Role>,
    zone: String,
    phone: Option<String>,
    email: Option<String>,
    building: Option<String>,
    skills: Vec<Skill>,
    password_hash: Option<String>,
}

impl Kind for Person {
    const COLUMNS: &'static [&'static str] =
        &["username", "name", "roles", "zone", "phone", "email", "building", "skills", "password_hash"];
    const KEY: usize = 1;

    fn parse(cells: &mut Cells<'_>) -> Option<Self> {
        let (username, name) = (cells.required("username", Cells::username), cells.required("name", Cells::line));
        let (roles, zone) = (cells.required("roles", Cells::words::<Role>), cells.required("zone", Cells::code));
        let (phone, email, building) = (cells.phone("phone"), cells.email("email"), cells.code("building"));
        let (skills, password_hash) = (cells.words::<Skill>("skills"), cells.password_hash("password_hash"));
        Some(Self {
            username: username?,
            name: name?,
            roles: roles?,
            zone: zone?,
            phone,
            email,
            building,
            skills: skills?,
            password_hash,
        })
    }

    fn refers_to(&self) -> Vec<(&'static str, To<'_>)> {
        let building = self.building.iter().map(|code| ("building", To::Building(code)));
        std::iter::once(("zone", To::Zone(&self.zone))).chain(building).collect()
    }

    async fn put(self, conn: &mut Conn, known: &Known, now: At) -> Result<()> {
        let row = PersonRow {
            id: PersonId::mint(),
            username: self.username,
            name: self.name,
            roles: join_list(&self.roles),
            zone_id: known.zone(&self.zone)?,
            phone: self.phone,
            email: self.email,
            building_id: self.building.map(|code| known.building(&code)).transpose()?,
            skills: join_list(&self.skills),
            password_hash: self.password_hash,
            created_at: now,
        };
        put_person(conn, row).await
    }
}
