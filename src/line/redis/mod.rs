//! The line in Redis: what several processes share. [`keys`] lists every key, [`scripts`] every act.
//!
//! One connection serves the whole process ([`wire`]), another hears the signals ([`listener`]). Nothing here waits for
//! Redis to be up: the line opens without it, answers [`LineError::Down`] while it is away, and heals by itself.

mod build;
mod keys;
mod listener;
mod scripts;
mod server;
mod wire;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ::redis::{Cmd, FromRedisValue, Script, ScriptInvocation, from_redis_value};
use async_trait::async_trait;
use tokio::runtime::Handle;
use tokio::sync::broadcast;

use self::keys::Keys;
use self::listener::{Audience, Listener};
use self::server::Server;
use self::wire::{Question, Wire};
use super::bounds::{at_most, is_a_ring, kept, on_the_map};
use super::{Census, Line, LineError, Near, Ready, Result, Signal, Standing};
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, PersonId, ZoneId};

/// Errands sent in one act of `enqueue`: a script stops everybody else while it runs.
const ENQUEUE_CHUNK: usize = 500;

/// See the module.
pub(super) struct RedisLine {
    keys: Keys,
    wire: Wire,
    audience: Arc<Audience>,
    _listener: Listener,
}

impl RedisLine {
    /// Reads the settings and begins to connect; Redis need not be there.
    pub(super) fn open(url: &str, prefix: &str, answer: Duration) -> Result<Self> {
        let server = Server::parse(url, answer)?;
        let keys = Keys::new(prefix).ok_or_else(|| {
            LineError::Setting("the line's prefix must be made of letters, digits, '-', '_' and ':'".to_owned())
        })?;
        let home = Handle::try_current().map_err(|error| LineError::Setting(error.to_string()))?;
        let audience = Arc::new(Audience::new());
        let listener = Listener::start(&home, server.clone(), keys.signals(), Arc::clone(&audience));
        Ok(Self { keys, wire: Wire::new(server, home), audience, _listener: listener })
    }

    /// An act on a zone, to be given its arguments.
    fn act(&self, script: &'static Script, zone: ZoneId) -> ScriptInvocation<'static> {
        self.audience.know(zone);
        script.key(self.keys.pointer(zone))
    }

    /// Runs an act. Every act answers nil for a zone without a generation.
    async fn done<T: FromRedisValue>(&self, zone: ZoneId, act: ScriptInvocation<'static>) -> Result<T> {
        let value = self.wire.ask(Question::Act(act)).await?;
        let answer = from_redis_value::<Option<T>>(value).map_err(|error| LineError::Down(error.to_string()))?;
        answer.ok_or(LineError::Lost(zone))
    }

    /// Runs an act whose answer says nothing but that it ran.
    async fn ran(&self, zone: ZoneId, act: ScriptInvocation<'static>) -> Result<()> {
        self.done::<i64>(zone, act).await.map(drop)
    }
}

/// The ids among these members. What is no id was not put there by this service, and is passed over.
fn ids<Id: FromStr>(members: &[String]) -> Vec<Id> {
    members.iter().filter_map(|member| member.parse().ok()).collect()
}

/// The time of a score. Servers differ in how they write one (`1800000000000000` or `1.8e+15`), so it is read as the
/// double it is; every time that is kept is a whole number in it.
fn time(score: f64) -> Option<At> {
    format!("{score:.0}").parse().ok().map(At)
}

#[async_trait]
impl Line for RedisLine {
    async fn enqueue(&self, zone: ZoneId, ready: &[Ready]) -> Result<()> {
        for chunk in ready.chunks(ENQUEUE_CHUNK) {
            let mut act = self.act(&scripts::ENQUEUE, zone);
            for Ready { due, errand } in chunk {
                act.arg(kept(*due).0).arg(errand.to_string());
            }
            self.ran(zone, act).await?;
        }
        Ok(())
    }

    async fn dequeue(&self, zone: ZoneId, errand: ErrandId) -> Result<()> {
        let mut act = self.act(&scripts::DEQUEUE, zone);
        act.arg(errand.to_string());
        self.ran(zone, act).await
    }

    async fn most_urgent(&self, zone: ZoneId, limit: usize) -> Result<Vec<Ready>> {
        let mut act = self.act(&scripts::MOST_URGENT, zone);
        act.arg(at_most(limit));
        let found = self.done::<Vec<(String, f64)>>(zone, act).await?;
        Ok(found.iter().filter_map(|(id, due)| Some(Ready { due: time(*due)?, errand: id.parse().ok()? })).collect())
    }

