//! How long medicines last that were brought, as their homes told.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::supplies;
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, RequestId, SupplyId, ZoneId};
use crate::domain::stock::ItemKey;

/// Keeps that a home was called about a medicine and nobody answered: it is due again from `again_at` on.
///
/// # Errors
/// The store's.
pub async fn tried(
    conn: &mut Conn,
    (zone, request): (ZoneId, RequestId),
    (key, again_at): (&ItemKey, At),
    (by, now): (PersonId, At),
) -> Result<()> {
    let insert = diesel::insert_into(supplies::table).values((
        supplies::id.eq(SupplyId::mint()),
        supplies::zone_id.eq(zone),
        supplies::request_id.eq(request),
        supplies::item.eq(key.item.clone()),
        supplies::strength.eq(key.strength.clone()),
        supplies::asked_at.eq(now),
        supplies::person_id.eq(by),
        supplies::again_at.eq(Some(again_at)),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Keeps what a home told. `None`: it is not needed any more.
///
/// # Errors
/// The store's.
pub async fn tell(
    conn: &mut Conn,
    (zone, request): (ZoneId, RequestId),
    (key, enough_until): (&ItemKey, Option<At>),
    (by, now): (PersonId, At),
) -> Result<()> {
    let insert = diesel::insert_into(supplies::table).values((
        supplies::id.eq(SupplyId::mint()),
        supplies::zone_id.eq(zone),
        supplies::request_id.eq(request),
        supplies::item.eq(key.item.clone()),
        supplies::strength.eq(key.strength.clone()),
        supplies::enough_until.eq(enough_until),
        supplies::asked_at.eq(now),
        supplies::person_id.eq(by),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
