//! The program itself: killed in the middle, asked to stop, started twice.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

const PAOTUI: &str = env!("CARGO_BIN_EXE_paotui");

fn paotui(folder: &Path) -> Command {
    let mut command = Command::new(PAOTUI);
    command
        .current_dir(folder)
        .env("PAOTUI__SERVER__LISTEN", "127.0.0.1:0")
        .env("PAOTUI__LIMITS__REQUESTS_PER_MINUTE", "0");
    command
}

fn demo_file(name: &str) -> String {
    format!("{}/config/demo/{name}.csv", env!("CARGO_MANIFEST_DIR"))
}

fn settle_in(folder: &Path) {
    for kind in ["zones", "buildings", "places", "people"] {
        assert!(
            paotui(folder).args(["import", kind, &demo_file(kind)]).stdout(Stdio::null()).status().unwrap().success()
        );
    }
}

/// A running service; killed for good when the test lets go of it.
struct Service {
    child: Child,
    base: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(folder: &Path) -> Service {
    let mut child = paotui(folder).arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
    Service { child, base }
}

fn wish() -> serde_json::Value {
    json!({ "building": "MZC-07", "room": "1-101", "name": "李", "phone": "13900000000", "category": "food", "items": [{ "name": "米" }] })
}

/// Asks eight at a time until the service is gone; answers the tokens of what was acknowledged.
async fn ask_until_it_dies(http: reqwest::Client, base: String, told: Arc<AtomicUsize>) -> Vec<String> {
    let mut tokens = Vec::new();
    loop {
        let few = (0..8).map(|_| http.post(format!("{base}/api/v1/requests")).json(&wish()).send());
        for answer in futures_util::future::join_all(few).await {
            let Ok(answer) = answer else { return tokens };
            let Ok(body) = answer.json::<serde_json::Value>().await else { return tokens };
            tokens.push(body["token"].as_str().unwrap().to_owned());
            told.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    settle_in(folder.path());
    paotui::hooks::choose_tls();
    let http = reqwest::Client::new();
    let mut acknowledged = Vec::new();
    for round in 0..3_u64 {
        let mut service = serve(folder.path());
        let told = Arc::new(AtomicUsize::new(0));
        let sending = tokio::spawn(ask_until_it_dies(http.clone(), service.base.clone(), Arc::clone(&told)));
        while told.load(Ordering::SeqCst) < 40 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // In the middle of the next ones, somewhere else each time.
        tokio::time::sleep(Duration::from_millis(3 + 7 * round)).await;
        service.child.kill().unwrap();
        acknowledged.extend(sending.await.unwrap());
    }
    let service = serve(folder.path());
    for token in &acknowledged {
        let answer = http.get(format!("{}/api/v1/requests/{token}", service.base)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "an acknowledged request is gone");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_drains_and_ends_well_with_clients_that_keep_their_connections() {
    let folder = tempfile::tempdir().unwrap();
    settle_in(folder.path());
    let mut service = serve(folder.path());
    paotui::hooks::choose_tls();
    let http = reqwest::Client::new();
    for _ in 0..20 {
        let answer = http.post(format!("{}/api/v1/requests", service.base)).json(&wish()).send().await.unwrap();
        assert_eq!(answer.status(), 201);
    }
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &service.child.id().to_string()]).status().unwrap().success());
    let status = loop {
        if let Some(status) = service.child.try_wait().unwrap() {
            break status;
        }
        // Generous: the contract says ten seconds, and this machine may be busy.
        assert!(asked.elapsed() < Duration::from_mins(1), "it does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(status.success(), "{status}");
}

#[test]
fn a_demonstration_leaves_a_day_that_the_simulator_can_live() {
    let folder = tempfile::tempdir().unwrap();
    let demo = paotui(folder.path()).args(["demo", "--pace", "600", "--for", "5", "--trace", "day"]).output().unwrap();
    let said = String::from_utf8_lossy(&demo.stdout);
    assert!(demo.status.success(), "{said}");
    let line = said.lines().last().unwrap();
    let fields = [
        "demo: submitted",
        " claimed",
        " delivered",
        " lost",
        " doubled",
        " p50_to_claim_s",
        " p90_to_claim_s",
        " p50_to_door_s",
        " p90_to_door_s",
    ];
    let places: Vec<usize> = fields.iter().map(|name| line.find(&format!("{name}=")).unwrap()).collect();
    assert!(places.is_sorted(), "{line}");
    let submitted = std::fs::read_to_string(folder.path().join("day/requests.csv")).unwrap().lines().count() - 1;
    assert!(line.contains(&format!("submitted={submitted} ")), "{line}");
    let lived = paotui(folder.path()).args(["simulate", "day", "--json"]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&lived.stdout).unwrap();
    assert_eq!(report["requests"], submitted);
    // Who is slow to sign in on a busy machine was not on duty; who lives behind a seal is no part of a trace.
    assert!(report["runners"].as_u64().is_some_and(|runners| (1..=74).contains(&runners)), "{report}");
    assert_eq!(report["unserved"], 0, "{report}");
}

#[test]
fn processes_may_migrate_at_once_and_again() {
    // The meeting is a matter of microseconds: one round would seldom see it.
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let started: Vec<Child> =
            (0..8).map(|_| paotui(folder.path()).arg("migrate").stdout(Stdio::null()).spawn().unwrap()).collect();
        for mut child in started {
            assert!(child.wait().unwrap().success());
        }
        assert!(paotui(folder.path()).arg("migrate").stdout(Stdio::null()).status().unwrap().success());
    }
}

#[test]
fn wrong_usage_ends_with_two_and_what_cannot_be_done_with_one_line_and_one() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(paotui(folder.path()).arg("frobnicate").stderr(Stdio::null()).status().unwrap().code(), Some(2));
    let broken = paotui(folder.path()).env("PAOTUI__DATABASE__URL", "mysql://x").arg("serve").output().unwrap();
    assert_eq!(broken.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&broken.stderr).lines().count(), 1);
    let unknown = paotui(folder.path()).env("PAOTUI__SERVER__LISTNE", "x").arg("serve").output().unwrap();
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("listne"), "{unknown:?}");
}

#[test]
fn an_import_with_a_mistake_changes_nothing_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zones.csv");
    std::fs::write(&file, "zone,name,street,district\nA,Good,s,d\n,Nameless,s,d\n").unwrap();
    let refused = paotui(folder.path()).args(["import", "zones"]).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("line 3") && said.contains("zone"), "{said}");
    std::fs::write(&file, "zone,name,street,district\nA,Good,s,d\n").unwrap();
    let buildings = folder.path().join("buildings.csv");
    std::fs::write(
        &buildings,
        "building,zone,compound,name,lat,lon,floors,lift,seal,gate_lat,gate_lon\nB-1,A,c,n,29.5,106.5,,,open,,\n",
    )
    .unwrap();
    let too_early = paotui(folder.path()).args(["import", "buildings"]).arg(&buildings).output().unwrap();
    assert_eq!(too_early.status.code(), Some(1), "zone A was not kept");
}
