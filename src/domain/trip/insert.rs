//! Where one more errand fits best into the stops a runner still has before him, without reordering those.

use std::cmp::Reverse;

use crate::domain::clock::At;
use crate::domain::deadline::base_weight;
use crate::domain::ground::{Ground, Pace, Spot};
use crate::domain::matching::OnDuty;
use crate::domain::span;
use crate::domain::trip::parcel::Parcel;
use crate::domain::trip::stop::{Act, Stop, timetable};
use crate::domain::urgency::Urgency;

/// The runner as an insertion sees him: where he can set out from, when, and with how much on his back.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Carrier {
    pub from: Spot,
    pub at: At,
    pub pace: Pace,
    pub bags: u32,
    pub capacity_bags: u32,
}

impl Carrier {
    /// A runner from where he is, with the stops still before him.
    #[must_use]
    pub const fn of(runner: &OnDuty) -> Self {
        Self {
            from: runner.here,
            at: runner.ready_at,
            pace: runner.pace,
            bags: runner.bags,
            capacity_bags: runner.capacity_bags,
        }
    }
}

/// One way to take an errand along.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fit {
    /// Before (or, when `joins_collect`, at) this stop it is collected; the same for the door.
    pub collect: usize,
    pub joins_collect: bool,
    pub deliver: usize,
    pub joins_deliver: bool,
    pub at_shop: At,
    pub at_door: At,
    /// By how much the whole route becomes longer.
    pub longer_s: f64,
    /// Seconds by which the others come later, each times its base weight.
    pub delay: f64,
    /// Seconds by which red ones among them come later.
    pub red_delay_s: f64,
}

/// A slot in the new sequence: an old stop, with or without the new errand, or the new errand alone.
#[derive(Clone, Copy)]
enum Slot<'a> {
    Old(&'a Stop),
    Joined(&'a Stop, &'a Parcel),
    New(Act, &'a Parcel),
}

impl Slot<'_> {
    fn spot(&self) -> Spot {
        match self {
            Self::Old(stop) | Self::Joined(stop, _) => stop.spot,
            Self::New(Act::Collect, parcel) => parcel.from,
            Self::New(Act::Deliver, parcel) => parcel.to,
        }
    }

    fn leg_s(&self, from: Spot, ground: &Ground, pace: Pace) -> f64 {
        match self {
            Self::Old(stop) | Self::Joined(stop, _) => stop.leg_s(from, ground, pace),
            Self::New(Act::Collect, parcel) => ground.seconds(from, parcel.from, pace),
            Self::New(Act::Deliver, parcel) if from == parcel.from && parcel.trip_s.is_some() => {
                parcel.trip_s.unwrap_or_default()
            }
            Self::New(Act::Deliver, parcel) => ground.seconds(from, parcel.to, pace),
        }
    }

    fn done_at(&self, arrive: At) -> At {
        match self {
            Self::Old(stop) => stop.done_at(arrive),
            Self::Joined(stop, parcel) => stop.done_with(arrive, Some(parcel)),
            Self::New(Act::Collect, parcel) => span::after(arrive, parcel.shop.first_s).max(parcel.ready_at),
            Self::New(Act::Deliver, parcel) => span::after(arrive, parcel.door.first_s),
        }
    }
}

/// The fit with the least `cost`, if the bags allow any.
#[must_use]
pub fn best_fit(
    carrier: &Carrier,
    stops: &[Stop],
    parcel: &Parcel,
    ground: &Ground,
    cost: impl Fn(&Fit) -> f64,
) -> Option<Fit> {
    let loads = loads(carrier, stops);
    let mut best: Option<(f64, Fit)> = None;
    for collect in places(stops, Act::Collect, parcel.from, 0) {
        if loads.get(collect.0).is_some_and(|load| load + parcel.bags > carrier.capacity_bags) {
            continue;
        }
        for deliver in places(stops, Act::Deliver, parcel.to, collect.0 + usize::from(collect.1)) {
            let on_the_way = loads.iter().skip(collect.0).take(deliver.0 + 1 - collect.0);
            if on_the_way.max().is_some_and(|load| load + parcel.bags > carrier.capacity_bags) {
                break;
            }
            let fit = try_fit(carrier, stops, parcel, ground, (collect, deliver));
            let its_cost = cost(&fit);
            if its_cost.is_finite() && best.as_ref().is_none_or(|(least, _)| its_cost < *least) {
                best = Some((its_cost, fit));
            }
        }
    }
    best.map(|(_, fit)| fit)
}

/// The stops with the errand put in, and their times.
#[must_use]
pub fn inserted(carrier: &Carrier, stops: &[Stop], parcel: Parcel, fit: &Fit, ground: &Ground) -> Vec<Stop> {
    let mut route = stops.to_vec();
    put(&mut route, Stop::deliver(parcel), fit.deliver, fit.joins_deliver);
    put(&mut route, Stop::collect(parcel), fit.collect, fit.joins_collect);
    timetable(&mut route, carrier.from, carrier.at, ground, carrier.pace);
    route
}

fn put(route: &mut Vec<Stop>, stop: Stop, at: usize, joins: bool) {
    match route.get_mut(at) {
        Some(old) if joins => {
            old.parcels.extend(stop.parcels);
            old.parcels.sort_by_key(|parcel| Reverse(parcel.floor));
        }
        _ => route.insert(at.min(route.len()), stop),
    }
}

