//! The scene of a zone, gathered: the line says whom to read, the store how they stand.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::super::{Fault, House, Result};
use super::map::Map;
use super::under_way::under_way;
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ground::Spot;
use crate::domain::ids::{ErrandId, PersonId, PlaceId, RequestId, ZoneId};
use crate::domain::matching::share::{mean_rate, share};
use crate::domain::matching::{Asked, OnDuty, OpenErrand, Skills};
use crate::domain::request::Category;
use crate::domain::stock::ItemKey;
use crate::domain::trip::Parcel;
use crate::flow::deciding::Scene;
use crate::line::RINGS_M;
use crate::store::rosters::OnShift;
use crate::store::routes::Leg;
use crate::store::waiting::Waiting;
use crate::store::{Conn, errands, rosters, routes, waiting};

/// A runner whose phone was silent is asked again about the same errand after this long.
const SILENCE_FORGIVEN_S: i64 = 600;
/// A zone with no more on duty than this is read whole; in a larger one the line's rings say whom to read.
const READ_WHOLE: usize = 128;
/// Runners looked for around each counter of a large zone.
const IN_RING: usize = 32;

/// A scene, and the rows behind it.
pub struct Gathered {
    pub scene: Scene,
    pub map: Map,
    /// More waits than was read.
    pub more: bool,
    pub rows: BTreeMap<ErrandId, Waiting>,
    /// Which place stands behind a spot, for each errand.
    places: BTreeMap<ErrandId, Vec<(Spot, PlaceId)>>,
}

impl Gathered {
    /// The place behind the spot where a parcel is fetched.
    pub fn place_of(&self, parcel: &Parcel) -> Option<PlaceId> {
        let places = self.places.get(&parcel.errand)?;
        places.iter().find(|(spot, _)| *spot == parcel.from).map(|(_, place)| *place)
    }
}

/// When somebody's silence about an errand counts as forgotten.
fn rested_since(now: At) -> At {
    now.plus_seconds(-SILENCE_FORGIVEN_S)
}

/// Gathers the scene around the `limit` most urgent errands; `None` when nothing waits.
///
/// # Errors
/// [`Fault::Store`].
pub async fn gather(house: &House, zone: ZoneId, limit: usize) -> Result<Option<Gathered>> {
    let mut ids = most_urgent(house, zone, limit).await?;
    let more = ids.len() >= limit;
    let offered = house.db.read(async move |conn| waiting::list_offered_red(conn, zone).await);
    ids.extend(offered.await.map_err(Fault::Store)?);
    if ids.is_empty() {
        return Ok(None);
    }
    let map = Map::read(house, zone).await?;
    let now = map.now;
    let (rows, known) = house.db.read(async move |conn| read_errands(conn, ids, now).await).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut places = BTreeMap::new();
    let open: Vec<OpenErrand> = rows
        .iter()
        .map(|row| {
            let (open, sources) = open_errand(row, &known, &map);
            places.insert(row.errand.id, sources);
            open
        })
        .collect();
    let (runners, stale) = runners(house, zone, &map, &open).await?;
    let scene = Scene {
        now: map.now,
        ground: map.ground,
        rules: map.rules(),
        price: map.price(),
        waiting: open,
        runners,
        stale,
    };
    let rows = rows.into_iter().map(|row| (row.errand.id, row)).collect();
    Ok(Some(Gathered { scene, map, more, rows, places }))
}

/// The front of the line, or with the line away of the store. What the line names in error is taken out of it.
async fn most_urgent(house: &House, zone: ZoneId, limit: usize) -> Result<Vec<ErrandId>> {
    match house.line.most_urgent(zone, limit).await {
        Ok(ready) => Ok(ready.into_iter().map(|ready| ready.errand).collect()),
        Err(error) => {
            tracing::debug!(error = %error, "the line does not answer; asking the store");
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let waiting = house.db.read(async move |conn| errands::list_waiting(conn, zone, limit).await).await;
            Ok(waiting.map_err(Fault::Store)?.into_iter().map(|errand| errand.id).collect())
        }
    }
}

/// What is known about errands beside their rows.
struct Known {
    refused: BTreeMap<ErrandId, Vec<PersonId>>,
    asked: BTreeMap<ErrandId, Vec<Asked>>,
    items: BTreeMap<RequestId, Vec<ItemKey>>,
}

async fn read_errands(conn: &mut Conn, ids: Vec<ErrandId>, now: At) -> Result<(Vec<Waiting>, Known)> {
    let rows = waiting::list(conn, ids).await?;
    let ids: Vec<ErrandId> = rows.iter().map(|row| row.errand.id).collect();
    let (mut refused, mut asked, mut items) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (errand, runner) in waiting::list_refusals(conn, ids.clone(), rested_since(now)).await? {
        refused.entry(errand).or_insert_with(Vec::new).push(runner);
    }
    for (errand, runner, at) in waiting::list_asked(conn, ids).await? {
        asked.entry(errand).or_insert_with(Vec::new).push(Asked { runner, at });
    }
    let requests = rows.iter().map(|row| row.errand.request_id).collect();
    for (request, name, strength) in waiting::list_items(conn, requests).await? {
        items.entry(request).or_insert_with(Vec::new).push(ItemKey::of(&name, strength.as_deref()));
    }
    Ok((rows, Known { refused, asked, items }))
}

