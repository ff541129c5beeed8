//! The simulator: days lived in virtual time by the same decision code as the service.
//!
//! A [`trace`] (or a drawn scenario) becomes a [`world::Day`]; the [`engine`] lives it under one of the [`policies`];
//! the [`tally`] counts what came of it.

pub mod chance;
pub mod engine;
pub mod policies;
pub mod report_csv;
pub mod report_html;
pub mod report_json;
pub mod report_text;
pub mod scenario;
pub mod tally;
pub mod trace;
pub mod walk;
pub mod world;
