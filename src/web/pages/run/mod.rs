mod acting;
pub(in crate::web::pages) mod cards;
pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
