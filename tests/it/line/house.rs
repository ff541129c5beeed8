//! Where a story takes place: one line seen by two instances, and a way to lose all it holds.

use std::sync::Arc;
use std::time::Duration;

use paotui::domain::clock::At;
use paotui::domain::geo::Point;
use paotui::domain::ids::{ErrandId, PersonId, ZoneId};
use paotui::line::memory::MemoryLine;
use paotui::line::{Line, LineError, Ready, Standing, open_patient};

use super::server::RedisServer;

pub struct House {
    pub one: Arc<dyn Line>,
    pub two: Arc<dyn Line>,
    pub zone: ZoneId,
    kind: Kind,
}

enum Kind {
    Memory(Arc<MemoryLine>),
    Private(RedisServer),
    /// Somebody else's Redis: only what begins with our prefix is ours.
    Shared {
        url: String,
        prefix: String,
    },
}

impl House {
    pub fn in_memory() -> Self {
        let line = Arc::new(MemoryLine::new());
        Self { one: line.clone(), two: line.clone(), zone: ZoneId::mint(), kind: Kind::Memory(line) }
    }

    pub async fn in_redis() -> Self {
        let prefix = format!("test-{}", ZoneId::mint());
        #[allow(clippy::disallowed_methods, reason = "a test is not configured otherwise")]
        let shared = std::env::var("PAOTUI_TEST_REDIS").ok();
        let (url, kind) = if let Some(url) = shared {
            (url.clone(), Kind::Shared { url, prefix: prefix.clone() })
        } else {
            let server = RedisServer::start();
            (server.url(), Kind::Private(server))
        };
        let one = patient(&url, &prefix).await.unwrap();
        let two = patient(&url, &prefix).await.unwrap();
        Self { one, two, zone: ZoneId::mint(), kind }
    }

    /// With an empty generation, so that the zone is known.
    pub async fn open_zone(&self) -> ZoneId {
        self.one.rebuild(self.zone, &Standing::default()).await.unwrap();
        self.zone
    }

    /// Loses everything the line holds.
    pub fn lose_everything(&self) {
        match &self.kind {
            Kind::Memory(line) => line.lose(),
            Kind::Private(server) => {
                server.ask("FLUSHALL").unwrap();
            }
            Kind::Shared { url, prefix } => forget(url, prefix),
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Kind::Shared { url, prefix } = &self.kind {
            forget(url, prefix);
        }
    }
}

fn forget(url: &str, prefix: &str) {
    let mut connection = redis::Client::open(url).unwrap().get_connection().unwrap();
    let pattern = format!("{prefix}*");
    let keys: Vec<String> = redis::cmd("KEYS").arg(pattern).query(&mut connection).unwrap();
    for key in keys {
        redis::cmd("DEL").arg(key).exec(&mut connection).unwrap();
    }
}

/// A line that waits longer than the service would: where time is not the story, a busy machine must not be either.
pub async fn patient(url: &str, prefix: &str) -> Result<Arc<dyn Line>, LineError> {
    open_patient(url, prefix, Duration::from_secs(10)).await
}

pub const CENTRE: Point = Point::new(29.53, 106.52);

/// A place so many metres north and east of the centre.
pub fn place(north_m: f64, east_m: f64) -> Point {
    let degree = 6_371_000.0 * std::f64::consts::PI / 180.0;
    Point::new(CENTRE.lat + north_m / degree, CENTRE.lon + east_m / degree / CENTRE.lat.to_radians().cos())
}

pub fn ready(due: i64) -> Ready {
    Ready { due: At::from_seconds(due), errand: ErrandId::mint() }
}

pub fn people(n: usize) -> Vec<PersonId> {
    (0..n).map(|_| PersonId::mint()).collect()
}

/// Tries until it holds, for at most so long.
pub async fn eventually(seconds: u64, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let patience = tokio::time::Instant::now() + Duration::from_secs(seconds);
    while !holds().await {
        assert!(tokio::time::Instant::now() < patience, "not within {seconds} s: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
