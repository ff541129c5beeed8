pub mod handlers;
pub mod once;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
