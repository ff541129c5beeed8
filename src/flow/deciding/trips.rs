//! Trips for runners who are free, or nearly: the most valuable pair of runner and counter first.

use crate::domain::clock::At;
use crate::domain::ids::PersonId;
use crate::domain::matching::{Pick, eligible};
use crate::domain::offer::Kind;
use crate::domain::span;
use crate::domain::trip::grow::{Grown, Walker, grow};
use crate::domain::trip::shelf::{Item, Shelf};
use crate::domain::trip::stop::joined;
use crate::domain::trip::{Act, Stop};
use crate::domain::urgency::Urgency;
use crate::flow::deciding::decision::{Decision, Offer};
use crate::flow::deciding::merge::merge;
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::shelves::{stock, take_from};
use crate::flow::deciding::starters::{Starter, busy, ready};
use crate::flow::deciding::table::Table;
use crate::flow::deciding::{fair, sooner};

/// So many runners are tried for each counter, the nearest first: more find nothing better and cost time at shift start.
const TRIED: usize = 3;
/// Beginnings tried for each trip.
const SEEDS: usize = 8;

/// A trip that could be sent out.
struct Plan<'a> {
    starter: Starter<'a>,
    /// Which shelf.
    row: usize,
    grown: Grown,
    value: f64,
}

/// One round: who can start, what waits where, and the best trip of each pair.
struct Round<'t, 'a> {
    table: &'t mut Table<'a>,
    starters: Vec<Starter<'a>>,
    busy: Vec<Starter<'a>>,
    shelves: Vec<Shelf>,
    plans: Vec<Plan<'a>>,
    pressure: f64,
}

pub(super) fn ask(table: &mut Table<'_>) {
    let starters = ready(table);
    if starters.is_empty() {
        return;
    }
    let (busy, shelves, pressure) = (busy(table), stock(table), table.scene.pressure());
    let mut round = Round { table, starters, busy, shelves, plans: vec![], pressure };
    for row in 0..round.shelves.len() {
        round.plan(row);
    }
    while let Some(plan) = round.best() {
        if let Some(until) = round.may_fill_up(&plan) {
            round.hold(&plan, until);
        } else if let Some(other) = round.is_sooner_there(&plan) {
            round.wait_for(&plan, other);
        } else {
            round.send(&plan);
        }
    }
}

/// The trips that the board shows one runner who is free: built as for an offer, the best first.
pub(super) fn board(table: &mut Table<'_>, runner: PersonId) -> Vec<Offer> {
    let starters: Vec<_> = ready(table).into_iter().filter(|starter| starter.duty.id == runner).collect();
    let (shelves, pressure) = (stock(table), table.scene.pressure());
    let mut round = Round { table, starters, busy: vec![], shelves, plans: vec![], pressure };
    for row in 0..round.shelves.len() {
        round.plan(row);
    }
    let mut trips = vec![];
    while let Some(plan) = round.best() {
        let until = span::after(round.table.scene.now, round.table.scene.rules.offer_s);
        let (items, worth) = (round.items(&plan), plan.grown.worth);
        trips.push(Offer { kind: Kind::Next, runner, stops: stops(&items), reason: Pick::OwnChoice, worth, until });
        // Each errand stands in one trip; what is left at the counter makes the next one.
        round.clear(&items.iter().map(|item| item.index).collect::<Vec<_>>());
    }
    trips
}

