//! Server-Sent Events: "something changed" as it happens. Each event carries a word and a state; what the reader then
//! loads is decided where it always is.
//!
//! The id of an event is that of the journal, so a reader who comes back with `Last-Event-ID` misses nothing. A stream
//! ends by itself after a while (a session that has ended hears no more) and at once when the service stops; the browser
//! comes back on its own.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding};
use actix_web::web::{Bytes, Data};
use futures_util::stream::unfold;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::Site;
use super::fault::{Fault, Result};
use crate::domain::audience::Audience;
use crate::domain::ids::EventId;
use crate::flow::hearing::Ear;
use crate::store::views::live::{self, News};

/// Streams of one process. Whoever finds no place asks from time to time instead.
const MOST: usize = 1_000;
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How soon a stream notices that the service stops.
const GLANCE: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_mins(10);
/// Events are committed in another order than their ids were minted, by a little.
const LOOK_BACK_MS: u64 = 5_000;
/// What was missed is told as far back as this.
const CATCH_UP_MS: u64 = 15 * 60 * 1000;
const REMEMBERED: usize = 1_024;

/// The places for streams.
#[derive(Debug, Clone)]
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

struct Stream {
    site: Data<Site>,
    ear: Ear,
    audience: Audience,
    last: EventId,
    /// Ids told already, as far back as is looked.
    told: VecDeque<EventId>,
    began: Instant,
    beat: Instant,
    _place: OwnedSemaphorePermit,
}

/// Opens the stream of an audience, from the event it saw last.
///
/// # Errors
/// [`Fault::TooManyRequests`] when all places are taken.
pub async fn open(site: Data<Site>, audience: Audience, last_seen: Option<EventId>) -> Result<HttpResponse> {
    let place = Arc::clone(&site.live.0).try_acquire_owned();
    let place = place.map_err(|_| Fault::TooManyRequests { retry_after_s: 30 })?;
    let ear = Ear::open(&site.house, audience);
    // Who was away for long loads the page anew; the whole journal is not told to anybody.
    let last_seen = last_seen.map(|last| last.max(EventId::mint().back(CATCH_UP_MS)));
    let (last, now) = (last_seen.unwrap_or_else(EventId::mint), Instant::now());
    let mut stream = Stream { site, ear, audience, last, told: VecDeque::new(), began: now, beat: now, _place: place };
    // What the page shows already is no news; nor is what was sent before the reader was cut off.
    for news in stream.read().await? {
        if last_seen.is_none_or(|last| news.id <= last) {
            stream.remember(news.id);
        }
    }
    let first = stream.look().await?;
    let greeting = Bytes::from(format!("retry: 2000\n: hello\n\n{first}"));
    let rest = unfold((Some(greeting), stream), |(ready, stream)| next(ready, stream));
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        // Compressed, an event would wait in the buffer until it is full (actix-web#3032).
        .insert_header((CONTENT_ENCODING, ContentEncoding::Identity))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(rest))
}

type Step = Option<(std::result::Result<Bytes, actix_web::Error>, (Option<Bytes>, Stream))>;

async fn next(ready: Option<Bytes>, mut stream: Stream) -> Step {
    if let Some(ready) = ready {
        return Some((Ok(ready), (None, stream)));
    }
    let bytes = stream.wait().await?;
    Some((Ok(bytes), (None, stream)))
}

impl Stream {
    /// The next thing to send; `None` when the stream ends.
    async fn wait(&mut self) -> Option<Bytes> {
        loop {
            if self.site.draining.load(Ordering::Relaxed) || self.began.elapsed() > LONGEST {
                return None;
            }
            let heard = tokio::time::timeout(GLANCE, self.ear.news()).await.is_ok();
            let due = self.beat.elapsed() >= HEARTBEAT;
            if !heard && !due {
                continue;
            }
            let news = self.look().await.unwrap_or_default();
            if due {
                self.beat = Instant::now();
            }
            match (news.is_empty(), heard, self.audience) {
                (false, ..) => return Some(Bytes::from(news)),
                // An offer taken back is in nobody's hands: it is said without an id.
                (true, true, Audience::Runner(_)) => return Some(Bytes::from_static(b"event: change\ndata: {}\n\n")),
                (true, ..) if due => return Some(Bytes::from_static(b": still here\n\n")),
                _ => {}
            }
        }
    }

    async fn read(&self) -> Result<Vec<News>> {
        let (audience, mut since) = (self.audience, self.last.back(LOOK_BACK_MS));
        let mut all = Vec::new();
        loop {
            let some = self.site.house.db.read(async move |conn| live::list_since(conn, audience, since).await).await?;
            let (more, last) = (some.len() >= live::MOST, some.last().map(|news| news.id));
            all.extend(some);
            match last.filter(|_| more) {
                Some(last) => since = last,
                None => return Ok(all),
            }
        }
    }

    /// What is new, as it is sent.
    async fn look(&mut self) -> Result<String> {
        let mut text = String::new();
        for news in self.read().await? {
            if self.told.contains(&news.id) {
                continue;
            }
            self.remember(news.id);
            let data = serde_json::to_string(&news).unwrap_or_default();
            text.push_str(&format!("id: {}\nevent: change\ndata: {data}\n\n", news.id));
        }
        Ok(text)
    }

    fn remember(&mut self, id: EventId) {
        self.last = self.last.max(id);
        self.told.push_back(id);
        if self.told.len() > REMEMBERED {
            self.told.pop_front();
        }
    }
}
