//! Building a house on a backing and a line, letting it act, and taking it down.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use paotui::app::{Application, Parts, Surroundings};
use paotui::clocks::SystemChance;
use paotui::config::Settings;
use paotui::domain::ids::ZoneId;
use paotui::flow::{self, dispatch, lapsing, rounds, sealing};
use paotui::mail::{Held, Mailer};
use paotui::store::Db;
use paotui::worker::{Duties, Relay};
use serde_json::{Value, json};
use tokio::sync::{OnceCell, oneshot};

use super::{Answer, Person, TurnedClock, seed};

/// Which backing and which line.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    postgres: bool,
    redis: bool,
}

impl Kind {
    pub const SQLITE_MEMORY: Self = Self { postgres: false, redis: false };
    pub const SQLITE_REDIS: Self = Self { postgres: false, redis: true };
    pub const POSTGRES_MEMORY: Self = Self { postgres: true, redis: false };
    pub const POSTGRES_REDIS: Self = Self { postgres: true, redis: true };
}

#[allow(clippy::disallowed_methods, reason = "tests learn from the environment where their servers are")]
pub fn server(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|url| !url.is_empty())
}

/// See the module.
pub struct House {
    pub base: String,
    pub flow: flow::House,
    pub clock: Arc<TurnedClock>,
    pub http: reqwest::Client,
    pub database_url: String,
    pub line_url: String,
    pub line_prefix: String,
    relay: Relay,
    letters: Held,
    stop: Option<oneshot::Sender<()>>,
    serving: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl House {
    /// Tells a story in a new house. Letters that were sent and never looked at fail the story.
    pub async fn open<F: Future<Output = Self>>(kind: Kind, story: impl FnOnce(Self) -> F) {
        let (postgres, redis) = (server("PAOTUI_TEST_POSTGRES"), server("PAOTUI_TEST_REDIS"));
        if (kind.postgres && postgres.is_none()) || (kind.redis && redis.is_none()) {
            println!("SKIPPED: {kind:?} needs a server; ./test starts it");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let database_url = match postgres.filter(|_| kind.postgres) {
            Some(server) => database_copy(&server).await,
            None => format!("sqlite://{}", folder.path().join("house.db").display()),
        };
        let line_url = redis.filter(|_| kind.redis).unwrap_or_else(|| "memory:".to_owned());
        let house = Self::build(database_url, line_url, folder, Arc::new(TurnedClock::at_noon())).await;
        house.settle().await;
        let mut house = story(house).await;
        let unread = house.letters().len();
        assert_eq!(unread, 0, "the story ended with {unread} letters nobody looked at");
        let _ = house.stop.take().unwrap().send(());
        house.serving.await.unwrap();
    }

    async fn build(database_url: String, line_url: String, folder: tempfile::TempDir, clock: Arc<TurnedClock>) -> Self {
        let prefix = format!("t{}", ZoneId::mint());
        let settings = settings(&database_url, &line_url, &prefix);
        let (mailer, letters) = Mailer::memory("paotui@example.org").unwrap();
        let around =
            Surroundings { clock: clock.clone(), chance: Arc::new(SystemChance), mailer: Some(mailer), line: None };
        let parts = Parts { web: true, duties: Duties { dispatch: false, worker: false } };
        let application = Application::build(&settings, parts, around).await.unwrap();
        if database_url.starts_with("sqlite") {
            seed::plant(&application.house.db).await;
        }
        let (base, flow, relay) =
            (format!("http://{}", application.address), application.house.clone(), application.relay.clone());
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            application.run_until(async { drop(stopped.await) }).await.unwrap();
        });
        // The service lets idle connections go after five seconds: the client must be the first to.
        let http = reqwest::Client::builder().pool_idle_timeout(std::time::Duration::from_secs(2));
        let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let stop = Some(stop);
        Self {
            base,
            flow,
            clock,
            http,
            database_url,
            line_url,
            line_prefix: prefix,
            relay,
            letters,
            stop,
            serving,
            _folder: folder,
        }
    }

    /// A second service on the same store and line.
    pub async fn twin(&self) -> Application {
        let settings = settings(&self.database_url, &self.line_url, &self.line_prefix);
        let (mailer, _) = Mailer::memory("paotui@example.org").unwrap();
        let around = Surroundings {
            clock: self.clock.clone(),
            chance: Arc::new(SystemChance),
            mailer: Some(mailer),
            line: None,
        };
        Application::build(&settings, Parts::ALL, around).await.unwrap()
    }

    /// Lets everything that is due happen: leases end, the line is mended when it was lost, dispatch runs, letters go out.
    pub async fn settle(&self) {
        for zone in rounds::list_zones(&self.flow).await.unwrap() {
            if matches!(self.flow.line.census(zone).await, Ok(None)) {
                let standing = dispatch::standing(&self.flow, zone).await.unwrap();
                self.flow.line.rebuild(zone, &standing).await.unwrap();
            }
        }
        sealing::keep_time(&self.flow).await.unwrap();
        for errand in rounds::list_lease_ended(&self.flow, 1000).await.unwrap() {
            lapsing::lapse(&self.flow, errand).await.unwrap();
        }
        for zone in rounds::list_zones(&self.flow).await.unwrap() {
            dispatch::round(&self.flow, zone).await.unwrap();
        }
        while self.relay.send_due(&self.flow).await.unwrap() > 0 {}
    }