    async fn stand(&self, zone: ZoneId, runner: PersonId, at: Point) -> Result<()> {
        let at = on_the_map(at)?;
        let mut act = self.act(&scripts::STAND, zone);
        act.arg(at.lon).arg(at.lat).arg(runner.to_string());
        self.ran(zone, act).await
    }

    async fn leave(&self, zone: ZoneId, runner: PersonId) -> Result<()> {
        let mut act = self.act(&scripts::LEAVE, zone);
        act.arg(runner.to_string());
        self.ran(zone, act).await
    }

    async fn near(&self, zone: ZoneId, from: Point, ring_m: f64, limit: usize) -> Result<Vec<Near>> {
        let from = on_the_map(from)?;
        let limit = if is_a_ring(ring_m) { at_most(limit) } else { 0 };
        let mut act = self.act(&scripts::NEAR, zone);
        act.arg(from.lon).arg(from.lat).arg(ring_m).arg(limit);
        let found = self.done::<Vec<(String, f64)>>(zone, act).await?;
        let mut near: Vec<_> =
            found.iter().filter_map(|(id, metres)| Some(Near { runner: id.parse().ok()?, metres: *metres })).collect();
        near.sort_by(|a, b| a.metres.total_cmp(&b.metres).then(a.runner.cmp(&b.runner)));
        Ok(near)
    }

    async fn claim(&self, zone: ZoneId, errand: ErrandId, runner: PersonId, until: At) -> Result<bool> {
        let mut act = self.act(&scripts::CLAIM, zone);
        act.arg(errand.to_string()).arg(runner.to_string()).arg(kept(until).0);
        Ok(self.done::<i64>(zone, act).await? == 1)
    }

    async fn put_back(&self, zone: ZoneId, ready: Ready) -> Result<()> {
        self.enqueue(zone, &[ready]).await
    }

    async fn lease(&self, zone: ZoneId, errand: ErrandId, until: At) -> Result<()> {
        let mut act = self.act(&scripts::LEASE, zone);
        act.arg(errand.to_string()).arg(kept(until).0);
        self.ran(zone, act).await
    }

    async fn leases_ended(&self, zone: ZoneId, now: At, limit: usize) -> Result<Vec<ErrandId>> {
        let mut act = self.act(&scripts::LEASES_ENDED, zone);
        act.arg(kept(now).0).arg(at_most(limit));
        self.done::<Vec<_>>(zone, act).await.map(|members| ids(&members))
    }

    async fn census(&self, zone: ZoneId) -> Result<Option<Census>> {
        let counted = self.done(zone, self.act(&scripts::CENSUS, zone)).await;
        match counted {
            Ok((generation, ready, runners, leases)) => Ok(Some(Census { generation, ready, runners, leases })),
            Err(LineError::Lost(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn sample(&self, zone: ZoneId, n: usize) -> Result<Vec<ErrandId>> {
        let mut act = self.act(&scripts::SAMPLE, zone);
        act.arg(at_most(n));
        self.done::<Vec<_>>(zone, act).await.map(|members| ids(&members))
    }

    async fn rebuild(&self, zone: ZoneId, standing: &Standing) -> Result<()> {
        self.audience.know(zone);
        build::rebuild(self, zone, standing).await
    }

    async fn publish(&self, signal: Signal) -> Result<()> {
        self.audience.know(signal.zone);
        let said = match serde_json::to_string(&signal) {
            Ok(message) => {
                let mut publish = Cmd::new();
                publish.arg("PUBLISH").arg(self.keys.signals()).arg(message);
                self.wire.ask(Question::Command(publish)).await
            }
            Err(error) => Err(LineError::Down(error.to_string())),
        };
        // Nobody else can be told now, but those in this process can; otherwise they hear it with everybody else.
        said.map(drop).inspect_err(|_| self.audience.tell(signal))
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.audience.subscribe()
    }

    async fn ping(&self) -> Result<()> {
        let mut ping = Cmd::new();
        ping.arg("PING");
        self.wire.ask_anyway(Question::Command(ping)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_read_however_the_server_writes_it() {
        for text in ["1800000000000000", "1.8e+15", "1.8e15", "1.8E15"] {
            let score = from_redis_value::<f64>(::redis::Value::BulkString(text.into())).expect("a double");
            assert_eq!(time(score), Some(At(1_800_000_000_000_000)), "{text}");
        }
        assert_eq!(time(-5.0), Some(At(-5)));
        assert_eq!(time(9_007_199_254_740_992.0), Some(kept(At(i64::MAX))));
        assert_eq!(time(f64::INFINITY), None);
    }
}
