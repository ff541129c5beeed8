//! The way to Redis and back: one shared connection, a deadline on every question, and a breaker in front.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::{Cmd, ErrorKind, Pipeline, RedisError, RedisResult, ScriptInvocation, Value};
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::server::{Link, Server};
use crate::line::breaker::{Breaker, Pass};
use crate::line::{LineError, Result};

/// What the whole of a question (connecting if need be, asking, teaching Redis a script it has forgotten) may take beyond
/// the time of one answer.
const GRACE: Duration = Duration::from_millis(50);

/// What can be asked.
pub(super) enum Question {
    Command(Cmd),
    Act(ScriptInvocation<'static>),
    /// Several commands in one journey, not atomic.
    Several(Pipeline),
}

/// Asks questions. They run as tasks of the runtime that opened the line: the tasks of a connection live on the runtime
/// that made it, and one of the web server's many small runtimes may be busy or gone when another needs the answer. It
/// also means that a caller who goes away does not leave a question half asked, and that its outcome is still counted.
#[derive(Clone)]
pub(super) struct Wire {
    shared: Arc<Shared>,
    home: Handle,
}

struct Shared {
    server: Server,
    breaker: Breaker,
    /// The connection, made by whoever first needs it, and replaced as a whole when the breaker opens: a connection may
    /// be dead without knowing it.
    link: Mutex<Arc<OnceCell<Link>>>,
}

impl Wire {
    pub(super) fn new(server: Server, home: Handle) -> Self {
        Self { shared: Arc::new(Shared { server, breaker: Breaker::default(), link: Mutex::default() }), home }
    }

    /// Asks, unless the line rests.
    pub(super) async fn ask(&self, question: Question) -> Result<Value> {
        let pass = self.shared.breaker.admit(Instant::now()).map_err(resting)?;
        self.put(pass, question).await
    }

    /// Asks, even while the line rests; a good answer ends the rest.
    pub(super) async fn ask_anyway(&self, question: Question) -> Result<Value> {
        let pass = self.shared.breaker.admit(Instant::now()).unwrap_or(Pass::Trial);
        self.put(pass, question).await
    }

    async fn put(&self, pass: Pass, question: Question) -> Result<Value> {
        let shared = Arc::clone(&self.shared);
        let answer = self.home.spawn(async move { shared.answer(pass, &question).await });
        // The task ends early only when its runtime does.
        answer.await.unwrap_or_else(|gone| Err(LineError::Down(gone.to_string())))
    }
}

impl Shared {
    async fn answer(&self, pass: Pass, question: &Question) -> Result<Value> {
        let late = |_| Err(RedisError::from((ErrorKind::Io, "no answer in time")));
        match timeout(self.server.answer() + GRACE, self.send(question)).await.unwrap_or_else(late) {
            Ok(value) => {
                self.note_answer();
                Ok(value)
            }
            Err(error) if is_spoiled(&error) => {
                self.note_answer();
                Ok(Value::Nil)
            }
            Err(error) => Err(self.note_failure(pass, &error)),
        }
    }

    async fn send(&self, question: &Question) -> RedisResult<Value> {
        let cell = self.link();
        let mut link = cell.get_or_try_init(|| self.server.connect()).await?.clone();
        match question.put(&mut link).await {
            // The node refused because the slot lives elsewhere or the cluster is being rearranged: nothing was run, and
            // the map has been read anew meanwhile. These alone may be sent twice.
            Err(error) if error.is_cluster_error() => question.put(&mut link).await,
            other => other,
        }
    }

    fn note_answer(&self) {
        if self.breaker.answered() {
            tracing::info!("the line answers again");
        }
    }

    fn note_failure(&self, pass: Pass, error: &RedisError) -> LineError {
        if self.breaker.failed(pass, Instant::now(), rand::random()) {
            *self.link.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
            match pass {
                Pass::Free => tracing::warn!(%error, "the line does not answer; the store is asked instead"),
                // Said once; while it lasts, each try would say the same.
                Pass::Trial => tracing::debug!(%error, "the line still does not answer"),
            }
        }
        LineError::Down(why(error))
    }

    fn link(&self) -> Arc<OnceCell<Link>> {
        Arc::clone(&self.link.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Question {
    async fn put(&self, link: &mut Link) -> RedisResult<Value> {
        match self {
            Self::Command(command) => command.query_async(link).await,
            Self::Act(act) => act.invoke_async(link).await,
            Self::Several(pipeline) => pipeline.query_async(link).await,
        }
    }
}

/// A key of a foreign type under one of our names: as good as lost, so it is answered as acts answer for a lost zone.
/// A rebuild, which goes to new names, cures it. (Older servers wrap the code in another one, hence the search.)
fn is_spoiled(error: &RedisError) -> bool {
    error.to_string().contains("WRONGTYPE")
}

/// In the server's own words where it spoke, so that an operator can look them up: `LOADING`, `READONLY`, `MISCONF`…
fn why(error: &RedisError) -> String {
    match (error.code(), error.detail()) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => error.to_string(),
    }
}

fn resting(rest: Duration) -> LineError {
    LineError::Down(format!("it failed several times running and is tried again in {} ms", rest.as_millis()))
}
