//! How a connection is made and set up, for each backing.

use std::path::Path;
use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::db::{Pools, SqliteAsync};
use super::{Error, Result};

/// How long a caller waits for a free connection before hearing "unavailable".
const ACQUIRE: Duration = Duration::from_secs(2);
const PG_CONNECTIONS: usize = 12;
const SQLITE_READERS: usize = 4;

/// `busy_timeout` first: the others may themselves have to wait. FULL: a commit survives a power cut.
const SQLITE_SETUP: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// Two processes that turn a new file to WAL at once: SQLite tells one of them "locked" without waiting, since each holds
/// what the other wants. Together less than [`ACQUIRE`].
const SQLITE_TRIES: u32 = 60;
const SQLITE_PAUSE: Duration = Duration::from_millis(25);

/// A statement that hangs must not hold a runner's request for ever; UTC whatever the server is set to.
pub(super) const PG_SETUP: &str = "SET statement_timeout = '15s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; SET TIME ZONE 'UTC';";

pub(super) fn pools(url: &str) -> Result<Pools> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        make_folder_of(Path::new(path))?;
        let writer = sqlite_pool(path, 1)?;
        let readers = sqlite_pool(path, SQLITE_READERS)?;
        Ok(Pools::Sqlite { writer, readers })
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let config = with_setup(ManagerConfig::default(), connect_postgres);
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        built(Pool::builder(manager).max_size(PG_CONNECTIONS)).map(Pools::Pg)
    } else {
        Err(Error::Broken("database.url must start with sqlite:// or postgres://".to_owned()))
    }
}

fn with_setup<C: 'static>(
    mut config: ManagerConfig<C>,
    connect: for<'u> fn(&'u str) -> BoxFuture<'u, diesel::ConnectionResult<C>>,
) -> ManagerConfig<C> {
    config.custom_setup = Box::new(connect);
    config
}

fn sqlite_pool(path: &str, size: usize) -> Result<Pool<SqliteAsync>> {
    let mut config = with_setup(ManagerConfig::default(), connect_sqlite);
    // A file does not go away between two uses; asking "SELECT 1" each time would double the work.
    config.recycling_method = RecyclingMethod::Fast;
    let manager = AsyncDieselConnectionManager::<SqliteAsync>::new_with_config(path, config);
    built(Pool::builder(manager).max_size(size))
}

fn built<C>(builder: diesel_async::pooled_connection::deadpool::PoolBuilder<C>) -> Result<Pool<C>>
where
    AsyncDieselConnectionManager<C>: deadpool::managed::Manager<Type = C>,
    C: AsyncConnection + 'static,
{
    builder
        .runtime(deadpool::Runtime::Tokio1)
        .wait_timeout(Some(ACQUIRE))
        .create_timeout(Some(ACQUIRE))
        .recycle_timeout(Some(ACQUIRE))
        .build()
        .map_err(|error| Error::Broken(error.to_string()))
}

fn make_folder_of(file: &Path) -> Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| Error::Unavailable(format!("the folder of the database cannot be made: {error}"))),
        _ => Ok(()),
    }
}

fn connect_sqlite(path: &str) -> BoxFuture<'_, diesel::ConnectionResult<SqliteAsync>> {
    async move {
        let mut conn = SqliteAsync::establish(path).await?;
        let mut tries_left = SQLITE_TRIES;
        loop {
            match conn.batch_execute(SQLITE_SETUP).await {
                Ok(()) => return Ok(conn),
                Err(error) if tries_left > 0 && is_locked(&error) => tokio::time::sleep(SQLITE_PAUSE).await,
                Err(error) => return Err(ConnectionError::CouldntSetupConfiguration(error)),
            }
            tries_left -= 1;
        }
    }
    .boxed()
}

/// diesel keeps no code of SQLite's, only its words.
fn is_locked(error: &diesel::result::Error) -> bool {
    matches!(error, diesel::result::Error::DatabaseError(_, told) if told.message().contains("locked"))
}

fn connect_postgres(url: &str) -> BoxFuture<'_, diesel::ConnectionResult<AsyncPgConnection>> {
    async move {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| ConnectionError::BadConnection(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres_rustls::MakeRustlsConnect::new(tls))
            .await
            .map_err(|error| ConnectionError::BadConnection(told(&error)))?;
        let mut conn = AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
        conn.batch_execute(PG_SETUP).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }
    .boxed()
}

/// The whole chain of causes: "error connecting to server" alone helps nobody.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(&format!(": {deeper}"));
        cause = deeper.source();
    }
    text
}
