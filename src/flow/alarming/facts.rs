//! What is told of an alarm, written from fresh rows when it is sent: no name, door, telephone or thing is among it.

use crate::domain::ids::TellingId;
use crate::flow::{Fault, House, Result};
pub use crate::store::alarms::Facts;
use crate::store::alarms::find_facts;

/// `None` when there is nothing to say any more: it is over, or somebody on that rung has it.
///
/// # Errors
/// [`Fault::Store`].
pub async fn facts(house: &House, telling: TellingId) -> Result<Option<Facts>> {
    house.db.read(async move |conn| find_facts(conn, telling).await).await.map_err(Fault::Store)
}
