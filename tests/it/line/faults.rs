//! What only Redis can suffer. The rule in every case: "down" or "lost", quickly, never "empty"; and well again by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use paotui::domain::clock::At;
use paotui::domain::ids::{ErrandId, PersonId, ZoneId};
use paotui::line::{
    Counts, Line, LineError, Reason, Sample, Signal, Standing, StoreCounts, Verdict, What, compare, open,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::house::{CENTRE, eventually, patient, people, ready};
use super::server::RedisServer;

/// An answer or an error is there within 300 ms; the rest is for a busy machine.
const SOON: Duration = Duration::from_millis(450);
/// While the breaker is open, nobody waits.
const AT_ONCE: Duration = Duration::from_millis(50);

struct Scene {
    server: RedisServer,
    line: Arc<dyn Line>,
    zone: ZoneId,
}

/// A zone with one waiting errand and one runner.
async fn scene() -> Scene {
    let server = RedisServer::start();
    let line = patient(&server.url(), "paotui").await.unwrap();
    furnish(server, line).await
}

/// The same, with the service's own impatience.
async fn hurried_scene() -> Scene {
    let server = RedisServer::start();
    let line = open(&server.url(), "paotui").await.unwrap();
    eventually(5, "connected", async || line.ping().await.is_ok()).await;
    furnish(server, line).await
}

async fn furnish(server: RedisServer, line: Arc<dyn Line>) -> Scene {
    let zone = ZoneId::mint();
    let standing = Standing { ready: vec![ready(1)], runners: vec![(PersonId::mint(), CENTRE)], ..Standing::default() };
    line.rebuild(zone, &standing).await.unwrap();
    Scene { server, line, zone }
}

impl Scene {
    async fn is_down(&self) -> bool {
        let began = Instant::now();
        let answer = self.line.most_urgent(self.zone, 10).await;
        assert!(began.elapsed() < SOON, "{:?} for {answer:?}", began.elapsed());
        matches!(answer, Err(LineError::Down(_)))
    }

    /// Fails until the breaker opens: then errors come at once.
    async fn breaks(&self) {
        for _ in 0..3 {
            assert!(self.is_down().await);
        }
        let began = Instant::now();
        assert!(self.is_down().await);
        assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
    }

    async fn heals(&self) {
        eventually(3, "the line heals", async || self.line.census(self.zone).await.is_ok()).await;
    }

    fn key(&self, generation: &str, name: &str) -> String {
        format!("paotui:{{c:{}}}:{generation}:{name}", self.zone)
    }

    fn calls_of(&self, command: &str) -> u64 {
        let answer = self.server.ask("INFO commandstats").unwrap();
        let text: String = redis::from_redis_value(answer).unwrap();
        let line = text.lines().find(|line| line.starts_with(&format!("cmdstat_{command}:"))).unwrap_or_default();
        line.split(['=', ',']).nth(1).map_or(0, |calls| calls.parse().unwrap())
    }

    async fn generation(&self) -> String {
        self.line.census(self.zone).await.unwrap().expect("a generation").generation
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forgotten_scripts_are_taught_again_on_the_way() {
    let Scene { server, line, zone } = scene().await;
    let errand = ready(5);
    let runner = PersonId::mint();
    let forget = || server.ask("SCRIPT FLUSH").unwrap();
    forget();
    line.enqueue(zone, &[errand]).await.unwrap();
    forget();
    line.stand(zone, runner, CENTRE).await.unwrap();
    forget();
    assert!(line.claim(zone, errand.errand, runner, At(9)).await.unwrap());
    forget();
    assert_eq!(line.leases_ended(zone, At(9), 9).await.unwrap(), [errand.errand]);
    forget();
    line.rebuild(zone, &Standing::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_redis_is_down_quickly_and_the_line_heals_when_it_is_back() {
    let mut scene = hurried_scene().await;
    let mut ear = scene.line.subscribe();
    scene.server.kill();
    scene.breaks().await;
    assert!(matches!(scene.line.ping().await, Err(LineError::Down(_))));
    assert!(scene.server.begin());
    scene.heals().await;
    scene.line.ping().await.unwrap();
    assert_eq!(scene.line.census(scene.zone).await, Ok(None), "nothing was kept: lost, not empty");
    scene.line.rebuild(scene.zone, &Standing::default()).await.unwrap();
    let look_again = Signal { zone: scene.zone, what: What::Work };
    let heard = tokio::time::timeout(Duration::from_secs(5), ear.recv()).await;
    assert_eq!(heard.expect("told to look again").unwrap(), look_again);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_redis_is_down_within_the_time_allowed_and_heals_when_it_goes_on() {
    let scene = hurried_scene().await;
    scene.server.signal("STOP");
    scene.breaks().await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(scene.is_down().await);
    scene.server.signal("CONT");
    scene.heals().await;
    assert_eq!(scene.line.most_urgent(scene.zone, 9).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_opened_before_its_redis_works_when_redis_comes() {
    let mut server = RedisServer::not_started(&[]);
    let line = open(&server.url(), "paotui").await.unwrap();
    let (zone, mut ear) = (ZoneId::mint(), line.subscribe());
    assert!(matches!(line.census(zone).await, Err(LineError::Down(_))));
    assert!(matches!(line.ping().await, Err(LineError::Down(why)) if why.contains("refused")));
    // Signals still reach those who listen in this process.
    let signal = Signal { zone, what: What::Work };
    assert!(matches!(line.publish(signal).await, Err(LineError::Down(_))));
    assert_eq!(ear.try_recv(), Ok(signal));
    assert!(server.begin());
    eventually(3, "the line comes up", async || line.census(zone).await == Ok(None)).await;
    line.rebuild(zone, &Standing::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_out_of_memory_is_down_for_writes_and_leaves_no_half_of_an_act() {
    let Scene { server, line, zone } = scene().await;
    let waiting = line.most_urgent(zone, 9).await.unwrap();
    let runner = line.near(zone, CENTRE, 250.0, 9).await.unwrap()[0].runner;
    server.ask("CONFIG SET maxmemory 1").unwrap();
    assert!(matches!(line.enqueue(zone, &[ready(2)]).await, Err(LineError::Down(_))));
    assert!(line.rebuild(zone, &Standing { ready: vec![ready(2)], ..Standing::default() }).await.is_err());
    assert_eq!(line.most_urgent(zone, 9).await.unwrap(), waiting);
    // A claim takes out before it puts in, so it may well succeed; if it does, it does so whole.
    let claimed = line.claim(zone, waiting[0].errand, runner, At(9)).await.unwrap_or(false);
    let census = line.census(zone).await.unwrap().unwrap();
    let whole = if claimed { (0, 0, 1) } else { (1, 1, 0) };
    assert_eq!((census.ready, census.runners, census.leases), whole);
    server.ask("CONFIG SET maxmemory 0").unwrap();
    eventually(3, "writes", async || line.enqueue(zone, &[ready(2)]).await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_lost_its_primary_is_down_not_empty() {
    let Scene { server, line, zone } = scene().await;
    server.ask("REPLICAOF 127.0.0.1 1").unwrap();
    let refused = line.enqueue(zone, &[ready(2)]).await;
    assert!(matches!(&refused, Err(LineError::Down(why)) if why.contains("READONLY")), "{refused:?}");
    assert_eq!(line.most_urgent(zone, 9).await.unwrap().len(), 1);
    server.ask("CONFIG SET replica-serve-stale-data no").unwrap();
    assert!(matches!(line.most_urgent(zone, 9).await, Err(LineError::Down(_))));
    assert!(matches!(line.census(zone).await, Err(LineError::Down(_))));
    server.ask("REPLICAOF NO ONE").unwrap();
    eventually(3, "writes", async || line.enqueue(zone, &[ready(2)]).await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_cannot_save_is_down_for_writes() {
    let Scene { server, line, zone } = scene().await;
    let mut connection = server.connection().unwrap();
    redis::cmd("CONFIG").arg(&["SET", "save", "3600 1"]).exec(&mut connection).unwrap();
    server.lose_folder();
    let _ = server.ask("BGSAVE");
    eventually(
        5,
        "writes are refused",
        async || matches!(line.enqueue(zone, &[ready(2)]).await, Err(LineError::Down(why)) if why.contains("MISCONF")),
    )
    .await;
    assert!(line.most_urgent(zone, 9).await.is_ok_and(|waiting| !waiting.is_empty()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_busy_with_a_script_is_down() {
    let scene = hurried_scene().await;
    scene.server.ask("CONFIG SET busy-reply-threshold 10").unwrap();
    let mut connection = scene.server.connection().unwrap();
    let endless = std::thread::spawn(move || {
        redis::cmd("EVAL").arg("while true do end").arg(0).query::<redis::Value>(&mut connection)
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(matches!(scene.line.census(scene.zone).await, Err(LineError::Down(why)) if why.contains("BUSY")));
    for _ in 0..4 {
        assert!(scene.is_down().await);
    }
    scene.server.ask("SCRIPT KILL").unwrap();
    assert!(endless.join().unwrap().is_err());
    scene.heals().await;
    assert_eq!(scene.line.most_urgent(scene.zone, 9).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loading_redis_is_down_not_empty() {
    let mut scene = hurried_scene().await;
    scene.server.ask("DEBUG POPULATE 20000").unwrap();
    scene.server.ask("SAVE").unwrap();
    scene.server.kill();
    scene.server.spawn(&["--key-load-delay", "100", "--loading-process-events-interval-bytes", "1024"]);
    eventually(5, "loading is seen", async || match scene.line.census(scene.zone).await {
        Err(LineError::Down(why)) => why.contains("LOADING"),
        other => panic!("{other:?}"),
    })
    .await;
    eventually(15, "loaded", async || scene.line.census(scene.zone).await.is_ok_and(|census| census.is_some())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_whose_answer_is_lost_is_not_sent_twice_and_its_hold_ends_by_itself() {
    let scene = scene().await;
    let proxy = Proxy::before(scene.server.port).await;
    let line = patient(&format!("redis://127.0.0.1:{}", proxy.port), "paotui").await.unwrap();
    let waiting = line.most_urgent(scene.zone, 1).await.unwrap()[0];
    let runner = line.near(scene.zone, CENTRE, 250.0, 1).await.unwrap()[0].runner;
    // Teach the script beforehand, so that the claim is one command.
    assert!(!line.claim(scene.zone, ErrandId::mint(), runner, At(5)).await.unwrap());
    let calls = scene.calls_of("evalsha");
    proxy.drop_answers(true);
    let lost = line.claim(scene.zone, waiting.errand, runner, At(5)).await;
    assert!(matches!(lost, Err(LineError::Down(_))), "{lost:?}");
    proxy.drop_answers(false);
    assert_eq!(scene.calls_of("evalsha"), calls + 1, "sent once");
    assert_eq!(scene.line.leases_ended(scene.zone, At(5), 9).await.unwrap(), [waiting.errand]);
    eventually(3, "put back", async || line.put_back(scene.zone, waiting).await.is_ok()).await;
    assert_eq!(scene.line.most_urgent(scene.zone, 9).await.unwrap(), [waiting]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_subscription_comes_back_and_everybody_looks_again() {
    let Scene { server, line, zone } = scene().await;
    let mut ear = line.subscribe();
    let work = Signal { zone, what: What::Work };
    eventually(5, "subscribed", async || {
        line.publish(work).await.unwrap();
        tokio::time::timeout(Duration::from_millis(50), ear.recv()).await.is_ok()
    })
    .await;
    while tokio::time::timeout(Duration::from_millis(200), ear.recv()).await.is_ok() {}
    server.ask("CLIENT KILL TYPE pubsub").unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(3), ear.recv()).await;
    assert_eq!(heard.expect("told to look again").unwrap(), work);
    let runner = Signal { zone, what: What::Runner(PersonId::mint()) };
    line.publish(runner).await.unwrap();
    assert_eq!(tokio::time::timeout(Duration::from_secs(1), ear.recv()).await.unwrap().unwrap(), runner);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_was_deleted_is_found_by_the_comparison() {
    let scene = scene().await;
    let generation = scene.generation().await;
    let store = StoreCounts::once(Counts { ready: 1, runners: 1, leases: 0 });
    let census = scene.line.census(scene.zone).await.unwrap();
    assert_eq!(compare(census.as_ref(), Sample::default(), store), Verdict::Agrees);
    scene.server.ask(&format!("DEL {}", scene.key(&generation, "runners"))).unwrap();
    let census = scene.line.census(scene.zone).await.unwrap();
    let verdict = compare(census.as_ref(), Sample::default(), store);
    assert_eq!(verdict, Verdict::Rebuild(Reason::Runners { line: 0, store: 1 }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_a_foreign_type_is_lost_and_a_rebuild_cures_it() {
    let scene = scene().await;
    let generation = scene.generation().await;
    let pointer = format!("paotui:{{c:{}}}", scene.zone);
    scene.server.ask(&format!("SET {} 1", scene.key(&generation, "ready"))).unwrap();
    assert_eq!(scene.line.most_urgent(scene.zone, 9).await, Err(LineError::Lost(scene.zone)));
    assert_eq!(scene.line.census(scene.zone).await, Ok(None));
    scene.line.rebuild(scene.zone, &Standing::default()).await.unwrap();
    assert_eq!(scene.line.most_urgent(scene.zone, 9).await, Ok(Vec::new()));
    scene.server.ask(&format!("DEL {pointer}")).unwrap();
    scene.server.ask(&format!("LPUSH {pointer} 1")).unwrap();
    assert_eq!(scene.line.census(scene.zone).await, Ok(None));
    scene.line.rebuild(scene.zone, &Standing::default()).await.unwrap();
    assert!(scene.line.census(scene.zone).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_generations_go_and_the_current_one_stays() {
    let scene = scene().await;
    let old = scene.generation().await;
    let standing = Standing { ready: vec![ready(1)], ..Standing::default() };
    scene.line.rebuild(scene.zone, &standing).await.unwrap();
    let new = scene.generation().await;
    let life = |generation: &str| -> i64 {
        redis::from_redis_value(scene.server.ask(&format!("TTL {}", scene.key(generation, "ready"))).unwrap()).unwrap()
    };
    assert!((1..=60).contains(&life(&old)), "{}", life(&old));
    assert_eq!(life(&new), -1, "no end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flush_in_the_middle_of_a_rebuild_never_leaves_half_a_zone() {
    let Scene { server, line, zone } = scene().await;
    let standing = Arc::new(Standing { ready: (0..8_000).map(ready).collect(), ..Standing::default() });
    let (mut refused, mut whole) = (0, 0);
    for round in 0..40 {
        let (builder, standing) = (line.clone(), standing.clone());
        let building = tokio::spawn(async move { builder.rebuild(zone, &standing).await });
        tokio::time::sleep(Duration::from_millis(round)).await;
        server.ask("FLUSHALL").unwrap();
        match building.await.unwrap() {
            Ok(()) => whole += 1,
            Err(LineError::Lost(_)) => refused += 1,
            // A busy machine: no answer in time is no half zone either.
            Err(LineError::Down(_)) => {}
            Err(other) => panic!("{other}"),
        }
        if let Ok(Some(census)) = line.census(zone).await {
            assert_eq!(census.ready, 8_000);
        }
    }
    assert!(refused > 0 && whole > 0, "{refused} refused, {whole} whole");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_with_two_prefixes_share_a_redis_and_do_not_meet() {
    let Scene { server, line, zone } = scene().await;
    let other = patient(&server.url(), "other").await.unwrap();
    assert_eq!(other.census(zone).await, Ok(None));
    let mut ear = other.subscribe();
    for _ in 0..20 {
        line.publish(Signal { zone, what: What::Runner(PersonId::mint()) }).await.unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    while let Ok(signal) = ear.try_recv() {
        assert_eq!(signal.what, What::Work, "only its own call to look again");
    }
}

#[test]
fn a_runtime_that_ends_does_not_take_the_connection_with_it() {
    let server = RedisServer::start();
    let home = tokio::runtime::Runtime::new().unwrap();
    let line = home.block_on(patient(&server.url(), "paotui")).unwrap();
    let zone = ZoneId::mint();
    for _ in 0..5 {
        let passing = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        passing.block_on(line.rebuild(zone, &Standing::default())).unwrap();
        server.ask("CLIENT KILL TYPE normal SKIPME yes").unwrap();
        // Whoever finds the connection cut has the next one made; it must not be a task of this runtime.
        passing.block_on(eventually(3, "connected again", async || line.census(zone).await.is_ok()));
        drop(passing);
        home.block_on(async { assert!(line.census(zone).await.unwrap().is_some()) });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_line_leaves_no_connection() {
    let Scene { server, line, .. } = scene().await;
    let connections = || -> usize {
        let list: String = redis::from_redis_value(server.ask("CLIENT LIST").unwrap()).unwrap();
        list.lines().count() - 1
    };
    eventually(3, "one to ask, one to hear", async || connections() == 2).await;
    drop(line);
    eventually(3, "none", async || connections() == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_share_one_connection() {
    let Scene { server, line, zone } = scene().await;
    let runners = people(2_000);
    let all = runners.iter().map(|runner| line.stand(zone, *runner, CENTRE));
    futures_util::future::try_join_all(all).await.unwrap();
    assert_eq!(line.census(zone).await.unwrap().unwrap().runners, 2_001);
    let list: String = redis::from_redis_value(server.ask("CLIENT LIST").unwrap()).unwrap();
    assert!(list.lines().count() <= 3, "{list}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_is_spoken_and_an_unknown_certificate_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let (key, certificate) = (folder.path().join("key.pem"), folder.path().join("cert.pem"));
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success());
    let port = RedisServer::not_started(&[]).port.to_string();
    let _server = RedisServer::start_with(&[
        "--tls-port",
        &port,
        "--tls-cert-file",
        certificate.to_str().unwrap(),
        "--tls-key-file",
        key.to_str().unwrap(),
        "--tls-ca-cert-file",
        certificate.to_str().unwrap(),
        "--tls-auth-clients",
        "no",
    ]);
    let line = patient(&format!("rediss://localhost:{port}"), "paotui").await.unwrap();
    let refused = line.ping().await;
    assert!(matches!(&refused, Err(LineError::Down(why)) if why.contains("certificate")), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_dead_without_knowing_is_given_up_for_a_new_one() {
    let scene = scene().await;
    let proxy = Proxy::before(scene.server.port).await;
    let line = open(&format!("redis://127.0.0.1:{}", proxy.port), "paotui").await.unwrap();
    assert!(line.census(scene.zone).await.is_ok());
    proxy.deafen();
    assert!(matches!(line.census(scene.zone).await, Err(LineError::Down(_))));
    eventually(4, "a new connection", async || line.census(scene.zone).await.is_ok()).await;
    let mut ear = line.subscribe();
    let runner = Signal { zone: scene.zone, what: What::Runner(PersonId::mint()) };
    eventually(6, "the signals are heard again", async || {
        line.publish(runner).await.unwrap();
        let heard = tokio::time::timeout(Duration::from_millis(100), ear.recv()).await;
        heard.is_ok_and(|heard| heard == Ok(runner))
    })
    .await;
}

/// Stands before a Redis and, when told to, lets questions pass but cuts the connection instead of answering, or goes
/// deaf on the connections there are.
struct Proxy {
    port: u16,
    dropping: Arc<AtomicBool>,
    deaf: Arc<tokio::sync::watch::Sender<u64>>,
    task: tokio::task::AbortHandle,
}

impl Proxy {
    async fn before(redis: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (dropping, deaf) = (Arc::new(AtomicBool::new(false)), Arc::new(tokio::sync::watch::Sender::new(0)));
        let (drops, deafening) = (dropping.clone(), deaf.clone());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", redis)).await.unwrap();
                tokio::spawn(carry(client, server, drops.clone(), deafening.subscribe()));
            }
        });
        Self { port, dropping, deaf, task: task.abort_handle() }
    }

    fn drop_answers(&self, on: bool) {
        self.dropping.store(on, Ordering::SeqCst);
    }

    /// The connections there are stay open, and nothing passes them any more.
    fn deafen(&self) {
        self.deaf.send_modify(|times| *times += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(
    mut client: TcpStream,
    mut server: TcpStream,
    dropping: Arc<AtomicBool>,
    mut deaf: tokio::sync::watch::Receiver<u64>,
) {
    let (mut question, mut answer) = ([0; 4_096], [0; 4_096]);
    loop {
        tokio::select! {
            _ = deaf.changed() => return std::future::pending().await,
            n = client.read(&mut question) => match n {
                Ok(n) if n > 0 => server.write_all(&question[..n]).await.unwrap(),
                _ => return,
            },
            n = server.read(&mut answer) => match n {
                Ok(n) if n > 0 && !dropping.load(Ordering::SeqCst) => {
                    if client.write_all(&answer[..n]).await.is_err() { return }
                }
                _ => return,
            },
        }
    }
}
