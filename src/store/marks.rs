//! Keyed hashes by which a second asking is recognised: of the door and of the telephones, never themselves.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use diesel_async::RunQueryDsl;

use super::schema::{marks, requests};
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{RequestId, ZoneId};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;

#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = marks, treat_none_as_default_value = false)]
pub struct MarkRow {
    pub request_id: RequestId,
    pub zone_id: ZoneId,
    pub door: Vec<u8>,
    pub phone: Vec<u8>,
    pub patient_phone: Option<Vec<u8>>,
}

/// A request that is not over, as a telephone leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOfPhone {
    pub request: RequestId,
    pub zone: ZoneId,
    pub code: String,
    pub state: State,
    pub category: Category,
    pub urgency: Urgency,
    pub submitted_at: At,
}

/// Holds these doors until the transaction ends, so that of two askings at once one sees the other. SQLite has one
/// writer, which is held already; PostgreSQL is told, in the order of the numbers, so that nobody waits in a circle.
pub(super) async fn hold_doors(conn: &mut Conn, doors: &[Vec<u8>]) -> Result<()> {
    let Conn::Pg(c) = conn else { return Ok(()) };
    let number = |door: &Vec<u8>| door.first_chunk::<8>().map(|first| i64::from_be_bytes(*first));
    let mut numbers: Vec<i64> = doors.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if !numbers.is_empty() {
        let hold = diesel::sql_query("SELECT pg_advisory_xact_lock(door) FROM unnest($1) AS door");
        hold.bind::<Array<BigInt>, _>(numbers).execute(c).await?;
    }
    Ok(())
}

/// What is open of a telephone, asker's or patient's, newest first.
///
/// # Errors
/// The store's.
pub async fn list_open_of_phone(conn: &mut Conn, phone: Vec<u8>) -> Result<Vec<OpenOfPhone>> {
    type Row = (RequestId, ZoneId, (String, State, Category, Urgency, At));
    let query = marks::table
        .inner_join(requests::table)
        .select((
            requests::id,
            requests::zone_id,
            (requests::code, requests::state, requests::category, requests::urgency, requests::submitted_at),
        ))
        .filter(
            requests::closed_at.is_null().and(marks::phone.eq(phone.clone()).or(marks::patient_phone.eq(Some(phone)))),
        )
        .order(requests::id.desc())
        .limit(20);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let open = |(request, zone, (code, state, category, urgency, submitted_at)): Row| OpenOfPhone {
        request,
        zone,
        code,
        state,
        category,
        urgency,
        submitted_at,
    };
    Ok(rows.into_iter().map(open).collect())
}
