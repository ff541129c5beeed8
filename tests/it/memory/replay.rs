//! A day of looking for medicines, lived twice: by runners who walk to the nearest open shop, and by runners who go where
//! the product's own ranking sends them, tell what they find, and hear what the others found. Everything is drawn from a
//! seed, so both live the same day, and everybody the same day again.
//!
//! `cargo test --test it memory::replay -- --ignored --nocapture` prints the table of docs/reports/pharmacy-memory.md.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use paotui::domain::clock::At;
use paotui::domain::ids::PlaceId;
use paotui::domain::num;
use paotui::domain::stock::ranking::{Prospect, rank};
use paotui::domain::stock::{Found, ItemKey, Seen, Sighting, chance, is_out, usual};
use paotui::simulate::chance::Chance;

/// Metres of the side of the town, as a sealed district has it.
const SIDE_M: f64 = 2_000.0;
const ROAD: f64 = 1.3;
const WALK_MPS: f64 = 1.3;
const COUNTER_S: f64 = 150.0;
const DOOR_S: f64 = 60.0;
/// 08:00 to 20:00, in seconds.
const DAY_S: f64 = 12.0 * 3600.0;
/// What dispatch reads of the past.
const REMEMBERED_S: i64 = 12 * 3600;
/// The day begins here: a sighting cannot be older than time.
const BEGAN: i64 = 1_000_000;

type Spot = (f64, f64);

/// A kind of day.
#[derive(Clone, Copy)]
struct Town {
    seed: u64,
    shops: usize,
    drugs: usize,
    errands: u64,
    runners: usize,
    /// That a shop has a drug.
    stocked: f64,
    /// That a runner tells what was found.
    tells: f64,
    /// After so many hours a shelf is drawn anew: sold out, or filled.
    lasts_h: f64,
}

const USUAL_DAY: Town =
    Town { seed: 1, shops: 8, drugs: 20, errands: 300, runners: 15, stocked: 0.6, tells: 1.0, lasts_h: 24.0 };

#[derive(Clone, Copy, PartialEq, Debug)]
enum Goes {
    ToTheNearest,
    WhereItIsRemembered,
}

#[derive(Default, Clone, Copy, Debug)]
struct Tally {
    misses: u32,
    found: u32,
    nowhere: u32,
    metres: f64,
}

impl Tally {
    fn misses_a_find(self) -> f64 {
        f64::from(self.misses) / f64::from(self.found.max(1))
    }

    fn metres_a_find(self) -> f64 {
        self.metres / f64::from(self.found.max(1))
    }

    fn plus(self, other: Self) -> Self {
        Self {
            misses: self.misses + other.misses,
            found: self.found + other.found,
            nowhere: self.nowhere + other.nowhere,
            metres: self.metres + other.metres,
        }
    }
}

struct Errand {
    at_s: f64,
    drug: u64,
    door: Spot,
}

impl Town {
    fn chance(&self, about: u64) -> Chance {
        Chance::new(self.seed).about(about)
    }

    fn spot(&self, about: u64) -> Spot {
        (self.chance(about).between(0.0, SIDE_M), self.chance(about + 1).between(0.0, SIDE_M))
    }

    fn shop(&self, shop: usize) -> Spot {
        self.spot(1_000 + 2 * keyed(shop))
    }

    /// Two of three are open all day; the others from nine to six.
    fn hours_s(shop: usize) -> (f64, f64) {
        if shop % 3 == 2 { (3600.0, 10.0 * 3600.0) } else { (0.0, 24.0 * 3600.0) }
    }

    fn has(&self, shop: usize, drug: u64, now_s: f64) -> bool {
        let lasts_s = self.lasts_h * 3600.0;
        let filled_s = self.chance(50_000).about(keyed(shop)).about(drug).between(0.0, lasts_s);
        let filling = num::floor((now_s + filled_s) / lasts_s);
        self.chance(60_000).about(keyed(shop)).about(drug).about(keyed(filling)).happens(self.stocked)
    }

    fn errands(&self) -> Vec<Errand> {
        // Some medicines are wanted more than others: of the k-th, a k-th as much as of the first.
        let weights: Vec<f64> = (1..=self.drugs).map(|rank| 1.0 / num::float(rank)).collect();
        let all: f64 = weights.iter().sum();
        let drug = |number: u64| {
            let mut left = self.chance(100_000 + number).between(0.0, all);
            weights.iter().position(|weight| {
                left -= weight;
                left < 0.0
            })
        };
        let errand = |number: u64| Errand {
            at_s: self.chance(200_000 + number).between(0.0, DAY_S - 3600.0),
            drug: keyed(drug(number).unwrap_or(0)),
            door: self.spot(300_000 + 2 * number),
        };
        let mut errands: Vec<Errand> = (0..self.errands).map(errand).collect();
        errands.sort_by(|left, right| left.at_s.total_cmp(&right.at_s));
        errands
    }
}

