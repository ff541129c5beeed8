//! The stops of a trip, and when they happen.

use crate::domain::clock::At;
use crate::domain::ground::{Ground, Pace, Spot};
use crate::domain::span;
use crate::domain::trip::parcel::{Parcel, Service};

/// What is done at a stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    Collect,
    Deliver,
}

/// One halt of a runner: all that is collected, or all that is delivered, at one spot.
#[derive(Clone, PartialEq, Debug)]
pub struct Stop {
    pub act: Act,
    pub spot: Spot,
    pub parcels: Vec<Parcel>,
    pub arrive_at: At,
    pub leave_at: At,
}

impl Stop {
    #[must_use]
    pub fn collect(parcel: Parcel) -> Self {
        Self::of(Act::Collect, parcel.from, vec![parcel])
    }

    #[must_use]
    pub fn deliver(parcel: Parcel) -> Self {
        Self::of(Act::Deliver, parcel.to, vec![parcel])
    }

    /// A stop that has no times yet.
    #[must_use]
    pub const fn of(act: Act, spot: Spot, parcels: Vec<Parcel>) -> Self {
        Self { act, spot, parcels, arrive_at: At(0), leave_at: At(0) }
    }

    #[must_use]
    pub fn bags(&self) -> u32 {
        self.parcels.iter().map(|parcel| parcel.bags).sum()
    }

    /// When a runner who arrives at `arrive` can go on: the slowest service plus a little for each further errand, and
    /// never before the last of the goods is ready.
    #[must_use]
    pub fn done_at(&self, arrive: At) -> At {
        self.done_with(arrive, None)
    }

    /// The same with one more errand at this stop.
    #[must_use]
    pub fn done_with(&self, arrive: At, more: Option<&Parcel>) -> At {
        let parcels = || self.parcels.iter().chain(more);
        match self.act {
            Act::Collect => {
                let served = span::after(arrive, joint_s(parcels().map(|parcel| parcel.shop)));
                parcels().map(|parcel| parcel.ready_at).fold(served, At::max)
            }
            Act::Deliver => span::after(arrive, joint_s(parcels().map(|parcel| parcel.door))),
        }
    }

    /// Seconds from `from` to this stop. A fixed time counts on the way from the very shop the goods came from.
    #[must_use]
    pub fn leg_s(&self, from: Spot, ground: &Ground, pace: Pace) -> f64 {
        if self.act == Act::Collect {
            return ground.seconds(from, self.spot, pace);
        }
        let fixed = self.parcels.iter().filter(|parcel| parcel.from == from).filter_map(|parcel| parcel.trip_s);
        fixed.reduce(f64::max).unwrap_or_else(|| ground.seconds(from, self.spot, pace))
    }
}

/// Halts in order as stops: what is done at one spot in a row is one stop. No times yet.
#[must_use]
pub fn joined(halts: impl IntoIterator<Item = (Act, Parcel)>) -> Vec<Stop> {
    let mut stops: Vec<Stop> = vec![];
    for (act, parcel) in halts {
        let spot = if act == Act::Collect { parcel.from } else { parcel.to };
        match stops.last_mut() {
            Some(last) if last.act == act && last.spot == spot => last.parcels.push(parcel),
            _ => stops.push(Stop::of(act, spot, vec![parcel])),
        }
    }
    stops
}

/// Service of several errands at one stop: the longest first, then the little more of each other.
pub fn joint_s(services: impl Iterator<Item = Service>) -> f64 {
    let (mut longest, mut further, mut spared) = (0.0_f64, 0.0, 0.0);
    for service in services {
        if service.first_s >= longest {
            longest = service.first_s;
            spared = service.further_s;
        }
        further += service.further_s;
    }
    longest + further - spared
}

/// Writes the times of arrival and leaving into `stops`, for a runner who can leave `from` at `at`.
pub fn timetable(stops: &mut [Stop], from: Spot, at: At, ground: &Ground, pace: Pace) {
    let (mut here, mut now) = (from, at);
    for stop in stops {
        stop.arrive_at = span::after(now, stop.leg_s(here, ground, pace));
        stop.leave_at = stop.done_at(stop.arrive_at);
        (here, now) = (stop.spot, stop.leave_at);
    }
}
