//! What is known of the counter where an errand in hand is to be fetched, and where else its goods may be had.

use std::collections::BTreeMap;

use super::super::{Fault, House, Result};
use super::map::Map;
use super::under_way::under_way;
use crate::domain::actor::{Actor, Person};
use crate::domain::clock::At;
use crate::domain::errand::{Refused, State, Step};
use crate::domain::geo::Point;
use crate::domain::ground::Spot;
use crate::domain::ids::{ErrandId, PersonId, PlaceId};
use crate::domain::permission::{Action, may};
use crate::domain::place::Hours;
use crate::domain::question::{Choice, THE_SHOP};
use crate::domain::stock::ranking::{Prospect, Standing, rank};
use crate::domain::stock::{FRESH_S, Found, ItemKey, Seen, Sighting};
use crate::store::errands::Errand;
use crate::store::fetched::{self, Thing};
use crate::store::places::Place;
use crate::store::{Conn, errands, questions, requests, rosters, routes, sightings};

/// More shops than this nobody walks to.
const MOST: usize = 8;

/// A place that may have the goods. Metres on foot.
#[derive(Debug, Clone, PartialEq)]
pub struct ShopToTry {
    pub id: PlaceId,
    pub code: String,
    pub name: String,
    pub phone: Option<String>,
    pub at: Point,
    /// From where the runner is.
    pub way_m: f64,
    /// From there to where the errand ends.
    pub to_door_m: f64,
    pub hours: Option<Hours>,
    pub standing: Standing,
    /// That all of it is there, 0 to 1.
    pub chance: f64,
    /// What was last told there about the things of this errand.
    pub last: Option<Sighting>,
    /// The errand is to be fetched here now.
    pub here: bool,
}

/// Why it is no use to go where the errand is to be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// None of a thing, or a shut door.
    pub found: Found,
    pub at: At,
    /// The runner found so.
    pub mine: bool,
}

/// For one errand in hand that is not fetched yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Counsel {
    /// Code of the place where it is to be fetched.
    pub place: String,
    pub things: Vec<Thing>,
    pub trouble: Option<Trouble>,
    /// The household named this place, and has not said yet that it may be another.
    pub named: bool,
    /// It was asked whether it may be another, and has not answered.
    pub asked: bool,
    /// Best first, with the one it is to be fetched at.
    pub shops: Vec<ShopToTry>,
}

/// For each errand in these hands that is not fetched yet.
///
/// # Errors
/// [`Fault::Store`].
pub async fn counsels(house: &House, person: &Person) -> Result<BTreeMap<ErrandId, Counsel>> {
    let (map, me) = (Map::read(house, person.zone).await?, person.id);
    let read = house.db.read(async move |conn| {
        let legs = routes::list(conn, vec![me]).await?;
        let here = whereabouts(conn, &map, me).await?;
        let mut found = BTreeMap::new();
        for leg in legs.into_iter().filter(|leg| is_to_be_fetched(&leg.errand)) {
            found.insert(leg.errand.id, counsel(conn, &map, &leg.errand, (me, here)).await?);
        }
        Ok::<_, Fault>(found)
    });
    read.await
}

/// For one errand, whose runner asks.
///
/// # Errors
/// [`Fault::NotFound`] for an errand that is not in these hands, [`Fault::OutOfTurn`] once it was fetched.
pub async fn counsel_for(house: &House, person: &Person, errand: ErrandId) -> Result<Counsel> {
    let (map, me) = (Map::read(house, person.zone).await?, person.clone());
    let read = house.db.read(async move |conn| {
        let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
        if !may(&Actor::Person(me.clone()), Action::CarryErrand { carried_by: found.runner_id }) {
            return Err(Fault::NotFound);
        }
        if !is_to_be_fetched(&found) {
            return Err(Refused::OutOfTurn { state: found.state, step: Step::Elsewhere }.into());
        }
        let here = whereabouts(conn, &map, me.id).await?;
        counsel(conn, &map, &found, (me.id, here)).await
    });
    read.await
}

/// It is in somebody's hands, and its goods in a shop; what lies at a gate was bought long ago.
#[must_use]
pub fn is_to_be_fetched(errand: &Errand) -> bool {
    errand.state == State::Claimed && errand.leg == 1 && errand.place_id.is_some()
}

/// Where the runner is by now, as far as can be told.
async fn whereabouts(conn: &mut Conn, map: &Map, runner: PersonId) -> Result<Option<Spot>> {
    let Some(on) = rosters::find(conn, runner).await? else { return Ok(None) };
    let legs = routes::list(conn, vec![runner]).await?;
    Ok(Some(under_way(map, &on, &legs).duty.here))
}

async fn counsel(conn: &mut Conn, map: &Map, errand: &Errand, (me, here): (PersonId, Option<Spot>)) -> Result<Counsel> {
    let things = fetched::list_things(conn, errand.request_id).await?;
    let keys = keys(&things);
    let (_, named) = requests::load_origin(conn, errand.request_id).await?;
    let shop_asked = shop_asked(conn, errand).await?;
    let current = errand.place_id.and_then(|place| map.place(place));
    let trouble = match current {
        Some(place) => trouble(conn, map, (place.id, &keys), me).await?,
        None => None,
    };
    let here = here.or_else(|| current.map(|place| Spot::street(place.at()))).unwrap_or_else(|| map.end(errand));
    let may_leave = named.is_none() || named != errand.place_id || shop_asked == Some(Some(Choice::Swap));
    let shops = map.shops_to_try(errand, &keys, here);
    let place = current.map(|place| place.code.clone()).unwrap_or_default();
    Ok(Counsel { place, things, trouble, named: !may_leave, asked: shop_asked == Some(None), shops })
}

