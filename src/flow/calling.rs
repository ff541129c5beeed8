//! The desk calls by itself: homes that went quiet, and medicines that will not last.

use super::{Fault, House, Result};
use crate::domain::actor::{Actor, Person};
use crate::domain::ids::{HouseholdId, RequestId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::silence::Outcome;
use crate::domain::stock::ItemKey;
pub use crate::store::supplies::Told;
use crate::store::{Conn, households, requests, supplies};

pub(super) fn must_work_there(person: &Person, zone: Option<ZoneId>) -> Result<ZoneId> {
    let zone = zone.ok_or(Fault::NotFound)?;
    // Of another zone, it is not there; in one's own zone, without a desk, it is not allowed.
    match may(&Actor::Person(person.clone()), Action::EnterRequest { zone }) {
        true => Ok(zone),
        false if zone == person.zone => Err(Fault::NotAllowed),
        false => Err(Fault::NotFound),
    }
}

/// Keeps what came of a call to a home, with the time and by whom.
///
/// # Errors
/// [`Fault::NotFound`] for a home of another zone, [`Fault::NotAllowed`].
#[tracing::instrument(skip_all, fields(outcome = %outcome))]
pub async fn called(house: &House, person: &Person, home: HouseholdId, outcome: Outcome) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let zone = must_work_there(&me, households::find_zone(conn, home).await?)?;
            Ok(households::write_call(conn, (zone, home), (outcome, me.id, now)).await?)
        })
        .await
}

/// What a home told about a medicine that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasts {
    pub request: RequestId,
    pub key: ItemKey,
    pub told: Told,
}

/// Keeps until when a medicine is enough, or that nobody answered.
///
/// # Errors
/// [`Fault::NotFound`] for a request of another zone, or of other things; [`Fault::NotAllowed`].
#[tracing::instrument(skip_all, fields(request_id = %lasts.request))]
pub async fn told_how_long(house: &House, person: &Person, lasts: Lasts) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let found = requests::find(conn, lasts.request).await?.map(|request| request.zone_id);
            let zone = must_work_there(&me, found)?;
            must_hold(conn, &lasts).await?;
            supplies::tell(conn, (zone, lasts.request), (&lasts.key, lasts.told), (me.id, now)).await?;
            Ok(())
        })
        .await
}

async fn must_hold(conn: &mut Conn, lasts: &Lasts) -> Result<()> {
    let items = requests::list_keys(conn, lasts.request).await?;
    if items.contains(&lasts.key) { Ok(()) } else { Err(Fault::NotFound) }
}
