//! Seals: a building is sealed, opened, or left with its stairs alone; at once or from a time on, and until one.
//!
//! Whoever lives behind a seal cannot fetch anything outside: such runners go off duty, and what they held is dispatched
//! again. When the seal goes, those it took off duty are on duty again.

use std::collections::BTreeSet;

use super::moving::{Act, take};
use super::{Fault, House, Result, offering, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{BuildingId, PersonId, SealId, ZoneId};
use crate::domain::letter::LetterKind;
use crate::domain::offer::OfferState;
use crate::domain::permission::{Action, may};
use crate::domain::seal::{Order, Seal};
use crate::line::What;
use crate::store::duties::Duty;
use crate::store::errands::Errand;
use crate::store::journal::Event;
use crate::store::seals::Set;
use crate::store::zones::Building;
use crate::store::{Conn, duties, errands, journal, offers, outbox, people, routes, seals, zones};

/// The word for all that a seal does to others.
const SEALED_IN: &str = "sealed_in";
/// Seals begun or ended in one go.
const AT_ONCE: i64 = 100;

/// What came of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    pub seal: Seal,
    pub from: At,
    pub until: Option<At>,
    /// `false`: it begins later.
    pub begun: bool,
    /// Runners taken off duty, or brought back.
    pub runners: usize,
    /// Errands that are dispatched again, or wait for a person because the goods are inside.
    pub errands: usize,
}

/// What a change of seal moved, to tell of it after the commit.
#[derive(Default)]
struct Moved {
    freed: Vec<Errand>,
    held: Vec<Errand>,
    runners: Vec<PersonId>,
    /// Runners from outside who need not go in.
    called_out: Vec<PersonId>,
}

/// Sets a seal; what was to come for this building is taken back.
///
/// # Errors
/// [`Fault::NotFound`] for a building that is not there or of another zone, [`Fault::NotAllowed`] in the own zone.
#[tracing::instrument(skip_all, fields(seal = %order.seal))]
pub async fn seal(house: &House, person: &Person, code: &str, order: Order) -> Result<Done> {
    let (now, me, code) = (house.now(), person.clone(), code.to_owned());
    let (building, done, moved) = house
        .db
        .write(async move |conn| {
            let building = zones::find_building(conn, &code).await?.ok_or(Fault::NotFound)?;
            allowed(&me, building.zone_id)?;
            seals::lock(conn, building.id).await?;
            let building = zones::load_building(conn, building.id).await?;
            seals::end(conn, building.id, false, (None, now)).await?;
            let begun = order.from.is_none_or(|from| from <= now);
            let set = set(&building, &me, order, (now, begun));
            if begun {
                seals::end(conn, building.id, true, (None, now)).await?;
            }
            seals::write(conn, set.clone()).await?;
            let moved = if begun {
                apply(conn, &building, &set, (Trace::staff(&me), now)).await?
            } else {
                tell(conn, &building, "seal_planned", (Trace::staff(&me), now)).await?;
                Moved::default()
            };
            let errands = moved.freed.len() + moved.held.len();
            let (seal, from, until, runners) = (set.seal, set.from_at, set.until_at, moved.runners.len());
            Ok::<_, Fault>((building, Done { seal, from, until, begun, runners, errands }, moved))
        })
        .await?;
    if done.begun {
        after(house, building.zone_id, moved).await;
    }
    Ok(done)
}

fn allowed(person: &Person, zone: ZoneId) -> Result<()> {
    if may(&Actor::Person(person.clone()), Action::SealBuilding { zone }) {
        Ok(())
    } else if person.zone == zone {
        Err(Fault::NotAllowed)
    } else {
        Err(Fault::NotFound)
    }
}

fn set(building: &Building, by: &Person, order: Order, (now, begun): (At, bool)) -> Set {
    Set {
        id: SealId::mint(),
        building_id: building.id,
        zone_id: building.zone_id,
        seal: order.seal,
        from_at: if begun { now } else { order.from.unwrap_or(now) },
        until_at: order.until.filter(|_| order.seal != Seal::Open),
        begun_at: begun.then_some(now),
        ended_at: None,
        made_by: Some(by.id),
        made_at: now,
        source: order.source,
    }
}

/// Begins what is to begin, and ends what is over. A small duty: any number of processes may do it at once.
///
/// # Errors
/// [`Fault::Store`].
pub async fn keep_time(house: &House) -> Result<()> {
    let now = house.now();
    let due = house.db.read(async move |conn| seals::list_due(conn, now, AT_ONCE).await).await.map_err(Fault::Store)?;
    // One that fails holds up no other: it is due again the next second.
    for set in due {
        let building = set.building_id;
        begin(house, set).await.unwrap_or_else(|fault| tracing::warn!(%fault, %building, "a seal could not begin"));
    }
    let over = house.db.read(async move |conn| seals::list_over(conn, now, AT_ONCE).await).await;
    for building in over.map_err(Fault::Store)? {
        let opened = open_again(house, building).await;
        opened.unwrap_or_else(|fault| tracing::warn!(%fault, %building, "a building could not be opened"));
    }
    Ok(())
}