fn far_m(from: Spot, to: Spot) -> f64 {
    (from.0 - to.0).hypot(from.1 - to.1) * ROAD
}

fn place(shop: usize) -> PlaceId {
    format!("00000000-0000-7000-8000-{shop:012}").parse().unwrap()
}

fn key(drug: u64) -> ItemKey {
    ItemKey::of(&format!("drug {drug}"), None)
}

fn at(now_s: f64) -> At {
    At::from_seconds(BEGAN + num::round(now_s))
}

/// Somebody with an errand in hand, on the way to a shop.
struct Walk {
    errand: usize,
    from: Spot,
    set_out_s: f64,
    to: usize,
    tried: BTreeSet<usize>,
}

impl Walk {
    fn here(&self, town: &Town, now_s: f64) -> Spot {
        let (to, gone) = (town.shop(self.to), (now_s - self.set_out_s) * WALK_MPS);
        let share = (gone / far_m(self.from, to).max(1.0)).clamp(0.0, 1.0);
        (self.from.0 + (to.0 - self.from.0) * share, self.from.1 + (to.1 - self.from.1) * share)
    }
}

enum Runner {
    Free {
        at: Spot,
    },
    Walks(Walk),
    /// At the counter with the goods, or on the way to the door: free there later.
    Brings {
        to: Spot,
    },
}

/// A day being lived.
struct Life {
    town: Town,
    goes: Goes,
    errands: Vec<Errand>,
    runners: Vec<Runner>,
    /// Which of a runner's moments still counts.
    turn: Vec<usize>,
    /// When, which runner, which turn of his; an arrival of an errand has no runner.
    due: BinaryHeap<Reverse<(i64, usize, usize)>>,
    waiting: VecDeque<usize>,
    seen: Vec<Seen>,
    tally: Tally,
}

const NOBODY: usize = usize::MAX;

fn millis(now_s: f64) -> i64 {
    num::round(now_s * 1000.0)
}

fn keyed(number: usize) -> u64 {
    u64::try_from(number).unwrap()
}

fn live(town: Town, goes: Goes) -> Tally {
    let runners = (0..town.runners).map(|runner| Runner::Free { at: town.spot(400_000 + 2 * keyed(runner)) }).collect();
    let mut life = Life {
        errands: town.errands(),
        turn: vec![0; town.runners],
        town,
        goes,
        runners,
        due: BinaryHeap::new(),
        waiting: VecDeque::new(),
        seen: vec![],
        tally: Tally::default(),
    };
    for (number, errand) in life.errands.iter().enumerate() {
        life.due.push(Reverse((millis(errand.at_s), NOBODY, number)));
    }
    while let Some(Reverse((now, runner, turn))) = life.due.pop() {
        let now_s = num::float_of(now) / 1000.0;
        if runner == NOBODY {
            life.waiting.push_back(turn);
        } else if life.turn[runner] == turn {
            life.arrives(runner, now_s);
        }
        life.hand_out(now_s);
    }
    life.tally
}

impl Life {
    fn wake(&mut self, runner: usize, at_s: f64) {
        self.turn[runner] += 1;
        self.due.push(Reverse((millis(at_s), runner, self.turn[runner])));
    }

    /// The oldest errand goes to the nearest free runner.
    fn hand_out(&mut self, now_s: f64) {
        while let Some(errand) = self.waiting.front().copied() {
            let door = self.errands[errand].door;
            let free = self.runners.iter().enumerate().filter_map(|(number, runner)| match runner {
                Runner::Free { at } => Some((far_m(*at, door), number, *at)),
                _ => None,
            });
            let Some((_, runner, from)) = free.min_by(|left, right| left.0.total_cmp(&right.0)) else { return };
            self.waiting.pop_front();
            self.sets_out(runner, (errand, from, BTreeSet::new()), now_s);
        }
    }

    fn sets_out(&mut self, runner: usize, (errand, from, tried): (usize, Spot, BTreeSet<usize>), now_s: f64) {
        let Some(to) = self.chosen((errand, from, &tried), now_s) else {
            self.tally.nowhere += 1;
            self.runners[runner] = Runner::Free { at: from };
            return;
        };
        self.runners[runner] = Runner::Walks(Walk { errand, from, set_out_s: now_s, to, tried });
        self.wake(runner, now_s + far_m(from, self.town.shop(to)) / WALK_MPS);
    }

