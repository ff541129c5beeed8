//! The little community of the stories: two zones, a few blocks, two counters, and people with one password.

use std::sync::OnceLock;

use paotui::domain::clock::At;
use paotui::domain::ids::{BuildingId, PersonId, PlaceId, ZoneId};
use paotui::domain::place::PlaceKind;
use paotui::domain::seal::Seal;
use paotui::store::Db;
use paotui::store::import::{self, BuildingRow, PersonRow, PlaceRow, ZoneRow};

pub const PASSWORD: &str = "story-teller";

/// Degrees of latitude in a metre.
pub const METRE: f64 = 1.0 / 111_195.0;
pub const LAT: f64 = 29.53;
pub const LON: f64 = 106.52;

fn hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| paotui::flow::password::hash(PASSWORD).unwrap()).clone()
}

pub async fn plant(db: &Db) {
    let now = At::from_seconds(1_700_000_000);
    db.write::<(), paotui::store::Error, _>(async move |conn| {
        let (home, other) = (ZoneId::mint(), ZoneId::mint());
        for (id, code) in [(home, "HOME"), (other, "ELSE")] {
            let row = ZoneRow {
                id,
                code: code.into(),
                name: format!("zone {code}"),
                street: "s".into(),
                district: "d".into(),
                created_at: now,
            };
            import::put_zone(conn, row).await?;
        }
        for (code, zone, north) in [("H-1", home, 0.0), ("H-2", home, 300.0), ("E-1", other, 5000.0)] {
            import::put_building(conn, building(code, zone, north)).await?;
        }
        for (code, kind, north) in [("P-1", PlaceKind::Pharmacy, 100.0), ("S-1", PlaceKind::Shop, 200.0)] {
            import::put_place(conn, place(code, home, kind, north)).await?;
        }
        for number in 1..=200 {
            import::put_person(conn, person(&format!("r{number:03}"), "runner", home)).await?;
        }
        for (name, roles, zone) in [
            ("desk", "desk", home),
            ("sup", "supervisor", home),
            ("sup-else", "supervisor", other),
            ("run-else", "runner", other),
            ("admin", "admin", home),
        ] {
            import::put_person(conn, person(name, roles, zone)).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

fn building(code: &str, zone: ZoneId, north: f64) -> BuildingRow {
    BuildingRow {
        id: BuildingId::mint(),
        code: code.into(),
        zone_id: zone,
        compound: "院子".into(),
        name: format!("{code} 栋"),
        lat: LAT + north * METRE,
        lon: LON,
        floors: Some(8),
        lift: Some(false),
        seal: Seal::Open,
        gate_lat: None,
        gate_lon: None,
    }
}

fn place(code: &str, zone: ZoneId, kind: PlaceKind, north: f64) -> PlaceRow {
    PlaceRow {
        id: PlaceId::mint(),
        code: code.into(),
        zone_id: zone,
        kind,
        name: format!("counter {code}"),
        lat: LAT + north * METRE,
        lon: LON,
        opens_minute: Some(0),
        closes_minute: Some(1440),
        phone: None,
    }
}

fn person(username: &str, roles: &str, zone: ZoneId) -> PersonRow {
    PersonRow {
        id: PersonId::mint(),
        username: username.into(),
        name: format!("陈{username}"),
        roles: roles.into(),
        zone_id: zone,
        phone: None,
        email: username.starts_with("r00").then(|| format!("{username}@example.org")),
        building_id: None,
        skills: String::new(),
        password_hash: Some(hash()),
        created_at: At::from_seconds(1_700_000_000),
    }
}

async fn home(conn: &mut paotui::store::Conn) -> ZoneId {
    paotui::store::zones::find(conn, "HOME").await.unwrap().unwrap().id
}

/// Changes a counter's local opening hours, in minutes of the day, by importing it again.
pub async fn opens(db: &Db, code: &'static str, (kind, north): (PlaceKind, f64), hours: (i32, i32)) {
    db.write::<(), paotui::store::Error, _>(async move |conn| {
        let zone = home(conn).await;
        let row = place(code, zone, kind, north);
        import::put_place(conn, PlaceRow { opens_minute: Some(hours.0), closes_minute: Some(hours.1), ..row }).await
    })
    .await
    .unwrap();
}

/// Seals or opens a building, by importing it again.
pub async fn seals(db: &Db, code: &'static str, north: f64, seal: Seal) {
    db.write::<(), paotui::store::Error, _>(async move |conn| {
        let zone = home(conn).await;
        import::put_building(conn, BuildingRow { seal, ..building(code, zone, north) }).await
    })
    .await
    .unwrap();
}

/// Builds a wall around a building, its gate forty metres to the south, by importing it again; open or sealed.
pub async fn walls(db: &Db, code: &'static str, north: f64, seal: Seal) {
    db.write::<(), paotui::store::Error, _>(async move |conn| {
        let zone = home(conn).await;
        let gate = BuildingRow {
            gate_lat: Some(LAT + (north - 40.0) * METRE),
            gate_lon: Some(LON),
            ..building(code, zone, north)
        };
        import::put_building(conn, BuildingRow { seal, ..gate }).await
    })
    .await
    .unwrap();
}

/// Gives a runner a home and skills, by importing the account again.
pub async fn has(db: &Db, username: &'static str, home_code: Option<&'static str>, skills: &'static str) {
    db.write::<(), paotui::store::Error, _>(async move |conn| {
        let zone = home(conn).await;
        let building_id = match home_code {
            Some(code) => paotui::store::zones::find_building(conn, code).await?.map(|building| building.id),
            None => None,
        };
        let row = PersonRow { building_id, skills: skills.into(), ..person(username, "runner", zone) };
        import::put_person(conn, row).await
    })
    .await
    .unwrap();
}

/// An account with a role and an e-mail address; of HOME, or of a zone in another street of the same district.
pub async fn has_address(db: &Db, username: &'static str, roles: &'static str, zone: &'static str) {
    db.write::<(), paotui::store::Error, _>(async move |conn| {
        let mut at = home(conn).await;
        if zone != "HOME" {
            at = ZoneId::mint();
            let row = ZoneRow {
                id: at,
                code: zone.into(),
                name: zone.into(),
                street: "another street".into(),
                district: "d".into(),
                created_at: At::from_seconds(1_700_000_000),
            };
            import::put_zone(conn, row).await?;
        }
        let row = PersonRow { email: Some(format!("{username}@example.org")), ..person(username, roles, at) };
        import::put_person(conn, row).await
    })
    .await
    .unwrap();
}
