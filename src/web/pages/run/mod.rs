pub(in crate::web::pages) mod cards;
mod counter;
pub mod handlers;
pub mod money;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
