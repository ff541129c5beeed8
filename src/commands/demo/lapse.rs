//! Time-lapse: service time is that of the wall, only the simulated people live faster, so that the same few runners keep
//! up with any pace.

use crate::config::Dispatch;
use crate::domain::num;

/// What a runner brings to doors in an hour of his own, and how much of it he is meant to be busy.
const DELIVERIES_AN_HOUR: f64 = 6.0;
const BUSY: f64 = 0.65;

/// How many times faster than people the runners live, for so many requests a minute. Never slower.
pub(super) fn lapse(pace: u32, runners: usize) -> f64 {
    let an_hour = f64::from(pace) * 60.0;
    (an_hour / (num::float(runners.max(1)) * DELIVERIES_AN_HOUR * BUSY)).max(1.0)
}

/// Dispatch expects of the runners what they do: the same ways and stops, in less time.
pub(super) fn hasten(dispatch: &mut Dispatch, lapse: f64) {
    dispatch.speed_mps *= lapse;
    for seconds in [
        &mut dispatch.counter_seconds,
        &mut dispatch.counter_more_seconds,
        &mut dispatch.door_seconds,
        &mut dispatch.door_more_seconds,
        &mut dispatch.gate_seconds,
    ] {
        *seconds /= lapse;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn runners_are_never_slower_than_people() {
        assert!((lapse(1, 75) - 1.0).abs() < f64::EPSILON);
        assert!(lapse(1, 0) > 1.0, "nobody to divide by is no panic");
    }

    #[test]
    fn the_runners_keep_up_with_any_pace_and_are_busy_two_thirds_of_the_time() {
        let brought = |pace| lapse(pace, 75) * 75.0 * DELIVERIES_AN_HOUR / 60.0;
        for pace in [60, 600, 6000] {
            assert!((f64::from(pace) / brought(pace) - BUSY).abs() < 1e-9);
        }
    }

    #[test]
    fn dispatch_reckons_with_hastened_runners() {
        let mut dispatch = Settings::load(None, std::iter::empty()).unwrap().dispatch;
        hasten(&mut dispatch, 10.0);
        assert!((dispatch.speed_mps - 13.0).abs() < 1e-9 && (dispatch.counter_seconds - 15.0).abs() < 1e-9);
        assert!((dispatch.door_more_seconds - 1.5).abs() < 1e-9 && (dispatch.road_factor - 1.4).abs() < 1e-9);
    }
}
