//! What a zone wants to reach, from when on. Rows are added and never changed.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::targets;
use super::{Conn, Result, columns, with};
use crate::domain::actor::ActorRole;
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, TargetId, ZoneId};
use crate::domain::target::{Set, Target, Targets};
use crate::domain::urgency::Urgency;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = targets, treat_none_as_default_value = false)]
pub struct TargetRow {
    pub id: TargetId,
    pub zone_id: ZoneId,
    pub urgency: Urgency,
    pub claim_s: i32,
    pub deliver_s: i32,
    pub valid_from: At,
    pub actor_role: ActorRole,
    pub actor_id: Option<PersonId>,
}

impl TargetRow {
    #[must_use]
    pub const fn target(&self) -> Target {
        Target { claim_s: self.claim_s, deliver_s: self.deliver_s }
    }
}

/// All a zone ever set, oldest first.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId) -> Result<Vec<TargetRow>> {
    let query = targets::table
        .select(columns::<TargetRow>())
        .filter(targets::zone_id.eq(zone))
        .order((targets::valid_from, targets::id));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId) -> Result<Targets> {
    let set = |row: TargetRow| Set { urgency: row.urgency, target: row.target(), valid_from: row.valid_from };
    Ok(Targets::of(list(conn, zone).await?.into_iter().map(set).collect()))
}

/// # Errors
/// The store's.
pub async fn write(conn: &mut Conn, row: TargetRow) -> Result<()> {
    let insert = diesel::insert_into(targets::table).values(row);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
