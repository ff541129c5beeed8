//! Throws away what is only kept for a time: idempotency keys, photos nobody sent, ended sessions,
//! old sign-in links, and names of those whose offer to help was declined.

use crate::flow::{Fault, House, rounds};

pub(super) async fn sweep(house: House) -> Result<(), Fault> {
    let cleared = rounds::clear(&house).await?;
    tracing::debug!(cleared, "old keys and sessions are gone");
    Ok(())
}
