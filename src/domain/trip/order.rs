//! The best order of a handful of doors, exactly (Held and Karp's dynamic programme over sets of doors).

use crate::domain::ground::Pace;
use crate::domain::trip::shelf::Shelf;

/// More doors than this keep the order in which they were inserted.
pub const MOST_DOORS: usize = 10;

/// A door with what its errands weigh, fresh or old the same: what a second of waiting costs there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Call {
    pub door: usize,
    pub base: f64,
}

#[derive(Clone, Copy)]
struct Best {
    cost: f64,
    before: usize,
}

/// Puts `calls` into the order that makes the sum of all waits, plus `second` for each second of the runner, least.
/// `tail` is how much the way on from the last door counts.
pub fn order_doors(calls: &mut Vec<Call>, shelf: &Shelf, pace: Pace, second: f64, tail: f64) {
    let n = calls.len();
    if !(2..=MOST_DOORS).contains(&n) {
        return;
    }
    let sets = 1_usize << n;
    let total: f64 = calls.iter().map(|call| call.base).sum();
    let left_after: Vec<f64> = (0..sets).map(|set| total - carried(calls, set)).collect();
    let mut table = vec![Best { cost: f64::INFINITY, before: n }; sets * n];
    for set in 1..sets {
        for (last, call) in calls.iter().enumerate().filter(|(last, _)| set >> last & 1 == 1) {
            let rest = set & !(1 << last);
            let waits = left_after.get(rest).copied().unwrap_or_default() + second;
            let mut best = Best { cost: f64::INFINITY, before: n };
            if rest == 0 {
                best = Best { cost: shelf.out_s(call.door, pace) * waits, before: n };
            }
            for (before, from) in calls.iter().enumerate().filter(|(before, _)| rest >> before & 1 == 1) {
                let reached = table.get(rest * n + before).map_or(f64::INFINITY, |best| best.cost);
                let cost = shelf.across_s(from.door, call.door, pace).mul_add(waits, reached);
                if cost < best.cost {
                    best = Best { cost, before };
                }
            }
            if let Some(entry) = table.get_mut(set * n + last) {
                *entry = best;
            }
        }
    }
    let ending = |last: usize, call: &Call| {
        let reached = table.get((sets - 1) * n + last).map_or(f64::INFINITY, |best| best.cost);
        (shelf.onward_s(call.door, pace) * tail).mul_add(second, reached)
    };
    let ends = calls.iter().enumerate().map(|(last, call)| (ending(last, call), last));
    let Some((_, last)) = ends.min_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    *calls = walk_back(calls, &table, last);
}

fn carried(calls: &[Call], set: usize) -> f64 {
    calls.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1).map(|(_, call)| call.base).sum()
}

fn walk_back(calls: &[Call], table: &[Best], mut last: usize) -> Vec<Call> {
    let n = calls.len();
    let mut set = (1 << n) - 1;
    let mut ordered = vec![];
    while let Some(call) = calls.get(last) {
        ordered.push(*call);
        let before = table.get(set * n + last).map_or(n, |best| best.before);
        set &= !(1 << last);
        last = before;
    }
    ordered.reverse();
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::At;
    use crate::domain::deadline::Due;
    use crate::domain::geo::Point;
    use crate::domain::ground::{Ground, Spot};
    use crate::domain::ids::ErrandId;
    use crate::domain::trip::parcel::{Parcel, Service};
    use crate::domain::urgency::Urgency;

    const PACE: Pace = Pace::walking(1.3);
    const SECOND: f64 = 2.0;

    fn shelf() -> Shelf {
        let spot = |lat: f64, lon: f64| Spot::street(Point::new(29.5 + lat * 1e-3, 106.5 + lon * 1e-3));
        let mut shelf = Shelf::new(spot(0.0, 0.0));
        for (index, (lat, lon)) in
            [(5.0, 1.0), (-3.0, 2.0), (4.0, -4.0), (1.0, 6.0), (-2.0, -5.0)].into_iter().enumerate()
        {
            let parcel = Parcel {
                errand: ErrandId::mint(),
                due: Due { urgency: Urgency::Green, placed_at: At(0), deadline: None },
                from: shelf.spot,
                ready_at: At(0),
                closes_at: None,
                shop: Service { first_s: 60.0, further_s: 20.0 },
                to: spot(lat, lon),
                floor: 0,
                door: Service { first_s: 60.0, further_s: 15.0 },
                trip_s: None,
                bags: 1,
            };
            shelf.add(index, parcel, 1.0);
        }
        shelf.survey(&[shelf.spot], &Ground::around(shelf.spot.at, 1.4));
        shelf
    }

    fn cost(order: &[Call], shelf: &Shelf) -> f64 {
        let (mut here, mut sum) = (None, 0.0);
        let mut left: f64 = order.iter().map(|call| call.base).sum();
        for call in order {
            let leg = here.map_or_else(|| shelf.out_s(call.door, PACE), |from| shelf.across_s(from, call.door, PACE));
            sum += leg * (left + SECOND);
            left -= call.base;
            here = Some(call.door);
        }
        sum + here.map_or(0.0, |last| shelf.onward_s(last, PACE) * 0.7 * SECOND)
    }

    fn orders(calls: &[Call]) -> Vec<Vec<Call>> {
        if calls.is_empty() {
            return vec![vec![]];
        }
        let with_first = |first: usize| {
            let rest: Vec<Call> =
                calls.iter().enumerate().filter(|(at, _)| *at != first).map(|(_, call)| *call).collect();
            orders(&rest).into_iter().map(move |tail| [&[calls[first]], &tail[..]].concat())
        };
        (0..calls.len()).flat_map(with_first).collect()
    }

    #[test]
    fn no_other_order_of_the_doors_is_better() {
        let shelf = shelf();
        let mut calls: Vec<Call> =
            [1.0, 2.0, 20.0, 1.0, 3.0].into_iter().enumerate().map(|(door, base)| Call { door, base }).collect();
        let least = orders(&calls).iter().map(|order| cost(order, &shelf)).fold(f64::INFINITY, f64::min);
        order_doors(&mut calls, &shelf, PACE, SECOND, 0.7);
        assert!((cost(&calls, &shelf) - least).abs() < 1e-6);
    }
}
