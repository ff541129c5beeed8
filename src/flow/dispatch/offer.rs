//! Making an offer: claimed in the line so that two rounds do not ask two runners, decided by the row.

use super::super::moving::{Act, take};
use super::super::{Fault, House, Result, shrug};
use crate::domain::actor::Trace;
use crate::domain::errand::Step;
use crate::domain::ids::ZoneId;
use crate::domain::letter::LetterKind;
use crate::domain::matching::nearest::{NobodyReason, Pick};
use crate::line::What;
use crate::store::errands::Errand;
use crate::store::journal::Event;
use crate::store::offers::Offered;
use crate::store::{Conn, duties, errands, journal, offers, outbox};

/// Offers `errand` to the picked runner; `false` when somebody was faster.
pub(super) async fn make(house: &House, errand: &Errand, pick: Pick) -> Result<bool> {
    let (zone, now) = (errand.zone_id, house.now());
    let until = now.plus_seconds(house.terms.offer_s);
    if matches!(house.line.claim(zone, errand.id, pick.runner, until).await, Ok(false)) {
        // The line says one of the two is taken. It may be wrong: the store is asked before the round moves on.
        let runner = pick.runner;
        let free = house
            .db
            .read(async move |conn| duties::list_candidates_of(conn, vec![runner]).await)
            .await
            .map_err(Fault::Store)?;
        if free.first().is_none_or(|candidate| candidate.busy) {
            return Ok(false);
        }
    }
    let seen = errand.clone();
    let made = house.db.write(async move |conn| write_offer(conn, &seen, pick, (now, until)).await).await;
    match made {
        Ok(offered) => {
            metrics::counter!("paotui_offers_total", "outcome" => "made").increment(1);
            shrug(house.line.leave(zone, pick.runner).await);
            shrug(house.line.dequeue(zone, errand.id).await);
            shrug(house.line.lease(zone, errand.id, until).await);
            house.tell_change(&offered, Some(pick.runner)).await;
            Ok(true)
        }
        Err(Fault::Overtaken(_) | Fault::OutOfTurn(_) | Fault::AlreadyClaimed) => {
            shrug(house.line.dequeue(zone, errand.id).await);
            super::super::presence::restate(house, zone, pick.runner).await;
            Ok(false)
        }
        Err(fault) => Err(fault),
    }
}

async fn write_offer(
    conn: &mut Conn,
    errand: &Errand,
    pick: Pick,
    (now, until): (crate::domain::clock::At, crate::domain::clock::At),
) -> Result<Errand> {
    // The runner's row is the lock: of two rounds that picked the same runner, the second waits here and then sees the first one's offer.
    duties::lock(conn, pick.runner).await?;
    let still_free = duties::list_candidates_of(conn, vec![pick.runner]).await?;
    if still_free.first().is_none_or(|candidate| candidate.busy) {
        return Err(Fault::AlreadyClaimed);
    }
    let act =
        Act::new(Step::Offer, Trace::SERVICE, now).into_hands_of(pick.runner, until).because(pick.reason.as_str());
    let offered = take(conn, errand, act).await?;
    let offer =
        offers::make(conn, errand.zone_id, Offered { errand: errand.id, fence: offered.fence }, pick, (now, until))
            .await?;
    outbox::enqueue(conn, LetterKind::Offer, offer.uuid(), format!("offer:{offer}"), now).await?;
    Ok(offered)
}

/// Keeps the reason why nobody could be asked, once for each new reason.
pub(super) async fn note_nobody(house: &House, errand: &Errand, reason: NobodyReason) -> Result<()> {
    if errand.nobody_reason.as_deref() == Some(reason.as_str()) {
        return Ok(());
    }
    let (now, seen) = (house.now(), errand.clone());
    let news = house
        .db
        .write(async move |conn| {
            let news = errands::note_nobody(conn, seen.id, reason.as_str()).await?;
            if news {
                let event =
                    Event::new(now, seen.zone_id, "nobody", Trace::SERVICE).about(seen.request_id, seen.id, seen.state);
                journal::write(conn, event.because(Some(reason.as_str()))).await?;
            }
            Ok::<_, Fault>(news)
        })
        .await?;
    if news {
        house.tell(errand.zone_id, What::Request(errand.request_id)).await;
    }
    Ok(())
}

/// The reason holds for everything that waits in the zone: noted where none is noted yet, by one statement.
pub(super) async fn note_nobody_for_all(house: &House, zone: ZoneId, reason: NobodyReason) -> Result<()> {
    let noted = house.db.write(async move |conn| errands::note_nobody_for_all(conn, zone, reason.as_str()).await);
    noted.await.map_err(Fault::Store)
}
