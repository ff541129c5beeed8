//! Who has the watch when is written down, all of a zone's at once.

use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::alarm::Rung;
use crate::domain::ids::ZoneId;
use crate::domain::permission::{Action, may};
use crate::domain::rota::Watch;
use crate::flow::{Fault, House, Result};
use crate::store::journal::{self, Event};
use crate::store::rotas::{self, Rota};
use crate::store::{Conn, people, zones};

/// A watch, with the person by username.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub rung: Rung,
    pub watch: Watch,
    pub username: String,
}

/// Replaces the rota of a zone, or the one for all zones. Answers which entries name nobody who could answer there, by their
/// place: then nothing is changed.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever may not.
pub async fn keep_rota(
    house: &House,
    person: &Person,
    zone: Option<ZoneId>,
    entries: Vec<Entry>,
) -> Result<std::result::Result<(), Vec<usize>>> {
    if !may(&Actor::Person(person.clone()), Action::KeepRota { zone }) {
        return Err(Fault::NotAllowed);
    }
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let (mut list, mut wrong) = (Vec::new(), Vec::new());
            for (place, entry) in entries.into_iter().enumerate() {
                match find(conn, zone, entry).await? {
                    Some(rota) => list.push(rota),
                    None => wrong.push(place),
                }
            }
            if !wrong.is_empty() {
                return Ok(Err(wrong));
            }
            rotas::replace(conn, zone, &list).await?;
            journal::write(conn, Event::new(now, zone.unwrap_or(me.zone), "rota", Trace::staff(&me))).await?;
            Ok(Ok(()))
        })
        .await
}

/// Somebody who could say "I have it" there; for all zones, in the own one.
async fn find(conn: &mut Conn, zone: Option<ZoneId>, entry: Entry) -> Result<Option<Rota>> {
    let account = people::find(conn, &entry.username).await?;
    let Some(account) = account.filter(|account| account.disabled_at.is_none()) else { return Ok(None) };
    let person = account.person()?;
    let zones = match zone {
        Some(zone) => vec![zone],
        None => zones::list(conn).await?.into_iter().map(|zone| zone.id).collect(),
    };
    let (id, rung, actor) = (person.id, entry.rung, Actor::Person(person));
    let fits = zones.iter().all(|zone| may(&actor, Action::AnswerAlarm { zone: *zone, rung }));
    Ok(fits.then_some(Rota { rung, watch: entry.watch, person: id }))
}
