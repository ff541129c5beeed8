//! What shows how a request was carried out: proofs, and whose hands the goods were in.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::supervisor::{CustodyRow, ProofRow};
use crate::domain::clock::At;
use crate::domain::custody::{self, Holding, Told, Where};
use crate::domain::errand::{State, Step};
use crate::domain::ids::{PersonId, RequestId};
use crate::store::schema::{errands, events, people, places, requests};
use crate::store::{Conn, Result, legs, proofs, with};

async fn names_of(conn: &mut Conn, ids: Vec<PersonId>) -> Result<BTreeMap<PersonId, String>> {
    let query = people::table.select((people::id, people::name)).filter(people::id.eq_any(ids));
    let rows: Vec<(PersonId, String)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().collect())
}

/// What stands of a request, oldest first.
pub(super) async fn list_proofs(conn: &mut Conn, request: RequestId) -> Result<Vec<ProofRow>> {
    let found = proofs::list(conn, request).await?;
    let names = names_of(conn, found.iter().filter_map(|proof| proof.by_id).collect()).await?;
    let row = |proof: proofs::Proof| ProofRow {
        step: proof.step,
        kind: proof.kind,
        photo: proof.photo_id,
        at: proof.at,
        by: proof.by_id.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| proof.by_role.to_string()),
    };
    Ok(found.into_iter().map(row).collect())
}

/// Place, runner, gate, runner, door: from when to when.
pub(super) async fn list_custody(conn: &mut Conn, request: RequestId) -> Result<Vec<CustodyRow>> {
    let query = requests::table.select((requests::submitted_at, requests::state)).find(request);
    let (submitted_at, state): (At, State) = with!(conn, |c| query.first(c).await)?;
    let place = errands::table
        .inner_join(places::table)
        .select(places::name)
        .filter(errands::request_id.eq(request).and(errands::leg.eq(1)));
    let place: Option<String> = with!(conn, |c| place.first(c).await.optional())?;
    let line = custody::line(submitted_at, place.is_some(), &list_told(conn, request).await?);
    let names = names_of(conn, line.iter().filter_map(|holding| holding.whose).collect()).await?;
    let open = !state.is_over() && state != State::Delivered;
    let shelf = if open { legs::find_shelf(conn, request).await? } else { None };
    let row = |holding: Holding| CustodyRow {
        from: holding.from,
        to: holding.to,
        place: holding.place,
        who: holding.whose.and_then(|id| names.get(&id).cloned()),
        told: match holding.place {
            Where::Place => place.clone(),
            Where::Gate if holding.to.is_none() => shelf.clone(),
            Where::Gate | Where::Runner | Where::Door => None,
        },
    };
    Ok(line.into_iter().map(row).collect())
}

/// The lines of the journal that moved the goods, or put them back.
async fn list_told(conn: &mut Conn, request: RequestId) -> Result<Vec<Told>> {
    type Row = (At, String, Option<PersonId>, Option<String>);
    let query = events::table
        .select((events::at, events::kind, events::actor_id, events::reason))
        .filter(events::request_id.eq(Some(request)))
        .order(events::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let told = |(at, kind, by, reason): Row| {
        let undone = kind == "undone";
        let step: Step = if undone { reason? } else { kind }.parse().ok()?;
        Some(Told { at, step, undone, by })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}
