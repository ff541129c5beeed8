//! What the service tells about itself: the log on standard error, and the metrics Prometheus reads.
//!
//! Neither ever holds a name, phone, address, token or request id; labels are words from a fixed set.

use std::sync::{Mutex, PoisonError};

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Waiting of people, in seconds of service time: from at once to a day.
const WAITS: &[f64] = &[
    1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 900.0, 1800.0, 2700.0, 3600.0, 7200.0, 14_400.0,
    28_800.0, 86_400.0,
];
/// Work of the machine, in seconds of the wall clock: from a tenth of a millisecond to ten seconds.
const WORK: &[f64] =
    &[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Starts the log; the first call in a process counts, so that tests may build the service many times.
pub fn start_log(log: &Log) {
    let filter = EnvFilter::builder().parse_lossy(&log.filter);
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => subscriber.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => {
            subscriber.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
        }
    };
    if started.is_err() {
        tracing::debug!("the log had been started before");
    }
}

/// Installs the recorder of this process and describes every metric; later calls answer the same handle.
///
/// Whoever serves `/metrics` answers `handle.render()`, and calls `handle.run_upkeep()` every few seconds: between
/// two readings the recorder keeps each sample by itself.
///
/// # Errors
/// When another recorder was installed before.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = installed.as_ref() {
        return Ok(handle.clone());
    }
    let handle = builder()?.install_recorder()?;
    describe();
    *installed = Some(handle.clone());
    Ok(handle)
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Prefix("paotui_to_".to_owned()), WAITS)?
        .set_buckets_for_metric(Matcher::Full("paotui_http_request_seconds".to_owned()), WORK)?
        .set_buckets_for_metric(Matcher::Full("paotui_dispatch_decision_seconds".to_owned()), WORK)
}

/// Says what each metric means, in the words of the contract.
fn describe() {
    describe_counter!("paotui_requests_total", "Requests taken, by category, urgency and channel");
    describe_gauge!("paotui_errands_open", "Errands not yet over, by zone and state");
    describe_histogram!(
        "paotui_to_claim_seconds",
        Unit::Seconds,
        "From submission to claim, by urgency, in service time"
    );
    describe_histogram!(
        "paotui_to_deliver_seconds",
        Unit::Seconds,
        "From submission to delivery, by urgency, in service time"
    );
    describe_gauge!("paotui_oldest_waiting_seconds", Unit::Seconds, "Age of the errand that waits longest, by zone");
    describe_gauge!("paotui_runners_available", "Runners on duty with free hands, by zone");
    describe_counter!("paotui_offers_total", "Offers that ended, by outcome");
    describe_histogram!("paotui_dispatch_decision_seconds", Unit::Seconds, "Time one decision of dispatch takes");
    describe_counter!("paotui_line_rebuilds_total", "Times the waiting line was rebuilt from the store");
    describe_counter!("paotui_letters_total", "Letters, by outcome of the attempt");
    describe_counter!("paotui_http_requests_total", "HTTP requests answered, by route and status");
    describe_histogram!("paotui_http_request_seconds", Unit::Seconds, "Time to answer an HTTP request, by route");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_and_work_are_histograms_with_buckets_that_fit() {
        let recorder = builder().unwrap().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            metrics::histogram!("paotui_to_claim_seconds", "urgency" => "red").record(42.0);
            metrics::histogram!("paotui_http_request_seconds", "route" => "/").record(0.003);
        });
        let text = handle.render();
        for line in [
            "# TYPE paotui_to_claim_seconds histogram",
            "paotui_to_claim_seconds_bucket{urgency=\"red\",le=\"60\"} 1",
            "paotui_to_claim_seconds_bucket{urgency=\"red\",le=\"30\"} 0",
            "paotui_http_request_seconds_bucket{route=\"/\",le=\"0.005\"} 1",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn installing_twice_answers_the_same_recorder() {
        let first = install().unwrap();
        metrics::counter!("paotui_line_rebuilds_total").increment(1);
        assert!(install().unwrap().render().contains("paotui_line_rebuilds_total 1"));
        assert!(first.render().contains("# HELP paotui_line_rebuilds_total"));
    }
}