    fn opening(shop: usize, now_s: f64) -> (f64, Option<f64>) {
        let (opens, closes) = Town::hours_s(shop);
        ((opens - now_s).max(0.0), (now_s >= opens).then_some((closes - now_s).max(0.0)))
    }

    fn chosen(&self, (errand, from, tried): (usize, Spot, &BTreeSet<usize>), now_s: f64) -> Option<usize> {
        match self.goes {
            Goes::ToTheNearest => self.nearest((from, tried), now_s),
            Goes::WhereItIsRemembered => self.remembered((errand, from, tried), now_s),
        }
    }

    fn nearest(&self, (from, tried): (Spot, &BTreeSet<usize>), now_s: f64) -> Option<usize> {
        let open = |shop: &usize| {
            let (opens_in, closes_in) = Self::opening(*shop, now_s);
            let way_s = far_m(from, self.town.shop(*shop)) / WALK_MPS;
            opens_in <= 0.0 && closes_in.is_some_and(|closes| closes > way_s) && !tried.contains(shop)
        };
        let far = |shop: &usize| far_m(from, self.town.shop(*shop));
        (0..self.town.shops).filter(open).min_by(|left, right| far(left).total_cmp(&far(right)))
    }

    /// The product's own order, from what was told alone.
    fn remembered(&self, (errand, from, tried): (usize, Spot, &BTreeSet<usize>), now_s: f64) -> Option<usize> {
        let (errand, now) = (&self.errands[errand], at(now_s));
        let since = now.plus_seconds(-REMEMBERED_S);
        let seen: Vec<Seen> = self.seen.iter().filter(|seen| seen.at > since).cloned().collect();
        let usual = usual(&seen, now);
        let prospect = |shop: usize| {
            let told: Vec<Sighting> = seen
                .iter()
                .filter(|seen| seen.place == place(shop) && seen.key == key(errand.drug))
                .map(Seen::sighting)
                .collect();
            let (opens_in_s, closes_in_s) = Self::opening(shop, now_s);
            let spot = self.town.shop(shop);
            // Who found none knows it, also when it was not told.
            let empty = is_out(&told, now) || tried.contains(&shop);
            Prospect {
                place: place(shop),
                chance: if empty { 0.0 } else { chance(usual, &told, now) },
                to_shop_m: far_m(from, spot),
                to_door_m: far_m(spot, errand.door),
                opens_in_s,
                closes_in_s,
                seems_shut: false,
            }
        };
        let mut prospects: Vec<Prospect> = (0..self.town.shops).map(prospect).collect();
        rank(&mut prospects, WALK_MPS);
        let best = prospects.first().filter(|best| best.standing(WALK_MPS).is_worth_a_walk())?;
        (0..self.town.shops).find(|shop| place(*shop) == best.place)
    }

    fn arrives(&mut self, runner: usize, now_s: f64) {
        match std::mem::replace(&mut self.runners[runner], Runner::Free { at: (0.0, 0.0) }) {
            Runner::Walks(walk) => self.at_counter(runner, walk, now_s),
            Runner::Brings { to } | Runner::Free { at: to } => self.runners[runner] = Runner::Free { at: to },
        }
    }

    fn at_counter(&mut self, runner: usize, walk: Walk, now_s: f64) {
        let Walk { errand, from, to, mut tried, .. } = walk;
        let (opens_in_s, _) = Self::opening(to, now_s);
        if opens_in_s > 0.0 {
            self.runners[runner] = Runner::Walks(Walk { errand, from, set_out_s: now_s, to, tried });
            return self.wake(runner, now_s + opens_in_s);
        }
        let (drug, shop) = (self.errands[errand].drug, self.town.shop(to));
        let has = self.town.has(to, drug, now_s);
        self.tally.metres += far_m(from, shop);
        let tells = self.town.chance(500_000).about(keyed(errand)).about(keyed(to)).happens(self.town.tells);
        if tells {
            let found = if has { Found::Has } else { Found::HasNot };
            self.seen.push(Seen { place: place(to), key: key(drug), found, at: at(now_s) });
        }
        if has {
            self.tally.found += 1;
            let door = self.errands[errand].door;
            let way_m = far_m(shop, door);
            self.tally.metres += way_m;
            self.runners[runner] = Runner::Brings { to: door };
            return self.wake(runner, now_s + COUNTER_S + way_m / WALK_MPS + DOOR_S);
        }
        self.tally.misses += 1;
        tried.insert(to);
        self.sets_out(runner, (errand, shop, tried), now_s);
        if tells && self.goes == Goes::WhereItIsRemembered {
            self.warn((to, drug), now_s);
        }
    }

