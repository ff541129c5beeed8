//! Seals that begin by themselves, and seals that end.

use crate::flow::{Fault, House, sealing};

pub(super) async fn keep_time(house: House) -> Result<(), Fault> {
    sealing::keep_time(&house).await
}
