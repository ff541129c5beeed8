//! Takes due work and hands it to a stage. Every duty is a small reconciler: woken by a signal and by a period, it takes
//! no input, looks at how things stand, and does what is due. Any number of processes may run all of them at once.

mod alarms;
mod clear;
mod dispatch;
mod following;
mod gauges;
pub mod hooks;
mod leases;
mod line;
pub mod relay;
mod seals;

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::flow::{Fault, House};

pub use hooks::Caller;
pub use relay::Relay;

/// Which duties a process takes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    pub dispatch: bool,
    pub worker: bool,
}

/// Starts the duties; they end when `stop` turns true, each after the piece of work it holds.
#[must_use]
pub fn start(
    house: &House,
    (relay, caller): (Relay, Caller),
    duties: Duties,
    stop: &watch::Receiver<bool>,
) -> JoinSet<()> {
    let mut running = JoinSet::new();
    if duties.dispatch {
        running.spawn(dispatch::run(house.clone(), stop.clone()));
    }
    if duties.worker {
        let every = |seconds: u64| Duration::from_secs(seconds);
        running.spawn(repeat("leases", every(1), house.clone(), stop.clone(), leases::sweep));
        running.spawn(repeat("leases in the store", every(5), house.clone(), stop.clone(), leases::sweep_store));
        running.spawn(repeat("idle claims", every(5), house.clone(), stop.clone(), leases::ask_the_idle));
        running.spawn(repeat("line", every(5), house.clone(), stop.clone(), line::compare));
        running.spawn(repeat("gauges", every(5), house.clone(), stop.clone(), gauges::measure));
        running.spawn(repeat("unlisted", every(30), house.clone(), stop.clone(), gauges::look_for_unlisted));
        running.spawn(repeat("seals", every(1), house.clone(), stop.clone(), seals::keep_time));
        running.spawn(repeat("checks", every(20), house.clone(), stop.clone(), following::mend));
        running.spawn(repeat("recurrences", every(60), house.clone(), stop.clone(), following::recur));
        running.spawn(repeat("clear", every(3600), house.clone(), stop.clone(), clear::sweep));
        running.spawn(repeat("alarm gauges", every(5), house.clone(), stop.clone(), alarms::measure));
        running.spawn(alarms::run(house.clone(), stop.clone()));
        running.spawn(relay.run(house.clone(), stop.clone()));
        running.spawn(caller.run(house.clone(), stop.clone()));
    }
    running
}

/// Does `duty` now and then every `period` of service time. A failure is logged and tried again next time:
/// the store may be away for a while.
async fn repeat<F>(
    name: &'static str,
    period: Duration,
    house: House,
    mut stop: watch::Receiver<bool>,
    duty: impl Fn(House) -> F,
) where
    F: Future<Output = Result<(), Fault>>,
{
    let period = period.div_f64(house.clock.speed().max(1.0)).max(Duration::from_millis(50));
    let mut failing = false;
    while !*stop.borrow() {
        let done = duty(house.clone()).await;
        match &done {
            Err(fault) if !failing => {
                tracing::warn!(duty = name, error = %fault, "a duty could not be done; trying on");
            }
            Ok(()) if failing => tracing::info!(duty = name, "the duty is done again"),
            _ => {}
        }
        failing = done.is_err();
        tokio::select! {
            () = tokio::time::sleep(period) => {}
            _ = stop.changed() => {}
        }
    }
}
