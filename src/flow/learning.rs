//! Learning from what happens: each stop tells how long its counter took, or how fast one walks here at this hour.

use super::Result;
use super::dispatch::Map;
use crate::domain::actor::Skill;
use crate::domain::clock::At;
use crate::domain::errand::Step;
use crate::domain::ground::Pace;
use crate::domain::learning::Lesson;
use crate::domain::span;
use crate::domain::words::parse_list;
use crate::store::errands::Errand;
use crate::store::rosters::OnShift;
use crate::store::{Conn, assignments, duties, habits, rosters};

/// A shorter leg tells nothing about walking: pressing the button takes as long.
const TELLING_M: f64 = 80.0;
/// What nobody can have meant: a forgotten button, a pressed one in the pocket.
const LONGEST_S: f64 = 3600.0;
const SPEEDS_MPS: std::ops::RangeInclusive<f64> = 0.3..=400.0;

/// The runner pressed "I have it", "at the gate" or "delivered" at `at`: he is at that stop now, and the time since the last one is a lesson.
pub(super) async fn from_stop(conn: &mut Conn, map: &Map, errand: &Errand, step: Step, at: At) -> Result<()> {
    let Some(runner) = errand.runner_id else { return Ok(()) };
    let parcel = map.parcel(errand, errand.waiting_since);
    let (from, door) = (parcel.from, parcel.to);
    let here = if step == Step::Collect { from } else { door };
    if let Some(on) = rosters::find(conn, runner).await? {
        let lesson = match (step, since(conn, errand, &on).await?) {
            (Step::Collect, Some(since)) => counter_lesson(map, errand, &on, (since, at)),
            (_, Some(since)) => speed_lesson(map, errand, &on, (since, at)),
            (_, None) => None,
        };
        if let Some(lesson) = lesson {
            habits::learn(conn, errand.zone_id, lesson, at).await?;
        }
    }
    duties::seen(conn, runner, Some((here.at, at)), map.now).await?;
    Ok(())
}

/// Since when he was on the way to this stop: from the last stop, or from taking the errand on when that was later.
async fn since(conn: &mut Conn, errand: &Errand, on: &OnShift) -> Result<Option<At>> {
    let taken_at = assignments::started_at(conn, errand.id).await?;
    Ok(on.duty.placed_at.zip(taken_at).map(|(placed, taken)| placed.max(taken)))
}

fn pace(map: &Map, on: &OnShift) -> Pace {
    let skills: Vec<Skill> = parse_list(&on.skills).unwrap_or_default();
    map.terms.pace(map.speed_mps(), skills.contains(&Skill::EBike))
}

/// What the counter took: the time since the last stop without the way there.
fn counter_lesson(map: &Map, errand: &Errand, on: &OnShift, (since, at): (At, At)) -> Option<Lesson> {
    let place = map.place(errand.place_id?)?;
    let from = map.spot(on.duty.at()?);
    let walked_s = map.ground.seconds(from, crate::domain::ground::Spot::street(place.at()), pace(map, on));
    // A second errand collected at the same counter belongs to the first one's time.
    let took_s = span::between(since, at) - walked_s;
    let is_first = map.ground.crow(from.at, place.at()) > 1.0;
    (is_first && (0.0..LONGEST_S).contains(&took_s)).then(|| Lesson::counter(place.id, took_s))
}

/// How fast the leg to the door was walked, the time at the door left out. Bicycles teach nothing about walking.
fn speed_lesson(map: &Map, errand: &Errand, on: &OnShift, (since, at): (At, At)) -> Option<Lesson> {
    let (from, to) = (map.spot(on.duty.at()?), map.end(errand));
    let metres = map.ground.metres(from, to);
    let walked_s = span::between(since, at) - map.terms.door.first_s - map.ground.checks_s(from, to);
    let mps = metres / walked_s;
    let on_foot = pace(map, on).leg_s <= 0.0;
    let telling = on_foot && metres >= TELLING_M && (1.0..LONGEST_S).contains(&walked_s) && SPEEDS_MPS.contains(&mps);
    telling.then(|| Lesson::speed(errand.zone_id, map.hour(), mps))
}
