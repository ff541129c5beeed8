//! `/watch/ledger`: what each request cost, and what its household gave.

pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
