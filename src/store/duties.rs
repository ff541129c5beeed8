//! Who is on duty, and where: one row a runner.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::schema::{assignments, duties, offers, people};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{BuildingId, PersonId, ZoneId};
use crate::domain::matching::Candidate;
use crate::domain::offer::OfferState;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = duties, treat_none_as_default_value = false)]
pub struct Duty {
    pub person_id: PersonId,
    pub zone_id: ZoneId,
    pub on_at: Option<At>,
    pub off_at: Option<At>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub accuracy_m: Option<f64>,
    pub seen_at: At,
    pub quiet_until: Option<At>,
    /// When the position was known.
    pub placed_at: Option<At>,
    /// Until when the runner means to stay.
    pub until_at: Option<At>,
    /// Errands taken since `on_at`.
    pub taken: Option<i32>,
    /// It was a seal that took the runner off duty.
    pub sealed_off_at: Option<At>,
}

impl Duty {
    /// Of somebody who was never on duty.
    #[must_use]
    pub const fn never(person: PersonId, zone: ZoneId) -> Self {
        Self {
            person_id: person,
            zone_id: zone,
            on_at: None,
            off_at: None,
            lat: None,
            lon: None,
            accuracy_m: None,
            seen_at: At(0),
            quiet_until: None,
            placed_at: None,
            until_at: None,
            taken: None,
            sealed_off_at: None,
        }
    }

    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.on_at.is_some() && self.off_at.is_none()
    }

    #[must_use]
    pub fn at(&self) -> Option<Point> {
        Some(Point::new(self.lat?, self.lon?))
    }
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, person: PersonId) -> Result<Option<Duty>> {
    let query = duties::table.select(columns::<Duty>()).find(person);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Writes the whole row, new or known.
///
/// # Errors
/// The store's.
pub async fn put(conn: &mut Conn, duty: Duty) -> Result<()> {
    let insert = diesel::insert_into(duties::table).values(duty).on_conflict(duties::person_id).do_update().set((
        duties::zone_id.eq(excluded(duties::zone_id)),
        duties::on_at.eq(excluded(duties::on_at)),
        duties::off_at.eq(excluded(duties::off_at)),
        duties::lat.eq(excluded(duties::lat)),
        duties::lon.eq(excluded(duties::lon)),
        duties::accuracy_m.eq(excluded(duties::accuracy_m)),
        duties::seen_at.eq(excluded(duties::seen_at)),
        duties::quiet_until.eq(excluded(duties::quiet_until)),
        duties::placed_at.eq(excluded(duties::placed_at)),
        duties::until_at.eq(excluded(duties::until_at)),
        duties::taken.eq(excluded(duties::taken)),
        duties::sealed_off_at.eq(excluded(duties::sealed_off_at)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Leaves a runner in peace until then.
///
/// # Errors
/// The store's.
pub async fn quieten(conn: &mut Conn, person: PersonId, until: At) -> Result<()> {
    let change = diesel::update(duties::table.find(person)).set(duties::quiet_until.eq(Some(until)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// Holds the runner's row until the transaction ends. SQLite has one writer: there the transaction itself is the lock.
///
/// # Errors
/// The store's.
pub async fn lock(conn: &mut Conn, person: PersonId) -> Result<()> {
    if let Conn::Pg(c) = conn {
        duties::table.select(duties::person_id).find(person).for_update().first::<PersonId>(c).await.optional()?;
    }
    Ok(())
}

/// A sign of life: renews when the runner was last seen, and the position when one is told, with the time it was known.
///
/// # Errors
/// The store's.
pub async fn seen(conn: &mut Conn, person: PersonId, at: Option<(Point, At)>, now: At) -> Result<()> {
    let change = diesel::update(duties::table.find(person)).set(duties::seen_at.eq(now));
    with!(conn, |c| change.execute(c).await)?;
    if let Some((at, since)) = at {
        let change = diesel::update(duties::table.find(person)).set((
            duties::lat.eq(Some(at.lat)),
            duties::lon.eq(Some(at.lon)),
            duties::placed_at.eq(Some(since)),
        ));
        with!(conn, |c| change.execute(c).await)?;
    }
    Ok(())
}

/// So many more errands are taken on this duty.
///
/// # Errors
/// The store's.
pub async fn count_taken(conn: &mut Conn, person: PersonId, more: usize) -> Result<()> {
    let more = i32::try_from(more).unwrap_or(i32::MAX);
    let taken = || {
        diesel::dsl::sql::<diesel::sql_types::Integer>("coalesce(taken, 0) + ")
            .bind::<diesel::sql_types::Integer, _>(more)
    };
    with!(conn, |c| diesel::update(duties::table.find(person))
        .set(duties::taken.eq(taken().nullable()))
        .execute(c)
        .await)?;
    Ok(())
}

/// The duty of everybody who lives in a building and still has an account.
///
/// # Errors
/// The store's.
pub async fn list_of_building(conn: &mut Conn, building: BuildingId) -> Result<Vec<Duty>> {
    let query = duties::table
        .inner_join(people::table)
        .select(columns::<Duty>())
        .filter(people::building_id.eq(Some(building)).and(people::disabled_at.is_null()))
        .order(duties::person_id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Every runner on duty in the zone, as the line knows them.
///
/// # Errors
/// The store's.
pub async fn list_candidates(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Candidate>> {
    let on_duty = duties::table
        .select(columns::<Duty>())
        .filter(duties::zone_id.eq(zone).and(duties::on_at.is_not_null()).and(duties::off_at.is_null()))
        .order(duties::person_id);
    let on_duty: Vec<Duty> = with!(conn, |c| on_duty.load(c).await)?;
    with_load(conn, on_duty).await
}

/// These runners, as the line knows them; those off duty are left out.
///
/// # Errors
/// The store's.
pub async fn list_candidates_of(conn: &mut Conn, runners: Vec<PersonId>) -> Result<Vec<Candidate>> {
    let on_duty = duties::table
        .select(columns::<Duty>())
        .filter(duties::person_id.eq_any(runners).and(duties::on_at.is_not_null()).and(duties::off_at.is_null()))
        .order(duties::person_id);
    let on_duty: Vec<Duty> = with!(conn, |c| on_duty.load(c).await)?;
    with_load(conn, on_duty).await
}

async fn with_load(conn: &mut Conn, on_duty: Vec<Duty>) -> Result<Vec<Candidate>> {
    let ids: Vec<PersonId> = on_duty.iter().map(|duty| duty.person_id).collect();
    let carrying = assignments::table
        .select(assignments::runner_id)
        .filter(assignments::ended_at.is_null().and(assignments::runner_id.eq_any(ids.clone())));
    let carrying: Vec<PersonId> = with!(conn, |c| carrying.load(c).await)?;
    let asked = offers::table
        .select(offers::runner_id)
        .filter(offers::state.eq(OfferState::Open).and(offers::runner_id.eq_any(ids)));
    let asked: Vec<PersonId> = with!(conn, |c| asked.load(c).await)?;
    let (carrying, asked): (BTreeSet<PersonId>, BTreeSet<PersonId>) =
        (carrying.into_iter().collect(), asked.into_iter().collect());
    let candidate = |duty: Duty| Candidate {
        runner: duty.person_id,
        at: duty.at(),
        seen_at: duty.seen_at,
        carries: carrying.contains(&duty.person_id),
        is_asked: asked.contains(&duty.person_id),
        quiet_until: duty.quiet_until,
        until_at: duty.until_at,
    };
    Ok(on_duty.into_iter().map(candidate).collect())
}
