//! What the simulated people are and ask for, from config/demo.

use std::collections::BTreeSet;

use anyhow::Context;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::actor::Skill;
use crate::domain::geo::Point;
use crate::domain::seal::Seal;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Household {
    pub building: String,
    pub room: String,
    pub name: String,
    pub phone: String,
    pub care: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Medicine {
    pub name: String,
    pub strength: String,
    pub unit: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Food {
    pub name: String,
    pub unit: String,
}

#[derive(Debug, Deserialize)]
struct Account {
    username: String,
    roles: String,
    building: String,
    skills: String,
}

#[derive(Debug, Deserialize)]
struct Block {
    #[serde(rename = "building")]
    code: String,
    lat: f64,
    lon: f64,
    gate_lat: Option<f64>,
    seal: String,
}

/// A simulated runner: who it is, where the day begins, and how it gets about.
#[derive(Debug, Clone)]
pub(super) struct Volunteer {
    pub username: String,
    pub home: Point,
    pub bike: bool,
    /// Lives in a sealed building, and carries there from its gate.
    pub inside: bool,
}

/// Everything read once.
#[derive(Debug)]
pub(super) struct Lists {
    pub households: Vec<Household>,
    pub medicines: Vec<Medicine>,
    pub foods: Vec<Food>,
    pub runners: Vec<Volunteer>,
    /// Codes of the buildings whose compound has a gate.
    pub gated: BTreeSet<String>,
    /// Somewhere in the zone.
    pub middle: Point,
}

impl Lists {
    pub fn read() -> anyhow::Result<Self> {
        let accounts: Vec<Account> = rows(include_str!("../../../config/demo/people.csv"))?;
        let buildings: Vec<Block> = rows(include_str!("../../../config/demo/buildings.csv"))?;
        let middle = buildings.first().context("config/demo: no building")?.door();
        // Those who do nothing but run: r001 is left to whoever looks at the demonstration.
        let runs = |account: &&Account| account.roles == "runner" && account.username != "r001";
        let runners = accounts.iter().filter(runs).enumerate();
        Ok(Self {
            households: rows(include_str!("../../../config/demo/households.csv"))?,
            medicines: rows(include_str!("../../../config/demo/medicines.csv"))?,
            foods: rows(include_str!("../../../config/demo/foods.csv"))?,
            runners: runners.map(|(turn, account)| account.volunteer(turn, &buildings, middle)).collect(),
            gated: buildings.iter().filter(|b| b.gate_lat.is_some()).map(|b| b.code.clone()).collect(),
            middle,
        })
    }
}

impl Lists {
    /// Runners who walk the streets.
    pub fn outside(&self) -> usize {
        self.runners.iter().filter(|volunteer| !volunteer.inside).count()
    }
}

impl Block {
    const fn door(&self) -> Point {
        Point::new(self.lat, self.lon)
    }
}

impl Account {
    fn volunteer(&self, turn: usize, buildings: &[Block], middle: Point) -> Volunteer {
        let home = buildings.iter().find(|block| block.code == self.building);
        // Whoever lives elsewhere begins the day somewhere in the zone, the same place each time.
        let begins = home.or_else(|| buildings.get((turn * 7).checked_rem(buildings.len())?));
        Volunteer {
            username: self.username.clone(),
            home: begins.map_or(middle, Block::door),
            bike: self.skills.split(';').any(|skill| skill == Skill::EBike.as_str()),
            inside: home.is_some_and(|block| block.seal == Seal::Sealed.as_str()),
        }
    }
}

fn rows<T: DeserializeOwned>(text: &str) -> anyhow::Result<Vec<T>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().context("config/demo")
}

/// One of these, by chance; the lists compiled in are never empty.
pub(super) fn any<T>(list: &[T]) -> Option<&T> {
    list.get(rand::random_range(0..list.len().max(1)))
}

/// True once in so many times.
pub(super) fn chance(share: f64) -> bool {
    rand::random::<f64>() < share
}
