//! The form to ask with: a start, three short steps, a check.

mod ask;
mod check;
mod filled;
pub mod handlers;
mod start;
mod step;
pub(super) mod what;
mod whither;

#[cfg(test)]
pub(crate) mod samples;