fn open_errand(row: &Waiting, known: &Known, map: &Map) -> (OpenErrand, Vec<(Spot, PlaceId)>) {
    let errand = &row.errand;
    let items = known.items.get(&errand.request_id).map_or(&[][..], Vec::as_slice);
    let mut sources = map.sources(errand, row.named_place, |place| map.chance(errand, place, items));
    let bare = map.parcel(&crate::store::errands::Errand { place_id: None, ..errand.clone() }, row.submitted_at);
    let places = sources.iter().map(|source| (source.spot, source.place)).collect();
    let (parcel, chance) = if sources.is_empty() {
        (bare, 1.0)
    } else {
        let best = sources.remove(0);
        (bare.fetched_from(&best), best.chance)
    };
    let trained = errand.category == Category::Medicine && map.dials.trained_only;
    let open = OpenErrand {
        parcel,
        chance,
        others: sources,
        needs: if trained { Skills::MEDICINE } else { Skills::NONE },
        sealed: map.sealed_around(errand),
        refused_by: known.refused.get(&errand.id).cloned().unwrap_or_default(),
        asked: known.asked.get(&errand.id).cloned().unwrap_or_default(),
    };
    (open, places)
}

/// Everybody who may be asked, and whether somebody is on duty whose position is not known.
async fn runners(house: &House, zone: ZoneId, map: &Map, open: &[OpenErrand]) -> Result<(Vec<OnDuty>, bool)> {
    let near = near(house, zone, open).await;
    let (shift, legs) = house
        .db
        .read(async move |conn| {
            let shift = match near {
                Some(near) => rosters::list_of(conn, near).await?,
                None => rosters::list(conn, zone).await?,
            };
            let ids = shift.iter().map(|on| on.duty.person_id).collect();
            Ok::<_, Fault>((shift, routes::list(conn, ids).await?))
        })
        .await?;
    Ok(on_duty(map, &shift, legs))
}

/// In a large zone: the runners in growing rings around the counters. `None` where the zone is small, or no line says.
async fn near(house: &House, zone: ZoneId, open: &[OpenErrand]) -> Option<Vec<PersonId>> {
    let known = house.line.census(zone).await.ok().flatten()?;
    if known.runners <= u64::try_from(READ_WHOLE).unwrap_or(u64::MAX) {
        return None;
    }
    let mut starts: Vec<Point> = vec![];
    for (parcel, _) in open.iter().flat_map(OpenErrand::choices) {
        if !starts.contains(&parcel.from.at) {
            starts.push(parcel.from.at);
        }
    }
    let found = join_all(starts.into_iter().map(|start| around(house, zone, start))).await;
    let all: BTreeSet<PersonId> = found.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    Some(all.into_iter().collect())
}

async fn around(house: &House, zone: ZoneId, start: Point) -> Option<Vec<PersonId>> {
    let mut found = Vec::new();
    for ring in RINGS_M {
        found = house.line.near(zone, start, ring, IN_RING).await.ok()?;
        if found.len() >= IN_RING {
            break;
        }
    }
    Some(found.into_iter().map(|near| near.runner).collect())
}

fn on_duty(map: &Map, shift: &[OnShift], legs: Vec<Leg>) -> (Vec<OnDuty>, bool) {
    let mut in_hand: BTreeMap<PersonId, Vec<Leg>> = BTreeMap::new();
    for leg in legs {
        in_hand.entry(leg.runner).or_default().push(leg);
    }
    let work = |on: &OnShift| (f64::from(on.duty.taken.unwrap_or(0)), hours(on, map.now));
    let mean = mean_rate(shift.iter().map(work));
    let is_stale =
        |on: &OnShift| on.duty.at().is_none() || map.now.seconds_since(on.duty.seen_at) > map.terms.position_stale_s;
    let stale = shift.iter().any(is_stale);
    let fresh = shift.iter().filter(|on| !is_stale(on));
    let runners = fresh.map(|on| {
        let legs = in_hand.remove(&on.duty.person_id).unwrap_or_default();
        let (taken, hours) = work(on);
        OnDuty { share: share(taken, hours, mean), ..under_way(map, on, &legs).duty }
    });
    (runners.collect(), stale)
}

fn hours(on: &OnShift, now: At) -> f64 {
    on.duty.on_at.map_or(0.0, |since| crate::domain::span::between(since, now) / 3600.0)
}
