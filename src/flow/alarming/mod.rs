//! The ladder climbs: what is due is told to the next rung, each step by one guarded row, in any number of processes.
//! When and to whom is decided by [`crate::domain::alarm`]; here it is done, and written down with what is sent of it.

mod answering;
mod facts;
mod rota;
mod telling;

use std::sync::Arc;

pub use answering::{Escalated, acknowledge, escalate};
pub use facts::{Facts, facts};
pub use rota::{Entry, keep_rota};

use telling::{Ladder, Sent, climb, write_steps};

use super::{Fault, House, Result};
use crate::domain::actor::Trace;
use crate::domain::alarm::{Next, Rung};
use crate::domain::clock::At;
use crate::domain::ids::RequestId;
use crate::domain::urgency::Urgency;
use crate::line::What;
use crate::store::alarms::{self, Alarm, Concerned, Move};
use crate::store::journal::{self, Event};
use crate::store::{Conn, zones};

/// How far ahead a round looks for what comes next, in seconds.
const AHEAD_S: i64 = 60;

/// Does what is due, and answers when something is due next, if it is soon. Any number of processes may do it at once; one
/// that dies in the middle leaves a step told or not told, never half.
///
/// # Errors
/// [`Fault::Store`].
pub async fn round(house: &House) -> Result<Option<At>> {
    let (now, terms) = (house.now(), Arc::clone(&house.alarms));
    let (open, pressing) = house
        .db
        .read(async move |conn| {
            let mut pressing = Vec::new();
            for urgency in Urgency::ALL {
                let before = now.plus_seconds(terms.horizon_s(*urgency).saturating_add(AHEAD_S));
                pressing.extend(alarms::list_pressing(conn, *urgency, before).await?);
            }
            Ok::<_, Fault>((alarms::list_open(conn, None).await?, pressing))
        })
        .await?;
    let mut soonest: Option<At> = None;
    let mut note = |at: At| soonest = Some(soonest.map_or(at, |soonest| soonest.min(at)));
    for about in pressing {
        match house.alarms.fires_at(&about.case) {
            Some(at) if at <= now => one(&about, open_alarm(house, &about, at).await),
            Some(at) => note(at),
            None => {}
        }
    }
    for (alarm, about) in open {
        match house.alarms.next(&about.case, &alarm.standing()) {
            Next::Over => one(&about, end(house, &alarm, &about).await),
            Next::Tell(_, at) if at <= now => one(&about, go_on(house, about.request).await),
            Next::Tell(_, at) => note(at),
            Next::Rest => {}
        }
    }
    Ok(soonest)
}

/// One that cannot be told must not hold up its neighbours: it is due again the next second.
fn one(about: &Concerned, done: Result<()>) {
    if let Err(fault) = done {
        tracing::warn!(request_id = %about.request, error = %fault, "an alarm could not go on; trying on");
    }
}

async fn open_alarm(house: &House, about: &Concerned, due_at: At) -> Result<()> {
    let (ladder, seen) = (Ladder::of(house), about.clone());
    let opened = house
        .db
        .write(async move |conn| {
            // As it stands now: it may have been taken or brought meanwhile.
            let Some(about) = alarms::find_case(conn, seen.request).await? else { return Ok(false) };
            if ladder.terms.fires_at(&about.case).is_none_or(|at| at > ladder.now) {
                return Ok(false);
            }
            begin(conn, &ladder, &about, (Rung::Runner, due_at), &Sent::ITSELF).await
        })
        .await?;
    if opened {
        tell(house, about).await;
    }
    Ok(())
}

/// Opens an alarm on this rung; `false` when there is one already.
async fn begin(
    conn: &mut Conn,
    ladder: &Ladder,
    about: &Concerned,
    (rung, due_at): (Rung, At),
    sent: &Sent,
) -> Result<bool> {
    let zone = zones::load(conn, about.zone).await?;
    let steps = climb(conn, ladder, (&zone, about.runner), rung).await?;
    let Some(last) = steps.last() else { return Ok(false) };
    let to = Move { rung: last.rung, position: last.place, told: last.there(), at: ladder.now };
    let Some(alarm) = alarms::open(conn, about, to).await? else { return Ok(false) };
    write_steps(conn, ladder, (alarm, about), (&steps, due_at), sent).await?;
    Ok(true)
}

async fn go_on(house: &House, request: RequestId) -> Result<()> {
    let ladder = Ladder::of(house);
    let gone = house
        .db
        .write(async move |conn| {
            let found = alarms::list_open(conn, Some(request)).await?.into_iter().next();
            let Some((alarm, about)) = found else { return Ok(None) };
            let (rung, due_at) = match ladder.terms.next(&about.case, &alarm.standing()) {
                Next::Tell(rung, at) if at <= ladder.now => (rung, at),
                _ => return Ok(None),
            };
            let went = advance(conn, &ladder, (&alarm, &about), (rung, due_at), &Sent::ITSELF).await?;
            Ok::<_, Fault>(went.then_some(about))
        })
        .await?;
    if let Some(about) = gone {
        tell(house, &about).await;
    }
    Ok(())
}

/// Takes an alarm, as it was seen, to this rung, or past it where nobody is; `false` when another was faster.
async fn advance(
    conn: &mut Conn,
    ladder: &Ladder,
    (alarm, about): (&Alarm, &Concerned),
    (rung, due_at): (Rung, At),
    sent: &Sent,
) -> Result<bool> {
    let zone = zones::load(conn, alarm.zone_id).await?;
    let steps = climb(conn, ladder, (&zone, about.runner), rung).await?;
    let steps: Vec<_> = steps.into_iter().map(|step| step.after(alarm.position)).collect();
    let Some(last) = steps.last() else { return Ok(false) };
    let to = Move { rung: last.rung, position: last.place, told: last.there(), at: ladder.now };
    if !alarms::advance(conn, alarm, to).await? {
        return Ok(false);
    }
    write_steps(conn, ladder, (alarm.id, about), (&steps, due_at), sent).await?;
    Ok(true)
}

async fn end(house: &House, alarm: &Alarm, about: &Concerned) -> Result<()> {
    let (now, seen, request) = (house.now(), alarm.clone(), about.request);
    let ended = house
        .db
        .write(async move |conn| {
            if !alarms::end(conn, &seen, now).await? {
                return Ok(false);
            }
            let event = Event::new(now, seen.zone_id, "alarm_over", Trace::SERVICE);
            journal::write(conn, Event { request_id: Some(request), ..event }).await?;
            Ok::<_, Fault>(true)
        })
        .await?;
    if ended {
        tell(house, about).await;
    }
    Ok(())
}

/// Whoever watches the zone or follows the request looks again.
async fn tell(house: &House, about: &Concerned) {
    house.tell(about.zone, What::Request(about.request)).await;
    if let Some(runner) = about.runner {
        house.tell(about.zone, What::Runner(runner)).await;
    }
}

/// Open alarms by zone and rung: for the gauges.
///
/// # Errors
/// [`Fault::Store`].
pub async fn count_open(house: &House) -> Result<Vec<(String, Vec<(Rung, i64)>)>> {
    house.db.read(async move |conn| alarms::count_open(conn).await).await.map_err(Fault::Store)
}
