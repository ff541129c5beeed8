//! Throws away what is only kept for a time: idempotency keys, ended sessions.

use crate::flow::{Fault, House};
use crate::store::{idempotency, sessions};

pub(super) async fn sweep(house: House) -> Result<(), Fault> {
    let now = house.now();
    let cleared = house
        .db
        .write(async move |conn| {
            let keys = idempotency::sweep(conn, now).await?;
            Ok::<_, crate::store::Error>(keys + sessions::sweep(conn, now).await?)
        })
        .await?;
    tracing::debug!(cleared, "old keys and sessions are gone");
    Ok(())
}
