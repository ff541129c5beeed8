//! "I have it", and passing it on by hand.

use super::telling::{Ladder, Sent};
use super::{Concerned, advance, begin, tell};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::alarm::Rung;
use crate::domain::ids::RequestId;
use crate::domain::permission::{Action, may, reach};
use crate::domain::reason::Reason;
use crate::flow::{Fault, House, Result};
use crate::store::Conn;
use crate::store::alarms::{self, Alarm};
use crate::store::journal::{self, Event};

/// "I have it", by name. Said twice by the same person it is said once.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone, [`Fault::NoAlarm`] without an open alarm, [`Fault::NotAllowed`] for
/// one that has gone above the caller, [`Fault::AlreadyAcknowledged`] when somebody else has it.
#[tracing::instrument(skip_all, fields(request_id = %request))]
pub async fn acknowledge(house: &House, person: &Person, request: RequestId) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    let about = house
        .db
        .write(async move |conn| {
            let (about, alarm) = find(conn, &me, request).await?;
            let alarm = alarm.filter(|_| !about.case.is_over()).ok_or(Fault::NoAlarm)?;
            if !may(&Actor::Person(me.clone()), Action::AnswerAlarm { zone: about.zone, rung: alarm.rung }) {
                return Err(Fault::NotAllowed);
            }
            match alarm.acknowledged_by {
                Some(by) if by == me.id => return Ok(about),
                Some(_) => return Err(Fault::AlreadyAcknowledged),
                None => {}
            }
            if !alarms::acknowledge(conn, &alarm, me.id, now).await? {
                return Err(overtaken(conn, (&me, &about), &alarm).await?);
            }
            let event = Event::new(now, about.zone, "acknowledged", Trace::staff(&me));
            journal::write(conn, Event { request_id: Some(request), ..event }).await?;
            Ok::<_, Fault>(about)
        })
        .await?;
    tell(house, &about).await;
    Ok(())
}

/// Somebody was faster: who says the same, or the clock.
async fn overtaken(conn: &mut Conn, (me, about): (&Person, &Concerned), seen: &Alarm) -> Result<Fault> {
    let now = alarms::list_open(conn, Some(about.request)).await?.into_iter().next();
    let taken = now.is_some_and(|(alarm, _)| {
        alarm.position == seen.position && alarm.acknowledged_by.is_some_and(|by| by != me.id)
    });
    Ok(if taken { Fault::AlreadyAcknowledged } else { Fault::Overtaken(about.case.request) })
}

/// The alarm, and whom it concerns; a request of another zone is not there.
async fn find(conn: &mut Conn, me: &Person, request: RequestId) -> Result<(Concerned, Option<Alarm>)> {
    let about = alarms::find_case(conn, request).await?.ok_or(Fault::NotFound)?;
    if !may(&Actor::Person(me.clone()), Action::WatchZone { zone: about.zone }) {
        return Err(Fault::NotFound);
    }
    let alarm = alarms::list_open(conn, Some(request)).await?.into_iter().next().map(|(alarm, _)| alarm);
    Ok((about, alarm))
}

/// Where it stands after it was passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalated {
    pub rung: Rung,
}

/// Passes a request on now: to this rung, or to the one above both the alarm and the caller. Without an alarm it opens one.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone, [`Fault::NotAllowed`] for who only runs, [`Fault::NoAlarm`] when it is
/// over, [`Fault::TopOfLadder`] when it stands there or higher, [`Fault::Overtaken`] when another was faster.
#[tracing::instrument(skip_all, fields(request_id = %request))]
pub async fn escalate(
    house: &House,
    person: &Person,
    request: RequestId,
    (to, reason): (Option<Rung>, Option<Reason>),
) -> Result<Escalated> {
    let (me, ladder) = (person.clone(), Ladder::of(house));
    let (about, rung) = house
        .db
        .write(async move |conn| {
            let (about, alarm) = find(conn, &me, request).await?;
            let own = reach(&me).ok_or(Fault::NotAllowed)?;
            if about.case.is_over() {
                return Err(Fault::NoAlarm);
            }
            let rung = target(alarm.as_ref(), own, to).ok_or(Fault::TopOfLadder)?;
            let sent = Sent { by: Trace::staff(&me), reason };
            let went = match &alarm {
                Some(alarm) => advance(conn, &ladder, (alarm, &about), (rung, ladder.now), &sent).await?,
                None => begin(conn, &ladder, &about, (rung, ladder.now), &sent).await?,
            };
            if !went {
                return Err(Fault::Overtaken(about.case.request));
            }
            let now = alarms::list_open(conn, Some(request)).await?.into_iter().next();
            Ok::<_, Fault>((about, now.map_or(rung, |(alarm, _)| alarm.rung)))
        })
        .await?;
    tell(house, &about).await;
    Ok(Escalated { rung })
}

/// Up, never down, and without a wish not to the caller's own rung: he passes it on.
fn target(alarm: Option<&Alarm>, own: Rung, to: Option<Rung>) -> Option<Rung> {
    let stands = alarm.map(|alarm| alarm.rung);
    match to {
        Some(to) => Some(to).filter(|to| stands.is_none_or(|stands| *to > stands)),
        // The district calls itself when nobody has called it yet.
        None => match stands.map_or(own, |stands| stands.max(own)).next() {
            Some(next) => Some(next),
            None => Some(Rung::District).filter(|top| stands.is_none_or(|stands| stands < *top)),
        },
    }
}
