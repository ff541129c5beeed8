//! What would help those of a zone about whom nobody can be asked.

use super::super::errands;
use crate::domain::clock::At;
use crate::domain::help::{Help, Stuck, needs};
use crate::domain::ids::ZoneId;
use crate::store::{Conn, Result};

/// More nobody counts before the list is looked at again.
const MOST: i64 = 4096;

/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Vec<Help>> {
    let waiting = errands::list_waiting(conn, zone, MOST).await?;
    let stuck = waiting.iter().filter_map(|errand| {
        let reason = errand.nobody_reason.as_deref()?.parse().ok()?;
        Some(Stuck { reason, deliver_by: errand.deliver_by })
    });
    Ok(needs(&stuck.collect::<Vec<_>>(), now))
}
