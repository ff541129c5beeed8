//! Requests that are made again by themselves: set by the desk or on the page, made by a round when their date comes.

use super::intake::{self, Receipt};
use super::{Fault, House, Result, calling};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::day::Day;
use crate::domain::ids::{ErrandId, RecurrenceId, RequestId, ZoneId};
use crate::domain::local::LocalTime;
use crate::domain::recurrence::{Due, doses_left, due, is_over, plan, today};
use crate::domain::request::Submission;
use crate::store::journal::{self, Event};
use crate::store::recurrences::Recurrence;
use crate::store::{self, Conn, copies, follow_ups, intake as arrivals, recurrences};

/// When it is wanted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Again {
    /// It is enough until that day.
    pub enough_until: Option<Day>,
    pub every_days: Option<i32>,
}

/// Sets when the wish of `request` comes again; what was set before is over.
///
/// # Errors
/// [`Fault::NotRepeatable`].
#[tracing::instrument(skip_all, fields(request_id = %request))]
pub async fn set(house: &House, request: RequestId, again: Again) -> Result<()> {
    let (now, local) = (house.now(), house.local.clone());
    house.db.write(async move |conn| keep(conn, request, again, (Trace::RESIDENT, now, &local)).await).await
}

/// As [`set`], within a transaction. Saying nothing changes nothing.
pub(super) async fn keep(
    conn: &mut Conn,
    request: RequestId,
    again: Again,
    (by, now, local): (Trace, At, &LocalTime),
) -> Result<()> {
    if again == Again::default() {
        return Ok(());
    }
    let delivered = follow_ups::load_delivered(conn, request).await?;
    if let Some(until) = again.enough_until {
        follow_ups::keep_enough_until(conn, request, local.at_hour(until, 0)).await?;
    }
    let set = (again.enough_until, again.every_days);
    let Some(plan) = plan(set, delivered.category, local.day_of(now)) else { return Ok(()) };
    if copies::find(conn, request, |_| None, now).await?.is_none() {
        return Err(Fault::NotRepeatable);
    }
    let before = recurrences::find_of(conn, request).await?;
    let origin = before.as_ref().map_or(request, |before| before.origin);
    if let Some(before) = before {
        recurrences::end(conn, before.id, "set_anew", now).await?;
    }
    recurrences::begin(conn, (delivered.zone, origin, request), plan, (by, now)).await?;
    write(conn, (delivered.zone, request), ("recurs", None), (by, now)).await
}

async fn write(
    conn: &mut Conn,
    (zone, request): (ZoneId, RequestId),
    (kind, reason): (&str, Option<&str>),
    (by, now): (Trace, At),
) -> Result<()> {
    let event = Event { request_id: Some(request), ..Event::new(now, zone, kind, by) };
    Ok(journal::write(conn, event.because(reason)).await?)
}

/// Ends what comes again, by whoever holds the link of a request of it. Ending it twice is ending it once.
///
/// # Errors
/// [`Fault::Store`].
pub async fn end_own(house: &House, request: RequestId) -> Result<()> {
    let now = house.now();
    house
        .db
        .write(async move |conn| match recurrences::find_of(conn, request).await? {
            Some(found) => stop(conn, &found, "by_resident", (Trace::RESIDENT, now)).await,
            None => Ok(()),
        })
        .await
}

/// Ends what comes again, by the desk.
///
/// # Errors
/// [`Fault::NotFound`], [`Fault::NotAllowed`].
pub async fn end(house: &House, person: &Person, id: RecurrenceId) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let found = recurrences::find(conn, id).await?.ok_or(Fault::NotFound)?;
            calling::must_work_there(&me, Some(found.zone))?;
            stop(conn, &found, "by_staff", (Trace::staff(&me), now)).await
        })
        .await
}

async fn stop(conn: &mut Conn, found: &Recurrence, why: &str, (by, now): (Trace, At)) -> Result<()> {
    if recurrences::end(conn, found.id, why, now).await? {
        write(conn, (found.zone, found.last), ("recurs_no_more", None), (by, now)).await?;
    }
    Ok(())
}

