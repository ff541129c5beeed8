//! Which Redis, and how to connect to it: `redis://`, `rediss://` or `redis+cluster://host:port,host:port`.

use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig, PubSub};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::io::tcp::TcpSettings;
use redis::{Client, Cmd, ConnectionInfo, ErrorKind, IntoConnectionInfo, Pipeline, RedisFuture, RedisResult, Value};

use crate::line::{LineError, Result};

/// Commands that may be on their way at once before callers wait for room; one connection serves the whole process.
const QUEUE: usize = 1_024;
/// A peer that has not acknowledged what was sent for so long is gone, even if nothing says so (a pulled cable).
const SILENCE: Duration = Duration::from_secs(2);

const ALLOWED: &str = "line.url must be memory:, redis://[user:password@]host[:port][/db], rediss://… (TLS), or \
                       redis+cluster://[user:password@]host:port,host:port,… (rediss+cluster:// with TLS)";

/// Where commands go and where signals are heard.
#[derive(Clone)]
pub(super) struct Server {
    commands: Commands,
    answer: Duration,
    /// In a cluster a signal reaches every node, so any one will do for listening.
    ears: Vec<Client>,
}

#[derive(Clone)]
enum Commands {
    Single(Box<Client>),
    Cluster(Box<ClusterClient>),
}

/// A connection that many callers share; clones are the same connection.
#[derive(Clone)]
pub(super) enum Link {
    /// Reconnects by itself, once for each command that finds it broken; it never sends a command twice.
    Single(ConnectionManager),
    /// Follows the cluster's map by itself; told not to send a command twice either.
    Cluster(ClusterConnection),
}

impl Server {
    /// Reads the url; nothing is connected. The url is not repeated in errors: it may hold a password.
    pub(super) fn parse(url: &str, answer: Duration) -> Result<Self> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| not_usable("it names no scheme"))?;
        match scheme {
            "redis" | "rediss" => Self::single(url, answer),
            "redis+cluster" => Self::cluster("redis", rest, answer),
            "rediss+cluster" => Self::cluster("rediss", rest, answer),
            _ => Err(not_usable(&format!("its scheme is {scheme}"))),
        }
    }

    fn single(url: &str, answer: Duration) -> Result<Self> {
        let client = Client::open(info(url)?).map_err(|error| not_usable(&error.to_string()))?;
        Ok(Self { commands: Commands::Single(Box::new(client.clone())), answer, ears: vec![client] })
    }

    fn cluster(scheme: &str, rest: &str, answer: Duration) -> Result<Self> {
        let (sign_in, hosts) =
            rest.rsplit_once('@').map_or((String::new(), rest), |(who, hosts)| (format!("{who}@"), hosts));
        let nodes = hosts.split(',').map(|host| info(&format!("{scheme}://{sign_in}{}", host.trim())));
        let nodes = nodes.collect::<Result<Vec<_>>>()?;
        let client = ClusterClient::builder(nodes.clone())
            .connection_timeout(answer)
            .response_timeout(answer)
            .tcp_settings(tcp())
            // A lost reply does not mean that the command did not run: only the caller may decide to repeat it.
            .retries(0)
            .build()
            .map_err(|error| not_usable(&error.to_string()))?;
        let ears = nodes.into_iter().map(Client::open).collect::<RedisResult<_>>();
        let ears = ears.map_err(|error| not_usable(&error.to_string()))?;
        Ok(Self { commands: Commands::Cluster(Box::new(client)), answer, ears })
    }

    /// How long an answer may take, and a connection with its handshake.
    pub(super) const fn answer(&self) -> Duration {
        self.answer
    }

    pub(super) async fn connect(&self) -> RedisResult<Link> {
        match &self.commands {
            Commands::Single(client) => {
                let config = ConnectionManagerConfig::new()
                    .set_connection_timeout(Some(self.answer))
                    .set_response_timeout(Some(self.answer))
                    .set_pipeline_buffer_size(QUEUE)
                    // Whoever asks next tries next; the breaker sees to it that this is not too often.
                    .set_number_of_retries(0);
                client.get_connection_manager_with_config(config).await.map(Link::Single)
            }
            Commands::Cluster(client) => client.get_async_connection().await.map(Link::Cluster),
        }
    }

    /// A connection for listening. Each attempt takes the next node.
    pub(super) async fn listen(&self, attempt: usize) -> RedisResult<PubSub> {
        let node = attempt.checked_rem(self.ears.len()).and_then(|turn| self.ears.get(turn));
        match node {
            Some(client) => client.get_async_pubsub().await,
            None => Err((ErrorKind::InvalidClientConfig, "no node to listen to").into()),
        }
    }
}

impl ConnectionLike for Link {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(link) => link.req_packed_command(cmd),
            Self::Cluster(link) => link.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(link) => link.req_packed_commands(pipeline, offset, count),
            Self::Cluster(link) => link.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(link) => link.get_db(),
            Self::Cluster(link) => link.get_db(),
        }
    }
}

fn info(url: &str) -> Result<ConnectionInfo> {
    let info = url.into_connection_info().map_err(|error| not_usable(&error.to_string()))?;
    Ok(info.set_tcp_settings(tcp()))
}

fn tcp() -> TcpSettings {
    let settings = TcpSettings::default().set_nodelay(true);
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout(SILENCE);
    settings
}

fn not_usable(why: &str) -> LineError {
    LineError::Setting(format!("{ALLOWED}; this one cannot be used: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::ANSWER;

    fn refusal(url: &str) -> String {
        Server::parse(url, ANSWER).err().expect("refused").to_string()
    }

    #[test]
    fn the_three_kinds_of_url_are_read() {
        for url in [
            "redis://localhost",
            "redis://user:secret@localhost:6380/2",
            "rediss://redis.example:6380",
            "redis+cluster://a:7000,b:7001",
            "redis+cluster://user:secret@a:7000, b:7001",
            "rediss+cluster://a:7000",
        ] {
            assert!(Server::parse(url, ANSWER).is_ok(), "{url}");
        }
    }

    #[test]
    fn any_other_url_is_refused_with_what_is_allowed() {
        for url in ["", "memory", "redis", "http://localhost", "redis+cluster://", "redis://", "unix:///run/redis.sock"]
        {
            let why = refusal(url);
            assert!(why.contains("memory:") && why.contains("redis+cluster://"), "{url}: {why}");
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_a_password() {
        for url in ["redis://user:hunter2@localhost:port", "redis+cluster://user:hunter2@:::", "http://u:hunter2@x"] {
            assert!(!refusal(url).contains("hunter2"), "{}", refusal(url));
        }
    }
}
