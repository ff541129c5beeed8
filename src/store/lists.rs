//! Looks whether any open request is in no list, by the rule of [`crate::domain::lists`].

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{errands, requests, zones};
use super::{Conn, Result, with};
use crate::domain::errand::State;
use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::lists::{Leg, List, Lost, place};

/// The open requests of a zone by their list, and those that are in none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    pub counted: BTreeMap<List, usize>,
    pub lost: Vec<(RequestId, Lost)>,
}

/// Whatever is open in a zone, put into its lists.
///
/// # Errors
/// The store's.
pub async fn count(conn: &mut Conn, zone: ZoneId) -> Result<Lists> {
    type Row = (RequestId, State, Option<(State, i32, Option<PersonId>)>);
    let counts = errands::request_id.eq(requests::id).and(errands::passed_on_at.is_null());
    let query = requests::table
        .left_join(errands::table.on(counts))
        .select((requests::id, requests::state, (errands::state, errands::leg, errands::runner_id).nullable()))
        .filter(requests::zone_id.eq(zone).and(requests::closed_at.is_null()));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let mut open: BTreeMap<RequestId, (State, Vec<Leg>)> = BTreeMap::new();
    for (request, state, errand) in rows {
        let legs = &mut open.entry(request).or_insert((state, Vec::new())).1;
        legs.extend(errand.map(|(state, number, runner)| Leg { state, number, held: runner.is_some() }));
    }
    Ok(Lists::of(open))
}

impl Lists {
    fn of(open: BTreeMap<RequestId, (State, Vec<Leg>)>) -> Self {
        let mut lists = Self::default();
        for (request, (state, legs)) in open {
            match place(state, &legs) {
                Ok(Some(list)) => *lists.counted.entry(list).or_default() += 1,
                // Open by its row, over by its state: nobody would find it.
                Ok(None) => lists.lost.push((request, Lost::Differs)),
                Err(lost) => lists.lost.push((request, lost)),
            }
        }
        lists
    }
}

/// Of every zone, by its code.
///
/// # Errors
/// The store's.
pub async fn count_all(conn: &mut Conn) -> Result<Vec<(String, Lists)>> {
    let query = zones::table.select((zones::id, zones::code)).order(zones::code);
    let all: Vec<(ZoneId, String)> = with!(conn, |c| query.load(c).await)?;
    let mut told = Vec::with_capacity(all.len());
    for (zone, code) in all {
        told.push((code, count(conn, zone).await?));
    }
    Ok(told)
}
