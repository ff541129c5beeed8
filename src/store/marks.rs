//! Keyed hashes by which a second asking is recognised: of the door and of the telephones, never themselves.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use diesel_async::RunQueryDsl;

use super::schema::marks;
use super::{Conn, Result};
use crate::domain::ids::{RequestId, ZoneId};

#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = marks, treat_none_as_default_value = false)]
pub struct MarkRow {
    pub request_id: RequestId,
    pub zone_id: ZoneId,
    pub door: Vec<u8>,
    pub phone: Vec<u8>,
    pub patient_phone: Option<Vec<u8>>,
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
