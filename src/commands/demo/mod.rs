//! `paotui demo`: the real service on embedded storage, a real community as its zone, and simulated people who use it
//! through its own HTTP API.

mod lapse;
mod lists;
mod lived;
mod people;
mod phone;
mod physics;
mod residents;
mod runners;
mod summary;
mod trip;
mod walk;
mod zone;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;

use super::{screen, serve};
use crate::app::{Application, Parts};
use crate::config::Settings;
use crate::store::Db;
use crate::store::views::tally;
use crate::telemetry;
use lists::Lists;
use people::{Act, Stage};
use physics::Physics;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Requests the simulated residents make in a minute.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub pace: u32,
    /// Ends by itself after this many seconds and prints a summary line.
    #[arg(long = "for", value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub seconds: Option<u32>,
    /// Writes the day as it was lived into this folder at the end: a trace for `paotui simulate`.
    #[arg(long, value_name = "DIR")]
    pub trace: Option<PathBuf>,
}

/// What is open when the residents stop asking is brought to its doors for at most this long.
const EVENING: Duration = Duration::from_secs(10);

/// The password of everybody in the demonstration; said on the screen.
const PASSWORD: &str = "paotui-demo";

pub(super) fn run(args: &Args, settings: Settings) -> anyhow::Result<ExitCode> {
    telemetry::start_log(&settings.log);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().context("no runtime")?;
    let lists = Lists::read()?;
    let lapse = lapse::lapse(args.pace, lists.outside());
    let settings = zone::demonstration(settings, lapse)?;
    let physics = Physics::of(&settings.dispatch, lapse, lists.middle);
    // Rather now than after the play.
    args.trace.as_ref().map_or(Ok(()), std::fs::create_dir_all).context("--trace")?;
    runtime.block_on(play(args, settings, (lists, physics)))
}

async fn play(args: &Args, settings: Settings, world: (Lists, Physics)) -> anyhow::Result<ExitCode> {
    let application = Application::build(&settings, Parts::ALL, serve::surroundings(&settings)).await?;
    let (db, address) = (application.house.db.clone(), application.address);
    zone::load(&db, PASSWORD).await?;
    let (stop_service, service_stops) = watch::channel(false);
    let service = tokio::spawn(application.run_until(async move {
        let mut service_stops = service_stops;
        let _stopped = service_stops.changed().await;
    }));
    let base = format!("http://{address}");
    announce(&base);
    let stage = Arc::new(Stage::new(base, args.pace, world)?);
    let (acts, programme) = watch::channel(Act::Day);
    let crowd = people::enter(&stage, programme, PASSWORD).await?;
    tokio::select! {
        () = day_and_evening(args.seconds, &acts, (&db, &stage)) => {}
        () = serve::asked_to_stop() => {}
    }
    let _crowd_gone = acts.send(Act::Over);
    crowd.leave().await;
    let summary = summary::compare(&db, &stage).await?;
    if let Some(folder) = &args.trace {
        lived::write(&db, &stage, &settings.dispatch, folder).await?;
    }
    let _service_gone = stop_service.send(true);
    service.await.context("the service fell over")??;
    screen::say(&summary.line());
    Ok(if summary.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn day_and_evening(seconds: Option<u32>, acts: &watch::Sender<Act>, (db, stage): (&Db, &Stage)) {
    match seconds {
        Some(seconds) => tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await,
        None => std::future::pending().await,
    }
    let _nobody_asks = acts.send(Act::Evening);
    let all_brought = async {
        let since = stage.began_at;
        while db.read(async move |conn| tally::count_open(conn, since).await).await.unwrap_or(1) > 0 {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    };
    let _open_ones_count_as_open = tokio::time::timeout(EVENING, all_brought).await;
}

fn announce(base: &str) {
    for line in [
        format!("listening on {base}"),
        String::new(),
        "The demonstration zone is 民主村社区 (谢家湾街道, 九龙坡区, 重庆). Its people are simulated and use this service's own API.".to_owned(),
        format!("  resident     {base}/b/MZC-07          (as from the poster in the hall of 文化六村 7栋; no sign-in)"),
        format!("  runner       {base}/run               sign in as r001, password {PASSWORD}"),
        format!("  supervisor   {base}/watch             sign in as sup1, password {PASSWORD}"),
        format!("  API          {base}/api/docs"),
        String::new(),
    ] {
        screen::say(&line);
    }
}