/// Bags on the runner's back before each stop, and after the last.
fn loads(carrier: &Carrier, stops: &[Stop]) -> Vec<u32> {
    let mut load = carrier.bags;
    let mut loads = vec![load];
    for stop in stops {
        load = match stop.act {
            Act::Collect => load + stop.bags(),
            Act::Deliver => load.saturating_sub(stop.bags()),
        };
        loads.push(load);
    }
    loads
}

/// Where something could be done: before each stop from `first` on, at the end, or together with a like stop.
fn places(stops: &[Stop], act: Act, spot: Spot, first: usize) -> impl Iterator<Item = (usize, bool)> {
    let joins = move |stop: &Stop| stop.act == act && stop.spot == spot;
    let at = |index| stops.get(index);
    (first..=stops.len()).flat_map(move |index| {
        let join = at(index).is_some_and(joins).then_some((index, true));
        // Next to a like stop there is no point in a second one.
        let apart = (join.is_none() && !(index > 0 && at(index - 1).is_some_and(joins))).then_some((index, false));
        join.into_iter().chain(apart)
    })
}

fn try_fit(
    carrier: &Carrier,
    stops: &[Stop],
    parcel: &Parcel,
    ground: &Ground,
    (collect, deliver): ((usize, bool), (usize, bool)),
) -> Fit {
    let mut fit = Fit {
        collect: collect.0,
        joins_collect: collect.1,
        deliver: deliver.0,
        joins_deliver: deliver.1,
        at_shop: carrier.at,
        at_door: carrier.at,
        longer_s: 0.0,
        delay: 0.0,
        red_delay_s: 0.0,
    };
    let (mut here, mut now) = (carrier.from, carrier.at);
    let mut step = |slot: Slot<'_>| {
        let arrive = span::after(now, slot.leg_s(here, ground, carrier.pace));
        (here, now) = (slot.spot(), slot.done_at(arrive));
        (arrive, now)
    };
    for index in 0..=stops.len() {
        let old = stops.get(index);
        if (index, false) == collect {
            fit.at_shop = step(Slot::New(Act::Collect, parcel)).0;
        }
        if (index, false) == deliver {
            fit.at_door = step(Slot::New(Act::Deliver, parcel)).1;
        }
        let Some(old) = old else { break };
        let joined = (index, true) == collect || (index, true) == deliver;
        let (arrive, leave) = step(if joined { Slot::Joined(old, parcel) } else { Slot::Old(old) });
        if (index, true) == collect {
            fit.at_shop = arrive;
        }
        if (index, true) == deliver {
            fit.at_door = leave;
        }
        let (delay, red_delay_s) = delay_of(old, leave);
        fit.delay += delay;
        fit.red_delay_s += red_delay_s;
    }
    let planned = stops.last().map_or(carrier.at, |stop| stop.leave_at);
    fit.longer_s = span::between(planned, now);
    fit
}

fn delay_of(stop: &Stop, leave: At) -> (f64, f64) {
    let late_s = span::between(stop.leave_at, leave);
    let delays = stop.parcels.iter().filter(|_| stop.act == Act::Deliver).map(|parcel| parcel.due.urgency);
    delays.fold((0.0, 0.0), |(all, red), urgency| {
        (base_weight(urgency).mul_add(late_s, all), if urgency == Urgency::Red { red + late_s } else { red })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::deadline::Due;
    use crate::domain::geo::Point;
    use crate::domain::ids::ErrandId;
    use crate::domain::trip::parcel::Service;

    fn parcel(from: f64, to: f64, floor: i16) -> Parcel {
        let spot = |lat| Spot::street(Point::new(lat, 106.5));
        let service = Service { first_s: 60.0, further_s: 15.0 };
        Parcel {
            errand: ErrandId::mint(),
            due: Due { urgency: Urgency::Green, placed_at: At(0), deadline: None },
            from: spot(from),
            ready_at: At(0),
            closes_at: None,
            shop: service,
            to: spot(to),
            floor,
            door: service,
            trip_s: None,
            bags: 1,
        }
    }

    fn carrier(capacity_bags: u32) -> Carrier {
        let from = Spot::street(Point::new(29.50, 106.5));
        Carrier { from, at: At(0), pace: Pace::walking(1.0), bags: 0, capacity_bags }
    }

    fn route(carrier: &Carrier, parcels: &[Parcel]) -> Vec<Stop> {
        let ground = Ground::around(carrier.from.at, 1.0);
        parcels.iter().fold(vec![], |stops, parcel| {
            let fit = best_fit(carrier, &stops, parcel, &ground, |fit| fit.longer_s).expect("an empty route has room");
            inserted(carrier, &stops, *parcel, &fit, &ground)
        })
    }

    #[test]
    fn one_block_is_one_stop_from_the_top_down() {
        let stops = route(&carrier(6), &[parcel(29.51, 29.52, 2), parcel(29.51, 29.52, 6)]);
        assert_eq!(stops.len(), 2);
        let floors: Vec<i16> = stops[1].parcels.iter().map(|parcel| parcel.floor).collect();
        assert_eq!(floors, [6, 2]);
    }

    #[test]
    fn a_full_back_is_unloaded_first() {
        let stops = route(&carrier(1), &[parcel(29.51, 29.52, 0), parcel(29.505, 29.53, 0)]);
        let acts: Vec<Act> = stops.iter().map(|stop| stop.act).collect();
        assert_eq!(acts, [Act::Collect, Act::Deliver, Act::Collect, Act::Deliver]);
    }
}
