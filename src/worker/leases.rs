//! Leases that ended: offers nobody answered, claims nobody gave a sign of. The line says which; the store knows all.

use crate::domain::ids::ErrandId;
use crate::flow::{Fault, House, lapsing, rounds};

const AT_ONCE: usize = 200;

/// What the line says has ended. With the line gone, the store is asked at once.
pub(super) async fn sweep(house: House) -> Result<(), Fault> {
    for zone in rounds::list_zones(&house).await? {
        match house.line.leases_ended(zone, house.now(), AT_ONCE).await {
            Ok(ended) => lapse_each(&house, ended).await,
            Err(_) => return sweep_store(house).await,
        }
    }
    Ok(())
}

/// What the store says has ended, whatever the line remembers.
pub(super) async fn sweep_store(house: House) -> Result<(), Fault> {
    let ended = rounds::list_lease_ended(&house, i64::try_from(AT_ONCE).unwrap_or(i64::MAX)).await?;
    lapse_each(&house, ended).await;
    Ok(())
}

/// Claims about to go back: their runners are asked first.
pub(super) async fn ask_the_idle(house: House) -> Result<(), Fault> {
    lapsing::ask_the_idle(&house).await
}

/// Row by row: one that cannot be moved must not hold up its neighbours.
async fn lapse_each(house: &House, ended: Vec<ErrandId>) {
    for errand in ended {
        if let Err(fault) = lapsing::lapse(house, errand).await {
            tracing::warn!(errand_id = %errand, error = %fault, "a lease could not be ended; trying on");
        }
    }
}
