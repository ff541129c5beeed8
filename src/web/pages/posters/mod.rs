//! `/admin/posters`: what hangs at each door of a block, and the list of who lives there, for the printer.

pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
