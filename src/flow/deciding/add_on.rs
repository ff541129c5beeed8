//! A waiting errand joins a runner who is on his way to its counter anyway.

use crate::domain::ground::Spot;
use crate::domain::matching::{OnDuty, OpenErrand, Pick, eligible};
use crate::domain::offer::Kind;
use crate::domain::span;
use crate::domain::trip::insert::{Carrier, Fit, best_fit};
use crate::domain::trip::{Act, Parcel, Stop, Worth};
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::scene::Scene;
use crate::flow::deciding::table::Table;

/// A runner must still be this far from the counter to have time to answer.
const TIME_TO_ANSWER_S: f64 = 30.0;

pub(super) fn ask(table: &mut Table<'_>) {
    let scene = table.scene;
    if !scene.rules.uses(Rule::AddOn) || !scene.rules.uses(Rule::Bundling) {
        return;
    }
    let calls = calls(table);
    if calls.is_empty() {
        return;
    }
    let waiting: Vec<(usize, &OpenErrand)> = table.unasked().filter(|(_, open)| !open.is_red()).collect();
    for (at, errand) in waiting {
        let pairs = errand.choices().flat_map(|(parcel, _)| {
            let there = calls.iter().filter(move |(spot, _)| *spot == parcel.from);
            there.map(move |&(_, place)| (place, parcel))
        });
        let able = pairs.filter(|(place, _)| table.runners.contains(place));
        let fits = able.filter_map(|(place, parcel)| {
            let runner = table.runner(place).filter(|runner| eligible::may_carry(runner, errand).is_ok())?;
            let fit = fit(runner, &parcel, scene)?;
            (scene.weight(errand) > scene.price.a_second() * fit.longer_s).then_some((fit.longer_s, place, parcel))
        });
        let Some((_, place, parcel)) = fits.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        let stops = vec![Stop::collect(parcel), Stop::deliver(parcel)];
        table.offer(place, &[at], (Kind::AddOn, Pick::OnTheWay), (stops, Worth::default()));
    }
}

/// The counters that runners with room in their bags are still walking to.
fn calls(table: &Table<'_>) -> Vec<(Spot, usize)> {
    let now = table.scene.now;
    let in_time = |stop: &Stop| stop.act == Act::Collect && span::between(now, stop.arrive_at) > TIME_TO_ANSWER_S;
    let able = table.runners.iter().filter_map(|&place| Some((place, table.runner(place)?)));
    let able = able.filter(|(_, runner)| !runner.route.is_empty() && eligible::may_be_asked(runner, now).is_ok());
    let mut calls = vec![];
    for (place, runner) in able {
        let mut bags = runner.bags;
        for stop in &runner.route {
            bags = match stop.act {
                Act::Collect => bags + stop.bags(),
                Act::Deliver => bags.saturating_sub(stop.bags()),
            };
            if in_time(stop) && bags < runner.capacity_bags {
                calls.push((stop.spot, place));
            }
        }
    }
    calls
}

/// The least detour that joins a counter on the way.
pub(super) fn fit(runner: &OnDuty, parcel: &Parcel, scene: &Scene) -> Option<Fit> {
    let cost = |fit: &Fit| {
        let joins = fit.joins_collect && fit.longer_s <= scene.rules.add_on_s;
        if joins { fit.longer_s } else { f64::INFINITY }
    };
    best_fit(&Carrier::of(runner), &runner.route, parcel, &scene.ground, cost)
}
