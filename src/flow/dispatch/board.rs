//! The open board: trips built for one runner as dispatch would build them, the best for him first. Whoever takes one
//! makes the offer himself; the row decides the race.

use super::super::{Fault, House, Result};
use super::gather::{Gathered, gather};
use super::under_way::under_way;
use crate::domain::actor::Person;
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{BuildingId, ErrandId, PersonId, PlaceId};
use crate::domain::matching::{Nobody, OnDuty, OpenErrand, Skills, may_carry};
use crate::domain::span;
use crate::domain::trip::stop::timetable;
use crate::flow::deciding;
use crate::store::people;
use crate::store::rosters::{self, OnShift};

/// Errands looked at for a board.
const LOOKED_AT: usize = 256;

/// A trip one could take.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardTrip {
    /// In the order they are collected.
    pub errands: Vec<ErrandId>,
    /// Where they are fetched.
    pub place: Option<PlaceId>,
    /// Metres as the crow flies to the first stop, when it is known where the runner is.
    pub distance_m: Option<f64>,
    /// Metres of the whole way, from the first stop on.
    pub way_m: f64,
    /// Seconds from setting out to the last door.
    pub takes_s: f64,
    /// Nothing of it can be had now: the shop is shut, or it is too much for these hands.
    pub later: bool,
}

/// The board of this runner, who is `at` (else where he was last known to be).
///
/// # Errors
/// [`Fault::Store`].
pub async fn board(house: &House, person: &Person, at: Option<Point>) -> Result<Vec<BoardTrip>> {
    let Some(gathered) = gather(house, person.zone, LOOKED_AT).await? else { return Ok(Vec::new()) };
    let me = person.id;
    let read =
        house.db.read(async move |conn| Ok((rosters::find(conn, me).await?, people::find_building(conn, me).await?)));
    let (on, home) = read.await.map_err(Fault::Store)?;
    let at = at.or_else(|| on.as_ref().and_then(|on| on.duty.at()));
    let viewer = viewer(&gathered, on.as_ref(), (me, home), at);
    let here = viewer.here;
    let mut scene = gathered.scene.clone();
    for open in &mut scene.waiting {
        // Whoever said no may think again.
        open.refused_by.retain(|runner| *runner != me);
    }
    scene.runners.retain(|duty| duty.id != me);
    let looks = viewer.clone();
    scene.runners.push(viewer);
    let mut trips: Vec<BoardTrip> = deciding::board(&scene, me)
        .into_iter()
        .map(|offer| {
            let pace = gathered.map.terms.pace(gathered.map.speed_mps(), false);
            let (mut stops, mut way_m) = (offer.stops.clone(), 0.0);
            timetable(&mut stops, here, scene.now, &scene.ground, pace);
            for (from, to) in stops.iter().zip(stops.iter().skip(1)) {
                way_m += scene.ground.metres(from.spot, to.spot);
            }
            BoardTrip {
                place: stops.first().and_then(|stop| gathered.place_of(stop.parcels.first()?)),
                errands: offer.errands().collect(),
                distance_m: at.and_then(|at| stops.first().map(|stop| at.metres_to(stop.spot.at))),
                way_m,
                takes_s: stops.last().map_or(0.0, |stop| span::between(scene.now, stop.leave_at)),
                later: false,
            }
        })
        .collect();
    trips.extend(left_over(&gathered, &trips, (&looks, at)));
    Ok(trips)
}

/// What stands in no trip, one by one: a board that hides what waits would be no board. Only what is on the other side
/// of a seal is no business of this runner.
fn left_over(gathered: &Gathered, trips: &[BoardTrip], (viewer, at): (&OnDuty, Option<Point>)) -> Vec<BoardTrip> {
    let within_reach = |open: &&OpenErrand| may_carry(viewer, open) != Err(Nobody::WrongSideOfTheSeal);
    let shown = |errand: ErrandId| trips.iter().any(|trip| trip.errands.contains(&errand));
    let left = gathered.scene.waiting.iter().filter(|open| open.asked.is_empty() && !shown(open.parcel.errand));
    let mut left: Vec<_> = left.filter(within_reach).collect();
    left.sort_by_key(|open| (open.parcel.due.by(), open.parcel.errand));
    let row = |open: &&OpenErrand| {
        let (from, to) = (open.parcel.from, open.parcel.to);
        BoardTrip {
            errands: vec![open.parcel.errand],
            place: gathered.rows.get(&open.parcel.errand).and_then(|row| row.errand.place_id),
            distance_m: at.map(|at| at.metres_to(from.at)),
            way_m: gathered.scene.ground.metres(from, to),
            takes_s: 0.0,
            later: true,
        }
    };
    left.iter().map(row).collect()
}

/// The viewer as if his hands were free: whoever looks at the board wants to know what there is.
fn viewer(gathered: &Gathered, on: Option<&OnShift>, me: (PersonId, Option<BuildingId>), at: Option<Point>) -> OnDuty {
    let (person, home) = me;
    let map = &gathered.map;
    let here =
        map.spot(at.unwrap_or_else(|| {
            gathered.scene.waiting.first().map_or(Point::new(0.0, 0.0), |open| open.parcel.from.at)
        }));
    let bare = || OnDuty {
        id: person,
        here,
        ready_at: map.now,
        route: vec![],
        bags: 0,
        capacity_bags: map.capacity_of(on),
        pace: map.terms.pace(map.speed_mps(), false),
        off_at: At(i64::MAX),
        rests_until: At(0),
        is_asked: false,
        hands_full: false,
        skills: Skills::NONE,
        inside: map.sealed_home(home),
        accepts: 1.0,
        share: 1.0,
    };
    let known = on.map(|on| under_way(map, on, &[]).duty);
    OnDuty {
        here,
        ready_at: map.now,
        rests_until: At(0),
        is_asked: false,
        hands_full: false,
        off_at: At(i64::MAX),
        share: 1.0,
        ..known.unwrap_or_else(bare)
    }
}
