//! Checks after deliveries: that each has one. And requests that are made again when their date comes.

use crate::flow::{Fault, House, following, recurring};

pub(super) async fn mend(house: House) -> Result<(), Fault> {
    let mended = following::mend(&house).await?;
    if mended > 0 {
        tracing::info!(mended, "checks after deliveries were mended");
    }
    Ok(())
}

pub(super) async fn recur(house: House) -> Result<(), Fault> {
    let made = recurring::round(&house).await?;
    if made > 0 {
        tracing::info!(made, "requests were made again");
    }
    Ok(())
}
