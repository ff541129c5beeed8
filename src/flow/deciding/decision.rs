//! What dispatch may decide, and the reason it gives.

use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::matching::{Nobody, Pick};
use crate::domain::offer::Kind;
use crate::domain::trip::{Act, Stop, Worth};

/// One decision about a zone.
#[derive(Clone, PartialEq, Debug)]
pub enum Decision {
    Offer(Offer),
    /// Kept back on purpose until then, to fill the bags of a trip.
    Hold {
        errand: ErrandId,
        until: At,
    },
    /// Nobody can be asked now.
    Nobody {
        errand: ErrandId,
        reason: Nobody,
    },
}

/// Errands held for one runner until he answers.
#[derive(Clone, PartialEq, Debug)]
pub struct Offer {
    pub kind: Kind,
    pub runner: PersonId,
    /// The stops of these errands alone, in order.
    pub stops: Vec<Stop>,
    pub reason: Pick,
    /// What the trip brings and takes, from which the price learns; nothing for additions.
    pub worth: Worth,
    pub until: At,
}

impl Offer {
    /// The errands it is about, in the order they are collected.
    pub fn errands(&self) -> impl Iterator<Item = ErrandId> + '_ {
        let collects = self.stops.iter().filter(|stop| stop.act == Act::Collect);
        collects.flat_map(|stop| stop.parcels.iter().map(|parcel| parcel.errand))
    }
}

/// Everything decided about a scene, and when to look again even if nothing happens before.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    pub decisions: Vec<Decision>,
    pub look_again_at: Option<At>,
}
