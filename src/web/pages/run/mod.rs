mod acting;
pub(in crate::web::pages) mod cards;
mod counter;
pub mod handlers;
pub mod money;
pub mod page;
mod telling;

#[cfg(test)]
pub(crate) mod samples;
