//! Finding whom to ask: growing rings in the line, checked against the store, chosen by `domain::matching`.

use std::collections::BTreeSet;

use super::super::{Fault, House, Result};
use crate::domain::geo::Point;
use crate::domain::ids::PersonId;
use crate::domain::matching::nearest::{Candidate, Nobody, Pick, nearest};
use crate::line::RINGS_M;
use crate::store::errands::Errand;
use crate::store::{Conn, duties, offers, places, zones};

/// Runners looked at in one ring.
const IN_RING: usize = 32;
/// A runner whose phone was silent is asked again about the same errand after this long.
const SILENCE_FORGIVEN_S: i64 = 600;

/// The runner to ask, or why there is none.
pub(super) async fn pick(house: &House, errand: &Errand) -> Result<std::result::Result<Pick, Nobody>> {
    let now = house.now();
    let seen = errand.clone();
    let (start, refusers) = house
        .db
        .read(async move |conn| {
            let refusers = offers::list_refusers(conn, seen.id, now.plus_seconds(-SILENCE_FORGIVEN_S)).await?;
            Ok::<_, Fault>((start_of(conn, &seen).await?, refusers))
        })
        .await?;
    for ring in RINGS_M {
        let Ok(near) = house.line.near(errand.zone_id, start, ring, IN_RING).await else { break };
        let runners: Vec<PersonId> =
            near.into_iter().map(|near| near.runner).filter(|runner| !refusers.contains(runner)).collect();
        if runners.is_empty() {
            continue;
        }
        let candidates = house
            .db
            .read(async move |conn| duties::list_candidates_of(conn, runners).await)
            .await
            .map_err(Fault::Store)?;
        if let Ok(pick) = nearest(&candidates, start, &refusers, &house.terms, now) {
            return Ok(Ok(pick));
        }
    }
    among_all(house, errand, start, &refusers).await
}

/// Where the walk to the errand begins: the counter, or the door when nothing is picked up.
async fn start_of(conn: &mut Conn, errand: &Errand) -> Result<Point> {
    if let Some(place) = errand.place_id {
        return Ok(places::load(conn, place).await?.at());
    }
    Ok(zones::load_building(conn, errand.building_id).await?.at())
}

/// Nobody in the rings (or no line): the store knows everybody on duty, and so the reason.
async fn among_all(
    house: &House,
    errand: &Errand,
    start: Point,
    refusers: &BTreeSet<PersonId>,
) -> Result<std::result::Result<Pick, Nobody>> {
    let zone = errand.zone_id;
    let everybody: Vec<Candidate> =
        house.db.read(async move |conn| duties::list_candidates(conn, zone).await).await.map_err(Fault::Store)?;
    Ok(nearest(&everybody, start, refusers, &house.terms, house.now()))
}
