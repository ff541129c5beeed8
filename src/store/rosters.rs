//! Who is on duty, as dispatch reads them: the duty with what the account says of the person.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::duties::Duty;
use super::schema::{duties, offers, people};
use super::{Conn, Result, columns, with};
use crate::domain::ids::{BuildingId, PersonId, ZoneId};
use crate::domain::offer::OfferState;

/// A runner on duty.
#[derive(Debug, Clone)]
pub struct OnShift {
    pub duty: Duty,
    /// Words of `Skill`, separated by `;`.
    pub skills: String,
    pub home: Option<BuildingId>,
    /// Has an offer that is not answered yet.
    pub is_asked: bool,
}

type Row = (Duty, String, Option<BuildingId>);

#[diesel::dsl::auto_type(no_type_alias)]
fn on_duty() -> _ {
    duties::on_at.is_not_null().and(duties::off_at.is_null()).and(people::disabled_at.is_null())
}

/// Everybody on duty in the zone.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId) -> Result<Vec<OnShift>> {
    let query = duties::table
        .inner_join(people::table)
        .select((columns::<Duty>(), people::skills, people::building_id))
        .filter(duties::zone_id.eq(zone).and(on_duty()))
        .order(duties::person_id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    with_offers(conn, rows).await
}

/// Those of `runners` who are on duty.
///
/// # Errors
/// The store's.
pub async fn list_of(conn: &mut Conn, runners: Vec<PersonId>) -> Result<Vec<OnShift>> {
    let query = duties::table
        .inner_join(people::table)
        .select((columns::<Duty>(), people::skills, people::building_id))
        .filter(duties::person_id.eq_any(runners).and(on_duty()))
        .order(duties::person_id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    with_offers(conn, rows).await
}

/// One runner, on duty or not, ever on duty or not.
///
/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, runner: PersonId) -> Result<Option<OnShift>> {
    type Account = (ZoneId, String, Option<BuildingId>);
    let query = people::table.select((people::zone_id, people::skills, people::building_id)).find(runner);
    let account: Option<Account> = with!(conn, |c| query.first(c).await.optional())?;
    let Some((zone, skills, home)) = account else { return Ok(None) };
    let duty = super::duties::find(conn, runner).await?.unwrap_or_else(|| Duty::never(runner, zone));
    Ok(with_offers(conn, vec![(duty, skills, home)]).await?.pop())
}

async fn with_offers(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<OnShift>> {
    let runners: Vec<PersonId> = rows.iter().map(|row| row.0.person_id).collect();
    let query = offers::table
        .select(offers::runner_id)
        .filter(offers::state.eq(OfferState::Open).and(offers::runner_id.eq_any(runners)));
    let asked: Vec<PersonId> = with!(conn, |c| query.load(c).await)?;
    let asked: BTreeSet<PersonId> = asked.into_iter().collect();
    let on_shift = |(duty, skills, home): Row| {
        let is_asked = asked.contains(&duty.person_id);
        OnShift { duty, skills, home, is_asked }
    };
    Ok(rows.into_iter().map(on_shift).collect())
}
