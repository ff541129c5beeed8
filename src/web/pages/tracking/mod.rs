pub mod handlers;
pub mod page;
mod told;

#[cfg(test)]
pub(crate) mod samples;
