//! Connections and transactions over two backings.

use std::future::Future;
use std::sync::Arc;

use diesel::connection::AnsiTransactionManager;
use diesel::sqlite::SqliteConnection;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, TransactionManager};
use tokio::runtime::{Builder, Handle, Runtime};

use super::{Error, Result, connect};

/// Which database stands behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backing {
    Postgres,
    Sqlite,
}

pub(super) type SqliteAsync = SyncConnectionWrapper<SqliteConnection>;

/// One connection, of either backing. Queries are written once, inside `with!`.
#[allow(clippy::large_enum_variant, reason = "one lives for a transaction on the stack; a box would only add a hop")]
pub enum Conn {
    Pg(Object<AsyncPgConnection>),
    Sqlite(Object<SqliteAsync>),
}

/// Runs one query expression on whichever backing the connection has: `with!(conn, |c| query.load(c).await)`.
macro_rules! with {
    ($conn:expr, |$c:ident| $query:expr) => {
        match $conn {
            $crate::store::Conn::Pg($c) => $query,
            $crate::store::Conn::Sqlite($c) => $query,
        }
    };
}
pub(crate) use with;

/// Work done on a connection: an `async |conn| …` closure whose future may move between threads.
pub trait Work<'c, R>: AsyncFnOnce(&'c mut Conn) -> R + FnOnce(&'c mut Conn) -> <Self as Work<'c, R>>::Done {
    type Done: Future<Output = R> + Send;
}

impl<'c, F, R, D> Work<'c, R> for F
where
    F: AsyncFnOnce(&'c mut Conn) -> R + FnOnce(&'c mut Conn) -> D,
    D: Future<Output = R> + Send,
{
    type Done = D;
}

#[derive(Clone)]
pub(super) enum Pools {
    Pg(Pool<AsyncPgConnection>),
    /// One writer (SQLite has one), a few readers beside it.
    Sqlite {
        writer: Pool<SqliteAsync>,
        readers: Pool<SqliteAsync>,
    },
}

/// The store's front: hands out transactions.
///
/// All work is spawned on a multi-thread runtime of its own. A web handler that is dropped only stops waiting;
/// the transaction it started still ends one way or the other (shared with ADR 0003).
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    handle: Handle,
    /// Kept so that the runtime lives as long as the last clone; taken down without blocking.
    _runtime: Arc<DbRuntime>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("backing", &self.backing()).finish_non_exhaustive()
    }
}

struct DbRuntime(Option<Runtime>);

impl Drop for DbRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Db {
    /// Opens the store behind `url` (`sqlite://FILE` or `postgres://…`). Connections are made when first needed.
    ///
    /// # Errors
    /// [`Error::Broken`] for a url of another kind, [`Error::Unavailable`] when a SQLite file cannot be made.
    pub fn open(url: &str) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("store")
            .enable_all()
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        let pools = connect::pools(url)?;
        Ok(Self { pools, handle: runtime.handle().clone(), _runtime: Arc::new(DbRuntime(Some(runtime))) })
    }

    #[must_use]
    pub const fn backing(&self) -> Backing {
        match self.pools {
            Pools::Pg(_) => Backing::Postgres,
            Pools::Sqlite { .. } => Backing::Sqlite,
        }
    }

    /// Runs `work` in one transaction and commits it, or rolls back when it answers an error.
    ///
    /// # Errors
    /// What `work` answers, or [`Error`] when no connection is free, or the commit fails.
    pub async fn write<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: for<'c> Work<'c, std::result::Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let pools = self.pools.clone();
        self.spawned(async move {
            let mut conn = pools.writer().await?;
            conn.begin().await?;
            match work(&mut conn).await {
                Ok(value) => conn.commit().await.map(|()| value).map_err(E::from),
                Err(error) => {
                    conn.roll_back().await;
                    Err(error)
                }
            }
        })
        .await
    }

    /// Runs `work` on a connection without a transaction of its own: for reading.
    ///
    /// # Errors
    /// What `work` answers, or [`Error`] when no connection is free.
    pub async fn read<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: for<'c> Work<'c, std::result::Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let pools = self.pools.clone();
        self.spawned(async move {
            let mut conn = pools.reader().await?;
            work(&mut conn).await
        })
        .await
    }

    /// Runs `work` on one snapshot: all it reads is of one moment, whatever is written meanwhile.
    ///
    /// # Errors
    /// What `work` answers, or [`Error`] when no connection is free.
    pub async fn snapshot<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: for<'c> Work<'c, std::result::Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let pools = self.pools.clone();
        self.spawned(async move {
            let mut conn = pools.reader().await?;
            conn.begin_reading().await?;
            let read = work(&mut conn).await;
            conn.roll_back().await;
            read
        })
        .await
    }

    pub(super) fn pools(&self) -> Pools {
        self.pools.clone()
    }

    pub(super) async fn spawned<T, E>(
        &self,
        work: impl Future<Output = std::result::Result<T, E>> + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match self.handle.spawn(work).await {
            Ok(result) => result,
            Err(lost) => Err(Error::Broken(format!("database work ended by itself: {lost}")).into()),
        }
    }
}

