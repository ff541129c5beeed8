//! `/desk`: answering the telephone with a keyboard.

mod entry;
mod fill;
pub mod handlers;
pub mod page;
mod read;
mod said;

#[cfg(test)]
pub(crate) mod samples;
