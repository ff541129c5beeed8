//! One integration binary; one folder or file a part of the house.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::as_conversions,
    reason = "a test that cannot go on should say so"
)]

mod alarms;
mod answers;
mod api;
mod basements;
mod care;
mod consent;
mod days;
mod deciding;
mod desk;
mod figures;
mod follow_ups;
mod form;
mod joining;
mod journal;
mod ledger;
mod legs;
mod letters;
mod line;
mod live;
mod locks;
mod memory;
mod privacy;
mod process;
mod proof;
mod races;
mod real_input;
mod seals;
mod sightings;
mod simulating;
mod store_schema;
mod stories;
mod support;
mod trips;
mod volunteers;
