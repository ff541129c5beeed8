//! An errand nobody has taken yet.

use crate::domain::clock::At;
use crate::domain::ground::Spot;
use crate::domain::ids::{BuildingId, PersonId, PlaceId};
use crate::domain::matching::runner::Skills;
use crate::domain::trip::{Parcel, Service};
use crate::domain::urgency::Urgency;

/// A place that should have the goods.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Source {
    pub place: PlaceId,
    pub spot: Spot,
    pub ready_at: At,
    pub closes_at: Option<At>,
    pub shop: Service,
    /// How likely the goods are there, 0 to 1.
    pub chance: f64,
}

/// An offer of this errand that is still unanswered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    pub runner: PersonId,
    pub at: At,
}

/// A waiting errand with all that a decision about it needs.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenErrand {
    /// With the source the resident or the intake chose.
    pub parcel: Parcel,
    /// How likely the goods are there, 0 to 1.
    pub chance: f64,
    /// Other places that should have the same goods.
    pub others: Vec<Source>,
    pub needs: Skills,
    /// The sealed building it goes to, where only those inside may walk.
    pub sealed: Option<BuildingId>,
    /// Whoever said no to this errand is not asked for it again.
    pub refused_by: Vec<PersonId>,
    /// Open offers; only a red errand may be held by more than one, in waves.
    pub asked: Vec<Asked>,
}

impl OpenErrand {
    /// An errand with nothing special about it.
    #[must_use]
    pub const fn plain(parcel: Parcel) -> Self {
        Self {
            parcel,
            chance: 1.0,
            others: vec![],
            needs: Skills::NONE,
            sealed: None,
            refused_by: vec![],
            asked: vec![],
        }
    }

    #[must_use]
    pub fn is_red(&self) -> bool {
        self.parcel.due.urgency == Urgency::Red
    }

    /// The errand from each place that should have the goods, with how likely it is to have them.
    pub fn choices(&self) -> impl Iterator<Item = (Parcel, f64)> + '_ {
        let others = self.others.iter().map(|source| (self.parcel.fetched_from(source), source.chance));
        std::iter::once((self.parcel, self.chance)).chain(others)
    }
}

impl Parcel {
    /// The same goods from another place.
    #[must_use]
    pub const fn fetched_from(self, source: &Source) -> Self {
        Self {
            from: source.spot,
            ready_at: source.ready_at,
            closes_at: source.closes_at,
            shop: source.shop,
            trip_s: None,
            ..self
        }
    }
}
