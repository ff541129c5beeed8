//! Gauges for the dashboards: how much is open, how long the oldest waits, who is free.

use crate::domain::errand::State;
use crate::flow::{Fault, House};
use crate::store::{duties, errands, zones};

pub(super) async fn measure(house: House) -> Result<(), Fault> {
    let zones = house.db.read(async move |conn| zones::list(conn).await).await?;
    for zone in zones {
        let (id, now) = (zone.id, house.now());
        let (counts, oldest, candidates) = house
            .db
            .read(async move |conn| {
                let counts = errands::count_open(conn, id).await?;
                let oldest = errands::oldest_waiting(conn, id).await?;
                Ok::<_, Fault>((counts, oldest, duties::list_candidates(conn, id).await?))
            })
            .await?;
        for state in State::ALL.iter().filter(|state| !state.is_over()) {
            let n = counts.iter().find(|(counted, _)| counted == state).map_or(0, |(_, n)| *n);
            metrics::gauge!("paotui_errands_open", "zone" => zone.code.clone(), "state" => state.as_str())
                .set(small(n));
        }
        let waited = oldest.map_or(0, |since| now.seconds_since(since).max(0));
        metrics::gauge!("paotui_oldest_waiting_seconds", "zone" => zone.code.clone()).set(small(waited));
        let free = candidates.iter().filter(|candidate| !candidate.busy).count();
        metrics::gauge!("paotui_runners_available", "zone" => zone.code).set(small(i64::try_from(free).unwrap_or(0)));
    }
    Ok(())
}

fn small(n: i64) -> f64 {
    f64::from(i32::try_from(n).unwrap_or(i32::MAX))
}
