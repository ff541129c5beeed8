//! LockdownDay-1: a drawn day of a sealed community with all that goes wrong, as docs/dispatch.md describes it.
//!
//! Six walled compounds around a street grid, each with one open gate; shops and pharmacies with hours and empty
//! shelves; runners who decline, fall silent, rest, or whose phones go dark. A seed and a load name the day.

mod town;

use uuid::Uuid;

use crate::domain::clock::At;
use crate::domain::deadline::Due;
use crate::domain::ground::{Ground, Pace, Spot};
use crate::domain::ids::PlaceId;
use crate::domain::matching::{OnDuty, OpenErrand, Skills, Source};
use crate::domain::num;
use crate::domain::span;
use crate::domain::trip::{Parcel, Service};
use crate::domain::urgency::Urgency;
use crate::flow::deciding::{Rule, ZoneRules};
use crate::simulate::chance::Chance;
use crate::simulate::scenario::town::{Compound, Counter, Kind, MIDDLE, PHARMACY, SHOP};
use crate::simulate::world::{Asking, Day, Nature, Person, Temper, clock, errand_id, runner_id};

/// Metres of street for each as the crow flies; walls and gates come on top.
const ROAD_FACTOR: f64 = 1.2;
const GATE_CHECK_S: f64 = 25.0;
const COMPOUNDS: usize = 6;
const REQUESTS: f64 = 2500.0;
/// A source may be changed when that makes the way from shop to door at most so much longer.
const LONGER_M: f64 = 200.0;

const AT_GATE: Service = Service { first_s: 60.0, further_s: 20.0 };
const AT_DOOR: Service = Service { first_s: 60.0, further_s: 15.0 };

/// How many runners come, from when to when.
const SHIFTS: [(usize, f64, f64); 4] = [(30, 7.5, 13.5), (12, 10.0, 16.0), (28, 15.0, 21.0), (5, 16.0, 22.0)];

/// The plan of the community.
struct Town {
    ground: Ground,
    pharmacies: Vec<Counter>,
    shops: Vec<Counter>,
    compounds: Vec<Compound>,
}

/// The sealed day of this seed, with `load` times 2,500 requests.
#[must_use]
pub fn sealed_day(seed: u64, load: f64, without: Option<Rule>) -> Day {
    let chance = Chance::new(seed);
    let town = Town::draw(chance.about(1));
    let rules = ZoneRules { overtime_s: Some(900.0), without, ..ZoneRules::default() };
    let count = num::floor(REQUESTS * load + 0.5);
    let mut errands: Vec<Asking> =
        (0..count).map(|n| town.request(chance.about(2).about(key(n)), rules.uses(Rule::Confirm))).collect();
    errands.sort_by_key(|asking| asking.at);
    for (index, asking) in errands.iter_mut().enumerate() {
        asking.open.parcel.errand = errand_id(index);
        asking.name = (index + 1).to_string();
    }
    let runners = SHIFTS.iter().flat_map(|&(count, on, off)| std::iter::repeat_n((on, off), count)).enumerate();
    Day {
        name: format!("sealed-day-{seed}-load-{load}"),
        ground: town.ground,
        rules,
        errands,
        runners: runners.map(|(n, shift)| town.runner(n, shift, chance.about(3).about(key(n)))).collect(),
        nature: Nature {
            answer_spread: 0.6,
            street: (0.92, 1.20),
            rest_s: 20.0,
            pause_s: 600.0,
            pause_rate: 0.05,
            ..Nature::plain(chance.about(4), 12.0)
        },
    }
}

