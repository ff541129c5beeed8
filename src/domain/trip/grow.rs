//! Grows a trip at one counter: from a seed, always the errand that brings most for each second it costs, as long as
//! that is more than a runner's second is worth elsewhere.

use std::cmp::Reverse;

use crate::domain::clock::At;
use crate::domain::deadline::base_weight;
use crate::domain::ground::Pace;
use crate::domain::span;
use crate::domain::trip::order::{Call, order_doors};
use crate::domain::trip::price::Worth;
use crate::domain::trip::shelf::{Item, Shelf};

/// How much of the way on from the last door counts as the trip's own.
pub const TAIL: f64 = 0.7;

/// What a second of approach costs beyond the second itself, and how much of a second of waiting does not count.
const LEGS: f64 = 1.5;
const REST: f64 = 0.5;

/// A runner as a trip sees him.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Walker {
    pub pace: Pace,
    pub capacity_bags: u32,
    /// When he could be at the counter, and how many seconds of his time that takes.
    pub at_counter: At,
    pub approach_s: f64,
    /// Weight that a second of his is worth elsewhere.
    pub price: f64,
    /// Green errands that wait for each runner: what a second of his costs in waits.
    /// `None` keeps the doors in the order in which they were found.
    pub pressure: Option<f64>,
    /// How many beginnings are tried.
    pub seeds: usize,
}

/// A grown trip: which items, in the order of their doors.
#[derive(Clone, PartialEq, Debug)]
pub struct Grown {
    /// Positions in `shelf.items`.
    pub items: Vec<usize>,
    pub worth: Worth,
    /// What it brings more than the same seconds elsewhere.
    pub value: f64,
}

/// A trip being grown.
#[derive(Clone)]
struct Sprout<'a> {
    shelf: &'a Shelf,
    walker: &'a Walker,
    items: Vec<usize>,
    doors: Vec<usize>,
    bags: u32,
    weight: f64,
    first_s: f64,
    further_s: f64,
    ready_at: At,
    doors_s: f64,
    tour_s: f64,
}

/// One way to take an item in: where its door goes, and what it costs.
#[derive(Clone, Copy)]
struct Taking {
    item: usize,
    at: Option<usize>,
    longer_s: f64,
    gain: f64,
}

/// The best trip over all seeds. `may` says which items this runner may take.
#[must_use]
pub fn grow(shelf: &Shelf, walker: &Walker, may: &dyn Fn(&Item) -> bool) -> Option<Grown> {
    let fits = |item: &Item| item.parcel.bags <= walker.capacity_bags && may(item);
    let open: Vec<usize> = shelf.items.iter().enumerate().filter(|(_, item)| fits(item)).map(|(at, _)| at).collect();
    let sprouts = seeds(shelf, walker, &open)
        .into_iter()
        .map(|seed| Sprout::new(shelf, walker).grow(seed, &neighbours(shelf, walker, seed, &open)));
    // Only the best is worth the exact order of its doors.
    let best =
        sprouts.map(|sprout| (sprout.value(), sprout)).reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, sprout)| sprout.finish())
}

