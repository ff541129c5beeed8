//! `/desk/follow-ups`: the calls after deliveries.

pub mod after;
pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
