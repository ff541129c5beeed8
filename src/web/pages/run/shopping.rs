//! The trip as one shopping list: by shop, what is wanted of each thing together, and for which bags.

use super::cards::Carried;
use crate::domain::errand::{State, Step};
use crate::domain::item::Substitution;
use crate::domain::trip::shopping::{self, Want};
use crate::store::views::runner::{ActiveClaim, Trip};
use crate::web::pages::shell::Shell;

/// What is to be bought at one shop.
#[derive(Debug)]
pub(super) struct AtShop {
    pub shop: String,
    pub lines: Vec<Line>,
}

/// "3 × 氨氯地平 5mg 盒", and its bags.
#[derive(Debug)]
pub(super) struct Line {
    pub what: String,
    pub bags: Vec<Part>,
}

/// A bag's part of a line.
#[derive(Debug)]
pub(super) struct Part {
    /// Code and door; never a name.
    pub bag: String,
    /// How much of it, where the line is for several bags.
    pub share: Option<String>,
    /// What this household said about another maker.
    pub swap: String,
}

/// What is still to be fetched at counters, in the order of the way; nothing for a single errand, whose card tells it.
pub(super) fn list(shell: &Shell, trip: &Trip) -> Vec<AtShop> {
    let open: Vec<&ActiveClaim> = in_walking_order(trip).into_iter().filter(|stop| is_to_buy(stop)).collect();
    if open.len() < 2 {
        return Vec::new();
    }
    let mut shops: Vec<(String, Vec<&ActiveClaim>)> = Vec::new();
    for stop in open {
        let shop = shop_of(shell, stop);
        match shops.iter_mut().find(|(name, _)| *name == shop) {
            Some((_, bags)) => bags.push(stop),
            None => shops.push((shop, vec![stop])),
        }
    }
    shops.into_iter().map(|(shop, stops)| AtShop { shop, lines: lines(shell, &stops) }).collect()
}

/// By the doors: the order the bags are handed out in.
pub(super) fn in_walking_order(trip: &Trip) -> Vec<&ActiveClaim> {
    let ends = trip.plan.iter().filter(|(_, step)| *step != Step::Collect);
    ends.filter_map(|(errand, _)| trip.stops.iter().find(|stop| stop.errand == *errand)).collect()
}

fn is_to_buy(stop: &ActiveClaim) -> bool {
    stop.state == State::Claimed && stop.ends.from_gate.is_none() && !stop.items.is_empty()
}

fn shop_of(shell: &Shell, stop: &ActiveClaim) -> String {
    let carried = Carried { shell, stop, now: stop.deliver_by, together: Vec::new() };
    carried.counter().map_or_else(|| carried.no_counter(), |counter| counter.name.clone())
}

fn lines(shell: &Shell, stops: &[&ActiveClaim]) -> Vec<Line> {
    let wants = stops.iter().flat_map(|stop| {
        stop.items.iter().map(move |item| Want {
            bag: (*stop, item.substitution),
            name: item.name.clone(),
            strength: item.strength.clone(),
            quantity: item.quantity,
            unit: item.unit.clone(),
            unnamed: item.unnamed,
        })
    });
    shopping::merge(wants).into_iter().map(|line| told(shell, line)).collect()
}

fn told(shell: &Shell, line: shopping::Line<(&ActiveClaim, Substitution)>) -> Line {
    let strength = line.strength.as_deref().map(|strength| format!(" {strength}")).unwrap_or_default();
    let several = line.bags.len() > 1;
    let part = |((stop, swap), n): ((&ActiveClaim, Substitution), i32)| Part {
        bag: bag(stop),
        share: several.then(|| format!("{n} {}", line.unit)),
        swap: shell.t(&format!("substitution-{swap}-hint")),
    };
    let what = format!("{} {} × {}{strength}", line.total, line.unit, line.name);
    Line { what, bags: line.bags.into_iter().map(part).collect() }
}

/// What stands on a bag: code and door, so that it can lie on a counter for all to see.
pub(super) fn bag(stop: &ActiveClaim) -> String {
    format!("{} · {} {}", stop.code, stop.to.name, stop.room)
}
