mod answers;
pub mod handlers;
pub mod page;
pub(in crate::web::pages) mod told;

#[cfg(test)]
pub(crate) mod samples;
