//! Trips: the errands one runner carries together, as stops in order with times.

pub mod grow;
pub mod insert;
pub mod order;
pub mod parcel;
pub mod price;
pub mod shelf;
pub mod shopping;
pub mod stop;

pub use parcel::{Parcel, Service};
pub use price::{Price, Worth};
pub use stop::{Act, Stop};
