//! Dispatch: a [`Scene`] goes in, [`Decision`]s come out, with the reason for each.

mod add_on;
mod decide;
mod decision;
mod explain;
mod fair;
mod join;
mod merge;
mod red;
mod rules;
mod scene;
mod shelves;
mod sooner;
mod starters;
mod table;
mod trips;

pub use decide::{board, decide};
pub use decision::{Decision, Offer, Outcome};
pub use join::join;
pub use rules::{Rule, ZoneRules};
pub use scene::Scene;
