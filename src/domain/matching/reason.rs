//! Why this runner, and why nobody: a code for each, put into words by the pages that show it.

use serde::{Deserialize, Serialize};

/// Why this runner.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// The oldest errand, the nearest idle runner.
    Oldest,
    /// The closest pair.
    Nearest,
    /// Picked by the runner from the board.
    OwnChoice,
    /// Fastest to the door of a red errand, free now.
    FastestFree,
    /// Fastest to the door of a red errand; what he carries waits for it.
    FastestUnderWay,
    /// The runner asked first has not answered yet.
    NextWave,
    /// Best use of a runner's time.
    BestTrip,
    /// Soon free close by.
    SoonFree,
    /// On his way to that counter anyway.
    OnTheWay,
}

/// Why nobody, or why not this runner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nobody {
    NobodyOnDuty,
    ShiftEnds,
    NotTrained,
    WrongSideOfTheSeal,
    TooManyBags,
    Refused,
    PlaceShut,
    Resting,
    /// An offer to him is still unanswered.
    Asked,
    Busy,
}
