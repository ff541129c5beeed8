//! The list of blocks, a poster, and homes by floor.

use super::page::{HomesPage, PosterPage, PostersPage};
use crate::domain::ids::{BuildingId, HouseholdId, ZoneId};
use crate::domain::request::Care;
use crate::domain::seal::Seal;
use crate::store::views::ground::Building;
use crate::store::views::homes::HomeCard;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn building() -> Building {
    Building {
        id: BuildingId::mint(),
        code: "MZC-03".into(),
        zone_id: ZoneId::mint(),
        compound: "文化六村".into(),
        name: "3栋".into(),
        lat: 29.5,
        lon: 106.5,
        floors: Some(8),
        lift: Some(false),
        seal: Seal::Open,
        sealed_until: None,
        gate_lat: None,
        gate_lon: None,
    }
}

fn home(room: &str, floor: Option<i32>, phone: Option<&str>) -> HomeCard {
    HomeCard {
        id: HouseholdId::mint(),
        building: "MZC-03".into(),
        building_name: "文化六村 3栋".into(),
        room: room.into(),
        floor,
        name: "王阿姨<".into(),
        phone: phone.map(Into::into),
        care: vec![Care::Dialysis, Care::NoLift],
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let (shell, block) = (shell(words, "/admin/posters"), building());
    let homes = [home("2-501", Some(5), Some("13800001234")), home("1-502", Some(5), None), home("左边", None, None)];
    let address = "https://paotui.example.org/b/MZC-03";
    let list = |buildings: &[Building]| PostersPage { shell: &shell, zone: "民主村社区", buildings }.to_string();
    let of = |homes: &[HomeCard]| HomesPage { shell: &shell, building: &block, homes, now: NOW }.to_string();
    vec![
        sample(words, "posters", list(std::slice::from_ref(&block))),
        sample(words, "posters-none", list(&[])),
        sample(words, "poster", PosterPage { shell: &shell, building: &block, address }.to_string()),
        sample(words, "poster-homes", of(&homes)),
        sample(words, "poster-homes-none", of(&[])),
    ]
}