    /// Whoever is on the way to the shelf that was just found empty goes elsewhere from where he is.
    fn warn(&mut self, (shop, drug): (usize, u64), now_s: f64) {
        for runner in 0..self.runners.len() {
            let Runner::Walks(walk) = &self.runners[runner] else { continue };
            if walk.to != shop || self.errands[walk.errand].drug != drug {
                continue;
            }
            let here = walk.here(&self.town, now_s);
            self.tally.metres += far_m(walk.from, here);
            let again = (walk.errand, here, walk.tried.clone());
            self.sets_out(runner, again, now_s);
        }
    }
}

/// So many days of a kind, lived one way.
fn days(town: Town, goes: Goes, count: u64) -> Tally {
    (1..=count).map(|seed| live(Town { seed, ..town }, goes)).fold(Tally::default(), Tally::plus)
}

#[test]
fn remembering_halves_the_walks_in_vain() {
    let (nearest, remembered) = (days(USUAL_DAY, Goes::ToTheNearest, 6), days(USUAL_DAY, Goes::WhereItIsRemembered, 6));
    assert!(nearest.misses_a_find() > 0.5, "the plain way misses as often as shelves are empty: {nearest:?}");
    assert!(
        remembered.misses_a_find() <= 0.5 * nearest.misses_a_find(),
        "{:.3} against {:.3}: {remembered:?} {nearest:?}",
        remembered.misses_a_find(),
        nearest.misses_a_find()
    );
    assert!(remembered.found >= nearest.found, "nothing is found less: {remembered:?} {nearest:?}");
    assert!(remembered.metres_a_find() < nearest.metres_a_find(), "and nobody walks farther for it");
}

#[test]
fn the_same_seed_is_the_same_day() {
    let again = || live(Town { errands: 60, ..USUAL_DAY }, Goes::WhereItIsRemembered);
    let (one, other) = (again(), again());
    assert_eq!((one.misses, one.found, one.metres.to_bits()), (other.misses, other.found, other.metres.to_bits()));
}

#[test]
fn who_tells_nothing_gains_nothing() {
    let silent = Town { tells: 0.0, ..USUAL_DAY };
    let (nearest, remembered) = (days(silent, Goes::ToTheNearest, 4), days(silent, Goes::WhereItIsRemembered, 4));
    let ratio = remembered.misses_a_find() / nearest.misses_a_find();
    assert!((0.8..1.2).contains(&ratio), "the gain comes from what is told: {ratio:.2}");
}

#[test]
#[ignore = "prints the table of docs/reports/pharmacy-memory.md"]
fn the_table_of_the_report() {
    let usual = USUAL_DAY;
    let rows = [
        ("usual day: 300 errands, 15 runners", usual),
        ("few: 40 errands, 3 runners", Town { errands: 40, runners: 3, ..usual }),
        ("100 errands, 6 runners", Town { errands: 100, runners: 6, ..usual }),
        ("many: 1000 errands, 50 runners", Town { errands: 1000, runners: 50, ..usual }),
        ("300 errands, 100 runners at once", Town { runners: 100, ..usual }),
        ("half of the runners tell", Town { tells: 0.5, ..usual }),
        ("nobody tells", Town { tells: 0.0, ..usual }),
        ("shelves change every 4 h", Town { lasts_h: 4.0, ..usual }),
        ("4 shops", Town { shops: 4, ..usual }),
        ("16 shops", Town { shops: 16, ..usual }),
        ("60 medicines", Town { drugs: 60, ..usual }),
        ("shelves 0.9 full", Town { stocked: 0.9, ..usual }),
        ("shelves 0.3 full", Town { stocked: 0.3, ..usual }),
    ];
    println!(
        "| day | misses a find, nearest open | remembered | ratio | metres a find, nearest | remembered | found, nearest | remembered |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, town) in rows {
        let (near, known) = (days(town, Goes::ToTheNearest, 30), days(town, Goes::WhereItIsRemembered, 30));
        println!(
            "| {name} | {:.3} | {:.3} | {:.2} | {:.0} | {:.0} | {} | {} |",
            near.misses_a_find(),
            known.misses_a_find(),
            known.misses_a_find() / near.misses_a_find(),
            near.metres_a_find(),
            known.metres_a_find(),
            near.found,
            known.found,
        );
    }
}
