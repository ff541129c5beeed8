//! `/admin/audit`: who did what, and who looked at whose data.

pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;
