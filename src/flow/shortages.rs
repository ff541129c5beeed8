//! Medicines that no shop had today: listed for whoever oversees the zone, and, by a press, put before a person.

use std::collections::BTreeSet;

use super::moving::{Act, take};
use super::{Fault, House, Result, offering, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{PersonId, PlaceId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::request::Category;
use crate::domain::stock::ItemKey;
use crate::domain::stock::shortage::{Shortage, Wish, shortages};
use crate::store::errands::Errand;
use crate::store::places::Place;
use crate::store::wanted::{self, Wanted};
use crate::store::{Conn, duties, offers, places, sightings};

/// What no shop of the zone had since the local day began. Shops and things only: nothing of a resident.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever does not oversee the zone.
pub async fn list(house: &House, person: &Person, zone: ZoneId) -> Result<Vec<Short>> {
    must_oversee(person, zone)?;
    let day_began = house.local.day_began(house.now());
    let read = house.db.read(async move |conn| {
        let wanted = wanted::list(conn, zone).await?;
        short(conn, zone, (&wanted, day_began)).await
    });
    read.await
}

fn must_oversee(person: &Person, zone: ZoneId) -> Result<()> {
    if may(&Actor::Person(person.clone()), Action::StepIn { zone }) { Ok(()) } else { Err(Fault::NotAllowed) }
}

async fn short(conn: &mut Conn, zone: ZoneId, (wanted, since): (&[Wanted], At)) -> Result<Vec<Short>> {
    let places = places::list(conn, zone).await?;
    let serving = places.iter().filter(|place| place.kind.serves(Category::Medicine));
    let serving: Vec<_> = serving.map(|place| place.id).collect();
    let seen = sightings::list_since(conn, zone, since.plus_seconds(-1)).await?;
    let wish = |wanted: &Wanted| Wish { line: wanted.line.clone(), claimed: wanted.errand.state == State::Claimed };
    // A thing written on two lines is wanted once by its errand.
    let mut known = BTreeSet::new();
    let once = wanted.iter().filter(|wanted| known.insert((wanted.errand.id, wanted.key())));
    let wishes: Vec<Wish> = once.map(wish).collect();
    let found = shortages(&serving, &seen, &wishes);
    Ok(found.into_iter().map(|shortage| Short::new(shortage, &places)).collect())
}

/// A shortage, with the names of those who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    pub shortage: Shortage,
    /// Latest first.
    pub said_none: Vec<SaidNone>,
}

/// A place that said it has none, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidNone {
    /// Its code.
    pub place: String,
    pub name: String,
    pub at: At,
}

impl Short {
    fn new(shortage: Shortage, places: &[Place]) -> Self {
        let named = |(id, at): &(PlaceId, At)| {
            let place = places.iter().find(|place| place.id == *id)?;
            Some(SaidNone { place: place.code.clone(), name: place.name.clone(), at: *at })
        };
        let said_none = shortage.said_none.iter().filter_map(named).collect();
        Self { shortage, said_none }
    }
}

/// What became of a press.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PutBefore {
    /// Errands a person decides about now.
    pub errands: usize,
}

/// Puts the errands that want this medicine and that nobody has claimed before a person. Those in a runner's hands stay
/// there: the runner sees what the shops said.
///
/// # Errors
/// [`Fault::NotAllowed`], [`Fault::NotShort`] when somebody has it after all.
#[tracing::instrument(skip_all, fields(zone_id = %zone))]
pub async fn put_before_a_person(house: &House, person: &Person, zone: ZoneId, item: ItemKey) -> Result<PutBefore> {
    must_oversee(person, zone)?;
    let (now, by) = (house.now(), Trace::staff(person));
    let day_began = house.local.day_began(now);
    let set_aside = house
        .db
        .write(async move |conn| {
            let wanted = wanted::list(conn, zone).await?;
            let is_short =
                short(conn, zone, (&wanted, day_began)).await?.iter().any(|short| short.shortage.key == item);
            if !is_short {
                return Err(Fault::NotShort);
            }
            let concerned = wanted.into_iter().filter(|wanted| wanted.key() == item);
            set_aside(conn, concerned.map(|wanted| wanted.errand).collect(), (by, now)).await
        })
        .await?;
    for (errand, asked) in &set_aside {
        shrug(house.line.dequeue(errand.zone_id, errand.id).await);
        house.tell_change(errand, None).await;
        for runner in asked {
            house.tell_change(errand, Some(*runner)).await;
            presence::restate(house, zone, *runner).await;
        }
    }
    Ok(PutBefore { errands: set_aside.len() })
}

async fn set_aside(
    conn: &mut Conn,
    mut concerned: Vec<Errand>,
    (by, now): (Trace, At),
) -> Result<Vec<(Errand, Vec<PersonId>)>> {
    // A thing written on two lines is one errand.
    concerned.dedup_by_key(|errand| errand.id);
    concerned.retain(|errand| errand.state != State::Claimed);
    hold_asked(conn, &concerned).await?;
    let mut done = Vec::new();
    for errand in concerned {
        // The errand first: what somebody took, or was offered anew, keeps its offers.
        match take(conn, &errand, Act::new(Step::SetAside, by, now).because("out_of_stock")).await {
            Ok(moved) => done.push((moved, offering::withdraw(conn, errand.id, "out_of_stock", now).await?)),
            // Claimed a moment ago.
            Err(Fault::Overtaken(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(done)
}

/// Runner first, then offer and errand, as everywhere: an answer under way is waited for, and counts.
async fn hold_asked(conn: &mut Conn, concerned: &[Errand]) -> Result<()> {
    let mut asked = BTreeSet::new();
    for errand in concerned {
        asked.extend(offers::list_open_of_errand(conn, errand.id).await?.into_iter().map(|offer| offer.runner_id));
    }
    for runner in asked {
        duties::lock(conn, runner).await?;
    }
    Ok(())
}
