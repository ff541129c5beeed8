//! The dials of a zone, and the price of a runner's second it has learned.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::dials;
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::ZoneId;
use crate::domain::trip::Price;

#[derive(Debug, Clone, Copy, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = dials, treat_none_as_default_value = false)]
pub struct Dials {
    pub zone_id: ZoneId,
    /// How long green errands may be held to fill a trip, seconds: 0 to 1200.
    pub patience_s: i32,
    /// Bags a runner carries here, and one with a cart; the service's setting when empty.
    pub bags: Option<i32>,
    pub cart_bags: Option<i32>,
    /// Medicine goes to runners trained for it alone.
    pub trained_only: bool,
    /// Weight that a runner's second brings in.
    pub price: f64,
    pub changed_at: At,
}

impl Dials {
    /// What holds until somebody turns a dial.
    #[must_use]
    pub fn untouched(zone: ZoneId) -> Self {
        Self {
            zone_id: zone,
            patience_s: 0,
            bags: None,
            cart_bags: None,
            trained_only: false,
            price: Price::default().a_second(),
            changed_at: At(0),
        }
    }
}

/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId) -> Result<Dials> {
    let query = dials::table.select(columns::<Dials>()).find(zone);
    let found: Option<Dials> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(found.unwrap_or_else(|| Dials::untouched(zone)))
}

/// Turns the dials; the price stays as it was learned.
///
/// # Errors
/// The store's.
pub async fn turn(conn: &mut Conn, set: Dials) -> Result<()> {
    let insert = diesel::insert_into(dials::table).values(set).on_conflict(dials::zone_id).do_update().set((
        dials::patience_s.eq(set.patience_s),
        dials::bags.eq(set.bags),
        dials::cart_bags.eq(set.cart_bags),
        dials::trained_only.eq(set.trained_only),
        dials::changed_at.eq(set.changed_at),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Writes down the price a zone has learned. Of two processes that learn at once the later one stands: it is a mean
/// over many trips, and one trip more or less in it changes nothing.
///
/// # Errors
/// The store's.
pub async fn learn_price(conn: &mut Conn, zone: ZoneId, price: Price) -> Result<()> {
    let fresh = Dials { price: price.a_second(), ..Dials::untouched(zone) };
    let insert = diesel::insert_into(dials::table)
        .values(fresh)
        .on_conflict(dials::zone_id)
        .do_update()
        .set(dials::price.eq(price.a_second()));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
