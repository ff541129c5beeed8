//! All that waits, sorted by the counter where it can be had.

use crate::domain::ground::Spot;
use crate::domain::matching::OpenErrand;
use crate::domain::trip::shelf::{Item, Shelf};
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::table::Table;

/// An errand that several places should have stands on each of their shelves, the lighter the less likely it is there.
pub(super) fn stock(table: &Table<'_>) -> Vec<Shelf> {
    let scene = table.scene;
    let mut shelves: Vec<Shelf> = vec![];
    for (index, errand) in table.unasked() {
        let weight = scene.weight(errand);
        for (parcel, chance) in errand.choices().take(choices(table, errand)) {
            let at = shelves.iter().position(|shelf| shelf.spot == parcel.from).unwrap_or_else(|| {
                shelves.push(Shelf::new(parcel.from));
                shelves.len() - 1
            });
            if let Some(shelf) = shelves.get_mut(at) {
                shelf.add(index, parcel, weight * chance);
            }
        }
    }
    let counters: Vec<Spot> = shelves.iter().map(|shelf| shelf.spot).collect();
    for shelf in &mut shelves {
        shelf.thin(&scene.ground);
        shelf.survey(&counters, &scene.ground);
    }
    shelves
}

fn choices(table: &Table<'_>, errand: &OpenErrand) -> usize {
    if table.scene.rules.uses(Rule::Sources) { 1 + errand.others.len() } else { 1 }
}

/// A shelf something was taken from: which, and where each of its items stands now.
pub(super) struct Touched {
    pub row: usize,
    moved: Vec<Option<usize>>,
}

impl Touched {
    /// Where these items stand now; `None` when one of them is gone.
    pub fn moved(&self, items: &[usize]) -> Option<Vec<usize>> {
        items.iter().map(|&at| self.moved.get(at).copied().flatten()).collect()
    }
}

/// Removes what is taken; returns the shelves it stood on.
pub(super) fn take_from(shelves: &mut [Shelf], taken: &[usize]) -> Vec<Touched> {
    let mut touched = vec![];
    for (row, shelf) in shelves.iter_mut().enumerate() {
        let mut left = 0..;
        let stays = |item: &Item| !taken.contains(&item.index);
        let moved: Vec<Option<usize>> =
            shelf.items.iter().map(|item| if stays(item) { left.next() } else { None }).collect();
        if moved.contains(&None) {
            shelf.items.retain(stays);
            touched.push(Touched { row, moved });
        }
    }
    touched
}
