//! Zones that take red requests alone for a while, and what they say about it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::pauses;
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::ZoneId;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = pauses, treat_none_as_default_value = false)]
pub struct Pause {
    pub zone_id: ZoneId,
    pub paused: bool,
    /// In the words of whoever paused it, shown on the form.
    pub said: String,
    pub changed_at: At,
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, zone: ZoneId) -> Result<Option<Pause>> {
    let query = pauses::table.select(columns::<Pause>()).find(zone);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// The store's.
pub async fn set(conn: &mut Conn, pause: Pause) -> Result<()> {
    let insert = diesel::insert_into(pauses::table)
        .values(pause.clone())
        .on_conflict(pauses::zone_id)
        .do_update()
        .set((pauses::paused.eq(pause.paused), pauses::said.eq(pause.said), pauses::changed_at.eq(pause.changed_at)));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
