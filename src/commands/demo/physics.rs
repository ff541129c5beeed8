//! How long things take a simulated runner. The simulator reckons the same of the trace of the day, so nothing here knows
//! more than a trace can say: ways are straight lines made longer by the street factor, and the check at the gate of a
//! compound counts as part of the stop at the door.

use crate::config::Dispatch;
use crate::domain::geo::Point;
use crate::domain::ground::{Ground, Pace, Spot};
use crate::domain::num;
use crate::domain::trip::{Act, Service};

/// An e-bike against somebody on foot, and the seconds it takes to lock it at each stop (docs/dispatch.md).
const BIKE: f64 = 4.0 / 1.3;
const LOCK_S: f64 = 20.0;
/// The answer to an offer: median of people, and the spread of its logarithm.
const ANSWER_S: f64 = 12.0;
const ANSWER_SPREAD: f64 = 0.6;

#[derive(Debug, Clone, Copy)]
pub(super) struct Physics {
    ground: Ground,
    speed_mps: f64,
    lapse: f64,
    counter: Service,
    door: Service,
    gate_s: f64,
}

impl Physics {
    /// From the settings that dispatch has, hastened by `lapse`: both reckon with the same numbers.
    pub fn of(dispatch: &Dispatch, lapse: f64, middle: Point) -> Self {
        Self {
            ground: Ground::around(middle, dispatch.road_factor),
            speed_mps: dispatch.speed_mps,
            lapse,
            counter: Service { first_s: dispatch.counter_seconds, further_s: dispatch.counter_more_seconds },
            door: Service { first_s: dispatch.door_seconds, further_s: dispatch.door_more_seconds },
            gate_s: dispatch.gate_seconds,
        }
    }

    pub const fn road_factor(&self) -> f64 {
        self.ground.road_factor
    }

    pub fn pace(&self, bike: bool) -> Pace {
        if bike {
            Pace { speed_mps: self.speed_mps * BIKE, leg_s: LOCK_S / self.lapse }
        } else {
            Pace::walking(self.speed_mps)
        }
    }

    pub fn leg_s(&self, from: Point, to: Point, pace: Pace) -> f64 {
        self.ground.seconds(Spot::street(from), Spot::street(to), pace)
    }

    /// Where one is after a `share` of the way.
    pub fn along(&self, from: Point, to: Point, share: f64) -> Point {
        self.ground.along(Spot::street(from), Spot::street(to), share.clamp(0.0, 1.0)).at
    }

    /// Service at a counter; where nothing is picked up (a visit), nobody queues.
    pub const fn counter(&self, is_counter: bool) -> Service {
        if is_counter { self.counter } else { Service { first_s: 0.0, further_s: 0.0 } }
    }

    pub const fn door(&self, behind_gate: bool) -> Service {
        let check_s = if behind_gate { self.gate_s } else { 0.0 };
        Service { first_s: self.door.first_s + check_s, ..self.door }
    }

    /// Seconds a stop takes for so many errands at once. `known` says whether it is a counter, or behind a gate.
    pub fn stop_s(&self, act: Act, known: bool, errands: usize) -> f64 {
        let service = match act {
            Act::Collect => self.counter(known),
            Act::Deliver => self.door(known),
        };
        service.further_s.mul_add(num::float(errands.saturating_sub(1)), service.first_s)
    }

    /// Seconds until an offer is answered, for a standard normal draw.
    pub fn answer_s(&self, normal: f64) -> f64 {
        ANSWER_S / self.lapse * (ANSWER_SPREAD * normal).exp()
    }

    /// What takes people so many seconds, in the seconds of the runners.
    pub fn hastened(&self, seconds: f64) -> f64 {
        seconds / self.lapse
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::demo::lapse::hasten;
    use crate::config::Settings;

    const SHOP: Point = Point::new(29.5282, 106.5267);
    const DOOR: Point = Point::new(29.5295, 106.5242);

    fn physics(lapse: f64) -> Physics {
        let mut dispatch = Settings::load(None, std::iter::empty()).unwrap().dispatch;
        hasten(&mut dispatch, lapse);
        Physics::of(&dispatch, lapse, SHOP)
    }

    fn close(left: f64, right: f64) -> bool {
        (left / right - 1.0).abs() < 1e-4
    }

    #[test]
    fn a_walk_takes_the_metres_of_the_street_at_the_speed_of_people() {
        let people = physics(1.0);
        let seconds = people.leg_s(SHOP, DOOR, people.pace(false));
        assert!(close(seconds, SHOP.metres_to(DOOR) * 1.4 / 1.3), "{seconds}");
        assert!(people.leg_s(SHOP, SHOP, people.pace(true)).abs() < 1e-9, "who is there need not lock anything");
    }

    #[test]
    fn a_bicycle_rides_faster_and_is_locked() {
        let people = physics(1.0);
        let seconds = people.leg_s(SHOP, DOOR, people.pace(true));
        assert!(close(seconds, SHOP.metres_to(DOOR) * 1.4 / 4.0 + 20.0), "{seconds}");
    }

    #[test]
    fn time_lapse_shortens_everything_alike() {
        let (people, hasty) = (physics(1.0), physics(50.0));
        for bike in [false, true] {
            let (slow, fast) = (people.leg_s(SHOP, DOOR, people.pace(bike)), hasty.leg_s(SHOP, DOOR, hasty.pace(bike)));
            assert!(close(slow, fast * 50.0));
        }
        for act in [Act::Collect, Act::Deliver] {
            assert!(close(people.stop_s(act, true, 3), hasty.stop_s(act, true, 3) * 50.0));
        }
        assert!(close(people.answer_s(0.5), hasty.answer_s(0.5) * 50.0));
    }

    #[test]
    fn what_is_collected_or_delivered_together_costs_little_more() {
        let people = physics(1.0);
        assert!(close(people.stop_s(Act::Collect, true, 3), 150.0 + 2.0 * 45.0));
        assert!(close(people.stop_s(Act::Deliver, true, 2), 60.0 + 25.0 + 15.0), "with the check at the gate");
        assert!(close(people.stop_s(Act::Deliver, false, 1), 60.0));
        assert!(people.stop_s(Act::Collect, false, 2).abs() < 1e-9, "a visit begins at no counter");
    }

    #[test]
    fn half_way_is_half_way() {
        let middle = physics(1.0).along(SHOP, DOOR, 0.5);
        assert!(close(SHOP.metres_to(middle), middle.metres_to(DOOR)));
    }
}