async fn begin(house: &House, set: Set) -> Result<()> {
    let (now, zone) = (house.now(), set.zone_id);
    let moved = house
        .db
        .write(async move |conn| {
            seals::lock(conn, set.building_id).await?;
            let building = zones::load_building(conn, set.building_id).await?;
            // Another process was faster, or it was taken back.
            if !seals::begin(conn, set.id, now).await? {
                return Ok(None);
            }
            seals::end(conn, set.building_id, true, (Some(set.id), now)).await?;
            apply(conn, &building, &set, (Trace::SERVICE, now)).await.map(Some)
        })
        .await?;
    if let Some(moved) = moved {
        after(house, zone, moved).await;
    }
    Ok(())
}

async fn open_again(house: &House, building: BuildingId) -> Result<()> {
    let now = house.now();
    let moved = house
        .db
        .write(async move |conn| {
            seals::lock(conn, building).await?;
            let building = zones::load_building(conn, building).await?;
            if building.seal == Seal::Open || building.sealed_until.is_none_or(|until| until > now) {
                return Ok(None);
            }
            seals::end(conn, building.id, true, (None, now)).await?;
            seals::hold(conn, building.id, Seal::Open, None).await?;
            tell(conn, &building, "unsealed", (Trace::SERVICE, now)).await?;
            let moved = if building.seal == Seal::Sealed { bring_back(conn, &building, now).await? } else { vec![] };
            Ok::<_, Fault>(Some((building.zone_id, moved)))
        })
        .await?;
    if let Some((zone, runners)) = moved {
        after(house, zone, Moved { runners, ..Moved::default() }).await;
    }
    Ok(())
}

/// The seal takes hold: in the building's row, in the journal, and for whoever lives there.
async fn apply(conn: &mut Conn, building: &Building, set: &Set, (by, now): (Trace, At)) -> Result<Moved> {
    seals::hold(conn, building.id, set.seal, set.until_at).await?;
    let kind = match set.seal {
        Seal::Open => "unsealed",
        Seal::Sealed => "sealed",
        Seal::StairsOnly => "stairs_only",
    };
    tell(conn, building, kind, (by, now)).await?;
    match (building.seal, set.seal) {
        // Renewed before it was over: who lives there may have gone on duty inside meanwhile.
        (Seal::Sealed, Seal::Sealed) if building.is_sealed(now) => Ok(Moved::default()),
        (_, Seal::Sealed) => {
            hold_runners(conn, building).await?;
            let mut moved = take_off_duty(conn, building, (by, now)).await?;
            call_out(conn, building, (by, now), &mut moved).await?;
            Ok(moved)
        }
        (Seal::Sealed, _) => Ok(Moved { runners: bring_back(conn, building, now).await?, ..Moved::default() }),
        (_, _) => Ok(Moved::default()),
    }
}

/// Into the journal: once for the zone, and once for each open request of the building, where its asker sees it.
async fn tell(conn: &mut Conn, building: &Building, kind: &str, (by, now): (Trace, At)) -> Result<()> {
    journal::write(conn, Event::new(now, building.zone_id, kind, by).because(Some(&building.code))).await?;
    if kind == "seal_planned" {
        return Ok(());
    }
    for (request, state) in seals::list_requests(conn, building.zone_id, building.id).await? {
        let event = Event::new(now, building.zone_id, kind, by).of_request(request, state);
        journal::write(conn, event).await?;
    }
    Ok(())
}

/// Holds the row of everybody the seal parts from an errand: runner first, then offer and errand, as everywhere. An answer
/// or an offer under way is waited for, and then seen; who was given something meanwhile is held, too.
async fn hold_runners(conn: &mut Conn, building: &Building) -> Result<()> {
    let mut held = BTreeSet::new();
    loop {
        let mut parted: BTreeSet<PersonId> = BTreeSet::new();
        parted.extend(duties::list_of_building(conn, building.id).await?.into_iter().map(|duty| duty.person_id));
        for errand in errands::list_inside(conn, building.id).await? {
            parted.extend(errand.runner_id);
            parted.extend(offers::list_open_of_errand(conn, errand.id).await?.into_iter().map(|offer| offer.runner_id));
        }
        let more: Vec<PersonId> = parted.difference(&held).copied().collect();
        if more.is_empty() {
            return Ok(());
        }
        for runner in more {
            duties::lock(conn, runner).await?;
            held.insert(runner);
        }
    }
}

/// Runners who live behind the new seal go off duty; what they held goes on without them.
async fn take_off_duty(conn: &mut Conn, building: &Building, (by, now): (Trace, At)) -> Result<Moved> {
    let mut moved = Moved::default();
    for duty in duties::list_of_building(conn, building.id).await? {
        let runner = duty.person_id;
        hand_on(conn, runner, (by, now), &mut moved).await?;
        if !duty.is_on() {
            continue;
        }
        let off = Duty { off_at: Some(now), sealed_off_at: Some(now), ..duty };
        duties::put(conn, off).await?;
        journal::write(conn, Event::new(now, building.zone_id, "off_duty", by).because(Some(SEALED_IN))).await?;
        write_letter(conn, LetterKind::SealedIn, runner, now).await?;
        moved.runners.push(runner);
    }
    Ok(moved)
}

