//! All that waits at one counter, with the way between its doors reckoned once for every runner who might come.

use crate::domain::ground::{Ground, Pace, Spot};
use crate::domain::trip::parcel::Parcel;

/// One errand that waits here.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Item {
    /// Its place in the list of all that wait.
    pub index: usize,
    pub parcel: Parcel,
    pub weight: f64,
    /// Which of the shelf's doors it goes to.
    pub door: usize,
}

/// A way without a pace: metres, and seconds lost at gates.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Way {
    pub metres: f64,
    pub checks_s: f64,
}

impl Way {
    #[must_use]
    pub fn seconds(self, pace: Pace) -> f64 {
        if self.metres <= 0.0 { 0.0 } else { self.metres / pace.speed_mps + pace.leg_s + self.checks_s }
    }
}

/// A counter and what waits there.
#[derive(Clone, PartialEq, Debug)]
pub struct Shelf {
    pub spot: Spot,
    pub items: Vec<Item>,
    pub doors: Vec<Spot>,
    /// From the counter to each door.
    out: Vec<Way>,
    /// From each door to each other, row by row.
    across: Vec<Way>,
    /// From each door on to the next work, on average.
    onward: Vec<Way>,
}

/// More than this is never reckoned with at one counter at once.
const MOST_ITEMS: usize = 40;
/// Within this distance nearness stops to matter.
const NEAR_M: f64 = 200.0;
/// To how many counters near a door its runner may go on.
const ONWARD: usize = 4;

impl Shelf {
    #[must_use]
    pub fn new(spot: Spot) -> Self {
        Self { spot, items: vec![], doors: vec![], out: vec![], across: vec![], onward: vec![] }
    }

    pub fn add(&mut self, index: usize, parcel: Parcel, weight: f64) {
        let known = self.doors.iter().position(|&door| door == parcel.to);
        let door = known.unwrap_or_else(|| {
            self.doors.push(parcel.to);
            self.doors.len() - 1
        });
        self.items.push(Item { index, parcel, weight, door });
    }

    /// Keeps what is heavy or close: where hundreds wait, the rest cannot be next, and the ways between all doors cost.
    pub fn thin(&mut self, ground: &Ground) {
        if self.items.len() <= MOST_ITEMS {
            return;
        }
        let spot = self.spot;
        let rank = |item: &Item| item.weight / (ground.metres(spot, item.parcel.to) + NEAR_M);
        let mut kept: Vec<(f64, Item)> = self.items.drain(..).map(|item| (rank(&item), item)).collect();
        kept.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.parcel.errand.cmp(&b.1.parcel.errand)));
        kept.truncate(MOST_ITEMS);
        self.doors.clear();
        for (_, item) in kept {
            self.add(item.index, item.parcel, item.weight);
        }
    }

    /// Reckons the ways, once all is added. `counters` are where runners may find work next.
    pub fn survey(&mut self, counters: &[Spot], ground: &Ground) {
        let way = |from: Spot, to: Spot| Way { metres: ground.metres(from, to), checks_s: ground.checks_s(from, to) };
        self.out = self.doors.iter().map(|&door| way(self.spot, door)).collect();
        self.across = self.doors.iter().flat_map(|&a| self.doors.iter().map(move |&b| way(a, b))).collect();
        self.onward = self.doors.iter().map(|&door| mean_onward(door, counters, ground)).collect();
    }

    /// Seconds from the counter to a door.
    #[must_use]
    pub fn out_s(&self, door: usize, pace: Pace) -> f64 {
        self.out.get(door).map_or(0.0, |way| way.seconds(pace))
    }

    /// Seconds from door to door.
    #[must_use]
    pub fn across_s(&self, from: usize, to: usize, pace: Pace) -> f64 {
        self.across.get(from * self.doors.len() + to).map_or(0.0, |way| way.seconds(pace))
    }

    /// Seconds from a door to the next work.
    #[must_use]
    pub fn onward_s(&self, door: usize, pace: Pace) -> f64 {
        self.onward.get(door).map_or(0.0, |way| way.seconds(pace))
    }
}

fn mean_onward(door: Spot, counters: &[Spot], ground: &Ground) -> Way {
    let mut metres: Vec<f64> = counters.iter().map(|&counter| ground.metres(door, counter)).collect();
    metres.sort_by(f64::total_cmp);
    metres.truncate(ONWARD);
    let count = f64::from(u32::try_from(metres.len().max(1)).unwrap_or(1));
    Way { metres: metres.iter().sum::<f64>() / count, checks_s: 0.0 }
}