/// The heaviest, the nearest, and the rest evenly spread over the list.
fn seeds(shelf: &Shelf, walker: &Walker, open: &[usize]) -> Vec<usize> {
    let weight = |at: &usize| shelf.items.get(*at).map_or(0.0, |item| item.weight);
    let way = |at: &usize| shelf.items.get(*at).map_or(0.0, |item| shelf.out_s(item.door, walker.pace));
    let mut chosen: Vec<usize> = vec![];
    chosen.extend(open.iter().copied().max_by(|a, b| weight(a).total_cmp(&weight(b))));
    chosen.extend(open.iter().copied().min_by(|a, b| way(a).total_cmp(&way(b))));
    let stride = open.len().div_ceil(walker.seeds.saturating_sub(2).max(1)).max(1);
    chosen.extend(open.iter().copied().step_by(stride));
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// Far from a seed nothing joins its trip: only the nearest for their weight are tried.
const NEIGHBOURS: usize = 20;

fn neighbours(shelf: &Shelf, walker: &Walker, seed: usize, open: &[usize]) -> Vec<usize> {
    let mut near = open.to_vec();
    let Some(seed) = shelf.items.get(seed).filter(|_| open.len() > NEIGHBOURS) else { return near };
    let far = |at: &usize| {
        let item = shelf.items.get(*at);
        item.map_or(f64::INFINITY, |item| (60.0 + shelf.across_s(seed.door, item.door, walker.pace)) / item.weight)
    };
    near.select_nth_unstable_by(NEIGHBOURS, |a, b| far(a).total_cmp(&far(b)).then(a.cmp(b)));
    near.truncate(NEIGHBOURS);
    near.sort_unstable();
    near
}

impl<'a> Sprout<'a> {
    const fn new(shelf: &'a Shelf, walker: &'a Walker) -> Self {
        Self {
            shelf,
            walker,
            items: vec![],
            doors: vec![],
            bags: 0,
            weight: 0.0,
            first_s: 0.0,
            further_s: 0.0,
            ready_at: At(i64::MIN),
            doors_s: 0.0,
            tour_s: 0.0,
        }
    }

    fn grow(mut self, seed: usize, open: &[usize]) -> Self {
        if let Some(taking) = self.taking(seed, 0.0) {
            self.take(taking);
        }
        while let Some(taking) = self.best_taking(open) {
            let worth = Worth { weight: self.weight, seconds: self.seconds() };
            if taking.gain < self.walker.price.min(worth.a_second()) {
                break;
            }
            self.take(taking);
        }
        self
    }

    fn best_taking(&self, open: &[usize]) -> Option<Taking> {
        let standing_s = self.counter_s(None);
        let takings = open.iter().filter(|at| !self.items.contains(at)).filter_map(|&at| self.taking(at, standing_s));
        takings.max_by(|a, b| a.gain.total_cmp(&b.gain))
    }

    fn item(&self, at: usize) -> Option<&'a Item> {
        self.shelf.items.get(at)
    }

    /// What it would cost to take this item in at its best place; `standing_s` is the time at the counter without it.
    fn taking(&self, at: usize, standing_s: f64) -> Option<Taking> {
        let item = self.item(at)?;
        if self.bags + item.parcel.bags > self.walker.capacity_bags {
            return None;
        }
        let counter_s = self.counter_s(Some(item)) - standing_s;
        let (place, door_s) = if self.doors.contains(&item.door) {
            (None, item.parcel.door.further_s)
        } else {
            let (place, way_s) = self.best_place(item.door);
            (Some(place), way_s + item.parcel.door.first_s)
        };
        let longer_s = (counter_s + door_s).max(1.0);
        Some(Taking { item: at, at: place, longer_s: door_s, gain: item.weight / longer_s })
    }

    /// From arrival to leaving the counter.
    fn counter_s(&self, more: Option<&Item>) -> f64 {
        let (mut first, mut further, mut ready) = (self.first_s, self.further_s, self.ready_at);
        if let Some(Item { parcel, .. }) = more {
            first = first.max(parcel.shop.first_s);
            further += if self.items.is_empty() { 0.0 } else { parcel.shop.further_s };
            ready = ready.max(parcel.ready_at);
        }
        (first + further).max(span::between(self.walker.at_counter, ready.max(self.walker.at_counter)))
    }

    fn best_place(&self, door: usize) -> (usize, f64) {
        let detours = (0..=self.doors.len()).map(|place| (place, self.detour_s(door, place)));
        detours.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default()
    }

    /// Seconds that a door costs at this slot of the tour; at the end, the way on to the next work counts too.
    fn detour_s(&self, door: usize, slot: usize) -> f64 {
        let (ways, pace) = (self.shelf, self.walker.pace);
        let before = slot.checked_sub(1).and_then(|slot| self.doors.get(slot)).copied();
        let leg = |to: usize| before.map_or_else(|| ways.out_s(to, pace), |from| ways.across_s(from, to, pace));
        if let Some(next) = self.doors.get(slot).copied() {
            return leg(door) + ways.across_s(door, next, pace) - leg(next);
        }
        let tail = before.map_or(0.0, |before| ways.onward_s(before, pace));
        TAIL.mul_add(ways.onward_s(door, pace) - tail, leg(door))
    }

    fn take(&mut self, taking: Taking) {
        let Some(item) = self.item(taking.item) else { return };
        if !self.items.is_empty() {
            self.further_s += item.parcel.shop.further_s;
        }
        self.first_s = self.first_s.max(item.parcel.shop.first_s);
        self.ready_at = self.ready_at.max(item.parcel.ready_at);
        self.items.push(taking.item);
        self.bags += item.parcel.bags;
        self.weight += item.weight;
        match taking.at {
            None => self.doors_s += item.parcel.door.further_s,
            Some(place) => {
                self.doors.insert(place, item.door);
                self.doors_s += item.parcel.door.first_s;
                self.tour_s += taking.longer_s - item.parcel.door.first_s;
            }
        }
    }

    /// Of the runner's time, with the way on to his next work.
    fn seconds(&self) -> f64 {
        self.walker.approach_s + self.counter_s(None) + self.tour_s + self.doors_s
    }

    fn finish(mut self) -> Grown {
        let mut calls: Vec<Call> = self.doors.iter().map(|&door| Call { door, base: self.base_at(door) }).collect();
        if let Some(pressure) = self.walker.pressure {
            order_doors(&mut calls, self.shelf, self.walker.pace, pressure, TAIL);
        }
        self.doors = calls.iter().map(|call| call.door).collect();
        self.tour_s = self.walked_s();
        let rank = |at: &usize| self.item(*at).and_then(|item| self.doors.iter().position(|&door| door == item.door));
        let mut items = self.items.clone();
        // At one door from the top down: the bags get lighter with the stairs.
        let floor = |at: &usize| self.item(*at).map(|item| Reverse(item.parcel.floor));
        items.sort_by_key(|at| (rank(at), floor(at)));
        let worth = Worth { weight: self.weight, seconds: self.seconds() };
        Grown { items, worth, value: self.value() }
    }

    /// What it brings more than the same seconds elsewhere. Tired legs count more than seconds; half of a wait at the
    /// counter is rest.
    fn value(&self) -> f64 {
        let idle_s = self.counter_s(None) - self.first_s - self.further_s;
        let cost_s = self.seconds() + LEGS * self.walker.approach_s - REST * idle_s;
        self.walker.price.mul_add(-cost_s, self.weight)
    }

    fn base_at(&self, door: usize) -> f64 {
        let here = self.items.iter().filter_map(|&at| self.item(at)).filter(|item| item.door == door);
        here.map(|item| base_weight(item.parcel.due.urgency)).sum()
    }

    fn walked_s(&self) -> f64 {
        let (ways, pace) = (self.shelf, self.walker.pace);
        let legs = self.doors.iter().zip(self.doors.iter().skip(1));
        let across: f64 = legs.map(|(&from, &to)| ways.across_s(from, to, pace)).sum();
        let first = self.doors.first().map_or(0.0, |&door| ways.out_s(door, pace));
        let tail = self.doors.last().map_or(0.0, |&door| ways.onward_s(door, pace));
        TAIL.mul_add(tail, first + across)
    }
}
