//! Telling what was found at a counter, whoever tells it: a runner before the shelf, the desk on the telephone, or the
//! shop by its own link.

use super::dispatch::{self, Counsel};
use super::{Fault, House, Result};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, PlaceId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::secret;
use crate::domain::stock::{Found, ItemKey};
use crate::line::What;
use crate::store::errands::Errand;
use crate::store::journal::Event;
pub use crate::store::sightings::Seen;
use crate::store::{Conn, errands, journal, places, sightings, waiting};

/// The same, told again by the same within this, is one sighting: a finger that pressed twice saw once.
const SAME_S: i64 = 60;

/// What somebody tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The place's code.
    pub place: String,
    pub key: ItemKey,
    pub found: Found,
}

/// A shop, found by its own link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    pub id: PlaceId,
    pub zone: ZoneId,
    pub code: String,
    pub name: String,
}

/// Keeps what was seen and tells dispatch, which may now send somebody elsewhere.
///
/// # Errors
/// [`Fault::NotFound`] for a place that is not there, or of a zone where the caller has no say.
#[tracing::instrument(skip_all, fields(found = %told.found))]
pub async fn see(house: &House, by: &Actor, told: Told) -> Result<Seen> {
    let (by, now) = (by.clone(), house.now());
    let (zone, seen, warned) = house
        .db
        .write(async move |conn| {
            let place = places::find(conn, &told.place).await?.ok_or(Fault::NotFound)?;
            let trace = allowed(&by, place.zone_id, place.id)?;
            let seen = Seen { place: place.id, key: told.key, found: told.found, at: now };
            let since = now.plus_seconds(-SAME_S);
            let last = sightings::find_last(conn, place.id, &seen.key, (trace, since)).await?;
            if let Some(same) = last.filter(|last| last.found == seen.found) {
                return Ok((place.zone_id, same, Vec::new()));
            }
            sightings::add(conn, place.zone_id, &seen, trace).await?;
            let warned = warn(conn, &seen, trace).await?;
            Ok::<_, Fault>((place.zone_id, seen, warned))
        })
        .await?;
    house.tell(zone, What::Work).await;
    for errand in warned {
        house.tell_change(&errand, errand.runner_id).await;
    }
    Ok(seen)
}

/// A runner before the counter tells about one thing of an errand in hand. `shown` is the place he saw when he pressed:
/// what he saw there is not told of another.
///
/// # Errors
/// [`Fault::NotFound`], [`Fault::OutOfTurn`] once it was fetched, [`Fault::Overtaken`] when it is fetched elsewhere now, [`Fault::UnknownItem`] for what is not in the list or has
/// no name.
pub async fn see_for(
    house: &House,
    person: &Person,
    errand: ErrandId,
    (position, found): (i32, Found),
    shown: Option<String>,
) -> Result<Seen> {
    let Counsel { things, place, .. } = dispatch::counsel_for(house, person, errand).await?;
    if shown.is_some_and(|shown| shown != place) {
        return Err(Fault::Overtaken(State::Claimed));
    }
    let thing = things.into_iter().find(|thing| thing.position == position && thing.named);
    let thing = thing.ok_or(Fault::UnknownItem)?;
    let key = ItemKey::of(&thing.name, thing.strength.as_deref());
    see(house, &Actor::Person(person.clone()), Told { place, key, found }).await
}

/// Those who are on the way to an empty shelf or a shut door get word of it at once: in the journal of their errand, from
/// where it is told as news; their page shows it with the other shops. Whoever tells it knows already.
async fn warn(conn: &mut Conn, seen: &Seen, by: Trace) -> Result<Vec<Errand>> {
    let kind = match seen.found {
        Found::HasNot => "counter_empty",
        Found::Shut => "counter_shut",
        Found::Has | Found::OtherMaker => return Ok(Vec::new()),
    };
    let mut on_the_way = errands::list_fetched_at(conn, seen.place).await?;
    on_the_way.retain(|errand| errand.runner_id.is_some() && errand.runner_id != by.id);
    let requests = on_the_way.iter().map(|errand| errand.request_id).collect();
    let items = waiting::list_items(conn, requests).await?;
    let concerns = |errand: &Errand| {
        let own = items.iter().filter(|(request, ..)| *request == errand.request_id);
        let mut own = own.map(|(_, name, strength)| ItemKey::of(name, strength.as_deref()));
        seen.found == Found::Shut || own.any(|item| seen.key.speaks_for(&item))
    };
    on_the_way.retain(concerns);
    for errand in &on_the_way {
        let event = Event::new(seen.at, errand.zone_id, kind, by);
        let event = Event { request_id: Some(errand.request_id), errand_id: Some(errand.id), ..event };
        journal::write(conn, event).await?;
    }
    Ok(on_the_way)
}

/// In which capacity the caller tells it.
fn allowed(by: &Actor, zone: ZoneId, place: PlaceId) -> Result<Trace> {
    let told_as = match by {
        Actor::Person(person) => Some(Trace::staff(person)),
        Actor::Shop(_) => Some(Trace::SHOP),
        Actor::Service => Some(Trace::SERVICE),
        Actor::Anyone | Actor::Holder(_) => None,
    };
    told_as.filter(|_| may(by, Action::ReportStock { zone, place })).ok_or(Fault::NotFound)
}

/// The shop behind its own link. The token is kept nowhere: there are few places, and each one's is computed and
/// compared.
///
/// # Errors
/// [`Fault::NotFound`] for a token that is no place's.
pub async fn find_shop(house: &House, token: &str) -> Result<Shop> {
    let all = house.db.read(async move |conn| places::list_all(conn).await).await.map_err(Fault::Store)?;
    let found = all.into_iter().find(|place| secret::same(&house.key.shop_token(place.id), token));
    let shop = |place: places::Place| Shop { id: place.id, zone: place.zone_id, code: place.code, name: place.name };
    found.map(shop).ok_or(Fault::NotFound)
}

impl House {
    /// The token of a shop's own link.
    #[must_use]
    pub fn shop_token(&self, place: PlaceId) -> String {
        self.key.shop_token(place)
    }
}
