//! The composition root: settings become a house, its doors and its duties. `serve`, the demonstration and every test
//! build the same [`Application`].

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing_actix_web::TracingLogger;

use crate::config::{self, Settings};
use crate::domain::alarm;
use crate::domain::chance::Chance;
use crate::domain::clock::Clock;
use crate::domain::local::LocalTime;
use crate::domain::matching::Terms;
use crate::domain::secret::Key;
use crate::domain::trip::Service;
use crate::flow::House;
use crate::flow::intake::Gate;
use crate::hooks::{self, Hook, Hooks};
use crate::line::Line;
use crate::mail::{self, Mailer};
use crate::store::Db;
use crate::web::limits::Limit;
use crate::web::live::Places;
use crate::web::load::Loads;
use crate::web::{self, Site, log::Quiet};
use crate::worker::{self, Caller, Duties, Relay};
use crate::{line, telemetry};

/// What a process takes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    pub web: bool,
    pub duties: Duties,
}

impl Parts {
    pub const ALL: Self = Self { web: true, duties: Duties { dispatch: true, worker: true } };
}

/// What is handed in from outside: real in `serve`, turned by hand in tests.
pub struct Surroundings {
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    /// `None`: what `mail.url` names.
    pub mailer: Option<Mailer>,
    /// `None`: what `line.url` names.
    pub line: Option<Arc<dyn Line>>,
}

/// A built service: listening, not yet serving.
pub struct Application {
    pub house: House,
    pub address: SocketAddr,
    pub relay: Relay,
    pub caller: Caller,
    site: Data<Site>,
    listener: Option<TcpListener>,
    parts: Parts,
}

/// How many threads answer calls; the work behind them is the store's.
const WORKERS: usize = 2;
/// SIGTERM to exit is at most 10 s: this much for calls under way, the rest for duties.
const DRAIN_S: u64 = 6;
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// Letters typed, and photos taken, for one request.
const LETTERS: u32 = 20;
const PHOTOS: u32 = 2;

impl Application {
    /// Opens the store (and brings it up to date), the line, the mailer and the address to listen on.
    ///
    /// # Errors
    /// What could not be opened, with the setting that names it.
    pub async fn build(settings: &Settings, parts: Parts, around: Surroundings) -> anyhow::Result<Self> {
        let metrics = telemetry::install()?;
        let db = Db::open(settings.database.url.reveal())?;
        db.migrate().await.with_context(|| format!("database.url {}", settings.database.url))?;
        let line = match around.line {
            Some(line) => line,
            None => line::open(settings.line.url.reveal(), &settings.line.prefix).await.context("line.url")?,
        };
        let listener = TcpListener::bind(settings.server.listen)
            .with_context(|| format!("server.listen {}", settings.server.listen))?;
        let address = listener.local_addr()?;
        let house = house(settings, db, line, (around.clock, around.chance))?;
        let mailer = match around.mailer {
            Some(mailer) => mailer,
            None => mail::open(settings.mail.url.reveal(), &settings.mail.from).context("mail.url")?,
        };
        let public_url = settings.server.public_url(address);
        let mailer = Arc::new(mailer.with_timeout(Duration::from_secs(settings.mail.timeout_seconds)));
        let relay = Relay { mailer, public_url: public_url.clone() };
        let doors = Hooks::open(hooks(&settings.alarms)).context("alarms.webhooks")?;
        let caller = Caller { hooks: Arc::new(doors), public_url: public_url.clone() };
        let site = Data::new(site(settings, house.clone(), public_url, metrics));
        Ok(Self { house, address, relay, caller, site, listener: Some(listener), parts })
    }

    /// Serves until `stop` is done, then drains: no new work, what is held is finished, at most ten seconds.
    ///
    /// # Errors
    /// When the server cannot start.
    pub async fn run_until(mut self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let (stopping, stopped) = watch::channel(false);
        let duties = worker::start(&self.house, (self.relay.clone(), self.caller.clone()), self.parts.duties, &stopped);
        let server = if self.parts.web { Some(self.serve()?) } else { None };
        let upkeep = tokio::spawn(keep_up(self.site.clone()));
        stop.await;
        tracing::info!("draining: no new work; finishing what is held");
        self.site.draining.store(true, Ordering::Relaxed);
        let _nobody_left = stopping.send(true);
        if let Some(server) = server {
            server.stop(true).await;
        }
        finish(duties).await;
        upkeep.abort();
        tracing::info!("stopped");
        Ok(())
    }

    fn serve(&mut self) -> anyhow::Result<ServerHandle> {
        let listener = self.listener.take().context("already serving")?;
        let site = self.site.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(site.clone())
                .wrap(Compress::default())
                .wrap(from_fn(web::answer::around))
                .wrap(TracingLogger::<Quiet>::new())
                .configure(web::configure)
        })
        .workers(WORKERS)
        .disable_signals()
        .shutdown_timeout(DRAIN_S)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(Duration::from_secs(5))
        .listen(listener)?
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(handle)
    }
}

