pub mod alarms;
mod chart;
pub mod due;
mod figures;
pub mod handlers;
pub mod needs;
pub mod opened;
mod overview;
pub mod page;
mod plan;
pub(super) mod queue;
mod red;
mod spark;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod samples_alarms;
#[cfg(test)]
pub(crate) mod samples_opened;
