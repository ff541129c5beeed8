//! How long medicines last that were brought, as their homes told.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::supplies;
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, RequestId, SupplyId, ZoneId};
use crate::domain::stock::ItemKey;

/// What came of a call about a medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    EnoughUntil(At),
    NotNeeded,
    /// Nobody answered: it is due again from then on.
    NoAnswer {
        again_at: At,
    },
}

/// Keeps what came of a call.
///
/// # Errors
/// The store's.
pub async fn tell(
    conn: &mut Conn,
    (zone, request): (ZoneId, RequestId),
    (key, told): (&ItemKey, Told),
    (by, now): (PersonId, At),
) -> Result<()> {
    let (enough_until, again_at) = match told {
        Told::EnoughUntil(until) => (Some(until), None),
        Told::NotNeeded => (None, None),
        Told::NoAnswer { again_at } => (None, Some(again_at)),
    };
    let insert = diesel::insert_into(supplies::table).values((
        supplies::id.eq(SupplyId::mint()),
        supplies::zone_id.eq(zone),
        supplies::request_id.eq(request),
        supplies::item.eq(key.item.clone()),
        supplies::strength.eq(key.strength.clone()),
        supplies::enough_until.eq(enough_until),
        supplies::asked_at.eq(now),
        supplies::person_id.eq(by),
        supplies::again_at.eq(again_at),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
