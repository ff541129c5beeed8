//! One round of dispatch.

use crate::domain::ids::PersonId;
use crate::flow::deciding::decision::{Offer, Outcome};
use crate::flow::deciding::scene::Scene;
use crate::flow::deciding::table::Table;
use crate::flow::deciding::{add_on, explain, red, trips};

/// Decides all that can be decided about a zone now. The same scene gives the same decisions, in whatever order its
/// errands and runners come.
#[must_use]
pub fn decide(scene: &Scene) -> Outcome {
    let mut table = Table::of(scene);
    red::ask(&mut table);
    add_on::ask(&mut table);
    trips::ask(&mut table);
    explain::nobody(&mut table);
    table.outcome
}

/// The open board for one runner: trips built by the same rules, the best for him first. Taking one is an offer he
/// makes himself; the store decides the race.
#[must_use]
pub fn board(scene: &Scene, runner: PersonId) -> Vec<Offer> {
    trips::board(&mut Table::of(scene), runner)
}
