//! The care inbox: what cannot go on by itself is sent again, given to a runner, closed or called off, by the desk.

use super::handing::Moved;
use super::moving::{Act, take};
use super::office::Office;
use super::stepping_in::{self, Pressure, write_with_words};
use super::{Errand, Fault, House, Result, follow_up, supervision};
use crate::domain::actor::{Person, Trace};
use crate::domain::care;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{BuildingId, RequestId};
use crate::domain::reason::Reason;
use crate::domain::text::Room;
use crate::domain::urgency::Urgency;
use crate::store::journal::Event;
use crate::store::pressure::{self, Door};
use crate::store::{Conn, contacts, zones};

/// A door as the caller corrects it: what is not said stays.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    pub building: Option<BuildingId>,
    pub room: Option<Room>,
}

impl Correction {
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.building.is_none() && self.room.is_none()
    }
}

/// Back to the queue, with another door if it was wrong.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone or a building there, [`Fault::OutOfTurn`] when it is not in care.
#[tracing::instrument(skip_all, fields(request_id = %request))]
pub async fn send_again(
    house: &House,
    person: &Person,
    request: RequestId,
    (correction, reason): (Correction, Option<Reason>),
) -> Result<Errand> {
    let (me, here, now) = (person.clone(), house.clone(), house.now());
    let (moved, former) = house
        .db
        .write(async move |conn| {
            let found = Office::Desk.find_of(conn, &me, request).await?;
            Office::Desk.must_decide(&found, (care::Act::SendAgain, Step::Requeue))?;
            found.state.step(Step::Requeue)?;
            let former = found.runner_id;
            let by = Trace::staff(&me);
            let found = correct(conn, &here, found, (correction, by)).await?;
            Ok::<_, Fault>((take(conn, &found, Act::new(Step::Requeue, by, now).saying(reason)).await?, former))
        })
        .await?;
    house.line_up(&moved).await;
    house.tell_change(&moved, None).await;
    if let Some(former) = former {
        supervision::tell_former(house, &moved, former).await;
    }
    Ok(moved)
}

async fn correct(conn: &mut Conn, house: &House, found: Errand, (said, by): (Correction, Trace)) -> Result<Errand> {
    if said.is_none() {
        return Ok(found);
    }
    let building = said.building.unwrap_or(found.building_id);
    if zones::load_building(conn, building).await?.zone_id != found.zone_id {
        return Err(Fault::NotFound);
    }
    let known = contacts::find(conn, found.request_id).await?.map(|contact| contact.room).unwrap_or_default();
    let room = said.room.map_or(known, |room| room.as_str().to_owned());
    let mark = house.key.door_mark(building, &room);
    let event = Event::new(house.now(), found.zone_id, "door_corrected", by);
    let event = event.about(found.request_id, found.id, found.request_state());
    crate::store::journal::write(conn, event).await?;
    Ok(pressure::correct_door(conn, found, Door { building, room, mark }).await?)
}

/// To this runner; to one who still has the goods, with them.
///
/// # Errors
/// As [`supervision::assign`], for what is in care alone.
pub async fn give(house: &House, person: &Person, request: RequestId, runner: supervision::Whom) -> Result<Errand> {
    let me = person.clone();
    let found = house.db.read(async move |conn| Office::Desk.find_of(conn, &me, request).await).await?;
    supervision::give(house, person, found.id, (runner, Office::Desk)).await
}

/// Goes on with whoever has the goods.
///
/// # Errors
/// As [`give`]; [`Fault::NotFound`] when nobody has them.
pub async fn give_to_holder(house: &House, person: &Person, request: RequestId) -> Result<Errand> {
    let me = person.clone();
    let found = house.db.read(async move |conn| Office::Desk.find_of(conn, &me, request).await).await?;
    let holder = found.runner_id.ok_or(Fault::NotFound)?;
    give(house, person, request, supervision::Whom::Id(holder)).await
}

/// The household has what it needs: nothing more is to be done.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone, [`Fault::OutOfTurn`] when it is in no care list.
#[tracing::instrument(skip_all, fields(request_id = %request))]
pub async fn settle(house: &House, person: &Person, request: RequestId, reason: Reason) -> Result<State> {
    let (me, by, now) = (person.clone(), Trace::staff(person), house.now());
    let ended = house
        .db
        .write(async move |conn| {
            let found = Office::Desk.find_of(conn, &me, request).await?;
            Office::Desk.must_decide(&found, (care::Act::Settle, Step::Close))?;
            if found.state == State::AtGate {
                // Told on the telephone that it has been fetched there.
                return follow_up::end_within(conn, request, (Step::Confirm, by, Some(reason)), now).await;
            }
            let act = Act::new(Step::Close, by, now).saying(Some(reason));
            let closed = take(conn, &found, Act { holder: found.runner_id, ..act }).await?;
            let concerned = closed.runner_id.into_iter().collect();
            Ok::<_, Fault>(Some(Moved { current: Some(closed), concerned, not_needed: None }))
        })
        .await?;
    if let Some(moved) = ended {
        follow_up::tell(house, &moved).await;
    }
    Ok(State::Closed)
}

/// Calls off what is in care.
///
/// # Errors
/// As [`stepping_in::cancel`], for what is in care alone.
pub async fn cancel(house: &House, person: &Person, request: RequestId, reason: Reason) -> Result<State> {
    stepping_in::cancel_as(house, person, request, (reason, Office::Desk)).await
}

/// Another urgency for what is in care, or at the gate.
///
/// # Errors
/// As [`stepping_in::set_urgency`].
pub async fn set_urgency(
    house: &House,
    person: &Person,
    request: RequestId,
    (urgency, reason): (Urgency, Reason),
) -> Result<Pressure> {
    stepping_in::set_urgency_as(house, person, request, (urgency, reason, Office::Desk)).await
}

/// Writes down that the household was called about it, and what came of it; where it stands does not change.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone.
pub async fn note_call(house: &House, person: &Person, request: RequestId, reason: Reason) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let found = Office::Desk.find_of(conn, &me, request).await?;
            let event = Event::new(now, found.zone_id, "care_called", Trace::staff(&me));
            let event = event.about(request, found.id, found.request_state());
            write_with_words(conn, event, request, &reason).await
        })
        .await
}
