//! A trip takes along what waits at other counters (mostly at gates) it passes anyway.

use crate::domain::matching::eligible;
use crate::domain::trip::insert::{Carrier, Fit, best_fit, inserted};
use crate::domain::trip::stop::timetable;
use crate::domain::trip::{Act, Parcel, Stop, Worth};
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::starters::Starter;
use crate::flow::deciding::table::Table;

/// How close to one of the stops the other counter must be.
const NEAR_M: f64 = 150.0;
/// How much more than the price of a second it must bring. Close to the price, it breaks up the denser trip that this
/// counter would fill by itself.
const MARGIN: f64 = 4.0;
/// A second of delay of those already on the trip, weighted, in seconds of the runner.
const DELAY: f64 = 0.1;

/// The stops with all that is worth taking along; what is taken is added to `taken`.
pub(super) fn merge(
    table: &Table<'_>,
    starter: &Starter<'_>,
    mut stops: Vec<Stop>,
    worth: Worth,
    taken: &mut Vec<usize>,
) -> Vec<Stop> {
    let carrier = Carrier { from: starter.from, at: starter.at, bags: 0, ..Carrier::of(starter.duty) };
    timetable(&mut stops, carrier.from, carrier.at, &table.scene.ground, carrier.pace);
    if !table.scene.rules.uses(Rule::Merge) || !table.scene.rules.uses(Rule::Bundling) {
        return stops;
    }
    let least = MARGIN * table.scene.price.a_second().min(worth.a_second());
    let near = near(table, starter, &stops, taken);
    while let Some((index, parcel, fit)) = best(table, &near, (&carrier, &stops), least, taken) {
        stops = inserted(&carrier, &stops, parcel, &fit, &table.scene.ground);
        taken.push(index);
    }
    stops
}

/// An errand near the trip: its place in the scene, the parcel, its weight.
type Near = (usize, Parcel, f64);

fn near(table: &Table<'_>, starter: &Starter<'_>, stops: &[Stop], taken: &[usize]) -> Vec<Near> {
    let ground = &table.scene.ground;
    let is_near = |parcel: &Parcel| stops.iter().any(|stop| ground.crow(stop.spot.at, parcel.from.at) <= NEAR_M);
    let free = table
        .unasked()
        .filter(|(index, errand)| !taken.contains(index) && eligible::may_carry(starter.duty, errand).is_ok());
    let parcels = free.map(|(index, errand)| (index, errand.parcel, table.scene.weight(errand) * errand.chance));
    parcels.filter(|(_, parcel, _)| is_near(parcel)).collect()
}

fn best(
    table: &Table<'_>,
    near: &[Near],
    (carrier, stops): (&Carrier, &[Stop]),
    least: f64,
    taken: &[usize],
) -> Option<(usize, Parcel, Fit)> {
    let bags: u32 = stops.iter().filter(|stop| stop.act == Act::Collect).map(Stop::bags).sum();
    let cost = |parcel: &Parcel, fit: &Fit| {
        let shut = parcel.closes_at.is_some_and(|closes| fit.at_shop > closes);
        if shut { f64::INFINITY } else { DELAY.mul_add(fit.delay, fit.longer_s).max(1.0) }
    };
    // A trip grows no longer than its bags: an endless one would keep the runner from everything that comes up.
    let open =
        near.iter().filter(|(index, parcel, _)| !taken.contains(index) && bags + parcel.bags <= carrier.capacity_bags);
    let fits = open.filter_map(|(index, parcel, weight)| {
        let fit = best_fit(carrier, stops, parcel, &table.scene.ground, |fit| cost(parcel, fit))?;
        let gain = weight / cost(parcel, &fit);
        (gain > least).then_some((gain, *index, *parcel, fit))
    });
    let best = fits.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some((best.1, best.2, best.3))
}
