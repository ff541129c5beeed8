//! `paotui demo`: the real service on embedded storage, a real community as its zone, and simulated people who use it
//! through its own HTTP API.

mod lists;
mod people;
mod residents;
mod runners;
mod summary;
mod zone;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;

use super::{screen, serve};
use crate::app::{Application, Parts};
use crate::config::Settings;
use crate::telemetry;
use people::Stage;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Requests the simulated residents make in a minute.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub pace: u32,
    /// Ends by itself after this many seconds and prints a summary line.
    #[arg(long = "for", value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub seconds: Option<u32>,
}

/// The password of everybody in the demonstration; said on the screen.
const PASSWORD: &str = "paotui-demo";

pub(super) fn run(args: &Args, settings: Settings) -> anyhow::Result<ExitCode> {
    telemetry::start_log(&settings.log);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().context("no runtime")?;
    runtime.block_on(play(args, zone::demonstration(settings)?))
}

async fn play(args: &Args, settings: Settings) -> anyhow::Result<ExitCode> {
    let application = Application::build(&settings, Parts::ALL, serve::surroundings(&settings)).await?;
    let (house, address) = (application.house.clone(), application.address);
    zone::load(&house.db, PASSWORD).await?;
    let (stop_service, service_stops) = watch::channel(false);
    let service = tokio::spawn(application.run_until(async move {
        let mut service_stops = service_stops;
        let _stopped = service_stops.changed().await;
    }));
    let base = format!("http://{address}");
    announce(&base);
    let stage = Arc::new(Stage::new(base, args.pace)?);
    let (curtain, falling) = watch::channel(false);
    let crowd = people::enter(&stage, &falling, PASSWORD).await?;
    tokio::select! {
        () = end_of_play(args.seconds) => {}
        () = serve::asked_to_stop() => {}
    }
    let _crowd_gone = curtain.send(true);
    crowd.leave().await;
    let summary = summary::compare(&house.db, &stage).await?;
    let _service_gone = stop_service.send(true);
    service.await.context("the service fell over")??;
    screen::say(&summary.line());
    Ok(if summary.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn end_of_play(seconds: Option<u32>) {
    match seconds {
        Some(seconds) => tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await,
        None => std::future::pending().await,
    }
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
