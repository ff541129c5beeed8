//! `/desk/households`: whom to call, because nobody there has asked.

pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
