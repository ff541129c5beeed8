//! The cost of one decision, in one zone and in a city of zones.

#![allow(clippy::indexing_slicing, reason = "a bench may fail loudly")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use paotui::domain::clock::At;
use paotui::domain::deadline::Due;
use paotui::domain::geo::Point;
use paotui::domain::ground::{Ground, Pace, Spot};
use paotui::domain::ids::{ErrandId, PersonId, PlaceId};
use paotui::domain::matching::{OnDuty, OpenErrand, Skills, Source};
use paotui::domain::trip::{Act, Parcel, Price, Service, Stop};
use paotui::domain::urgency::Urgency;
use paotui::flow::deciding::{Scene, ZoneRules, decide};
use paotui::simulate::chance::Chance;
use uuid::Uuid;

const NOW: At = At::from_seconds(40_000);

fn spot(chance: Chance) -> Spot {
    let side = |axis| chance.about(axis).between(0.0, 0.0135);
    Spot::street(Point::new(29.526 + side(1), 106.523 + side(2)))
}

fn parcel(zone: u64, number: u64) -> Parcel {
    let chance = Chance::new(zone).about(1).about(number);
    let urgency = match number % 40 {
        0 => Urgency::Red,
        1..=9 => Urgency::Yellow,
        _ => Urgency::Green,
    };
    Parcel {
        errand: ErrandId::from_uuid(Uuid::from_u64_pair(zone, number)),
        due: Due { urgency, placed_at: NOW.plus_seconds(-1500), deadline: None },
        from: counter(zone, number % 18),
        ready_at: NOW,
        closes_at: None,
        shop: Service { first_s: 150.0, further_s: 45.0 },
        to: spot(Chance::new(zone).about(3).about(u64::from(chance.unit() < 0.5) * 60 + number % 60)),
        floor: 0,
        door: Service { first_s: 60.0, further_s: 15.0 },
        trip_s: None,
        bags: 1,
    }
}

/// One runner in ten is free, the others are under way with four bags.
fn runner(zone: u64, number: u64) -> OnDuty {
    let here = spot(Chance::new(zone).about(4).about(number));
    let carried: Vec<Parcel> = (0..4).map(|bag| parcel(zone, 1_000_000 + number * 4 + bag)).collect();
    let busy = !number.is_multiple_of(10);
    let stop = |parcel: Parcel| {
        let at = NOW.plus_seconds(600);
        Stop { arrive_at: at, leave_at: at.plus_seconds(60), ..Stop::of(Act::Deliver, parcel.to, vec![parcel]) }
    };
    OnDuty {
        id: PersonId::from_uuid(Uuid::from_u64_pair(zone, number)),
        here,
        ready_at: NOW,
        route: if busy { carried.into_iter().map(stop).collect() } else { vec![] },
        bags: if busy { 4 } else { 0 },
        capacity_bags: 6,
        pace: Pace::walking(if number.is_multiple_of(5) { 4.0 } else { 1.3 }),
        off_at: NOW.plus_seconds(14_400),
        rests_until: NOW,
        is_asked: false,
        hands_full: false,
        skills: Skills::NONE,
        inside: None,
        accepts: 0.8,
        share: 1.0,
    }
}

/// Eighteen counters: four have medicine, the others food.
fn counter(zone: u64, number: u64) -> Spot {
    spot(Chance::new(zone).about(2).about(number))
}

/// An errand with all counters that should have it, as the service finds them: at most four, none more than 200 m farther
/// from the door than the nearest.
fn open(zone: u64, number: u64) -> OpenErrand {
    let parcel = parcel(zone, number);
    let ground = Ground::around(parcel.to.at, 1.4);
    let counters = if number.is_multiple_of(4) { 0..4 } else { 4..18 };
    let mut serving: Vec<(f64, u64)> = counters.map(|n| (ground.metres(counter(zone, n), parcel.to), n)).collect();
    serving.sort_by(|a, b| a.0.total_cmp(&b.0));
    let nearest = serving[0].0;
    let near = serving.into_iter().take(4).filter(|(metres, _)| *metres <= nearest + 200.0);
    let mut sources = near.map(|(_, n)| Source {
        place: PlaceId::from_uuid(Uuid::from_u64_pair(zone, n)),
        spot: counter(zone, n),
        ready_at: parcel.ready_at,
        closes_at: None,
        shop: parcel.shop,
        chance: 0.9,
    });
    let best = sources.next().map_or(parcel, |source| parcel.fetched_from(&source));
    OpenErrand { others: sources.collect(), ..OpenErrand::plain(best) }
}

fn zone(number: u64, waiting: u64, runners: u64) -> Scene {
    Scene {
        now: NOW,
        ground: Ground::around(Point::new(29.533, 106.53), 1.4),
        rules: ZoneRules::default(),
        price: Price::default(),
        waiting: (0..waiting).map(|n| open(number, n)).collect(),
        runners: (0..runners).map(|n| runner(number, n)).collect(),
        stale: false,
    }
}

/// Zones of normal size: the city grows, the decision does not.
fn city(c: &mut Criterion) {
    let mut group = c.benchmark_group("decide");
    group.sample_size(30);
    for (zones, waiting, runners) in [(1, 100, 75), (133, 10_000, 10_000), (10_000, 1_000_000, 100_000)] {
        let per_zone = if zones == 10_000 { 10 } else { 75 };
        // Memory for a hundred zones is enough to leave the caches; the rest of the city is never touched.
        let scenes: Vec<Scene> = (0..zones.min(100)).map(|n| zone(n, 100, per_zone)).collect();
        let mut next = 0;
        group.bench_function(format!("{waiting} waiting, {runners} runners"), |b| {
            b.iter_batched(
                || {
                    next = (next + 7) % scenes.len();
                    next
                },
                |at| black_box(decide(&scenes[at])),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// The worst instant: a shift begins and everybody is free.
fn shift_start(c: &mut Criterion) {
    let mut scene = zone(1, 100, 75);
    for runner in &mut scene.runners {
        runner.route.clear();
        runner.bags = 0;
    }
    c.bench_function("decide: 100 waiting, 75 runners, all free", |b| b.iter(|| black_box(decide(&scene))));
}

criterion_group!(benches, city, shift_start);
criterion_main!(benches);
