//! The store: SQL is the truth, and nothing else in the house knows SQL.
//!
//! Every query is written once and runs on PostgreSQL and SQLite (`with!` picks the connection). Database work runs
//! on a runtime of its own ([`Db`]), so that a client who goes away never leaves half a transaction.
//! Modules are named by what they keep; [`views`] holds read-only shapes, one file a reader.

mod column_types;
mod connect;
mod db;
mod guards;
mod migrate;
#[rustfmt::skip]
mod schema;

pub mod alarms;
pub mod assignments;
pub mod call_leases;
pub mod clock_pauses;
pub mod contacts;
pub mod copies;
pub mod deeds;
pub mod dials;
pub mod duties;
pub mod errands;
pub mod fetched;
pub mod follow_ups;
pub mod habits;
pub mod households;
pub mod idempotency;
pub mod import;
pub mod intake;
pub mod joining;
pub mod journal;
pub mod ledger;
pub mod legs;
pub mod lists;
pub mod marks;
pub mod notices;
pub mod offers;
pub mod outbox;
pub mod pauses;
pub mod people;
pub mod photos;
pub mod places;
pub mod pressure;
pub mod proofs;
pub mod questions;
pub mod recurrences;
pub mod requests;
pub mod rosters;
pub mod rotas;
pub mod routes;
pub mod seals;
pub mod sessions;
pub mod sightings;
pub mod sign_in_links;
pub mod supplies;
pub mod targets;
pub mod views;
pub mod volunteers;
pub mod waiting;
pub mod wanted;
pub mod zones;

pub use db::{Backing, Conn, Db, Work};
pub(crate) use db::{columns, with};

/// What can go wrong with the store. Callers decide by kind; the text is for the log at the border.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot take the work now: try again later.
    #[error("the store cannot be reached: {0}")]
    Unavailable(String),
    /// A unique or foreign key refused the row; carries the constraint's name or message.
    #[error("the store refused the row: {0}")]
    Refused(String),
    /// Two transactions stood in each other's way and this one gave in: the same again may go well.
    #[error("the store let another go first: {0}")]
    Contended(String),
    /// A row that must exist does not.
    #[error("no such row")]
    NotFound,
    #[error("the store failed: {0}")]
    Broken(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::DatabaseErrorKind as Kind;
        use diesel::result::Error as Diesel;
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::CheckViolation, about) => {
                Self::Refused(about.constraint_name().unwrap_or_else(|| about.message()).to_owned())
            }
            Diesel::DatabaseError(Kind::ClosedConnection | Kind::ReadOnlyTransaction, about) => {
                Self::Unavailable(about.message().to_owned())
            }
            Diesel::DatabaseError(Kind::SerializationFailure, about) => Self::Contended(about.message().to_owned()),
            Diesel::DatabaseError(_, about) if about.message().contains("deadlock detected") => {
                Self::Contended(about.message().to_owned())
            }
            Diesel::DatabaseError(_, about) if is_passing(about.message()) => {
                Self::Unavailable(about.message().to_owned())
            }
            Diesel::BrokenTransactionManager => {
                Self::Unavailable("the connection was lost in a transaction".to_owned())
            }
            other => Self::Broken(other.to_string()),
        }
    }
}

/// Messages of the two drivers that tell of a state which passes: a lock, a full disk, a server that restarts.
fn is_passing(message: &str) -> bool {
    [
        "database is locked",
        "disk is full",
        "disk I/O",
        "connection",
        "terminating",
        "shutting down",
        "starting up",
        "timeout",
        "No space left",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

impl Error {
    /// True when a unique constraint with this name, or on a column of this name (SQLite), refused the row.
    #[must_use]
    pub fn is_refusal_by(&self, name: &str) -> bool {
        matches!(self, Self::Refused(about) if about.contains(name))
    }
}

/// PostgreSQL keeps no NUL in a text: what holds one is certainly not there, and asking would be an error.
fn has_nul(text: &str) -> bool {
    text.contains('\0')
}
