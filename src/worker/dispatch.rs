//! Dispatch rounds: woken by the line for the zone that has work, and once a second for all of them.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use crate::domain::ids::ZoneId;
use crate::flow::{House, dispatch, rounds};
use crate::line::{Signal, What};

/// Signals that come within this time are one reason to look.
const COALESCE: Duration = Duration::from_millis(20);
const SWEEP: Duration = Duration::from_secs(1);

pub(super) async fn run(house: House, mut stop: watch::Receiver<bool>) {
    let mut signals = house.line.subscribe();
    let period = SWEEP.div_f64(house.clock.speed().max(1.0)).max(Duration::from_millis(50));
    while !*stop.borrow() {
        let woken = tokio::select! {
            zones = wait_for_work(&mut signals) => zones,
            () = tokio::time::sleep(period) => BTreeSet::new(),
            _ = stop.changed() => break,
        };
        let zones = if woken.is_empty() {
            rounds::list_zones(&house).await.unwrap_or_default()
        } else {
            woken.into_iter().collect()
        };
        for zone in zones {
            if let Err(fault) = dispatch::round(&house, zone).await {
                tracing::warn!(error = %fault, "a dispatch round was cut short; the next one goes on");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

/// The zones that have work, after at least one signal; empty when signals were missed: then all are looked at.
async fn wait_for_work(signals: &mut broadcast::Receiver<Signal>) -> BTreeSet<ZoneId> {
    let mut zones = BTreeSet::new();
    loop {
        match signals.recv().await {
            Ok(Signal { zone, what: What::Work }) => {
                zones.insert(zone);
                break;
            }
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return BTreeSet::new(),
            // No line to listen to: the sweep alone goes on.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
    tokio::time::sleep(COALESCE).await;
    while let Ok(signal) = signals.try_recv() {
        if signal.what == What::Work {
            zones.insert(signal.zone);
        }
    }
    zones
}