fn key(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Town {
    fn draw(chance: Chance) -> Self {
        let counters = |kind: &Kind, chance: Chance, round_the_clock: usize| -> Vec<Counter> {
            (0..kind.count).map(|n| Counter::draw(kind, chance.about(key(n)), n < round_the_clock)).collect()
        };
        Self {
            ground: Ground::around(MIDDLE, ROAD_FACTOR).with_gates(GATE_CHECK_S),
            pharmacies: counters(&PHARMACY, chance.about(1), 1),
            shops: counters(&SHOP, chance.about(2), 0),
            compounds: (0..COMPOUNDS).map(|n| Compound::draw(n, chance.about(3).about(key(n)))).collect(),
        }
    }

    fn request(&self, chance: Chance, confirmed: bool) -> Asking {
        let placed_at = clock(asked_at_s(chance.about(1)));
        let kind = chance.about(2).unit();
        let (urgency, counters) = if kind < 0.025 {
            (Urgency::Red, &self.pharmacies)
        } else if kind < 0.25 {
            (Urgency::Yellow, &self.pharmacies)
        } else {
            (Urgency::Green, &self.shops)
        };
        let home = pick(&self.compounds, chance.about(3));
        let door = home.and_then(|home| pick(&home.doors, chance.about(4)).copied()).unwrap_or(Spot::street(MIDDLE));
        let waits_at_gate = urgency == Urgency::Green && chance.about(5).happens(0.4);
        let sources: Vec<Source> = match home.filter(|_| waits_at_gate) {
            Some(home) => vec![at_gate(home, placed_at)],
            None => self.sources(counters, door, (urgency, placed_at), chance.about(6)),
        };
        let misses =
            sources.iter().enumerate().filter(|(n, source)| !chance.about(7).about(key(*n)).happens(source.chance));
        let misses: Vec<Spot> = misses.map(|(_, source)| source.spot).collect();
        asking((placed_at, urgency, door), &sources, misses, confirmed)
    }

    /// The counter the resident names, then those that are hardly farther; for red, all of them.
    fn sources(
        &self,
        counters: &[Counter],
        door: Spot,
        (urgency, placed_at): (Urgency, At),
        chance: Chance,
    ) -> Vec<Source> {
        let open = counters
            .iter()
            .filter(|counter| counter.closes.is_none_or(|closes| span::after(placed_at, 1200.0) < closes));
        let mut open: Vec<&Counter> = open.collect();
        if open.is_empty() {
            open = counters.iter().collect();
        }
        let Some(named) = pick(&open, chance).copied() else { return vec![] };
        let limit = self.ground.metres(named.spot, door) + LONGER_M;
        let near = |counter: &&Counter| {
            counter.place != named.place && (urgency == Urgency::Red || self.ground.metres(counter.spot, door) <= limit)
        };
        let others = open.iter().copied().filter(near);
        std::iter::once(named).chain(others).map(|counter| counter.source(placed_at)).collect()
    }

    fn runner(&self, index: usize, (on_h, off_h): (f64, f64), chance: Chance) -> Person {
        let on_at = clock(on_h * 3600.0);
        let rides = chance.about(1).happens(0.2);
        let speed_mps = if rides { 4.0 } else { 1.3 * chance.about(2).between(0.9, 1.1) };
        let flaky = chance.about(3).happens(0.2);
        let rate = if flaky { 0.25 } else { 0.05 };
        let dark = chance.about(4).happens(0.04).then(|| chance.about(5).between(on_h, off_h) * 3600.0);
        let start = pick(&self.compounds, chance.about(6)).map_or(MIDDLE, |compound| compound.gate);
        let duty = OnDuty {
            id: runner_id(index),
            here: Spot::street(start),
            ready_at: on_at,
            route: vec![],
            bags: 0,
            capacity_bags: 6,
            pace: Pace { speed_mps, leg_s: if rides { 20.0 } else { 0.0 } },
            off_at: clock(off_h * 3600.0),
            rests_until: on_at,
            is_asked: false,
            hands_full: false,
            skills: Skills::NONE,
            inside: None,
            accepts: 0.8,
            share: 1.0,
        };
        let temper = Temper { decline_rate: rate, silent_rate: rate, dark_at: dark.map(clock) };
        Person { name: (index + 1).to_string(), on_at, duty, temper }
    }
}

/// Food that a supplier has left at the gate of the compound.
fn at_gate(home: &Compound, placed_at: At) -> Source {
    let place = PlaceId::from_uuid(Uuid::from_u128(0));
    Source { place, spot: Spot::street(home.gate), ready_at: placed_at, closes_at: None, shop: AT_GATE, chance: 1.0 }
}

/// With stock confirmed, the shops were asked first: only those that have the goods remain, and they keep them.
fn asking(
    (placed_at, urgency, door): (At, Urgency, Spot),
    sources: &[Source],
    misses: Vec<Spot>,
    confirmed: bool,
) -> Asking {
    let sure =
        sources.iter().filter(|source| !misses.contains(&source.spot)).map(|source| Source { chance: 1.0, ..*source });
    let mut offered: Vec<Source> = if confirmed { sure.collect() } else { sources.to_vec() };
    if offered.is_empty() {
        offered = sources.iter().take(1).copied().collect();
    }
    // Nobody has it at all: then it is found when the shelf is filled again, at the counter that was named.
    let misses = if misses.len() >= sources.len() { vec![] } else { misses };
    // The clock starts when the first source is open.
    let starts = offered.iter().map(|source| source.ready_at).min().unwrap_or(placed_at).max(placed_at);
    let first = offered.first().copied();
    let parcel = Parcel {
        errand: errand_id(0),
        due: Due { urgency, placed_at: starts, deadline: None },
        from: first.map_or(door, |source| source.spot),
        ready_at: first.map_or(starts, |source| source.ready_at),
        closes_at: first.and_then(|source| source.closes_at),
        shop: first.map_or(AT_GATE, |source| source.shop),
        to: door,
        floor: 0,
        door: AT_DOOR,
        trip_s: None,
        bags: 1,
    };
    let mut open = OpenErrand::plain(parcel);
    open.chance = first.map_or(1.0, |source| source.chance);
    open.others = offered.into_iter().skip(1).collect();
    Asking { name: String::new(), at: starts, open, misses }
}

/// 06:30 to 20:00, with peaks at 09:15 and 16:45.
fn asked_at_s(chance: Chance) -> f64 {
    let kind = chance.about(1).unit();
    let (from, until) = (6.5 * 3600.0, 20.0 * 3600.0);
    let peak = |hour: f64, spread_s: f64| (hour * 3600.0 + spread_s * chance.about(2).normal()).clamp(from, until);
    match kind {
        kind if kind < 0.45 => peak(9.25, 3800.0),
        kind if kind < 0.85 => peak(16.75, 4500.0),
        _ => chance.about(3).between(from, until),
    }
}

fn pick<T>(list: &[T], chance: Chance) -> Option<&T> {
    list.get(num::floor(chance.unit() * num::float(list.len())))
}
