//! Becoming a runner: `/volunteer` for whoever offers to help, `/watch/volunteers` for who decides.

pub mod desk;
pub mod form;
pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
