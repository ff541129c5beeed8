//! How busy a zone is, as anybody may know it: how long half of today's requests took, how many wait, and whether staff
//! take urgent ones alone. No request and no person is in it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::ZoneId;
use crate::domain::urgency::Urgency;
use crate::store::schema::requests;
use crate::store::{Conn, Result, pauses, with};

/// Fewer say nothing.
pub const FEWEST: i64 = 10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    pub at: At,
    /// By urgency: how many were delivered today, and seconds from asking within which half of them were.
    pub half: Vec<(Urgency, i64, Option<i64>)>,
    /// Requests nobody has claimed yet.
    pub waiting: i64,
    /// What staff say while they take urgent ones alone.
    pub paused: Option<String>,
}

impl Load {
    /// Seconds within which half of today's requests of this urgency arrived; nothing while there are too few.
    #[must_use]
    pub fn half_within_s(&self, urgency: Urgency) -> Option<i64> {
        self.half.iter().find(|(of, ..)| *of == urgency).and_then(|(_, _, seconds)| *seconds)
    }
}

/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId, day_began: At, now: At) -> Result<Load> {
    let mut half = Vec::with_capacity(Urgency::ALL.len());
    for urgency in Urgency::ALL {
        let (n, seconds) = half_of(conn, zone, *urgency, day_began).await?;
        half.push((*urgency, n, seconds));
    }
    let waiting = requests::table
        .filter(requests::zone_id.eq(zone).and(requests::closed_at.is_null()))
        .filter(requests::state.eq_any([State::Waiting, State::Offered]))
        .count();
    let waiting: i64 = with!(conn, |c| waiting.get_result(c).await)?;
    let paused = pauses::find(conn, zone).await?.filter(|pause| pause.paused).map(|pause| pause.said);
    Ok(Load { at: now, half, waiting, paused })
}

/// Nearest rank, as the supervisor's figures have it.
async fn half_of(conn: &mut Conn, zone: ZoneId, urgency: Urgency, since: At) -> Result<(i64, Option<i64>)> {
    let of = || {
        requests::zone_id
            .eq(zone)
            .and(requests::submitted_at.ge(since))
            .and(requests::urgency.eq(urgency))
            .and(requests::to_deliver_us.is_not_null())
    };
    let n = requests::table.filter(of()).count();
    let n: i64 = with!(conn, |c| n.get_result(c).await)?;
    if n < FEWEST {
        return Ok((n, None));
    }
    let middle = requests::table
        .select(requests::to_deliver_us.assume_not_null())
        .filter(of())
        .order(requests::to_deliver_us)
        .offset((n + 1) / 2 - 1)
        .limit(1);
    let middle: Option<i64> = with!(conn, |c| middle.first(c).await.optional())?;
    Ok((n, middle.map(|micros| micros / 1_000_000)))
}
