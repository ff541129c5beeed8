//! People with an account.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{buildings, people};
use super::{Conn, Error, Result, columns, has_nul, with};
use crate::domain::actor::{Person, Role};
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{BuildingId, PersonId, ZoneId};
use crate::domain::words::parse_list;

/// An account, as signing in needs it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct Account {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub roles: String,
    pub zone_id: ZoneId,
    pub password_hash: Option<String>,
    pub disabled_at: Option<At>,
}

impl Account {
    /// The account as an actor.
    ///
    /// # Errors
    /// [`Error::Broken`] when the roles in the row are not roles.
    pub fn person(&self) -> Result<Person> {
        let roles: Vec<Role> = parse_list(&self.roles).map_err(|error| Error::Broken(error.to_string()))?;
        Ok(Person { id: self.id, zone: self.zone_id, roles })
    }
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, username: &str) -> Result<Option<Account>> {
    if has_nul(username) {
        return Ok(None);
    }
    let query = people::table.select(columns::<Account>()).filter(people::username.eq(username.to_owned()));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn load(conn: &mut Conn, id: PersonId) -> Result<Account> {
    let query = people::table.select(columns::<Account>()).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// Holds an account's row until the transaction ends; what refers to it still comes in. SQLite has one writer: there the
/// transaction itself is the lock.
///
/// # Errors
/// The store's.
pub async fn lock(conn: &mut Conn, id: PersonId) -> Result<()> {
    if let Conn::Pg(c) = conn {
        people::table.select(people::id).find(id).for_no_key_update().first::<PersonId>(c).await.optional()?;
    }
    Ok(())
}

/// Name and e-mail of a person: for letters.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn load_address(conn: &mut Conn, id: PersonId) -> Result<(String, Option<String>)> {
    let query = people::table.select((people::name, people::email)).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// Where a person lives, if that is known.
///
/// # Errors
/// The store's.
pub async fn find_building(conn: &mut Conn, id: PersonId) -> Result<Option<BuildingId>> {
    let query = people::table.find(id).select(people::building_id);
    Ok(with!(conn, |c| query.first::<Option<BuildingId>>(c).await.optional())?.flatten())
}

/// Where a runner lives, on the map.
///
/// # Errors
/// The store's.
pub async fn find_home(conn: &mut Conn, id: PersonId) -> Result<Option<Point>> {
    let query =
        people::table.inner_join(buildings::table).select((buildings::lat, buildings::lon)).filter(people::id.eq(id));
    let home: Option<(f64, f64)> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(home.map(|(lat, lon)| Point::new(lat, lon)))
}

/// Sets the password of an account; `false` when there is none of that name.
///
/// # Errors
/// The store's.
pub async fn set_password(conn: &mut Conn, username: &str, hash: &str) -> Result<bool> {
    let change = diesel::update(people::table.filter(people::username.eq(username.to_owned())))
        .set(people::password_hash.eq(Some(hash.to_owned())));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Gives every account that has no password this one: for the demonstration alone.
///
/// # Errors
/// The store's.
pub async fn set_missing_passwords(conn: &mut Conn, hash: &str) -> Result<usize> {
    let change = diesel::update(people::table.filter(people::password_hash.is_null()))
        .set(people::password_hash.eq(Some(hash.to_owned())));
    Ok(with!(conn, |c| change.execute(c).await)?)
}

/// Closes an account; its sessions end with it. `false` when there is none of that name.
///
/// # Errors
/// The store's.
pub async fn disable(conn: &mut Conn, username: &str, now: At) -> Result<bool> {
    let change = diesel::update(people::table.filter(people::username.eq(username.to_owned())))
        .set(people::disabled_at.eq(Some(now)));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// A new account.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub struct NewPerson {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub roles: String,
    pub zone_id: ZoneId,
    pub skills: String,
    pub password_hash: Option<String>,
    pub created_at: At,
}

/// # Errors
/// [`Error::Refused`] when the username is taken.
pub async fn add(conn: &mut Conn, person: NewPerson) -> Result<()> {
    let insert = diesel::insert_into(people::table).values(person);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// A new account of somebody who offered to help.
#[derive(Clone, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub struct NewRunner {
    pub id: PersonId,
    pub username: String,
    pub name: String,
    pub roles: String,
    pub zone_id: ZoneId,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub building_id: Option<BuildingId>,
    pub skills: String,
    pub created_at: At,
}

/// # Errors
/// [`Error::Refused`] when the username is taken.
pub async fn add_runner(conn: &mut Conn, runner: NewRunner) -> Result<()> {
    let insert = diesel::insert_into(people::table).values(runner);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Every username that begins like this, of closed accounts too.
///
/// # Errors
/// The store's.
pub async fn list_usernames_like(conn: &mut Conn, beginning: &'static str) -> Result<Vec<String>> {
    let query = people::table.select(people::username).filter(people::username.like(format!("{beginning}%")));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Usernames of a zone that hold a role, in order.
///
/// # Errors
/// The store's.
pub async fn list_usernames(conn: &mut Conn, zone: ZoneId, role: Role) -> Result<Vec<String>> {
    let query = people::table
        .select((people::username, people::roles))
        .filter(people::zone_id.eq(zone).and(people::disabled_at.is_null()))
        .order(people::username);
    let rows: Vec<(String, String)> = with!(conn, |c| query.load(c).await)?;
    let holds = |roles: &str| parse_list::<Role>(roles).is_ok_and(|roles| roles.contains(&role));
    Ok(rows.into_iter().filter(|(_, roles)| holds(roles)).map(|(username, _)| username).collect())
}
