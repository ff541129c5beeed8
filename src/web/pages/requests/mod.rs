//! The form to ask with.

mod form;
pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
