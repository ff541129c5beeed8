//! The team's clock stands still, with a reason, and goes on. The resident's wait never stops.

use super::office::Office;
use super::{Fault, House, Result};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::ids::{ClockPauseId, RequestId, ZoneId};
use crate::domain::pause::{PauseReason, may_pause};
use crate::line::What;
use crate::store::clock_pauses;
pub use crate::store::clock_pauses::ClockPause;
use crate::store::errands::Errand;
use crate::store::journal::Event;
use crate::store::{Conn, journal};

/// Why, and when it ends by itself at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    pub reason: PauseReason,
    pub until: At,
}

/// Stops the team's clock. Stopped again for the same reason it is the same pause, with the new end; for another reason the
/// one before ends.
///
/// # Errors
/// [`Fault::NotFound`] for a request of a zone this person may not step into, [`Fault::OutOfTurn`] once it is over.
#[tracing::instrument(skip_all, fields(request_id = %request, reason = %stop.reason))]
pub async fn pause(house: &House, person: &Person, request: RequestId, stop: Stop) -> Result<ClockPause> {
    let (me, now) = (person.clone(), house.now());
    let (pause, zone) = house
        .db
        .write(async move |conn| {
            let found = Office::Overseer.find_of(conn, &me, request).await?;
            may_pause(found.request_state())?;
            let open = clock_pauses::find_open(conn, request, now).await?;
            if let Some(open) = open.as_ref().filter(|open| open.reason == stop.reason) {
                clock_pauses::prolong(conn, open.id, stop.until).await?;
                return Ok((ClockPause { until_at: stop.until, ..open.clone() }, found.zone_id));
            }
            clock_pauses::end(conn, request, None, now).await?;
            Ok::<_, Fault>((
                begin(conn, (request, found.zone_id), (stop, Trace::staff(&me)), now).await?,
                found.zone_id,
            ))
        })
        .await?;
    house.tell(zone, What::Request(request)).await;
    Ok(pause)
}

/// The clock goes on. One that did not stand goes on, too.
///
/// # Errors
/// [`Fault::NotFound`] for a request of a zone this person may not step into.
#[tracing::instrument(skip_all, fields(request_id = %request))]
pub async fn resume(house: &House, person: &Person, request: RequestId) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    let zone = house
        .db
        .write(async move |conn| {
            let found = Office::Overseer.find_of(conn, &me, request).await?;
            if clock_pauses::end(conn, request, None, now).await? {
                journal::write(conn, told((request, found.zone_id), "clock_resumed", (Trace::staff(&me), now))).await?;
            }
            Ok::<_, Fault>(found.zone_id)
        })
        .await?;
    house.tell(zone, What::Request(request)).await;
    Ok(())
}

/// A question went to the resident: nobody can go on before the answer. A clock that stands already is left alone.
pub(super) async fn wait_for_consent(conn: &mut Conn, leg: &Errand, (by, now): (Trace, At)) -> Result<()> {
    let reason = PauseReason::WaitingForConsent;
    let Some(until) = reason.ends_at(None, now) else { return Ok(()) };
    if clock_pauses::find_open(conn, leg.request_id, now).await?.is_none() {
        begin(conn, (leg.request_id, leg.zone_id), (Stop { reason, until }, by), now).await?;
    }
    Ok(())
}

/// The last open question of a request was answered.
pub(super) async fn consent_came(conn: &mut Conn, leg: &Errand, (by, now): (Trace, At)) -> Result<()> {
    let reason = PauseReason::WaitingForConsent;
    if clock_pauses::end(conn, leg.request_id, Some(reason), now).await? {
        journal::write(conn, told((leg.request_id, leg.zone_id), "clock_resumed", (by, now))).await?;
    }
    Ok(())
}

/// A request, and its zone.
type About = (RequestId, ZoneId);

/// Of two who stop it at once the later finds the pause of the other.
async fn begin(conn: &mut Conn, about: About, (stop, by): (Stop, Trace), now: At) -> Result<ClockPause> {
    let pause = ClockPause {
        id: ClockPauseId::mint(),
        zone_id: about.1,
        request_id: about.0,
        reason: stop.reason,
        from_at: now,
        until_at: stop.until,
        ended_at: None,
        actor_role: by.role,
        actor_id: by.id,
    };
    if clock_pauses::start(conn, pause.clone()).await? {
        let event = told(about, "clock_paused", (by, now)).because(Some(stop.reason.as_str()));
        journal::write(conn, event).await?;
        return Ok(pause);
    }
    Ok(clock_pauses::find_open(conn, about.0, now).await?.unwrap_or(pause))
}

fn told((request, zone): About, kind: &str, (by, at): (Trace, At)) -> Event {
    Event { request_id: Some(request), ..Event::new(at, zone, kind, by) }
}
