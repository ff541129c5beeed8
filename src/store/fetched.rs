//! What was truly got at a counter, and what was not taken at a door: by the place of the thing in the list, from 1.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{fetched, items, refused_goods};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::fetched::{Consent, Got};
use crate::domain::ids::{ErrandId, PersonId, RequestId, ZoneId};
use crate::domain::item::Substitution;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = fetched, treat_none_as_default_value = false)]
pub struct Fetched {
    pub errand_id: ErrandId,
    /// Place of the thing in the list, from 1.
    pub position: i32,
    pub request_id: RequestId,
    pub got: Got,
    pub consent: Option<Consent>,
    pub at: At,
    pub runner_id: PersonId,
}

/// A thing that was not taken at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = refused_goods, treat_none_as_default_value = false)]
pub struct Refused {
    pub errand_id: ErrandId,
    /// Place of the thing in the list, from 1.
    pub position: i32,
    pub request_id: RequestId,
    pub zone_id: ZoneId,
    pub at: At,
    pub runner_id: PersonId,
}

/// Keeps what was got for this errand in place of what was told before: a collecting that was undone is told anew.
///
/// # Errors
/// The store's.
pub async fn put(conn: &mut Conn, errand: ErrandId, rows: Vec<Fetched>) -> Result<()> {
    let old = diesel::delete(fetched::table.filter(fetched::errand_id.eq(errand)));
    with!(conn, |c| old.execute(c).await)?;
    for row in rows {
        let insert = diesel::insert_into(fetched::table).values(row);
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// What was told about a request's things, by their place.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, request: RequestId) -> Result<Vec<Fetched>> {
    let query = fetched::table
        .select(columns::<Fetched>())
        .filter(fetched::request_id.eq(request))
        .order((fetched::position, fetched::at));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Keeps what was not taken of this errand, in place of what was told before.
///
/// # Errors
/// The store's.
pub async fn put_refused(conn: &mut Conn, errand: ErrandId, rows: Vec<Refused>) -> Result<()> {
    let old = diesel::delete(refused_goods::table.filter(refused_goods::errand_id.eq(errand)));
    with!(conn, |c| old.execute(c).await)?;
    for row in rows {
        let insert = diesel::insert_into(refused_goods::table).values(row);
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// What was not taken of a request, by its place.
///
/// # Errors
/// The store's.
pub async fn list_refused(conn: &mut Conn, request: RequestId) -> Result<Vec<Refused>> {
    let query = refused_goods::table
        .select(columns::<Refused>())
        .filter(refused_goods::request_id.eq(request))
        .order((refused_goods::position, refused_goods::at));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// One thing of a request's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// From 1.
    pub position: i32,
    pub name: String,
    pub strength: Option<String>,
    pub substitution: Substitution,
    /// It has a name that says something at a counter; `false`: a photo alone shows it.
    pub named: bool,
}

/// What a request asks for, in its order, numbered from 1.
///
/// # Errors
/// The store's.
pub async fn list_things(conn: &mut Conn, request: RequestId) -> Result<Vec<Thing>> {
    type Row = (String, Option<String>, Substitution, Option<bool>);
    let query = items::table
        .select((items::name, items::strength, items::substitution, items::unnamed))
        .filter(items::request_id.eq(request))
        .order(items::position);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let thing = |(position, (name, strength, substitution, unnamed)): (i32, Row)| Thing {
        position,
        name,
        strength,
        substitution,
        named: unnamed != Some(true),
    };
    Ok((1..).zip(rows).map(thing).collect())
}
