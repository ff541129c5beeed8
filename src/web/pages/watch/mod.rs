pub mod alarms;
mod figures;
pub mod handlers;
pub mod needs;
pub mod opened;
pub mod page;
pub(super) mod queue;

#[cfg(test)]
pub(crate) mod samples;
