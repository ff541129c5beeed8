pub mod alarms;
mod figures;
pub mod handlers;
pub mod opened;
pub mod page;
mod queue;

#[cfg(test)]
pub(crate) mod samples;
