//! The open board as both doors show it: trips as dispatch would build them, with what may be seen before a claim.

use std::collections::BTreeMap;

use crate::domain::actor::Person;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, PlaceId};
use crate::flow::dispatch;
use crate::store::views::runner::{BeforeClaim, list_before_claim};
use crate::web::Site;
use crate::web::fault::Result;

/// A trip one could take.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardRow {
    /// In the order they are collected; never empty.
    pub errands: Vec<BeforeClaim>,
    /// Metres as the crow flies to the first stop.
    pub distance_m: Option<f64>,
    /// Metres of the whole way from there on.
    pub way_m: f64,
    /// Seconds until the last door.
    pub takes_s: f64,
    /// Nothing of it can be had now.
    pub later: bool,
}

impl BoardRow {
    #[must_use]
    pub fn bags(&self) -> i32 {
        self.errands.iter().map(|errand| errand.bags).sum()
    }

    /// Doors to go to.
    #[must_use]
    pub fn doors(&self) -> usize {
        let blocks: std::collections::BTreeSet<&str> =
            self.errands.iter().map(|errand| errand.to.code.as_str()).collect();
        blocks.len()
    }

    /// Where all of it is fetched.
    #[must_use]
    pub fn place(&self) -> Option<PlaceId> {
        self.errands.first()?.from.as_ref().map(|from| from.id)
    }
}

/// The board of a runner who is `at`, the best trip first.
///
/// # Errors
/// When the store does not answer.
pub async fn load(site: &Site, person: &Person, at: Option<Point>, limit: usize) -> Result<Vec<BoardRow>> {
    let mut trips = dispatch::board(&site.house, person, at).await?;
    trips.truncate(limit);
    let wanted: Vec<(ErrandId, Option<PlaceId>)> =
        trips.iter().flat_map(|trip| trip.errands.iter().map(|errand| (*errand, trip.place))).collect();
    let now = site.house.now();
    let seen = site.house.db.read(async move |conn| list_before_claim(conn, wanted, now).await).await?;
    let mut seen: BTreeMap<ErrandId, BeforeClaim> = seen.into_iter().map(|errand| (errand.errand, errand)).collect();
    let row = |trip: dispatch::BoardTrip| BoardRow {
        errands: trip.errands.iter().filter_map(|errand| seen.remove(errand)).collect(),
        distance_m: trip.distance_m,
        way_m: trip.way_m,
        takes_s: trip.takes_s,
        later: trip.later,
    };
    Ok(trips.into_iter().map(row).filter(|row| !row.errands.is_empty()).collect())
}
