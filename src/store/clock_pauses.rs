//! When the team's clock stood still for a request, why, and who stopped it. Not to be confused with `pauses`: zones that
//! take urgent requests alone.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::clock_pauses;
use super::{Conn, Result, columns, with};
use crate::domain::actor::ActorRole;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ClockPauseId, PersonId, RequestId, ZoneId};
use crate::domain::pause::PauseReason;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = clock_pauses, treat_none_as_default_value = false)]
pub struct ClockPause {
    pub id: ClockPauseId,
    pub zone_id: ZoneId,
    pub request_id: RequestId,
    pub reason: PauseReason,
    pub from_at: At,
    /// When it ends by itself.
    pub until_at: At,
    /// When it was ended before that.
    pub ended_at: Option<At>,
    pub actor_role: ActorRole,
    pub actor_id: Option<PersonId>,
}

impl ClockPause {
    /// When the clock went on, or will.
    #[must_use]
    pub fn to(&self) -> At {
        self.ended_at.map_or(self.until_at, |ended| ended.min(self.until_at))
    }
}

/// The pause that holds now.
///
/// # Errors
/// The store's.
pub async fn find_open(conn: &mut Conn, request: RequestId, now: At) -> Result<Option<ClockPause>> {
    let query = clock_pauses::table
        .select(columns::<ClockPause>())
        .filter(clock_pauses::request_id.eq(request).and(clock_pauses::ended_at.is_null()))
        .filter(clock_pauses::until_at.gt(now));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Begins a pause unless one holds already: `false`. One that ended by itself is written off first.
///
/// # Errors
/// The store's.
pub async fn start(conn: &mut Conn, pause: ClockPause) -> Result<bool> {
    let ran_out = clock_pauses::table
        .filter(clock_pauses::request_id.eq(pause.request_id).and(clock_pauses::ended_at.is_null()))
        .filter(clock_pauses::until_at.le(pause.from_at));
    let write_off = diesel::update(ran_out).set(clock_pauses::ended_at.eq(clock_pauses::until_at.nullable()));
    with!(conn, |c| write_off.execute(c).await)?;
    // Two may stop it at once: the index lets one row stand, the other finds it there.
    let insert = diesel::insert_into(clock_pauses::table).values(pause).on_conflict_do_nothing();
    Ok(with!(conn, |c| insert.execute(c).await)? == 1)
}

/// Ends it, or lets it end at another time.
///
/// # Errors
/// The store's.
pub async fn prolong(conn: &mut Conn, id: ClockPauseId, until: At) -> Result<()> {
    let open = clock_pauses::table.filter(clock_pauses::id.eq(id).and(clock_pauses::ended_at.is_null()));
    let change = diesel::update(open).set(clock_pauses::until_at.eq(until));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// The clock goes on: of whatever reason it stood, or of this one alone. `false` when it did not stand.
///
/// # Errors
/// The store's.
pub async fn end(conn: &mut Conn, request: RequestId, reason: Option<PauseReason>, at: At) -> Result<bool> {
    let open = || {
        let open = clock_pauses::request_id.eq(request).and(clock_pauses::ended_at.is_null());
        open.and(clock_pauses::until_at.gt(at))
    };
    let ended = match reason {
        None => {
            let change = diesel::update(clock_pauses::table.filter(open())).set(clock_pauses::ended_at.eq(Some(at)));
            with!(conn, |c| change.execute(c).await)?
        }
        Some(reason) => {
            let open = clock_pauses::table.filter(open().and(clock_pauses::reason.eq(reason)));
            let change = diesel::update(open).set(clock_pauses::ended_at.eq(Some(at)));
            with!(conn, |c| change.execute(c).await)?
        }
    };
    Ok(ended > 0)
}

/// A request that is over has no clock; goods that are fetched, or given back, wait for nobody's consent.
pub(super) async fn follow(conn: &mut Conn, request: RequestId, state: State, at: At) -> Result<()> {
    match state {
        State::Delivered | State::Closed | State::Cancelled => {
            end(conn, request, None, at).await?;
        }
        State::Waiting | State::Collected => {
            end(conn, request, Some(PauseReason::WaitingForConsent), at).await?;
        }
        State::Offered | State::Claimed | State::AtGate | State::Care => {}
    }
    Ok(())
}

/// Pauses of a zone that began since then, in the order of their requests.
///
/// # Errors
/// The store's.
pub async fn list_since(conn: &mut Conn, zone: ZoneId, since: At) -> Result<Vec<ClockPause>> {
    let query = clock_pauses::table
        .select(columns::<ClockPause>())
        .filter(clock_pauses::zone_id.eq(zone).and(clock_pauses::from_at.ge(since)))
        .order((clock_pauses::request_id, clock_pauses::from_at));
    Ok(with!(conn, |c| query.load(c).await)?)
}
