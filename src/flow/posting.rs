//! A supervisor tells the residents of a zone something, and takes it down again.

use super::{Fault, House, Result};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::ids::{NoticeId, ZoneId};
use crate::domain::notice::Notice;
use crate::domain::permission::{Action, may};
use crate::store::journal::{self, Event};
use crate::store::notices;

/// Hangs a notice.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever does not oversee the zone.
pub async fn hang(house: &House, person: &Person, zone: ZoneId, notice: Notice) -> Result<NoticeId> {
    if !may(&Actor::Person(person.clone()), Action::StepIn { zone }) {
        return Err(Fault::NotAllowed);
    }
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let id = notices::hang(conn, zone, &notice, (me.id, now)).await?;
            journal::write(conn, Event::new(now, zone, "notice", Trace::staff(&me))).await?;
            Ok(id)
        })
        .await
}

/// Takes a notice down before its time; twice is once.
///
/// # Errors
/// [`Fault::NotFound`] for a notice of another zone.
pub async fn take_down(house: &House, person: &Person, notice: NoticeId) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let zone = notices::find_zone(conn, notice).await?.ok_or(Fault::NotFound)?;
            if !may(&Actor::Person(me.clone()), Action::StepIn { zone }) {
                return Err(Fault::NotFound);
            }
            notices::take_down(conn, notice, now).await?;
            journal::write(conn, Event::new(now, zone, "notice_down", Trace::staff(&me))).await?;
            Ok(())
        })
        .await
}