/// What would grow without end: samples between two readings of the metrics, addresses in the limits.
async fn keep_up(site: Data<Site>) {
    let mut every = tokio::time::interval(Duration::from_secs(10));
    loop {
        every.tick().await;
        site.metrics.run_upkeep();
        for limit in [&site.submissions, &site.sign_ins, &site.searches, &site.lookups, &site.photos] {
            limit.sweep();
        }
    }
}

/// Duties end by themselves after the piece of work they hold; whatever hangs is cut off: the store stays whole.
async fn finish(mut duties: JoinSet<()>) {
    let all = async { while duties.join_next().await.is_some() {} };
    if tokio::time::timeout(Duration::from_secs(3), all).await.is_err() {
        tracing::warn!("a duty did not end in time and is cut off");
    }
}

fn house(
    settings: &Settings,
    db: Db,
    line: Arc<dyn Line>,
    given: (Arc<dyn Clock>, Arc<dyn Chance>),
) -> anyhow::Result<House> {
    let local = LocalTime::named(&settings.server.time_zone).context("server.time_zone")?;
    let key = Key::new(settings.secret()?.reveal().as_bytes().to_vec());
    let gate = Gate::open(&db);
    let dispatch = &settings.dispatch;
    let terms = Terms {
        offer_s: dispatch.offer_seconds,
        claim_s: dispatch.claim_seconds,
        quiet_s: dispatch.quiet_seconds,
        red_offer_s: dispatch.red_offer_seconds,
        wave_s: dispatch.wave_seconds,
        max_bags: dispatch.max_bags,
        cart_bags: dispatch.cart_bags,
        max_errands: dispatch.max_errands,
        counter: Service { first_s: dispatch.counter_seconds, further_s: dispatch.counter_more_seconds },
        door: Service { first_s: dispatch.door_seconds, further_s: dispatch.door_more_seconds },
        gate_s: dispatch.gate_seconds,
        speed_mps: dispatch.speed_mps,
        road_factor: dispatch.road_factor,
        position_stale_s: dispatch.position_stale_seconds,
    };
    Ok(House {
        db,
        line,
        clock: given.0,
        chance: given.1,
        terms,
        local,
        key,
        gate,
        alarms: Arc::new(alarms(&settings.alarms)?),
    })
}

fn hooks(settings: &config::Alarms) -> Vec<Hook> {
    let hook = |hook: &config::Webhook| Hook {
        name: hook.name.clone(),
        url: hook.url.reveal().to_owned(),
        format: match hook.format {
            config::Format::Paotui => hooks::Format::Paotui,
            config::Format::Wecom => hooks::Format::Wecom,
        },
        secret: hook.secret.reveal().to_owned(),
    };
    settings.webhooks.iter().map(hook).collect()
}

fn alarms(settings: &config::Alarms) -> anyhow::Result<alarm::Terms> {
    let listener = |hook: &config::Webhook| {
        let rungs = hook.rungs.iter().map(|rung| rung.parse()).collect::<Result<_, _>>().context("alarms.webhooks")?;
        Ok(alarm::Listener { name: hook.name.clone(), zones: hook.zones.clone(), rungs })
    };
    Ok(alarm::Terms {
        red_slack_s: settings.red_slack_seconds,
        yellow_slack_s: settings.yellow_slack_seconds,
        green_slack_s: settings.green_slack_seconds,
        needed_waiting_s: settings.needed_waiting_seconds,
        needed_claimed_s: settings.needed_claimed_seconds,
        needed_collected_s: settings.needed_collected_seconds,
        runner_s: settings.runner_seconds,
        desk_s: settings.desk_seconds,
        supervisor_s: settings.supervisor_seconds,
        street_s: settings.street_seconds,
        acted_s: settings.acted_seconds,
        listeners: settings.webhooks.iter().map(listener).collect::<anyhow::Result<_>>()?,
    })
}

fn site(
    settings: &Settings,
    house: House,
    public_url: String,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
) -> Site {
    let (server, limits) = (&settings.server, &settings.limits);
    Site {
        house,
        name: server.name.clone(),
        phone: server.phone.clone(),
        hours: server.hours.clone(),
        time_zone: server.time_zone.clone(),
        public_url,
        trusted_proxies: limits.trusted_proxies.clone(),
        submissions: Limit::per_minute(limits.requests_per_minute),
        sign_ins: Limit::per_minute(limits.sign_ins_per_minute),
        searches: Limit::per_minute(limits.sign_ins_per_minute),
        lookups: Limit::per_minute(limits.requests_per_minute.saturating_mul(LETTERS)),
        photos: Limit::per_minute(limits.requests_per_minute.saturating_mul(PHOTOS)),
        metrics,
        loads: Loads::default(),
        live: Places::default(),
        draining: AtomicBool::new(false),
    }
}
