pub mod handlers;
pub mod page;
pub mod preview;

#[cfg(test)]
pub(crate) mod samples;
