//! The ladder's round: woken by a signal, by the period, and exactly when something is due next.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use crate::domain::clock::At;
use crate::flow::{Fault, House, alarming};
use crate::line::{Signal, What};

const PERIOD: Duration = Duration::from_secs(1);
const SHORTEST: Duration = Duration::from_millis(2);
/// Signals may come by the hundred: a look is taken at most so often because of them.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn run(house: House, mut stop: watch::Receiver<bool>) {
    let mut signals = house.line.subscribe();
    let period = PERIOD.div_f64(house.clock.speed().max(1.0)).max(Duration::from_millis(50));
    let mut failing = false;
    while !*stop.borrow() {
        let began = Instant::now();
        let done = alarming::round(&house).await;
        // With very many open a look takes its time: most of it is left to those who bring things.
        let pause = PAUSE.max(began.elapsed() * 4);
        if let (Err(fault), false) = (&done, failing) {
            tracing::warn!(error = %fault, "the ladder could not be looked at; trying on");
        }
        failing = done.is_err();
        let wait = done.ok().flatten().map_or(period, |next| until(&house, next).clamp(SHORTEST, period));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = something_changed(&mut signals, pause) => {}
            _ = stop.changed() => {}
        }
    }
}

fn until(house: &House, next: At) -> Duration {
    let micros = u64::try_from(next.micros_since(house.now())).unwrap_or(0);
    Duration::from_micros(micros).div_f64(house.clock.speed().max(0.1))
}

/// A request was made, taken or given back.
async fn something_changed(signals: &mut broadcast::Receiver<Signal>, pause: Duration) {
    loop {
        match signals.recv().await {
            Ok(Signal { what: What::Work | What::Request(_), .. }) | Err(RecvError::Lagged(_)) => break,
            Ok(_) => {}
            // No line to listen to: the period alone goes on.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
    tokio::time::sleep(pause).await;
    while signals.try_recv().is_ok() {}
}

/// Open alarms for the dashboards, by zone and rung.
pub(super) async fn measure(house: House) -> Result<(), Fault> {
    for (zone, rungs) in alarming::count_open(&house).await? {
        for (rung, n) in rungs {
            let n = f64::from(i32::try_from(n).unwrap_or(i32::MAX));
            metrics::gauge!("paotui_alarms_open", "zone" => zone.clone(), "rung" => rung.as_str()).set(n);
        }
    }
    Ok(())
}
