pub mod handlers;
pub mod page;
mod question;

#[cfg(test)]
pub(crate) mod samples;
