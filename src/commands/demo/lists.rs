//! What the simulated people are and ask for, from config/demo.

use anyhow::Context;
use serde::Deserialize;
use serde::de::DeserializeOwned;

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
}

/// Everything read once.
#[derive(Debug)]
pub(super) struct Lists {
    pub households: Vec<Household>,
    pub medicines: Vec<Medicine>,
    pub foods: Vec<Food>,
    pub runners: Vec<String>,
}

impl Lists {
    pub fn read() -> anyhow::Result<Self> {
        let accounts: Vec<Account> = rows(include_str!("../../../config/demo/people.csv"))?;
        // Those who do nothing but run: r001 is left to whoever looks at the demonstration.
        let runners = accounts.into_iter().filter(|account| account.roles == "runner" && account.username != "r001");
        Ok(Self {
            households: rows(include_str!("../../../config/demo/households.csv"))?,
            medicines: rows(include_str!("../../../config/demo/medicines.csv"))?,
            foods: rows(include_str!("../../../config/demo/foods.csv"))?,
            runners: runners.map(|account| account.username).collect(),
        })
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
