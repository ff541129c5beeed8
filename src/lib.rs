//! Paotui: errands for sealed residential communities. The map, in the order a request passes the rooms.

// The doors: pages and API.
pub mod web;

// What is said, in two languages.
pub mod words;

// The stages, in order: the business.
pub mod flow;

// The rules: pure.
pub mod domain;

// The truth: SQL.
pub mod store;

// The hint: who waits, who is near.
pub mod line;

// The duties that run by themselves.
pub mod worker;

// Letters.
pub mod mail;

// Calls to doors outside.
pub mod hooks;

// A day lived in virtual time, by the same decisions.
pub mod simulate;

// Putting it together, and starting it.
pub mod app;
pub mod clocks;
pub mod commands;
pub mod config;
pub mod telemetry;