/// Open offers are withdrawn; what is not collected goes to the next runner; goods that are inside go to a person.
async fn hand_on(conn: &mut Conn, runner: PersonId, (by, now): (Trace, At), moved: &mut Moved) -> Result<()> {
    for offer in offers::list_open_of(conn, runner).await? {
        let act = Act::new(Step::Withdraw, by, now).because(SEALED_IN);
        match offering::end_offer(conn, offer, OfferState::Withdrawn, act).await {
            Ok(freed) => moved.freed.extend(freed.unwrap_or_default()),
            // Answered or taken a moment ago.
            Err(Fault::Overtaken(_) | Fault::OutOfTurn(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    for leg in routes::list(conn, vec![runner]).await? {
        if leg.errand.state.step(Step::HandBack).is_err() {
            continue;
        }
        let act = Act::new(Step::HandBack, by, now).because(SEALED_IN);
        let custody = leg.errand.runner_id.filter(|_| leg.errand.state == State::Collected);
        match take(conn, &leg.errand, Act { holder: custody, ..act }).await {
            Ok(errand) if errand.state == State::Waiting => moved.freed.push(errand),
            Ok(errand) => moved.held.push(errand),
            // Delivered or taken back a moment ago.
            Err(Fault::Overtaken(_) | Fault::OutOfTurn(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// Runners from outside cannot go in any more: what they were to carry inside is for somebody there, and what they have
/// in hand is for a person to decide about.
async fn call_out(conn: &mut Conn, building: &Building, (by, now): (Trace, At), moved: &mut Moved) -> Result<()> {
    for errand in errands::list_inside(conn, building.id).await? {
        let Some(runner) = errand.runner_id else { continue };
        if people::find_building(conn, runner).await? == Some(building.id) {
            continue;
        }
        let step = if errand.state == State::Offered { Step::Withdraw } else { Step::HandBack };
        let custody = errand.runner_id.filter(|_| errand.state == State::Collected);
        let act = Act { holder: custody, ..Act::new(step, by, now).because(SEALED_IN) };
        match take(conn, &errand, act).await {
            Ok(errand) if errand.state == State::Waiting => moved.freed.push(errand),
            Ok(errand) => moved.held.push(errand),
            // Called off a moment ago: whoever did that has withdrawn what was asked.
            Err(Fault::Overtaken(_) | Fault::OutOfTurn(_)) => continue,
            Err(fault) => return Err(fault),
        }
        let asked = offering::withdraw(conn, errand.id, SEALED_IN, now).await?;
        moved.called_out.extend(asked.into_iter().chain([runner]));
    }
    Ok(())
}

/// Those whom the seal took off duty are on duty again, at their door, unless their shift is over by now.
async fn bring_back(conn: &mut Conn, building: &Building, now: At) -> Result<Vec<PersonId>> {
    let mut back = Vec::new();
    for duty in duties::list_of_building(conn, building.id).await? {
        if duty.sealed_off_at.is_none() {
            continue;
        }
        let (runner, stays) = (duty.person_id, duty.until_at.is_none_or(|until| until > now));
        let off_at = if stays { None } else { duty.off_at };
        let at = building.at();
        // What comes now is a new stretch of duty: days behind a seal are no hours of work.
        let on_at = if stays { Some(now) } else { duty.on_at };
        let home = Duty { off_at, on_at, sealed_off_at: None, lat: Some(at.lat), lon: Some(at.lon), ..duty };
        duties::put(conn, Duty { placed_at: Some(now), seen_at: now, ..home }).await?;
        if stays {
            let event = Event::new(now, building.zone_id, "on_duty", Trace::SERVICE);
            journal::write(conn, event.because(Some("unsealed"))).await?;
            write_letter(conn, LetterKind::Unsealed, runner, now).await?;
            back.push(runner);
        }
    }
    Ok(back)
}

async fn write_letter(conn: &mut Conn, kind: LetterKind, runner: PersonId, now: At) -> Result<()> {
    if people::load_address(conn, runner).await?.1.is_some() {
        let dedupe = format!("{kind}:{runner}:{}", now.0);
        outbox::enqueue(conn, kind, runner.uuid(), dedupe, now).await?;
    }
    Ok(())
}

async fn after(house: &House, zone: ZoneId, moved: Moved) {
    offering::after_freed(house, &moved.freed).await;
    for errand in &moved.held {
        shrug(house.line.dequeue(errand.zone_id, errand.id).await);
        house.tell_change(errand, errand.runner_id).await;
    }
    for runner in moved.runners.into_iter().chain(moved.called_out) {
        presence::restate(house, zone, runner).await;
        house.tell(zone, What::Runner(runner)).await;
    }
    house.tell(zone, What::Work).await;
}
