//! How urgent a request is, and where its door is: what a person may correct while it is open.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::errands::Errand;
use super::schema::{contacts, errands, marks, requests};
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::floor::floor_of;
use crate::domain::ids::{BuildingId, RequestId};
use crate::domain::urgency::{Urgency, UrgencyReason};

/// Sets how urgent an open request is, and its deadline; the errand of it that counts follows. `false`: it is over.
///
/// The errand first, then the request, as every move does.
///
/// # Errors
/// The store's.
pub async fn set(conn: &mut Conn, request: RequestId, (urgency, deliver_by): (Urgency, At)) -> Result<bool> {
    let counts = errands::request_id.eq(request).and(errands::passed_on_at.is_null());
    let follows = diesel::update(errands::table.filter(counts))
        .set((errands::urgency.eq(urgency), errands::deliver_by.eq(deliver_by)));
    with!(conn, |c| follows.execute(c).await)?;
    let open = requests::id.eq(request).and(requests::closed_at.is_null());
    let change = diesel::update(requests::table.filter(open)).set((
        requests::urgency.eq(urgency),
        requests::deliver_by.eq(deliver_by),
        requests::urgency_reason.eq(UrgencyReason::SetByStaff),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// A door as it should have been written.
#[derive(Clone)]
pub struct Door {
    pub building: BuildingId,
    pub room: String,
    /// By which a second asking of this door is recognised.
    pub mark: Vec<u8>,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Door(…)")
    }
}

/// Writes the right door over the wrong one, wherever it is written. Answers the errand as it is now.
///
/// # Errors
/// The store's.
pub async fn correct_door(conn: &mut Conn, errand: Errand, door: Door) -> Result<Errand> {
    let (request, floor) = (errand.request_id, floor_of(&door.room));
    let here = diesel::update(errands::table.find(errand.id))
        .set((errands::building_id.eq(door.building), errands::floor.eq(floor)));
    with!(conn, |c| here.execute(c).await)?;
    let asked = diesel::update(requests::table.find(request)).set(requests::building_id.eq(door.building));
    with!(conn, |c| asked.execute(c).await)?;
    let said = diesel::update(contacts::table.find(request)).set(contacts::room.eq(door.room));
    with!(conn, |c| said.execute(c).await)?;
    let known = diesel::update(marks::table.find(request)).set(marks::door.eq(door.mark));
    with!(conn, |c| known.execute(c).await)?;
    Ok(Errand { building_id: door.building, floor, ..errand })
}