    /// Turns the clock and lets what became due happen.
    pub async fn after(&self, seconds: i64) {
        self.clock.turn(seconds);
        self.settle().await;
    }

    /// The line loses everything it had, as Redis does at FLUSHALL.
    pub async fn line_loses_everything(&self) {
        if self.line_url == "memory:" {
            return;
        }
        let client = redis::Client::open(self.line_url.as_str()).unwrap();
        let mut conn = client.get_multiplexed_async_connection().await.unwrap();
        let keys: Vec<String> =
            redis::cmd("KEYS").arg(format!("{}*", self.line_prefix)).query_async(&mut conn).await.unwrap();
        for key in keys {
            let _: i64 = redis::cmd("DEL").arg(key).query_async(&mut conn).await.unwrap();
        }
    }

    /// The letters sent since the last look.
    pub fn letters(&self) -> Vec<paotui::mail::Envelope> {
        std::mem::take(&mut *self.letters.lock().unwrap())
    }

    pub fn db(&self) -> &Db {
        &self.flow.db
    }

    /// Signs somebody of the seed in.
    pub async fn person(&self, username: &str) -> Person {
        let answer = self.anyone().post("/sessions", json!({ "username": username, "password": seed::PASSWORD })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Person { token: Some(answer.text("/token")), ..self.anyone() }
    }

    /// A runner who stands so many metres north of the first block.
    pub async fn runner_on_duty(&self, username: &str, north_m: f64) -> Person {
        let runner = self.person(username).await;
        let at = json!({ "on": true, "lat": seed::LAT + north_m * seed::METRE, "lon": seed::LON });
        assert_eq!(runner.put("/runner/duty", at).await.status, 200);
        runner
    }

    pub fn anyone(&self) -> Person {
        Person { http: self.http.clone(), base: self.base.clone(), token: None }
    }

    /// A resident of H-1 asks for a tablet; with `doses_left` 0 it is red.
    pub async fn asks_for_medicine(&self, doses_left: u32) -> Answer {
        let mut body = medicine(doses_left);
        body["room"] = json!(another_room());
        let answer = self.anyone().post("/requests", body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer
    }

    pub async fn tracks(&self, asked: &Answer) -> Value {
        self.anyone().get(&format!("/requests/{}", asked.text("/token"))).await.body
    }
}

/// A room nobody asked from before: the same wish of the same door would join the open request.
pub fn another_room() -> String {
    static ENTRANCES: AtomicUsize = AtomicUsize::new(3);
    format!("{}-501", ENTRANCES.fetch_add(1, Ordering::Relaxed))
}

pub fn medicine(doses_left: u32) -> Value {
    json!({
        "building": "H-1", "room": "2-501", "name": "王阿姨", "phone": "13800000000", "category": "medicine",
        "items": [{ "name": "缬沙坦胶囊", "strength": "80mg", "quantity": 2, "unit": "盒", "substitution": "same_drug" }],
        "medicine_left": { "doses_left": doses_left, "doses_per_day": 1, "next_dose_at": "2026-11-23T12:00:00Z" },
    })
}

fn settings(database_url: &str, line_url: &str, prefix: &str) -> Settings {
    let pairs = [
        ("PAOTUI__SERVER__LISTEN", "127.0.0.1:0"),
        ("PAOTUI__SERVER__SECRET", "0123456789abcdef0123456789abcdef"),
        ("PAOTUI__DATABASE__URL", database_url),
        ("PAOTUI__LINE__URL", line_url),
        ("PAOTUI__LINE__PREFIX", prefix),
        ("PAOTUI__LIMITS__REQUESTS_PER_MINUTE", "0"),
        ("PAOTUI__LIMITS__SIGN_INS_PER_MINUTE", "0"),
    ];
    let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
    Settings::load(None, pairs.into_iter()).unwrap()
}

/// A database of its own, copied from one that was migrated and planted once in this run.
async fn database_copy(server: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let (root, _) = server.rsplit_once('/').unwrap();
    let template = TEMPLATE
        .get_or_init(|| async {
            let name = format!("paotui_template_{}", ZoneId::mint().to_string().replace('-', ""));
            query(server, &format!("CREATE DATABASE {name}")).await;
            let db = Db::open(&format!("{root}/{name}")).unwrap();
            db.migrate().await.unwrap();
            seed::plant(&db).await;
            drop(db);
            name
        })
        .await;
    let name = format!("paotui_house_{}", ZoneId::mint().to_string().replace('-', ""));
    // The connections that planted the template may still be on their way out; and copies are made one at a time.
    for _ in 0..200 {
        if try_query(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await {
            return format!("{root}/{name}");
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the template could not be copied");
}

async fn query(server: &str, sql: &str) {
    assert!(try_query(server, sql).await, "{sql}");
}

async fn try_query(server: &str, sql: &str) -> bool {
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.is_ok()
}
