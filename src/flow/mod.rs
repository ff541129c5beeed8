//! The stages, in the order a request passes them: [`intake`] → [`dispatch`] → [`offering`] → [`carrying`] →
//! [`follow_up`] → [`supervision`] (at a sealed building `handing` lies between carrying and following up); [`claiming`]
//! (the board), [`lapsing`] (silence), `moving` (the one way an errand moves); [`answering`] and [`calling`] (the desk),
//! [`posting`] (notices), [`duty`], [`sealing`], [`sighting`] (what was found at a counter), [`elsewhere`] and [`shortages`]
//! (what follows from it), [`fetching`] (what was truly got), [`asking`] (a question from there), [`photos`], [`proving`]
//! (how a delivery was proved), [`undoing`] (taking back what one did last), [`hearing`] (that something changed),
//! [`alarming`] (the ladder), [`stepping_in`] and [`caring`] (what cannot go on by itself), [`access`] and [`password`], [`volunteering`] (becoming a runner) and [`inviting`] (a link to sign in once),
//! [`booking`] (money), [`pausing`] (the team's clock), [`targeting`], `learning`, `presence` and [`rounds`] (what a duty of the worker looks for) stand beside them.
//! Read this folder and you have read the business.
//!
//! A stage takes the [`House`], decides by `domain`, writes through `store` in one transaction and then tells the line.
//! The line may fail: it is a hint, and every telling is best effort.

pub mod access;
pub mod alarming;
pub mod answering;
pub mod asking;
pub mod booking;
pub mod calling;
pub mod caring;
pub mod carrying;
pub mod claiming;
pub mod deciding;
pub mod dispatch;
pub mod duty;
pub mod elsewhere;
pub mod fetching;
pub mod follow_up;
pub mod following;
mod handing;
pub mod hearing;
pub mod intake;
pub mod inviting;
pub mod lapsing;
mod learning;
mod moving;
pub mod offering;
mod office;
pub mod password;
pub mod pausing;
pub mod photos;
pub mod posting;
mod presence;
pub mod proving;
pub mod recurring;
pub mod rounds;
pub mod sealing;
pub mod shortages;
pub mod sighting;
pub mod stepping_in;
pub mod supervision;
pub mod targeting;
pub mod undoing;
pub mod volunteering;

use std::sync::Arc;

use crate::domain::alarm;
use crate::domain::chance::Chance;
use crate::domain::clock::{At, Clock};
use crate::domain::errand::{Refused, State, Step};
use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::local::LocalTime;
use crate::domain::matching::Terms;
use crate::domain::money::Fen;
use crate::domain::secret::Key;
use crate::line::{Line, Ready, Signal, What};
pub use crate::store::errands::Errand;
pub use crate::store::idempotency::Key as CallKey;
pub use crate::store::questions::{Named, Question};
use crate::store::{self, Db};

/// Everything a stage works with. Cloning is cheap.
#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub line: Arc<dyn Line>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub terms: Terms,
    pub local: LocalTime,
    pub key: Key,
    pub gate: intake::Gate,
    pub alarms: Arc<alarm::Terms>,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").field("db", &self.db).finish_non_exhaustive()
    }
}

