//! What was truly got of a request's things, and what was not taken at the door.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::fetched::{Consent, Got};
use crate::domain::ids::{PersonId, RequestId};
use crate::store::fetched::{self, Thing};
use crate::store::schema::people;
use crate::store::{Conn, Result, with};

/// What was got of one thing, for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedRow {
    /// Place of the thing in the list, from 1.
    pub position: i32,
    /// Name and strength.
    pub item: String,
    pub got: Got,
    pub consent: Option<Consent>,
    pub at: At,
}

/// A thing that was not taken at the door: it is with this runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Place of the thing in the list, from 1.
    pub position: i32,
    pub item: String,
    pub at: At,
    pub runner: String,
}

/// What the asker is told of one thing that differs: its place, not its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differs {
    /// Place of the thing in the list, from 1.
    pub position: i32,
    /// The only thing asked for: then it needs no number.
    pub alone: bool,
    pub got: Got,
    pub at: At,
}

/// For staff.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, request: RequestId) -> Result<(Vec<FetchedRow>, Vec<RefusedRow>)> {
    let (got, refused) = (fetched::list(conn, request).await?, fetched::list_refused(conn, request).await?);
    if got.is_empty() && refused.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let things = fetched::list_things(conn, request).await?;
    let item = |position: i32| things.iter().find(|thing| thing.position == position).map(titled).unwrap_or_default();
    let runners: Vec<PersonId> = refused.iter().map(|row| row.runner_id).collect();
    let names = people::table.select((people::id, people::name)).filter(people::id.eq_any(runners));
    let names: Vec<(PersonId, String)> = with!(conn, |c| names.load(c).await)?;
    let names: BTreeMap<PersonId, String> = names.into_iter().collect();
    let got = got.into_iter().map(|row| FetchedRow {
        position: row.position,
        item: item(row.position),
        got: row.got,
        consent: row.consent,
        at: row.at,
    });
    let refused = refused.iter().map(|row| RefusedRow {
        position: row.position,
        item: item(row.position),
        at: row.at,
        runner: names.get(&row.runner_id).cloned().unwrap_or_default(),
    });
    Ok((got.collect(), refused.collect()))
}

fn titled(thing: &Thing) -> String {
    thing.strength.as_ref().map_or_else(|| thing.name.clone(), |strength| format!("{} {strength}", thing.name))
}

/// For the asker: what differs from what was asked for.
///
/// # Errors
/// The store's.
pub async fn list_differing(conn: &mut Conn, request: RequestId) -> Result<Vec<Differs>> {
    let mut rows = fetched::list(conn, request).await?;
    rows.retain(|row| row.got != Got::AsAsked);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let alone = fetched::list_things(conn, request).await?.len() == 1;
    let told = |row: fetched::Fetched| Differs { position: row.position, alone, got: row.got, at: row.at };
    Ok(rows.into_iter().map(told).collect())
}