impl Pools {
    pub(super) async fn writer(&self) -> Result<Conn> {
        match self {
            Self::Pg(pool) => pool.get().await.map(Conn::Pg).map_err(unavailable),
            Self::Sqlite { writer, .. } => writer.get().await.map(Conn::Sqlite).map_err(unavailable),
        }
    }

    async fn reader(&self) -> Result<Conn> {
        match self {
            Self::Pg(pool) => pool.get().await.map(Conn::Pg).map_err(unavailable),
            Self::Sqlite { readers, .. } => readers.get().await.map(Conn::Sqlite).map_err(unavailable),
        }
    }
}

fn unavailable(error: impl std::fmt::Display) -> Error {
    Error::Unavailable(error.to_string())
}

impl Conn {
    async fn begin(&mut self) -> Result<()> {
        match self {
            Self::Pg(c) => {
                <AsyncPgConnection as AsyncConnection>::TransactionManager::begin_transaction(&mut **c).await?;
            }
            // IMMEDIATE: a second process waits at the start (busy_timeout) instead of failing in the middle.
            Self::Sqlite(c) => {
                c.spawn_blocking(|conn| AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")).await?;
            }
        }
        Ok(())
    }

    /// SQLite's plain BEGIN keeps to what it read first; it takes no lock that a writer would meet.
    async fn begin_reading(&mut self) -> Result<()> {
        const ONE_MOMENT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        match self {
            Self::Pg(c) => diesel_async::AnsiTransactionManager::begin_transaction_sql(&mut **c, ONE_MOMENT).await?,
            Self::Sqlite(c) => {
                <SqliteAsync as AsyncConnection>::TransactionManager::begin_transaction(&mut **c).await?;
            }
        }
        Ok(())
    }

    async fn commit(&mut self) -> Result<()> {
        match self {
            Self::Pg(c) => {
                <AsyncPgConnection as AsyncConnection>::TransactionManager::commit_transaction(&mut **c).await?;
            }
            Self::Sqlite(c) => {
                <SqliteAsync as AsyncConnection>::TransactionManager::commit_transaction(&mut **c).await?;
            }
        }
        Ok(())
    }

    /// A failed roll-back leaves the connection marked as broken; the pool then throws it away.
    async fn roll_back(&mut self) {
        let rolled_back = match self {
            Self::Pg(c) => {
                <AsyncPgConnection as AsyncConnection>::TransactionManager::rollback_transaction(&mut **c).await
            }
            Self::Sqlite(c) => {
                <SqliteAsync as AsyncConnection>::TransactionManager::rollback_transaction(&mut **c).await
            }
        };
        if let Err(error) = rolled_back {
            tracing::warn!(error = %error, "a transaction could not be rolled back");
        }
    }

    #[must_use]
    pub const fn backing(&self) -> Backing {
        match self {
            Self::Pg(_) => Backing::Postgres,
            Self::Sqlite(_) => Backing::Sqlite,
        }
    }
}

/// The columns of a row type, the same for both backings (`T::as_select()` would settle on one).
pub(crate) fn columns<T: diesel::Selectable<diesel::pg::Pg>>() -> T::SelectExpression {
    T::construct_selection()
}
