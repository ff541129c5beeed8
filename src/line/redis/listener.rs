//! Hears the signals of all processes and passes them on to those who listen in this one.
//!
//! A connection of its own subscribes to the one channel. It is made again, with growing pauses, whenever it breaks or
//! stops answering pings. After each time it comes up signals may have been missed, so everybody is told to look again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use redis::{ErrorKind, RedisResult, Value};
use tokio::runtime::Handle;
use tokio::sync::broadcast;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::server::Server;
use crate::domain::ids::ZoneId;
use crate::line::{SIGNALS_KEPT, Signal, What};

/// How long connecting and subscribing, or the answer to a ping, may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a connection on which nothing is heard is asked whether it lives.
const PING_EVERY: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Those who listen in this process, and the zones this instance has had to do with.
pub(super) struct Audience {
    signals: broadcast::Sender<Signal>,
    zones: Mutex<HashSet<ZoneId>>,
}

/// The task that hears; it ends with this value.
pub(super) struct Listener {
    task: AbortHandle,
}

impl Audience {
    pub(super) fn new() -> Self {
        Self { signals: broadcast::channel(SIGNALS_KEPT).0, zones: Mutex::default() }
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }

    /// Remembers a zone, to speak of it in [`Audience::look_again`].
    pub(super) fn know(&self, zone: ZoneId) {
        self.zones.lock().unwrap_or_else(PoisonError::into_inner).insert(zone);
    }

    pub(super) fn tell(&self, signal: Signal) {
        // An error only says that nobody listens.
        let _ = self.signals.send(signal);
    }

    fn look_again(&self) {
        for zone in self.zones.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            self.tell(Signal { zone: *zone, what: What::Work });
        }
    }
}

impl Listener {
    pub(super) fn start(home: &Handle, server: Server, channel: String, audience: Arc<Audience>) -> Self {
        Self { task: home.spawn(listen(server, channel, audience)).abort_handle() }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(server: Server, channel: String, audience: Arc<Audience>) {
    let mut pause = FIRST_PAUSE;
    for attempt in 0_usize.. {
        let subscribed = timeout(PATIENCE, subscribe(&server, &channel, attempt)).await;
        match subscribed.unwrap_or_else(|_| Err((ErrorKind::Io, "no subscription in time").into())) {
            Ok((sink, stream)) => {
                pause = FIRST_PAUSE;
                audience.look_again();
                hear(sink, stream, &audience).await;
                tracing::info!("no longer hearing the line's signals; connecting again");
            }
            Err(error) => tracing::debug!(%error, "the line's signals cannot be heard yet"),
        }
        tokio::time::sleep(pause.mul_f64(0.5 + rand::random::<f64>() / 2.0)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn subscribe(server: &Server, channel: &str, attempt: usize) -> RedisResult<(PubSubSink, PubSubStream)> {
    let (mut sink, stream) = server.listen(attempt).await?.split();
    sink.subscribe(channel).await?;
    Ok((sink, stream))
}

/// Passes messages on until the connection ends or leaves a ping unanswered.
async fn hear(mut sink: PubSubSink, mut stream: PubSubStream, audience: &Audience) {
    loop {
        match timeout(PING_EVERY, stream.next()).await {
            Ok(Some(message)) => pass_on(message.get_payload_bytes(), audience),
            Ok(None) => return,
            Err(_) => match timeout(PATIENCE, sink.ping::<Value>()).await {
                Ok(Ok(_)) => {}
                _ => return,
            },
        }
    }
}

/// A message that cannot be read comes from another version of the service; it is no concern of this one.
fn pass_on(payload: &[u8], audience: &Audience) {
    match serde_json::from_slice::<Signal>(payload) {
        Ok(signal) => {
            audience.know(signal.zone);
            audience.tell(signal);
        }
        Err(error) => tracing::debug!(%error, "a signal that this version does not know"),
    }
}
