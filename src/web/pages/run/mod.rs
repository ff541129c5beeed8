mod acting;
mod ahead;
pub(in crate::web::pages) mod cards;
mod counter;
pub mod handlers;
pub mod money;
pub mod page;
mod purse;
mod said;
pub mod sheet;
mod shopping;
mod telling;
pub mod together;
mod way;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod samples_counter;