fn keys(things: &[Thing]) -> Vec<ItemKey> {
    let named = things.iter().filter(|thing| thing.named);
    named.map(|thing| ItemKey::of(&thing.name, thing.strength.as_deref())).collect()
}

/// Whether it was asked for another shop, and what was answered last.
async fn shop_asked(conn: &mut Conn, errand: &Errand) -> Result<Option<Option<Choice>>> {
    let asked = questions::list(conn, errand.request_id).await?;
    let last = asked.into_iter().rfind(|question| question.position == THE_SHOP);
    Ok(last.map(|question| question.answer))
}

/// Whether the household allows another shop than the one it named.
///
/// # Errors
/// [`Fault::PlaceNamed`] when it does not.
pub(in crate::flow) async fn must_be_free_to_go(conn: &mut Conn, errand: &Errand, to: PlaceId) -> Result<()> {
    let (_, named) = requests::load_origin(conn, errand.request_id).await?;
    if named.is_none_or(|named| named == to) || shop_asked(conn, errand).await? == Some(Some(Choice::Swap)) {
        return Ok(());
    }
    Err(Fault::PlaceNamed)
}

/// How one place stands for an errand; `None` when it does not serve it.
pub(in crate::flow) async fn shop_for(
    conn: &mut Conn,
    map: &Map,
    errand: &Errand,
    place: PlaceId,
) -> Result<Option<ShopToTry>> {
    let keys = keys(&fetched::list_things(conn, errand.request_id).await?);
    let runner = errand.runner_id.ok_or(Fault::NotFound)?;
    let here = whereabouts(conn, map, runner).await?.unwrap_or_else(|| map.end(errand));
    let serves = map.place(place).filter(|place| place.kind.serves(errand.category));
    Ok(serves.and_then(|place| map.shop_to_try(errand, &keys, &map.prospect(errand, &keys, (place, here)))))
}

/// A thing that is out there, or a shut door: the latest of them.
async fn trouble(
    conn: &mut Conn,
    map: &Map,
    (place, keys): (PlaceId, &[ItemKey]),
    me: PersonId,
) -> Result<Option<Trouble>> {
    let since = map.now.plus_seconds(-FRESH_S);
    let shut = map.is_shut(place);
    let out: Vec<&ItemKey> = keys.iter().filter(|key| map.is_out(place, key)).collect();
    if !shut && out.is_empty() {
        return Ok(None);
    }
    let told = sightings::list_here(conn, place, since).await?;
    let tells = |seen: &Seen| match seen.found {
        Found::Shut => shut,
        Found::HasNot => out.iter().any(|key| seen.key.speaks_for(key)),
        Found::Has | Found::OtherMaker => false,
    };
    let latest = told.into_iter().find(|(seen, _)| tells(seen));
    Ok(latest.map(|(seen, by)| Trouble { found: seen.found, at: seen.at, mine: by == Some(me) }))
}

impl Map {
    /// Places that serve it, best first.
    pub(super) fn shops_to_try(&self, errand: &Errand, keys: &[ItemKey], here: Spot) -> Vec<ShopToTry> {
        let fits = |place: &&Place| place.kind.serves(errand.category) || errand.place_id == Some(place.id);
        let serving = self.places.values().filter(fits);
        let mut prospects: Vec<Prospect> = serving.map(|place| self.prospect(errand, keys, (place, here))).collect();
        rank(&mut prospects, self.speed_mps());
        prospects.truncate(MOST);
        prospects.iter().filter_map(|prospect| self.shop_to_try(errand, keys, prospect)).collect()
    }

    fn prospect(&self, errand: &Errand, keys: &[ItemKey], (place, here): (&Place, Spot)) -> Prospect {
        let shop = Spot::street(place.at());
        let seconds = |minutes: i32| 60.0 * f64::from(minutes);
        let hours = place.hours();
        let shut = hours.filter(|hours| !hours.open_at(self.minute));
        let open = hours.filter(|hours| hours.open_at(self.minute));
        Prospect {
            place: place.id,
            chance: self.chance(errand, place.id, keys),
            to_shop_m: self.ground.metres(here, shop),
            to_door_m: self.ground.metres(shop, self.end(errand)),
            opens_in_s: shut.map_or(0.0, |hours| seconds(hours.opens_in(self.minute))),
            closes_in_s: open.and_then(|hours| hours.shuts_in(self.minute)).map(seconds),
            seems_shut: self.is_shut(place.id),
        }
    }

    fn shop_to_try(&self, errand: &Errand, keys: &[ItemKey], prospect: &Prospect) -> Option<ShopToTry> {
        let place = self.place(prospect.place)?;
        let told = self.seen.get(&place.id).map_or(&[][..], Vec::as_slice);
        let about = |seen: &&Seen| seen.found == Found::Shut || keys.iter().any(|key| seen.key.speaks_for(key));
        Some(ShopToTry {
            id: place.id,
            code: place.code.clone(),
            name: place.name.clone(),
            phone: place.phone.clone(),
            at: place.at(),
            way_m: prospect.to_shop_m,
            to_door_m: prospect.to_door_m,
            hours: place.hours(),
            standing: prospect.standing(self.speed_mps()),
            chance: prospect.chance,
            last: told.iter().filter(about).map(Seen::sighting).max_by_key(|seen| seen.at),
            here: errand.place_id == Some(place.id),
        })
    }
}
