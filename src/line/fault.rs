//! What can go wrong with the line. None of it is a reason to fail a resident or a runner.

use thiserror::Error;

use crate::domain::geo::Point;
use crate::domain::ids::ZoneId;

pub type Result<T> = std::result::Result<T, LineError>;

/// Why the line has no answer.
#[derive(Clone, PartialEq, Debug, Error)]
pub enum LineError {
    /// It does not answer, or not sensibly: unreachable, too slow, loading, read-only, out of memory, busy, or resting
    /// after such failures. Never "empty". Ask the store instead, and the line again later.
    #[error("the line does not answer: {0}")]
    Down(String),
    /// It answers, but holds no generation of this zone. Ask the store, and rebuild the zone.
    #[error("the line has lost zone {0}; it must be rebuilt from the store")]
    Lost(ZoneId),
    /// A position or a radius that no map can hold (latitudes end at ±85.05°, where Redis's grid ends).
    #[error("latitude {}, longitude {} cannot be kept in the line", .0.lat, .0.lon)]
    OffTheMap(Point),
    /// The setting cannot be used. The url itself is not repeated: it may hold a password.
    #[error("{0}")]
    Setting(String),
}
