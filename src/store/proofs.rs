//! How deliveries were proved, and what shows a failed visit or a hand-over.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{errands, proofs};
use super::{Conn, Result, columns, with};
use crate::domain::actor::ActorRole;
use crate::domain::clock::At;
use crate::domain::errand::Step;
use crate::domain::ids::{ErrandId, PersonId, PhotoId, ProofId, RequestId, ZoneId};
use crate::domain::proof::Proved;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = proofs, treat_none_as_default_value = false)]
pub struct Proof {
    pub id: ProofId,
    pub request_id: RequestId,
    pub errand_id: ErrandId,
    /// What it proves.
    pub step: Step,
    pub kind: Proved,
    pub photo_id: Option<PhotoId>,
    pub at: At,
    pub by_role: ActorRole,
    pub by_id: Option<PersonId>,
    pub undone_at: Option<At>,
}

/// # Errors
/// The store's.
pub async fn add(conn: &mut Conn, proof: Proof) -> Result<()> {
    let insert = diesel::insert_into(proofs::table).values(proof);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// What it proved was taken back.
///
/// # Errors
/// The store's.
pub async fn take_back(conn: &mut Conn, errand: ErrandId, step: Step, now: At) -> Result<()> {
    let stands = proofs::errand_id.eq(errand).and(proofs::step.eq(step)).and(proofs::undone_at.is_null());
    let change = diesel::update(proofs::table.filter(stands)).set(proofs::undone_at.eq(Some(now)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// What stands of a request, oldest first.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, request: RequestId) -> Result<Vec<Proof>> {
    let query = proofs::table
        .select(columns::<Proof>())
        .filter(proofs::request_id.eq(request).and(proofs::undone_at.is_null()))
        .order(proofs::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// How many deliveries of a zone were proved how, from `from` to before `to`.
///
/// # Errors
/// The store's.
pub async fn count(conn: &mut Conn, zone: ZoneId, (from, to): (At, At)) -> Result<Vec<(Proved, i64)>> {
    let delivered = proofs::step.eq_any([Step::Deliver, Step::Override]).and(proofs::undone_at.is_null());
    let query = proofs::table
        .inner_join(errands::table)
        .group_by(proofs::kind)
        .select((proofs::kind, diesel::dsl::count_star()))
        .filter(errands::zone_id.eq(zone).and(delivered).and(proofs::at.ge(from)).and(proofs::at.lt(to)));
    Ok(with!(conn, |c| query.load(c).await)?)
}
