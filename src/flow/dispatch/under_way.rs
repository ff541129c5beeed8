//! Where a runner is and what is still before him, reckoned from the last thing known: phones tell their position now
//! and then, and each pressed button tells a stop.

use std::cmp::Reverse;

use super::map::Map;
use crate::domain::actor::Skill;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ground::Spot;
use crate::domain::ids::SubjectId;
use crate::domain::matching::{OnDuty, Skills};
use crate::domain::span;
use crate::domain::trip::stop::{joined, timetable};
use crate::domain::trip::{Act, Parcel, Stop};
use crate::domain::words::parse_list;
use crate::store::rosters::OnShift;
use crate::store::routes::Leg;

/// A runner under way.
pub struct UnderWay {
    pub duty: OnDuty,
    /// The stop he should be standing at by now; it is no more in the route.
    pub at_stop: Option<Stop>,
    /// Since when he is where he is: at that stop, or under way now.
    pub since: At,
}

/// Stops that were taken on before places in the route were kept, or without one, come after all others.
const LAST: i32 = 1_000_000;

/// The runner with the stops before him and their times.
pub fn under_way(map: &Map, on: &OnShift, legs: &[Leg]) -> UnderWay {
    let skills: Vec<Skill> = parse_list(&on.skills).unwrap_or_default();
    let pace = map.terms.pace(map.speed_mps(), skills.contains(&Skill::EBike));
    let known_at = on.duty.placed_at.unwrap_or(on.duty.seen_at);
    let route = stops(map, legs);
    // Whose position is not known is reckoned to be where the next thing is done.
    let first = || route.first().map_or_else(|| Spot::street(map.middle()), |stop| stop.spot);
    let here = on.duty.at().map_or_else(first, |at| map.spot(at));
    let in_hand = legs.iter().filter(|leg| leg.errand.state == State::Collected);
    let mut duty = OnDuty {
        id: on.duty.person_id,
        here,
        ready_at: map.now,
        route,
        bags: in_hand.map(|leg| u32::try_from(leg.errand.bags).unwrap_or(1)).sum(),
        capacity_bags: map.capacity(skills.contains(&Skill::Cart)),
        pace,
        off_at: on.duty.until_at.unwrap_or(At(i64::MAX)),
        rests_until: on.duty.quiet_until.unwrap_or(At(0)),
        is_asked: on.is_asked,
        hands_full: i64::try_from(legs.len()).unwrap_or(i64::MAX) >= map.terms.max_errands,
        skills: if skills.contains(&Skill::Medicine) { Skills::MEDICINE } else { Skills::NONE },
        inside: map.sealed_home(on.home),
        accepts: map.accepts(SubjectId::from_uuid(on.duty.person_id.uuid())),
        share: 1.0,
    };
    let (at_stop, since) =
        reckon(map, &mut duty, known_at).map_or((None, map.now), |(stop, since)| (Some(stop), since));
    let (here, ready_at) = (duty.here, duty.ready_at);
    timetable(&mut duty.route, here, ready_at, &map.ground, duty.pace);
    UnderWay { duty, at_stop, since }
}

/// Moves the runner along the way to the next stop by the time that has passed. Once there he serves that stop; further
/// than that is not guessed.
fn reckon(map: &Map, duty: &mut OnDuty, known_at: At) -> Option<(Stop, At)> {
    let next = duty.route.first()?;
    let set_out = known_at.min(map.now);
    let leg_s = next.leg_s(duty.here, &map.ground, duty.pace);
    let gone_s = span::between(set_out, map.now);
    if gone_s < leg_s {
        duty.here = map.ground.along(duty.here, next.spot, gone_s / leg_s);
        return None;
    }
    let stop = duty.route.remove(0);
    duty.here = stop.spot;
    let arrived_at = span::after(set_out, leg_s);
    duty.ready_at = stop.done_at(arrived_at).max(map.now);
    duty.bags = match stop.act {
        Act::Collect => duty.bags + stop.bags(),
        Act::Deliver => duty.bags.saturating_sub(stop.bags()),
    };
    Some((stop, arrived_at))
}

/// The stops of all that is in hand, in the order of the route.
pub fn stops(map: &Map, legs: &[Leg]) -> Vec<Stop> {
    let mut halts: Vec<((i32, u8), (Act, Parcel))> = vec![];
    for leg in legs {
        let parcel = map.parcel(&leg.errand, leg.submitted_at);
        let late = LAST + 2 * leg.position;
        if leg.errand.state == State::Claimed {
            halts.push(((leg.collect_position.unwrap_or(late), 0), (Act::Collect, parcel)));
        }
        if matches!(leg.errand.state, State::Claimed | State::Collected) {
            halts.push(((leg.deliver_position.unwrap_or(late + 1), 1), (Act::Deliver, parcel)));
        }
    }
    halts.sort_by_key(|(place, _)| *place);
    let mut route = joined(halts.into_iter().map(|(_, halt)| halt));
    for stop in &mut route {
        // A block is gone through from the top down.
        stop.parcels.sort_by_key(|parcel| Reverse(parcel.floor));
    }
    route
}