/// Why a stage did not do what was asked. `web::fault` alone knows the status each becomes.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Not there, or not the caller's to see: one answer for both.
    #[error("not found")]
    NotFound,
    #[error("not allowed")]
    NotAllowed,
    #[error("unknown account or wrong password")]
    WrongCredentials,
    #[error(transparent)]
    OutOfTurn(#[from] Refused),
    /// It changed while the caller was looking, or somebody else holds it.
    #[error("somebody was faster; it is {0} now")]
    Overtaken(State),
    /// Who has it now, as far as that is to be told.
    #[error("the offer is closed")]
    OfferClosed(Option<String>),
    /// Who has it, as far as that is to be told.
    #[error("somebody else has it")]
    AlreadyClaimed(Option<String>),
    #[error("hands full: {carried} of {most} bags, {more} more do not fit")]
    HandsFull { carried: i64, more: i64, most: i64 },
    #[error("{carried} of {most} errands in hand, {more} more are too many")]
    TooManyErrands { carried: i64, more: i64, most: i64 },
    /// The code that was read out is another's; how many times that happened at this door.
    #[error("wrong code, the {tries}. time")]
    WrongCode { step: Step, tries: i32 },
    #[error("the photo was thrown away, or shows something else")]
    PhotoGone,
    #[error("it was done too long ago to be taken back")]
    TooLateToUndo,
    /// Whoever lives behind a seal cannot go out for anything.
    #[error("the runner lives behind a seal")]
    SealedIn,
    /// Behind a seal only those who live there walk.
    #[error("the errand is behind a seal")]
    SealedOff,
    #[error("there is no gate to hand over at")]
    NoGate,
    /// Goods that differ from what was asked for: whoever has a say in it has not been heard.
    #[error("nobody has said that it may be something else")]
    ConsentNeeded(Vec<fetching::Unheard>),
    #[error("nothing of it was got")]
    NothingGot,
    /// The household named a shop, and has not said that it may be another.
    #[error("the household named the place")]
    PlaceNamed,
    /// There is no such place, or not for this.
    #[error("there is no such place")]
    UnknownPlace,
    /// Shut, or just found empty.
    #[error("there is nothing to be had there now")]
    NothingThere,
    /// Somebody has it after all.
    #[error("it is no shortage any more")]
    NotShort,
    #[error("the question was answered already")]
    AlreadyAnswered,
    /// Somebody else is calling that home just now.
    #[error("somebody else is calling there")]
    BeingCalled,
    /// It was answered, or the request went another way.
    #[error("there is nothing to follow up any more")]
    FollowedUp,
    /// Nothing to ask for again: no name, or no contact any more.
    #[error("it cannot be asked for again")]
    NotRepeatable,
    /// Somebody decided about this offer to help before.
    #[error("the offer to help was decided about already")]
    AlreadyDecided,
    #[error("there is no such thing in the list")]
    UnknownItem,
    /// By how much the bags are more than what the till printed.
    #[error("the bags are {0} more than the total")]
    DoesNotAddUp(Fen),
    #[error("an earlier receipt holds an errand that this one leaves out")]
    AlreadyBooked,
    /// There is no open alarm about this request.
    #[error("there is no alarm")]
    NoAlarm,
    #[error("somebody else has said to have it")]
    AlreadyAcknowledged,
    /// It stands as high as it can go, or as high as was asked for.
    #[error("it goes no higher")]
    TopOfLadder,
    /// The zone takes red requests alone just now; what it says about it.
    #[error("the zone takes red requests alone")]
    IntakePaused(String),
    #[error("the idempotency key was used for something else")]
    KeyReused,
    #[error("too much arrives at once")]
    Overrun,
    #[error(transparent)]
    Store(#[from] store::Error),
}

pub type Result<T> = std::result::Result<T, Fault>;

impl House {
    #[must_use]
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// Tells whoever listens. Nobody may hear it: every listener also looks by itself now and then.
    async fn tell(&self, zone: ZoneId, what: What) {
        if let Err(error) = self.line.publish(Signal { zone, what }).await {
            tracing::debug!(error = %error, "a signal was lost");
        }
    }

    /// Tells that a request changed, and the runner concerned if there is one.
    async fn tell_change(&self, errand: &Errand, runner: Option<PersonId>) {
        self.tell(errand.zone_id, What::Request(errand.request_id)).await;
        if let Some(runner) = runner {
            self.tell(errand.zone_id, What::Runner(runner)).await;
        }
    }

    /// An errand waits again: into the line with it.
    async fn line_up(&self, errand: &Errand) {
        let ready = Ready { errand: errand.id, due: errand.deliver_by };
        shrug(self.line.put_back(errand.zone_id, ready).await);
        self.tell(errand.zone_id, What::Work).await;
    }

    /// The token of a request's tracking link.
    #[must_use]
    pub fn token(&self, request: RequestId) -> String {
        self.key.tracking_token(request)
    }
}

/// The line is a hint: what it could not be told now, the next comparison with the store mends.
fn shrug<T>(told: std::result::Result<T, crate::line::LineError>) {
    if let Err(error) = told {
        tracing::debug!(error = %error, "the line was not told");
    }
}
