//! Becoming a runner: somebody offers to help, a supervisor looks, approves or declines.

use super::inviting::{self, Invitation};
use super::{CallKey, Fault, House, Result};
use crate::domain::actor::{Actor, Person, Role, Trace};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, VolunteerId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::volunteer::{Standing, Volunteering, WhyNot, next_username};
use crate::store::idempotency::{self, Earlier};
use crate::store::journal::{self, Event};
use crate::store::people::{self, NewRunner};
use crate::store::volunteers::{self, Volunteer};
use crate::store::{self, Conn};

/// What whoever offers to help gets back: nothing that tells whether he is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub id: VolunteerId,
    /// The same key came before: this is the first answer again.
    pub replayed: bool,
}

/// How often a key that was taken at the same moment is tried again.
const TRIES: u32 = 4;
/// The same for a username: of several approved at one moment only one is sure to get the next number each time.
const NAME_TRIES: u32 = 20;

/// Keeps an offer to help; the same key again is the same offer.
///
/// # Errors
/// [`Fault::KeyReused`] for a known key with another body, [`Fault::Overrun`], [`Fault::Store`].
#[tracing::instrument(skip_all)]
pub async fn offer(house: &House, offer: Volunteering, key: Option<CallKey>) -> Result<Receipt> {
    let now = house.now();
    for _ in 0..TRIES {
        let (offer, key) = (offer.clone(), key.clone());
        match house.db.write(async move |conn| keep(conn, &offer, key, now).await).await {
            Err(Fault::Store(store::Error::Refused(about))) => tracing::debug!(about, "an offer clashed; once more"),
            other => return other,
        }
    }
    Err(Fault::Overrun)
}

async fn keep(conn: &mut Conn, offer: &Volunteering, key: Option<CallKey>, now: At) -> Result<Receipt> {
    if let Some(key) = &key {
        match idempotency::find(conn, key, now).await? {
            Earlier::Same { about, .. } => return Ok(Receipt { id: VolunteerId::from_uuid(about), replayed: true }),
            Earlier::Other => return Err(Fault::KeyReused),
            Earlier::None => {}
        }
    }
    let id = VolunteerId::mint();
    volunteers::add(conn, id, offer, now).await?;
    if let Some(key) = &key {
        idempotency::keep(conn, key, id.uuid(), String::new(), now).await?;
    }
    journal::write(conn, Event::new(now, offer.zone, "volunteered", Trace::RESIDENT)).await?;
    Ok(Receipt { id, replayed: false })
}

/// Writes down that this person opens the offers that wait in a zone, and answers which those are. Read only afterwards.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever does not oversee the zone.
pub async fn look(
    house: &House,
    person: &Person,
    zone: ZoneId,
    range: (Option<VolunteerId>, i64),
) -> Result<Vec<VolunteerId>> {
    if !may(&Actor::Person(person.clone()), Action::StepIn { zone }) {
        return Err(Fault::NotAllowed);
    }
    let (me, now) = (person.id, house.now());
    house
        .db
        .write(async move |conn| {
            let waiting = volunteers::list_waiting(conn, zone, range).await?;
            volunteers::write_looks(conn, me, &waiting, ("approve", now)).await?;
            Ok::<_, store::Error>(waiting)
        })
        .await
        .map_err(Fault::Store)
}

/// Makes an account of an offer, and the link by which its runner signs in for the first time.
///
/// # Errors
/// [`Fault::NotFound`] for an offer of another zone, [`Fault::AlreadyDecided`], [`Fault::Overrun`], [`Fault::Store`].
#[tracing::instrument(skip_all, fields(volunteer_id = %id))]
pub async fn approve(house: &House, person: &Person, id: VolunteerId) -> Result<Invitation> {
    for _ in 0..NAME_TRIES {
        let (me, here) = (person.clone(), house.clone());
        let made = house.db.write(async move |conn| {
            let (offer, now) = (decidable(conn, &me, id).await?, here.now());
            // The offer first: whoever approves the same one waits here, and takes no number.
            if !volunteers::approve(conn, id, (me.id, now)).await? {
                return Err(Fault::AlreadyDecided);
            }
            let runner = new_runner(conn, &offer, now).await?;
            let account = runner.id;
            people::add_runner(conn, runner).await?;
            volunteers::became(conn, id, account).await?;
            journal::write(conn, Event::new(now, offer.zone_id, "volunteer_approved", Trace::staff(&me))).await?;
            inviting::invite(conn, &here, (&me, account)).await
        });
        match made.await {
            // Two approved at the same moment were given the same number.
            Err(Fault::Store(store::Error::Refused(about))) => tracing::debug!(about, "an account clashed; once more"),
            other => return other,
        }
    }
    Err(Fault::Overrun)
}

async fn new_runner(conn: &mut Conn, offer: &Volunteer, now: At) -> Result<NewRunner> {
    let taken = people::list_usernames_like(conn, "r").await?;
    Ok(NewRunner {
        id: PersonId::mint(),
        username: next_username(taken.iter().map(String::as_str)),
        name: offer.name.clone().ok_or(Fault::NotFound)?,
        roles: Role::Runner.to_string(),
        zone_id: offer.zone_id,
        phone: offer.phone.clone(),
        email: offer.email.clone(),
        building_id: offer.building_id,
        skills: offer.skills.clone(),
        created_at: now,
    })
}

/// The offer, if this person decides about it and nobody did before.
async fn decidable(conn: &mut Conn, me: &Person, id: VolunteerId) -> Result<Volunteer> {
    let offer = volunteers::find(conn, id).await?.ok_or(Fault::NotFound)?;
    if !may(&Actor::Person(me.clone()), Action::StepIn { zone: offer.zone_id }) {
        return Err(Fault::NotFound);
    }
    if offer.state == Standing::Waiting { Ok(offer) } else { Err(Fault::AlreadyDecided) }
}

/// Says no to an offer. The word stays, name and telephone go after a while.
///
/// # Errors
/// [`Fault::NotFound`] for an offer of another zone, [`Fault::AlreadyDecided`].
#[tracing::instrument(skip_all, fields(volunteer_id = %id, why = %why))]
pub async fn decline(house: &House, person: &Person, id: VolunteerId, why: WhyNot) -> Result<()> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let offer = decidable(conn, &me, id).await?;
            if !volunteers::decline(conn, id, why, (me.id, now)).await? {
                return Err(Fault::AlreadyDecided);
            }
            let event = Event::new(now, offer.zone_id, "volunteer_declined", Trace::staff(&me));
            journal::write(conn, event.because(Some(why.as_str()))).await?;
            Ok(())
        })
        .await
}
