//! Gauges for the dashboards: how much is open, how long the oldest waits, who is free.

use crate::domain::errand::State;
use crate::flow::{Fault, House, rounds};

pub(super) async fn measure(house: House) -> Result<(), Fault> {
    for load in rounds::measure(&house).await? {
        for state in State::ALL.iter().filter(|state| !state.is_over()) {
            let n = load.open.iter().find(|(counted, _)| counted == state).map_or(0, |(_, n)| *n);
            metrics::gauge!("paotui_errands_open", "zone" => load.zone.clone(), "state" => state.as_str())
                .set(small(n));
        }
        metrics::gauge!("paotui_oldest_waiting_seconds", "zone" => load.zone.clone()).set(small(load.oldest_waiting_s));
        let available = i64::try_from(load.available).unwrap_or(0);
        metrics::gauge!("paotui_runners_available", "zone" => load.zone).set(small(available));
    }
    Ok(())
}

/// Requests that are open and in no list. Nobody would find them: that is worth a line in the log, too.
pub(super) async fn look_for_unlisted(house: House) -> Result<(), Fault> {
    for (zone, unlisted) in rounds::count_unlisted(&house).await? {
        if unlisted > 0 {
            tracing::error!(zone, requests = unlisted, "open requests are in no list; see `paotui check`");
        }
        metrics::gauge!("paotui_requests_unlisted", "zone" => zone).set(small(i64::try_from(unlisted).unwrap_or(0)));
    }
    Ok(())
}

fn small(n: i64) -> f64 {
    f64::from(i32::try_from(n).unwrap_or(i32::MAX))
}
