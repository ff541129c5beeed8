//! `/desk/care`: what cannot go on by itself.

pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
