//! Builds a generation of a zone beside the current one, then turns the pointer.
//!
//! The new keys have a short life while they are being built, so a builder that dies leaves nothing behind; the turn
//! makes them stay. It refuses when they no longer hold what was put in (Redis was flushed meanwhile).

use std::collections::HashMap;

use redis::Pipeline;

use super::RedisLine;
use super::keys::GenerationKeys;
use super::scripts;
use super::wire::Question;
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, EventId, PersonId, ZoneId};
use crate::line::bounds::{kept, on_the_map};
use crate::line::{LineError, Result, Standing};

/// Entries sent in one journey.
const CHUNK: usize = 1_000;
/// Seconds that keys live while they are being built, counted from the last entry put into them.
const BUILDING_S: u32 = 60;
/// Seconds that the keys of the generation before stay: nobody reads them any more, but an operator may want to look.
const OLD_S: u32 = 30;

/// A standing in which everything is named once, as [`Standing`] says.
struct Entries {
    ready: Vec<(ErrandId, At)>,
    runners: Vec<(PersonId, Point)>,
    leases: Vec<(ErrandId, At)>,
}

impl Entries {
    fn of(standing: &Standing) -> Self {
        let leases: HashMap<_, _> = standing.leases.iter().copied().collect();
        let mut ready: HashMap<_, _> = standing.ready.iter().map(|ready| (ready.errand, ready.due)).collect();
        ready.retain(|errand, _| !leases.contains_key(errand));
        let mut runners: HashMap<_, _> = standing.runners.iter().copied().collect();
        runners.retain(|_, at| on_the_map(*at).is_ok());
        Self {
            ready: ready.into_iter().collect(),
            runners: runners.into_iter().collect(),
            leases: leases.into_iter().collect(),
        }
    }
}

pub(super) async fn rebuild(line: &RedisLine, zone: ZoneId, standing: &Standing) -> Result<()> {
    let entries = Entries::of(standing);
    // A generation is named by a fresh id of the kind nearest to it: building one is an event.
    let generation = EventId::mint().to_string();
    let keys = line.keys.generation(zone, &generation);
    fill_times(line, &keys.ready, &entries.ready).await?;
    fill_times(line, &keys.leases, &entries.leases).await?;
    fill_places(line, &keys.runners, &entries.runners).await?;
    turn(line, zone, &generation, &keys, &entries).await
}

async fn fill_times(line: &RedisLine, key: &str, entries: &[(ErrandId, At)]) -> Result<()> {
    for chunk in entries.chunks(CHUNK) {
        let mut several = Pipeline::new();
        several.cmd("ZADD").arg(key);
        for (errand, at) in chunk {
            several.arg(kept(*at).0).arg(errand.to_string());
        }
        several.ignore();
        send(line, key, several).await?;
    }
    Ok(())
}

async fn fill_places(line: &RedisLine, key: &str, entries: &[(PersonId, Point)]) -> Result<()> {
    for chunk in entries.chunks(CHUNK) {
        let mut several = Pipeline::new();
        several.cmd("GEOADD").arg(key);
        for (runner, at) in chunk {
            several.arg(at.lon).arg(at.lat).arg(runner.to_string());
        }
        several.ignore();
        send(line, key, several).await?;
    }
    Ok(())
}

async fn send(line: &RedisLine, key: &str, mut several: Pipeline) -> Result<()> {
    several.cmd("EXPIRE").arg(key).arg(BUILDING_S).ignore();
    line.wire.ask(Question::Several(several)).await.map(drop)
}

async fn turn(
    line: &RedisLine,
    zone: ZoneId,
    generation: &str,
    keys: &GenerationKeys,
    entries: &Entries,
) -> Result<()> {
    let mut act = scripts::TURN.key(line.keys.pointer(zone));
    act.key(&keys.ready).key(&keys.runners).key(&keys.leases).arg(generation);
    act.arg(entries.ready.len()).arg(entries.runners.len()).arg(entries.leases.len()).arg(OLD_S);
    match line.done(zone, act).await? {
        1_i64 => Ok(()),
        _ => Err(LineError::Lost(zone)),
    }
}
