//! Being on duty, and where.

use super::moving::Act;
use super::{Fault, House, Result, offering, presence, shrug};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::Step;
use crate::domain::geo::Point;
use crate::domain::ids::ErrandId;
use crate::domain::offer::OfferState;
use crate::line::What;
use crate::store::duties::Duty;
use crate::store::journal::Event;
use crate::store::{duties, errands, journal, offers, people};

/// What a runner's phone tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    pub on: bool,
    pub at: Option<Point>,
    /// Metres.
    pub accuracy_m: Option<f64>,
    /// Until when the runner means to stay; no errand is begun after it.
    pub until: Option<At>,
}

/// Goes on or off duty, or refreshes the position. Going off hands open offers back; what is in hand stays in hand.
///
/// # Errors
/// [`Fault::Store`].
#[tracing::instrument(skip_all, fields(on = told.on))]
pub async fn set(house: &House, person: &Person, told: Told) -> Result<()> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let me = person.clone();
    let (freed, renewed) = house
        .db
        .write(async move |conn| {
            let known = duties::find(conn, me.id).await?;
            let home = people::find_home(conn, me.id).await?;
            let was_on = known.as_ref().is_some_and(Duty::is_on);
            duties::put(conn, next_duty(&me, told, known, home, now)).await?;
            if was_on != told.on {
                let kind = if told.on { "on_duty" } else { "off_duty" };
                journal::write(conn, Event::new(now, me.zone, kind, Trace::runner(me.id))).await?;
            }
            let mut freed = Vec::new();
            if !told.on {
                for offer in offers::list_open_of(conn, me.id).await? {
                    let act = Act::new(Step::Withdraw, Trace::runner(me.id), now).because("off_duty");
                    freed.extend(
                        offering::end_offer(conn, offer, OfferState::Withdrawn, act).await?.unwrap_or_default(),
                    );
                }
            }
            Ok::<_, Fault>((freed, errands::renew_leases(conn, me.id, until).await?))
        })
        .await?;
    offering::after_freed(house, &freed).await;
    for errand in renewed {
        shrug(house.line.lease(person.zone, errand, until).await);
    }
    presence::restate(house, person.zone, person.id).await;
    house.tell(person.zone, What::Work).await;
    Ok(())
}

/// How often a runner's mere looking is written down.
const SEEN_EVERY_S: i64 = 60;

/// The runner's phone asked for something: a sign of life, which keeps what is in hand from going back.
///
/// # Errors
/// [`Fault::Store`].
pub async fn sign_of_life(house: &House, person: &Person) -> Result<()> {
    let (me, now, until) = (person.id, house.now(), house.now().plus_seconds(house.terms.claim_s));
    let known = house.db.read(async move |conn| duties::find(conn, me).await).await.map_err(Fault::Store)?;
    if known.is_none_or(|duty| now.seconds_since(duty.seen_at) < SEEN_EVERY_S) {
        return Ok(());
    }
    let renewed = house.db.write(async move |conn| {
        duties::seen(conn, me, None, now).await?;
        errands::renew_leases(conn, me, until).await
    });
    for errand in renewed.await.map_err(Fault::Store)? {
        shrug(house.line.lease(person.zone, errand, until).await);
    }
    Ok(())
}

/// What this runner claimed and gave no sign of life about for half the time a claim holds.
///
/// # Errors
/// [`Fault::Store`].
pub async fn list_idle(house: &House, person: &Person) -> Result<Vec<ErrandId>> {
    let (me, until) = (person.id, house.now().plus_seconds(house.terms.idle_s()));
    let idle = house.db.read(async move |conn| errands::list_idle_of(conn, me, until).await).await;
    idle.map_err(Fault::Store)
}

fn next_duty(me: &Person, told: Told, known: Option<Duty>, home: Option<Point>, now: At) -> Duty {
    let was_on = known.as_ref().filter(|duty| duty.is_on()).and_then(|duty| duty.on_at);
    // No position told (the phone refuses, the page has no script): the last stop, else home.
    let at = told.at.or_else(|| known.as_ref().and_then(Duty::at)).or(home);
    Duty {
        person_id: me.id,
        zone_id: me.zone,
        on_at: if told.on { was_on.or(Some(now)) } else { known.as_ref().and_then(|duty| duty.on_at) },
        off_at: (!told.on).then_some(now),
        lat: at.map(|at| at.lat),
        lon: at.map(|at| at.lon),
        accuracy_m: told.accuracy_m,
        seen_at: now,
        quiet_until: known.as_ref().filter(|_| was_on.is_some()).and_then(|duty| duty.quiet_until),
        placed_at: if told.at.is_some() {
            Some(now)
        } else {
            known.as_ref().and_then(|duty| duty.placed_at).or(Some(now))
        },
        until_at: told.until.or_else(|| known.as_ref().filter(|_| was_on.is_some()).and_then(|duty| duty.until_at)),
        // Who comes or goes by himself is not brought back by a seal that ends.
        sealed_off_at: None,
        taken: known.filter(|_| was_on.is_some()).and_then(|duty| duty.taken),
    }
}
