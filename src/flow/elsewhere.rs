//! The counter has none, or is shut: the runner who has the errand goes to another shop with it.

use super::moving::{Act, take};
use super::{Fault, House, Result, dispatch, presence, shrug};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::errand::{Refused, Step};
use crate::domain::ids::ErrandId;
use crate::domain::permission::{Action, may};
use crate::store::errands::Errand;
use crate::store::{Conn, assignments, duties, errands, places, requests, routes};

/// Sends a claimed errand to be fetched at the place of this code; the way is written anew. Told again, it is so already.
///
/// # Errors
/// [`Fault::NotFound`] for an errand the runner never had, [`Fault::Overtaken`] for one that went to somebody else,
/// [`Fault::OutOfTurn`] once it was fetched, [`Fault::UnknownPlace`] for a place that does not serve it,
/// [`Fault::NothingThere`] for one that is shut or has just been found empty, [`Fault::PlaceNamed`] when the household
/// named a place and has not said that it may be another.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn go(house: &House, person: &Person, errand: ErrandId, place: String) -> Result<Errand> {
    let until = house.now().plus_seconds(house.terms.claim_s);
    let (map, me) = (dispatch::Map::read(house, person.zone).await?, person.clone());
    let (moved, is_new) = house
        .db
        .write(async move |conn| {
            // Runner first, then the errand: as carrying and sealing do.
            duties::lock(conn, me.id).await?;
            let found = own(conn, &me, errand).await?;
            let to = places::find(conn, &place).await?.filter(|to| to.zone_id == found.zone_id);
            let to = to.ok_or(Fault::UnknownPlace)?;
            if found.place_id == Some(to.id) {
                return Ok((found, false));
            }
            let shop = dispatch::shop_for(conn, &map, &found, to.id).await?.ok_or(Fault::UnknownPlace)?;
            dispatch::must_be_free_to_go(conn, &found, to.id).await?;
            if !shop.standing.is_worth_a_walk() {
                return Err(Fault::NothingThere);
            }
            let (submitted_at, _) = requests::load_origin(conn, found.request_id).await?;
            let parcel = map.parcel(&Errand { place_id: Some(to.id), ..found.clone() }, submitted_at);
            let placings = dispatch::re_route(conn, &map, me.id, &parcel).await?;
            let act = Act::new(Step::Elsewhere, Trace::runner(me.id), map.now).into_hands_of(me.id, until);
            let moved = take(conn, &found, Act { place: Some(to.id), ..act.because(&to.code) }).await?;
            routes::write(conn, placings).await?;
            Ok::<_, Fault>((moved, true))
        })
        .await?;
    if is_new {
        shrug(house.line.lease(moved.zone_id, moved.id, until).await);
        presence::restate(house, person.zone, person.id).await;
        house.tell_change(&moved, Some(person.id)).await;
    }
    Ok(moved)
}

async fn own(conn: &mut Conn, me: &Person, errand: ErrandId) -> Result<Errand> {
    let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
    if !may(&Actor::Person(me.clone()), Action::CarryErrand { carried_by: found.runner_id }) {
        let had = assignments::ever_carried(conn, errand, me.id).await?;
        return Err(if had { Fault::Overtaken(found.state) } else { Fault::NotFound });
    }
    if !dispatch::is_to_be_fetched(&found) {
        return Err(Refused::OutOfTurn { state: found.state, step: Step::Elsewhere }.into());
    }
    Ok(found)
}
