//! Why this runner, and why nobody: a word for each, kept with the offer or the errand and put into words by the pages.

use crate::domain::words::word;

word! {
    /// Why this runner.
    Pick {
        /// The oldest errand, the nearest idle runner.
        Oldest = "oldest",
        /// The closest pair.
        Nearest = "nearest",
        /// Picked by the runner from the board.
        OwnChoice = "own_choice",
        /// Given by a supervisor.
        ByHand = "by_hand",
        /// Fastest to the door of a red errand, free now.
        FastestFree = "fastest_free",
        /// Fastest to the door of a red errand; what he carries waits for it.
        FastestUnderWay = "fastest_under_way",
        /// The runner asked first has not answered yet.
        NextWave = "next_wave",
        /// Best use of a runner's time.
        BestTrip = "best_trip",
        /// Soon free close by.
        SoonFree = "soon_free",
        /// On his way to that counter anyway.
        OnTheWay = "on_the_way",
    }
}

word! {
    /// Why nobody, or why not this runner; ordered from what no time heals to what passes first.
    Nobody {
        NobodyOnDuty = "nobody_on_duty",
        StalePositions = "stale_positions",
        ShiftEnds = "shift_ends",
        NotTrained = "not_trained",
        WrongSideOfTheSeal = "wrong_side_of_the_seal",
        TooManyBags = "too_many_bags",
        AllDeclined = "all_declined",
        PlaceShut = "place_shut",
        /// No open place has it.
        OutOfStock = "out_of_stock",
        AllResting = "all_resting",
        /// Offers to them are still unanswered.
        AllAsked = "all_asked",
        AllBusy = "all_busy",
        /// Kept back on purpose: for a fuller trip, or for a runner who will be there sooner.
        Held = "held",
    }
}

impl Nobody {
    /// It passes by itself, in seconds or minutes.
    #[must_use]
    pub const fn passes(self) -> bool {
        matches!(self, Self::AllResting | Self::AllAsked | Self::AllBusy | Self::Held)
    }
}
