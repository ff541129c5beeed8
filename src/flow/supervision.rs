//! Stepping in: a supervisor assigns or releases an errand.

use super::moving::{Act, take};
use super::office::Office;
use super::{Fault, House, Result, claiming, dispatch, offering, presence, shrug};
use crate::domain::actor::{Actor, Person, Role, Trace};
use crate::domain::care;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId, RequestId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::reason::Reason;
use crate::domain::text::Note;
use crate::line::What;
use crate::store::dials::{self, Dials};
use crate::store::errands::Errand;
use crate::store::journal::Event;
use crate::store::pauses::{self, Pause};
use crate::store::{Conn, duties, journal, people, requests};

/// How a supervisor names a runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    Id(PersonId),
    Username(String),
}

async fn find_runner(conn: &mut Conn, whom: Whom) -> Result<Person> {
    let account = match whom {
        Whom::Id(id) => Some(people::load(conn, id).await?),
        Whom::Username(username) => people::find(conn, &username).await?,
    };
    let person = account.filter(|account| account.disabled_at.is_none()).ok_or(Fault::NotFound)?.person()?;
    if person.holds(Role::Runner) { Ok(person) } else { Err(Fault::NotFound) }
}

/// Gives an errand to this runner, whoever has it now; an offer to somebody else is withdrawn.
///
/// # Errors
/// [`Fault::NotFound`] for an errand of another zone or no such runner, [`Fault::OutOfTurn`] once the goods are bought.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn assign(house: &House, person: &Person, errand: ErrandId, runner: Whom) -> Result<Errand> {
    give(house, person, errand, (runner, Office::Overseer)).await
}

/// As [`assign`], in whatever office. To a runner who still has its goods in hand it comes
/// back with them: he goes on to the door.
pub(super) async fn give(
    house: &House,
    person: &Person,
    errand: ErrandId,
    (runner, office): (Whom, Office),
) -> Result<Errand> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let (me, looked) = (person.clone(), person.clone());
    let seen = house.db.read(async move |conn| office.find(conn, &looked, errand).await).await?;
    let map = dispatch::Map::read(house, seen.zone_id).await?;
    let (assigned, runner, before) = house
        .db
        .write(async move |conn| {
            let runner = find_runner(conn, runner).await?;
            // Runner first, then offer and errand: as accepting, sealing and dispatch do.
            duties::lock(conn, runner.id).await?;
            let found = office.find(conn, &me, errand).await?;
            office.must_decide(&found, (care::Act::Give, Step::Assign))?;
            if runner.zone != found.zone_id {
                return Err(Fault::NotFound);
            }
            let asked = offering::withdraw(conn, found.id, "by_hand", now).await?;
            let before: Vec<PersonId> = found.runner_id.into_iter().chain(asked).collect();
            let act = Act::new(Step::Assign, Trace::staff(&me), now).into_hands_of(runner.id, until).because("by_hand");
            let brought = requests::delivered_at(conn, found.request_id).await?.is_some();
            let has_goods = found.runner_id == Some(runner.id) && care::holds_goods(found.state, true, brought);
            let state = found.state;
            let assigned = claiming::into_hands(conn, &map, vec![found], act.clone()).await?;
            let mut assigned = assigned.into_iter().next().ok_or(Fault::Overtaken(state))?;
            if has_goods {
                assigned = take(conn, &assigned, Act { step: Step::Collect, ..act }).await?;
            }
            Ok::<_, Fault>((assigned, runner, before))
        })
        .await?;
    claiming::after_claim(house, &runner, std::slice::from_ref(&assigned), until).await;
    for former in before.into_iter().filter(|former| *former != runner.id) {
        tell_former(house, &assigned, former).await;
    }
    Ok(assigned)
}

/// Takes an errand from whoever has it. Goods already bought go to the care list: somebody holds them.
///
/// # Errors
/// [`Fault::NotFound`] for an errand of another zone, [`Fault::OutOfTurn`] when nobody has it.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn release(house: &House, person: &Person, errand: ErrandId, reason: Reason) -> Result<Errand> {
    let now = house.now();
    let me = person.clone();
    let (released, before) = house
        .db
        .write(async move |conn| {
            let found = Office::Overseer.find(conn, &me, errand).await?;
            let asked = offering::withdraw(conn, found.id, "by_hand", now).await?;
            let before: Vec<PersonId> = found.runner_id.into_iter().chain(asked).collect();
            let act = Act::new(Step::Release, Trace::staff(&me), now).saying(Some(reason));
            let custody = if found.state == State::Collected { found.runner_id } else { None };
            let moved = take(conn, &found, Act { holder: custody, ..act }).await?;
            Ok::<_, Fault>((moved, before))
        })
        .await?;
    if released.state == State::Waiting {
        house.line_up(&released).await;
    } else {
        shrug(house.line.dequeue(released.zone_id, released.id).await);
    }
    house.tell_change(&released, None).await;
    for former in before {
        tell_former(house, &released, former).await;
    }
    Ok(released)
}

/// Writes down that this person opens the personal data of a request, and answers the request's zone.
///
/// # Errors
/// [`Fault::NotFound`] for a request the person may not open: then there is nothing to write down.
pub async fn look(house: &House, person: &Person, request: RequestId) -> Result<ZoneId> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let zone = requests::find(conn, request).await?.ok_or(Fault::NotFound)?.zone_id;
            if !may(&Actor::Person(me.clone()), Action::ReadContact { zone }) {
                return Err(Fault::NotFound);
            }
            journal::write_look(conn, me.id, request, "opened", now).await?;
            Ok(zone)
        })
        .await
}

/// Turns the dials of a zone; they hold from the next decision on.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever may not step in there.
pub async fn turn_dials(house: &House, person: &Person, dials: Dials) -> Result<Dials> {
    let zone = dials.zone_id;
    if !may(&Actor::Person(person.clone()), Action::StepIn { zone }) {
        return Err(Fault::NotAllowed);
    }
    let (now, by) = (house.now(), Trace::staff(person));
    let turned = Dials { changed_at: now, ..dials };
    house
        .db
        .write(async move |conn| {
            dials::turn(conn, turned).await?;
            journal::write(conn, Event::new(now, zone, "dials", by)).await
        })
        .await
        .map_err(Fault::Store)?;
    house.tell(zone, What::Work).await;
    Ok(turned)
}

/// Takes red requests alone for a while, or all again.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever may not step in there.
pub async fn pause_intake(house: &House, person: &Person, zone: ZoneId, said: Option<Note>) -> Result<()> {
    if !may(&Actor::Person(person.clone()), Action::StepIn { zone }) {
        return Err(Fault::NotAllowed);
    }
    let (now, by) = (house.now(), Trace::staff(person));
    let paused = said.is_some();
    let said = said.map(|said| said.as_str().to_owned()).unwrap_or_default();
    house
        .db
        .write(async move |conn| {
            pauses::set(conn, Pause { zone_id: zone, paused, said, changed_at: now }).await?;
            let kind = if paused { "intake_paused" } else { "intake_opened" };
            journal::write(conn, Event::new(now, zone, kind, by)).await
        })
        .await
        .map_err(Fault::Store)
}

pub(super) async fn tell_former(house: &House, errand: &Errand, former: PersonId) {
    house.tell_change(errand, Some(former)).await;
    presence::restate(house, errand.zone_id, former).await;
}
