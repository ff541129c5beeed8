//! The route of a runner in the store: what a yes does to it, and how it is written down.

use std::collections::BTreeMap;

use super::super::{House, Result};
use super::map::Map;
use super::under_way::{UnderWay, under_way};
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, PersonId, ZoneId};
use crate::domain::trip::insert::{Carrier, Fit, best_fit, inserted};
use crate::domain::trip::{Act, Parcel, Stop};
use crate::flow::deciding::{Offer, join};
use crate::store::duties::Duty;
use crate::store::rosters::OnShift;
use crate::store::routes::Placing;
use crate::store::{Conn, duties, rosters, routes};

/// How he stands before a change of what is in hand; read in the transaction that makes the change.
async fn stand(conn: &mut Conn, map: &Map, runner: PersonId) -> Result<Option<UnderWay>> {
    let Some(on) = rosters::find(conn, runner).await? else { return Ok(None) };
    let legs = routes::list(conn, vec![runner]).await?;
    Ok(Some(under_way(map, &on, &legs)))
}

/// The route with an accepted offer in it. `false` when the moment for it has passed: then nothing is written.
///
/// Call it before the errands of the offer become his, and [`write`](self) it after.
pub async fn join_route(conn: &mut Conn, map: &Map, offer: &Offer) -> Result<Option<Vec<Placing>>> {
    let Some(UnderWay { duty, at_stop, since }) = stand(conn, map, offer.runner).await? else { return Ok(None) };
    let Some(route) = join(&duty, offer, &map.ground, map.now) else { return Ok(None) };
    // From here on his way is another one: it begins where he is now.
    duties::seen(conn, duty.id, Some((duty.here.at, since)), map.now).await?;
    Ok(Some(placings(at_stop.iter().chain(&route))))
}

/// The route with parcels in it that are taken along without having been offered: from the board, or given by a
/// supervisor. Each goes where it makes the way least longer.
pub async fn take_along(conn: &mut Conn, map: &Map, runner: PersonId, parcels: &[Parcel]) -> Result<Vec<Placing>> {
    let Some(under_way) = stand(conn, map, runner).await? else { return Ok(Vec::new()) };
    put_in(conn, map, under_way, parcels).await
}

/// The route with an errand of it fetched elsewhere: its two stops go where they make the way least longer.
pub async fn re_route(conn: &mut Conn, map: &Map, runner: PersonId, parcel: &Parcel) -> Result<Vec<Placing>> {
    let Some(on) = rosters::find(conn, runner).await? else { return Ok(Vec::new()) };
    let legs = routes::list(conn, vec![runner]).await?;
    // Where he is follows from the way he was on; from there he goes on with the others.
    let here = under_way(map, &on, &legs).duty.here.at;
    let duty = Duty { lat: Some(here.lat), lon: Some(here.lon), placed_at: Some(map.now), ..on.duty };
    let others: Vec<_> = legs.into_iter().filter(|leg| leg.errand.id != parcel.errand).collect();
    let left = under_way(map, &OnShift { duty, ..on }, &others);
    put_in(conn, map, left, std::slice::from_ref(parcel)).await
}

async fn put_in(conn: &mut Conn, map: &Map, under_way: UnderWay, parcels: &[Parcel]) -> Result<Vec<Placing>> {
    let UnderWay { duty, at_stop, since } = under_way;
    let runner = duty.id;
    let has_position = duties::find(conn, runner).await?.is_some_and(|known| known.at().is_some());
    let carrier = Carrier::of(&duty);
    let cost = |fit: &Fit| fit.longer_s + DELAY * fit.delay + RED_DELAY * fit.red_delay_s;
    let mut route = duty.route.clone();
    for parcel in parcels {
        route = match best_fit(&carrier, &route, parcel, &map.ground, cost) {
            Some(fit) => inserted(&carrier, &route, *parcel, &fit, &map.ground),
            // More than fits on his back at once: after everything else.
            None => route.into_iter().chain([Stop::collect(*parcel), Stop::deliver(*parcel)]).collect(),
        };
    }
    if has_position {
        duties::seen(conn, duty.id, Some((duty.here.at, since)), map.now).await?;
    }
    Ok(placings(at_stop.iter().chain(&route)))
}

/// A second of delay of those already in hand, weighted, in seconds of the way; of red ones among them.
const DELAY: f64 = 0.05;
const RED_DELAY: f64 = 5.0;

fn placings<'a>(route: impl Iterator<Item = &'a Stop>) -> Vec<Placing> {
    let mut placings: BTreeMap<ErrandId, Placing> = BTreeMap::new();
    for (place, stop) in (0_i32..).zip(route) {
        for parcel in &stop.parcels {
            let bare = Placing { errand: parcel.errand, collect_position: None, deliver_position: None };
            let placing = placings.entry(parcel.errand).or_insert(bare);
            match stop.act {
                Act::Collect => placing.collect_position = Some(place),
                Act::Deliver => placing.deliver_position = Some(place),
            }
        }
    }
    placings.into_values().collect()
}

/// One halt of a runner's way, as he is shown it. Ids and a position only.
#[derive(Debug, Clone, PartialEq)]
pub struct Halt {
    pub act: Act,
    pub at: Point,
    pub errands: Vec<ErrandId>,
    pub arrive_at: At,
    pub leave_at: At,
}

/// What is before a runner, in order, with expected times; the stop he should be at by now first.
///
/// # Errors
/// [`super::super::Fault::Store`].
pub async fn itinerary(house: &House, zone: ZoneId, runner: PersonId) -> Result<Vec<Halt>> {
    let map = Map::read(house, zone).await?;
    let under_way = house.db.read(async move |conn| stand(conn, &map, runner).await).await?;
    let Some(UnderWay { duty, at_stop, since }) = under_way else { return Ok(Vec::new()) };
    let current = at_stop.map(|stop| Stop { arrive_at: since, leave_at: duty.ready_at, ..stop });
    let halt = |stop: Stop| Halt {
        act: stop.act,
        at: stop.spot.at,
        errands: stop.parcels.iter().map(|parcel| parcel.errand).collect(),
        arrive_at: stop.arrive_at,
        leave_at: stop.leave_at,
    };
    Ok(current.into_iter().chain(duty.route).map(halt).collect())
}
