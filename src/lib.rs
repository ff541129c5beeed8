//! Paotui: errands for sealed residential communities. The map, in the order a request passes the rooms.

pub mod web;

pub mod words;

pub mod flow;

pub mod domain;

pub mod store;

pub mod line;

pub mod worker;

pub mod mail;
