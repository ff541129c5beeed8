//! Pure rules: no I/O, no async, no other module of ours. Time and chance come in as arguments.

pub mod actor;
pub mod backoff;
pub mod chance;
pub mod clock;
pub mod code;
pub mod errand;
pub mod geo;
pub mod ids;
pub mod item;
pub mod letter;
pub mod local;
pub mod matching;
pub mod offer;
pub mod permission;
pub mod place;
pub mod reason;
pub mod request;
pub mod seal;
pub mod secret;
pub mod text;
pub mod urgency;
pub mod words;