/// Makes every request whose date has come; answers how many. Any number of processes may look at once.
///
/// # Errors
/// [`Fault::Store`].
pub async fn round(house: &House) -> Result<usize> {
    let day = today(&house.local, house.now());
    let all = house.db.read(async move |conn| recurrences::list_due(conn, day).await).await?;
    let mut made = 0;
    for recurrence in all {
        let id = recurrence.id;
        match look(house, recurrence, day).await {
            Ok(true) => made += 1,
            Ok(false) => {}
            // One that cannot be made must not hold up its neighbours.
            Err(fault) => {
                tracing::warn!(recurrence_id = %id, error = %fault, "a request could not be made again; trying on");
            }
        }
    }
    Ok(made)
}

/// Somebody else made it meanwhile: nothing of this transaction may stay.
enum Gone {
    Made,
    Fault(Fault),
}

impl From<store::Error> for Gone {
    fn from(error: store::Error) -> Self {
        Self::Fault(Fault::Store(error))
    }
}

impl From<Fault> for Gone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

async fn look(house: &House, seen: Recurrence, day: Day) -> Result<bool> {
    let Some(due) = due(seen.rhythm, day) else {
        let (id, now) = (seen.id, house.now());
        if is_over(seen.rhythm.next_on, seen.rhythm.until_on) {
            house.db.write(async move |conn| recurrences::end(conn, id, "over", now).await).await?;
        }
        return Ok(false);
    };
    match make(house, seen, due, day).await {
        Ok(Some((receipt, errand, submission))) => {
            intake::announce(house, &receipt, errand, &submission).await;
            Ok(true)
        }
        Ok(None) | Err(Gone::Made) => Ok(false),
        Err(Gone::Fault(fault)) => Err(fault),
    }
}

type Made = (Receipt, ErrandId, Submission);

async fn make(house: &House, seen: Recurrence, due: Due, day: Day) -> std::result::Result<Option<Made>, Gone> {
    let (now, within) = (house.now(), house.clone());
    house
        .db
        .write(async move |conn| {
            if !recurrences::go_on(conn, &seen, &due).await? {
                return Err(Gone::Made);
            }
            recurrences::keep_skipped(conn, seen.id, &due.skipped, now).await?;
            let over = is_over(due.next_on, seen.rhythm.until_on);
            if over {
                recurrences::end(conn, seen.id, "over", now).await?;
            }
            if recurrences::is_made(conn, seen.id, due.on).await? {
                return Ok(None);
            }
            let late = day.since(due.on);
            let left = |per_day: Option<u16>| Some(doses_left(seen.lead_days, late, per_day));
            let Some(submission) = copies::find(conn, seen.last, left, now).await? else {
                recurrences::end(conn, seen.id, "contact_gone", now).await?;
                write(conn, (seen.zone, seen.last), ("recurs_no_more", Some("contact_gone")), (Trace::SERVICE, now))
                    .await?;
                return Ok(None);
            };
            let place = submission.place;
            let arrival = intake::arrive(&within, (submission.clone(), place), Trace::SERVICE, None);
            let (id, errand) = (arrival.request, arrival.errand);
            let answer = arrivals::store(conn, &[arrival]).await?.into_iter().next();
            let answer = answer.ok_or_else(|| store::Error::Broken("a request was not told of".to_owned()))?;
            let receipt = intake::receipt_of(&within, id, answer);
            if !recurrences::keep_made(conn, seen.id, (due.on, receipt.request), now).await? {
                return Err(Gone::Made);
            }
            // What joined another's wish does not speak for whoever asked there.
            if receipt.merged_into.is_none() {
                recurrences::follow(conn, seen.id, receipt.request).await?;
            }
            let missed = (!due.skipped.is_empty()).then(|| format!("caught_up_{}", due.skipped.len()));
            write(conn, (seen.zone, receipt.request), ("recurred", missed.as_deref()), (Trace::SERVICE, now)).await?;
            Ok(Some((receipt, errand, submission)))
        })
        .await
}
