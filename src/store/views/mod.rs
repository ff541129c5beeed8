//! Read-only shapes, one file a reader. Every function takes the viewer (or the zone the viewer was found to watch)
//! first, so that scope cannot be forgotten; what a viewer may see is a type.

pub mod alarms;
pub mod audit;
pub mod care;
pub mod desk;
pub mod dispatch;
pub mod figures;
pub mod five;
pub mod follow_ups;
pub mod goods;
pub mod ground;
pub mod homes;
pub mod ledger;
mod legs;
pub mod live;
pub mod load;
pub mod needs;
pub mod notices;
pub mod open;
pub mod photos;
mod proving;
pub mod queue;
pub mod runner;
pub mod seals;
pub mod stock;
pub mod supervisor;
pub mod supplies;
pub mod tally;
pub mod targets;
pub mod traces;
pub mod tracking;
pub mod volunteers;
mod waits;