impl<'a> Round<'_, 'a> {
    /// Takes out the plan of the greatest value; of equals the runner with the smaller id.
    fn best(&mut self) -> Option<Plan<'a>> {
        let rank =
            |a: &Plan<'_>, b: &Plan<'_>| a.value.total_cmp(&b.value).then(b.starter.duty.id.cmp(&a.starter.duty.id));
        let best = self.plans.iter().enumerate().max_by(|(_, a), (_, b)| rank(a, b))?.0;
        Some(self.plans.swap_remove(best))
    }

    /// Plans for the nearest runners this counter has no plan for yet.
    fn plan(&mut self, row: usize) {
        let Some(counter) = self.shelves.get(row).filter(|counter| !counter.items.is_empty()) else { return };
        let missing = TRIED.saturating_sub(self.plans.iter().filter(|plan| plan.row == row).count());
        if missing == 0 {
            return;
        }
        let tried = |starter: &Starter<'_>| {
            self.plans.iter().any(|plan| plan.row == row && plan.starter.place == starter.place)
        };
        let may = |starter: &Starter<'_>, item: &Item| {
            self.table.errand(item.index).is_some_and(|errand| eligible::may_carry(starter.duty, errand).is_ok())
        };
        let able = |starter: &&Starter<'_>| !tried(starter) && counter.items.iter().any(|item| may(starter, item));
        let untried = self.starters.iter().filter(able);
        let mut nearest: Vec<_> = untried.map(|starter| (fair::turn(starter, counter, self.table), *starter)).collect();
        nearest.sort_by_key(|(turn, starter)| (*turn, starter.duty.id));
        let plans: Vec<Plan<'_>> =
            nearest.into_iter().filter_map(|(_, starter)| self.plan_for(starter, row)).take(missing).collect();
        self.plans.extend(plans);
    }

    fn plan_for(&self, starter: Starter<'a>, row: usize) -> Option<Plan<'a>> {
        let counter = self.shelves.get(row)?;
        let walker = self.walker(&starter, counter);
        let may = |item: &Item| {
            let open = item.parcel.closes_at.is_none_or(|closes| walker.at_counter <= closes);
            open && self
                .table
                .errand(item.index)
                .is_some_and(|errand| eligible::may_carry(starter.duty, errand).is_ok())
        };
        let grown = grow(counter, &walker, &may).filter(|grown| self.is_home_in_time(&starter, grown))?;
        let value = fair::value(&starter, counter, &grown, self.table)?;
        Some(Plan { starter, row, grown, value })
    }

    fn walker(&self, starter: &Starter<'_>, counter: &Shelf) -> Walker {
        let scene = self.table.scene;
        let at_counter = starter.arrives_at(counter.spot, self.table);
        Walker {
            pace: starter.duty.pace,
            capacity_bags: if scene.rules.uses(Rule::Bundling) { starter.duty.capacity_bags } else { 1 },
            at_counter,
            // The time until he is free is the errands' loss, not his; but it is a loss.
            approach_s: span::between(scene.now, at_counter).max(0.0),
            price: if scene.rules.uses(Rule::Price) { scene.price.a_second() } else { 0.0 },
            pressure: if scene.rules.uses(Rule::DoorOrder) { Some(self.pressure) } else { None },
            seeds: SEEDS,
        }
    }

    fn is_home_in_time(&self, starter: &Starter<'_>, grown: &Grown) -> bool {
        let ends = span::after(self.table.scene.now, grown.worth.seconds);
        self.table.scene.rules.overtime_s.is_none_or(|over| ends <= span::after(starter.duty.off_at, over))
    }

    /// A busy runner who would be there clearly sooner than the one chosen.
    fn is_sooner_there(&self, plan: &Plan<'_>) -> Option<Starter<'a>> {
        let counter = self.shelves.get(plan.row)?;
        let first = plan.grown.items.first().and_then(|&at| counter.items.get(at))?;
        let errand = self.table.errand(first.index)?;
        sooner::other(&plan.starter, counter.spot, errand, &self.busy, self.table)
    }

    /// Until when a trip of fresh green errands may be held to fill its bags, where the zone has patience.
    fn may_fill_up(&self, plan: &Plan<'_>) -> Option<At> {
        let items = self.items(plan);
        let oldest = items.iter().map(|item| item.parcel.due.placed_at).min()?;
        let until = span::after(oldest, self.table.scene.rules.patience_s);
        let green = items.iter().all(|item| item.parcel.due.urgency == Urgency::Green);
        let bags: u32 = items.iter().map(|item| item.parcel.bags).sum();
        (green && bags < plan.starter.duty.capacity_bags && until > self.table.scene.now).then_some(until)
    }

    /// The trip waits for that runner; he waits for nothing else in this round.
    fn wait_for(&mut self, plan: &Plan<'_>, other: Starter<'a>) {
        self.busy.retain(|starter| starter.place != other.place);
        let free_at = other.at.max(other.duty.rests_until);
        self.hold(plan, span::after(free_at, -self.table.scene.rules.early_s));
    }

    fn hold(&mut self, plan: &Plan<'_>, until: At) {
        self.table.look_again(until);
        let held: Vec<Item> = self.items(plan);
        let decisions = held.iter().map(|item| Decision::Hold { errand: item.parcel.errand, until });
        self.table.outcome.decisions.extend(decisions);
        self.clear(&held.iter().map(|item| item.index).collect::<Vec<_>>());
    }

    fn send(&mut self, plan: &Plan<'_>) {
        let items = self.items(plan);
        let mut taken: Vec<usize> = items.iter().map(|item| item.index).collect();
        let stops = merge(self.table, &plan.starter, stops(&items), plan.grown.worth, &mut taken);
        let free = plan.starter.duty.is_idle(self.table.scene.now);
        let reason = if free { Pick::BestTrip } else { Pick::SoonFree };
        self.table.offer(plan.starter.place, &taken, (Kind::Next, reason), (stops, plan.grown.worth));
        self.starters.retain(|starter| starter.place != plan.starter.place);
        self.busy.retain(|starter| starter.place != plan.starter.place);
        self.plans.retain(|other| other.starter.place != plan.starter.place);
        self.clear(&taken);
        for row in 0..self.shelves.len() {
            self.plan(row);
        }
    }

    fn items(&self, plan: &Plan<'_>) -> Vec<Item> {
        let counter = self.shelves.get(plan.row);
        plan.grown.items.iter().filter_map(|&at| counter?.items.get(at)).copied().collect()
    }

    /// Takes errands off all shelves and plans anew where a trip has lost one of its own. A trip without them stays the
    /// best of its kind: what it was built over is still there.
    fn clear(&mut self, taken: &[usize]) {
        let touched = take_from(&mut self.shelves, taken);
        let of = |row: usize| touched.iter().find(|shelf| shelf.row == row);
        self.plans.retain_mut(|plan| match of(plan.row).map(|shelf| shelf.moved(&plan.grown.items)) {
            None => true,
            Some(None) => false,
            Some(Some(items)) => {
                plan.grown.items = items;
                true
            }
        });
        for row in touched.iter().map(|shelf| shelf.row).collect::<Vec<_>>() {
            self.plan(row);
        }
    }
}

/// One collect, then the doors in their order.
fn stops(items: &[Item]) -> Vec<Stop> {
    let halts = |act: Act| items.iter().map(move |item| (act, item.parcel));
    joined(halts(Act::Collect).chain(halts(Act::Deliver)))
}
