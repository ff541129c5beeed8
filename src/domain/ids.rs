//! Ids: one newtype a noun, so that two cannot be confused. All are UUIDv7, minted here and nowhere else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id, ordered by the time it was made.
            #[must_use]
            #[allow(clippy::disallowed_methods, reason = "the one place where ids are minted")]
            pub fn mint() -> Self {
                Self(Uuid::now_v7())
            }

            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )+};
}

ids! {
    ZoneId
    BuildingId
    PlaceId
    /// Anyone with an account: runner, desk, supervisor, admin.
    PersonId
    HouseholdId
    RequestId
    ItemId
    ErrandId
    OfferId
    /// The errands one runner carries together.
    TripId
    AssignmentId
    EventId
    LetterId
    SealId
    SessionId
    /// What a habit was learned of: a runner, a place or a zone, under its own id.
    SubjectId
    SightingId
    PhotoId
    ProofId
    QuestionId
    /// A call made to a home.
    OutreachId
    SupplyId
    NoticeId
    VolunteerId
    SignInLinkId
    ReceiptId
    /// One line of a receipt.
    OutlayId
    SettlementId
    FollowUpId
    RecurrenceId
    AlarmId
    /// One rung told of an alarm.
    StepId
    TellingId
    RotaId
    TargetId
    ClockPauseId
}

impl EventId {
    /// The first id of a moment so many milliseconds before this one was minted. An id may be minted earlier and
    /// committed later than another: whoever reads on from an id looks back a little.
    #[must_use]
    pub fn back(self, millis: u64) -> Self {
        let minted = self.0.as_u128() >> 80;
        Self(Uuid::from_u128(minted.saturating_sub(u128::from(millis)) << 80))
    }
}
