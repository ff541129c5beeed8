//! How dispatch works in a zone: its dials, and what it has learned, with names. For supervisors alone: no personal score
//! is ever shown to other runners.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::domain::ids::{PersonId, PlaceId, ZoneId};
use crate::domain::learning::{Habit, What};
use crate::store::schema::{people, places};
use crate::store::{Conn, Result, dials, habits, with};

pub use crate::store::dials::Dials;

/// A learned mean and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct HabitRow {
    /// Name of the runner or the place; empty for the zone itself.
    pub subject: String,
    pub habit: Habit,
}

/// The dials as they stand.
///
/// # Errors
/// The store's.
pub async fn load_dials(conn: &mut Conn, zone: ZoneId) -> Result<Dials> {
    dials::load(conn, zone).await
}

/// What was learned in a zone, by kind and name: all of one subject together.
///
/// # Errors
/// The store's.
pub async fn list_habits(conn: &mut Conn, zone: ZoneId) -> Result<Vec<HabitRow>> {
    let found = habits::list(conn, zone).await?;
    let names = names(conn, zone).await?;
    let row = |habit: Habit| HabitRow { subject: names.get(&habit.subject.uuid()).cloned().unwrap_or_default(), habit };
    let mut rows: Vec<HabitRow> = found.into_iter().map(row).collect();
    let order = |row: &HabitRow| (kind(row.habit.what), row.subject.clone(), row.habit.hour, row.habit.what);
    rows.sort_by_cached_key(order);
    Ok(rows)
}

/// Runners are listed first, then places, then the zone.
const fn kind(what: What) -> usize {
    match what {
        What::Accepts | What::Answers => 0,
        What::Counter => 1,
        What::Speed => 2,
    }
}

async fn names(conn: &mut Conn, zone: ZoneId) -> Result<BTreeMap<Uuid, String>> {
    let people = people::table.select((people::id, people::name)).filter(people::zone_id.eq(zone));
    let people: Vec<(PersonId, String)> = with!(conn, |c| people.load(c).await)?;
    let places = places::table.select((places::id, places::name)).filter(places::zone_id.eq(zone));
    let places: Vec<(PlaceId, String)> = with!(conn, |c| places.load(c).await)?;
    let people = people.into_iter().map(|(id, name)| (id.uuid(), name));
    Ok(people.chain(places.into_iter().map(|(id, name)| (id.uuid(), name))).collect())
}
