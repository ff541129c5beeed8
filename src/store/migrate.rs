//! Applying the migrations: embedded, safe to run twice and from two processes at once.

use std::fs::File;

use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::db::SqliteAsync;
use super::{Conn, Db, Error, Result, guards};
use crate::domain::clock::At;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Any number that no other user of the server's advisory locks takes.
const LOCK: i64 = 0x7061_6f74_7569;

impl Db {
    /// Applies what is pending and answers how many migrations that were.
    ///
    /// Processes that start together take turns: by an advisory lock on PostgreSQL, by a lock file beside a SQLite file.
    ///
    /// # Errors
    /// [`Error::Broken`] names the migration that failed; those before it stay applied.
    pub async fn migrate(&self) -> Result<usize> {
        let pools = self.pools();
        self.spawned(async move {
            match pools.writer().await? {
                Conn::Pg(conn) => migrate_postgres(conn).await,
                Conn::Sqlite(conn) => migrate_sqlite(conn).await,
            }
        })
        .await
    }
}

impl Db {
    /// How many migrations are not applied yet.
    ///
    /// # Errors
    /// The store's.
    pub async fn pending_migrations(&self) -> Result<usize> {
        let pools = self.pools();
        self.spawned(async move {
            let pending = match pools.writer().await? {
                Conn::Pg(conn) => {
                    AsyncMigrationHarness::new(conn).pending_migrations(MIGRATIONS).map(|pending| pending.len())
                }
                Conn::Sqlite(conn) => {
                    AsyncMigrationHarness::new(conn).pending_migrations(MIGRATIONS).map(|pending| pending.len())
                }
            };
            pending.map_err(broken)
        })
        .await
    }

    /// What time the database server has; `None` for an embedded one, which has ours.
    ///
    /// # Errors
    /// The store's.
    pub async fn time(&self) -> Result<Option<At>> {
        self.read(async |conn: &mut Conn| match conn {
            Conn::Sqlite(_) => Ok(None),
            Conn::Pg(c) => {
                let now = diesel::sql_query("SELECT clock_timestamp() AS now");
                let row: ServerTime = diesel_async::RunQueryDsl::get_result(now, c).await?;
                Ok(Some(row.now))
            }
        })
        .await
    }
}

#[derive(diesel::QueryableByName)]
struct ServerTime {
    #[diesel(sql_type = super::column_types::Ts)]
    now: At,
}

async fn migrate_postgres(mut conn: Object<AsyncPgConnection>) -> Result<usize> {
    // The lock belongs to the session: it is gone when this process is.
    conn.batch_execute(&format!("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK})"))
        .await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let applied = harness.run_pending_migrations(MIGRATIONS).map(|versions| versions.len()).map_err(broken);
    let mut conn = Conn::Pg(harness.into_inner());
    let guarded = guards::set(&mut conn).await;
    if let Conn::Pg(conn) = &mut conn {
        conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
        conn.batch_execute(super::connect::PG_SETUP).await?;
    }
    guarded.and(applied)
}

async fn migrate_sqlite(mut conn: Object<SqliteAsync>) -> Result<usize> {
    let database = diesel::sql_query("SELECT file FROM pragma_database_list WHERE name = 'main'");
    let database: DatabaseFile = diesel_async::RunQueryDsl::get_result(database, &mut conn).await?;
    let _turn = tokio::task::spawn_blocking(move || take_turn(&database.file)).await.map_err(broken)??;
    let mut harness = AsyncMigrationHarness::new(conn);
    let applied = harness.run_pending_migrations(MIGRATIONS).map(|versions| versions.len()).map_err(broken);
    guards::set(&mut Conn::Sqlite(harness.into_inner())).await.and(applied)
}

#[derive(diesel::QueryableByName)]
struct DatabaseFile {
    #[diesel(sql_type = diesel::sql_types::Text)]
    file: String,
}

/// Waits until this process may migrate; the turn ends when the file is closed.
fn take_turn(database: &str) -> Result<Option<File>> {
    if database.is_empty() {
        return Ok(None);
    }
    let file = File::create(format!("{database}.migrating")).map_err(broken)?;
    file.lock().map_err(broken)?;
    Ok(Some(file))
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Broken(error.to_string())
}
