pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
