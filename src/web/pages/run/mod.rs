mod ahead;
pub(in crate::web::pages) mod cards;
pub mod handlers;
pub mod page;
mod said;
pub mod sheet;
mod shopping;
pub mod together;

#[cfg(test)]
pub(crate) mod samples;
