//! One errand as a trip sees it: what to fetch where, and whose door it goes to.

use crate::domain::clock::At;
use crate::domain::deadline::Due;
use crate::domain::ground::Spot;
use crate::domain::ids::ErrandId;

/// Seconds spent standing at a counter or a door.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Service {
    /// For the first errand.
    pub first_s: f64,
    /// For each further one at the same stop.
    pub further_s: f64,
}

/// An errand whose source is chosen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Parcel {
    pub errand: ErrandId,
    pub due: Due,
    pub from: Spot,
    /// The goods are not handed out before this.
    pub ready_at: At,
    /// The counter shuts then; nobody is sent who would come later.
    pub closes_at: Option<At>,
    pub shop: Service,
    pub to: Spot,
    /// Storey of the door, to go through a block from the top down; 0 when unknown.
    pub floor: i16,
    pub door: Service,
    /// A fixed time from shop to door, where the street is known better than by its length.
    pub trip_s: Option<f64>,
    pub bags: u32,
}
