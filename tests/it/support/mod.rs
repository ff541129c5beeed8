//! A whole house for each test: own store, own line, a clock turned by hand, letters kept in memory, and people who act
//! through the house's own HTTP API.

mod clock;
pub mod figured;
mod house;
mod people;
pub mod seed;

pub use clock::TurnedClock;
pub use house::{House, Kind, another_room, medicine, server};
pub use people::{Answer, Person};

/// Runs each story on both backings and both lines: the same words, four houses.
macro_rules! on_every_house {
    ($($story:ident),+ $(,)?) => {
        mod sqlite_and_memory { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { $crate::support::House::open($crate::support::Kind::SQLITE_MEMORY, super::$story).await; })+ }
        mod sqlite_and_redis { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { $crate::support::House::open($crate::support::Kind::SQLITE_REDIS, super::$story).await; })+ }
        mod postgres_and_memory { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { $crate::support::House::open($crate::support::Kind::POSTGRES_MEMORY, super::$story).await; })+ }
        mod postgres_and_redis { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { $crate::support::House::open($crate::support::Kind::POSTGRES_REDIS, super::$story).await; })+ }
    };
}
pub(crate) use on_every_house;
