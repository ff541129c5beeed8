//! Making an offer: claimed in the line so that two rounds do not ask two runners, decided by the rows.

use super::super::moving::{Act, take};
use super::super::{Fault, House, Result, presence, shrug};
use super::gather::Gathered;
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId, PlaceId, ZoneId};
use crate::domain::letter::LetterKind;
use crate::domain::trip;
use crate::domain::trip::Price;
use crate::flow::deciding::Offer;
use crate::store::errands::Errand;
use crate::store::offers::{Draft, Offered};
use crate::store::rosters::OnShift;
use crate::store::{Conn, dials, duties, errands, offers, outbox, rosters};

/// One errand of an offer: how it stood, where it is to be fetched, and its two stops among those offered.
#[derive(Clone)]
struct Held {
    seen: Errand,
    place: Option<PlaceId>,
    collect: i32,
    deliver: i32,
}

/// Writes an offer that was decided; `false` when somebody was faster.
pub async fn make(house: &House, zone: ZoneId, gathered: &Gathered, offer: Offer) -> Result<bool> {
    let held = held(gathered, &offer);
    let (runner, until) = (offer.runner, offer.until);
    if !claimed_in_the_line(house, zone, &held, &offer).await? {
        return Ok(false);
    }
    let distance_m = distance(gathered, &offer);
    let draft = Draft {
        zone,
        runner,
        kind: offer.kind,
        reason: offer.reason,
        distance_m,
        made_at: gathered.map.now,
        lapses_at: until,
    };
    let price = (offer.worth.weight > 0.0).then(|| gathered.scene.price.after(offer.worth));
    let made = house.db.write(async move |conn| write(conn, draft, held, price).await).await;
    match made {
        Ok(offered) => {
            metrics::counter!("paotui_offers_total", "outcome" => "made").increment(1);
            shrug(house.line.leave(zone, runner).await);
            for errand in &offered {
                shrug(house.line.dequeue(zone, errand.id).await);
                shrug(house.line.lease(zone, errand.id, until).await);
                house.tell_change(errand, Some(runner)).await;
            }
            Ok(true)
        }
        Err(Fault::Overtaken(_) | Fault::OutOfTurn(_) | Fault::AlreadyClaimed(_)) => {
            for errand in offer.errands() {
                restate(house, zone, errand).await;
            }
            presence::restate(house, zone, runner).await;
            Ok(false)
        }
        Err(fault) => Err(fault),
    }
}

/// An errand that was not as the line said is told to the line as it is.
async fn restate(house: &House, zone: ZoneId, errand: ErrandId) {
    let found = house.db.read(async move |conn| errands::find(conn, errand).await).await;
    match found {
        Ok(Some(errand)) if errand.state == State::Waiting => house.line_up(&errand).await,
        Ok(_) => shrug(house.line.dequeue(zone, errand).await),
        Err(_) => {}
    }
}

fn held(gathered: &Gathered, offer: &Offer) -> Vec<Held> {
    let mut held: Vec<Held> = vec![];
    for (position, stop) in (0_i32..).zip(&offer.stops) {
        for parcel in &stop.parcels {
            match stop.act {
                trip::Act::Collect => {
                    let Some(row) = gathered.rows.get(&parcel.errand) else { continue };
                    let place = gathered.place_of(parcel);
                    held.push(Held { seen: row.errand.clone(), place, collect: position, deliver: position });
                }
                trip::Act::Deliver => {
                    let known = held.iter_mut().find(|held| held.seen.id == parcel.errand);
                    if let Some(held) = known {
                        held.deliver = position;
                    }
                }
            }
        }
    }
    held
}

fn distance(gathered: &Gathered, offer: &Offer) -> Option<f64> {
    let runner = gathered.scene.runners.iter().find(|duty| duty.id == offer.runner)?;
    let from = if runner.route.is_empty() { runner.here } else { runner.last().0 };
    offer.stops.first().map(|stop| gathered.map.ground.crow(from.at, stop.spot.at))
}

/// The first errand and the runner are taken in the line in one act. When the line says that one of them is gone it may
/// be wrong: then the store is asked before the round moves on.
async fn claimed_in_the_line(house: &House, zone: ZoneId, held: &[Held], offer: &Offer) -> Result<bool> {
    let Some(first) = held.first() else { return Ok(false) };
    // A further wave: the errand has left the line with the first.
    if first.seen.state != State::Waiting {
        return Ok(true);
    }
    if !matches!(house.line.claim(zone, first.seen.id, offer.runner, offer.until).await, Ok(false)) {
        return Ok(true);
    }
    let runner = offer.runner;
    let on = house.db.read(async move |conn| rosters::find(conn, runner).await).await.map_err(Fault::Store)?;
    Ok(on.as_ref().is_some_and(is_free_to_answer))
}

fn is_free_to_answer(on: &OnShift) -> bool {
    on.duty.is_on() && !on.is_asked
}

async fn write(conn: &mut Conn, draft: Draft, held: Vec<Held>, price: Option<Price>) -> Result<Vec<Errand>> {
    // The runner's row is the lock: of two rounds that picked the same runner, the second waits here and then sees the first one's offer.
    duties::lock(conn, draft.runner).await?;
    if !rosters::find(conn, draft.runner).await?.as_ref().is_some_and(is_free_to_answer) {
        return Err(Fault::AlreadyClaimed(None));
    }
    let (mut offered, mut moved) = (Vec::new(), Vec::new());
    for held in held {
        // What somebody else has taken meanwhile is left out; the rest of the trip is still worth asking for.
        let errand = match hold(conn, &draft, &held).await {
            Err(Fault::Overtaken(_) | Fault::OutOfTurn(_)) => continue,
            other => other?,
        };
        offered.push(Offered {
            errand_id: errand.id,
            fence: errand.fence,
            place_id: held.place,
            collect_position: Some(held.collect),
            deliver_position: Some(held.deliver),
        });
        moved.push(errand);
    }
    if moved.is_empty() {
        return Err(Fault::AlreadyClaimed(None));
    }
    let offer = offers::make(conn, draft, &offered).await?;
    outbox::enqueue(conn, LetterKind::Offer, offer.uuid(), format!("offer:{offer}"), draft.made_at).await?;
    if let Some(price) = price {
        dials::learn_price(conn, draft.zone, price).await?;
    }
    Ok(moved)
}

/// Holds one errand for the runner: from waiting, or, in a further wave of a red one, beside those already asked.
async fn hold(conn: &mut Conn, draft: &Draft, held: &Held) -> Result<Errand> {
    if held.seen.state == State::Waiting {
        let act = Act::new(Step::Offer, Trace::SERVICE, draft.made_at)
            .into_hands_of(draft.runner, draft.lapses_at)
            .because(draft.reason.as_str());
        return take(conn, &held.seen, Act { place: held.place, ..act }).await;
    }
    let until = held.seen.lease_until.map_or(draft.lapses_at, |until: At| until.max(draft.lapses_at));
    if !errands::prolong(conn, &held.seen, until).await? {
        return Err(Fault::Overtaken(held.seen.state));
    }
    Ok(Errand { lease_until: Some(until), ..held.seen.clone() })
}

/// Who else holds an offer of this errand.
pub(in super::super) fn others(open: &[offers::Offer], runner: PersonId) -> impl Iterator<Item = &offers::Offer> {
    open.iter().filter(move |offer| offer.runner_id != runner)
}
