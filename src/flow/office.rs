//! As whom a decision about an errand is made: by whoever steps in, about anything in the zone; by the desk, about what is
//! in the care list and nothing else.

use super::{Fault, Result};
use crate::domain::actor::{Actor, Person};
use crate::domain::care::{self, Act};
use crate::domain::errand::{Refused, Step};
use crate::domain::ids::{ErrandId, RequestId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::store::errands::Errand;
use crate::store::{Conn, errands, legs};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Office {
    Overseer,
    Desk,
}

impl Office {
    const fn action(self, zone: ZoneId) -> Action {
        match self {
            Self::Overseer => Action::StepIn { zone },
            Self::Desk => Action::SettleCare { zone },
        }
    }

    fn own(self, me: &Person, found: Option<Errand>) -> Result<Errand> {
        let found = found.ok_or(Fault::NotFound)?;
        if may(&Actor::Person(me.clone()), self.action(found.zone_id)) { Ok(found) } else { Err(Fault::NotFound) }
    }

    /// The errand, for whoever may decide about it.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for one of another zone, too.
    pub async fn find(self, conn: &mut Conn, me: &Person, errand: ErrandId) -> Result<Errand> {
        self.own(me, errands::find(conn, errand).await?)
    }

    /// The errand of a request that counts, for whoever may decide about it.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn find_of(self, conn: &mut Conn, me: &Person, request: RequestId) -> Result<Errand> {
        self.own(me, legs::find_current(conn, request).await?)
    }

    /// The desk decides about what is in care; all else is for those who step in. Asked where the errand is moved: what a
    /// page showed may have been taken up meanwhile.
    ///
    /// # Errors
    /// [`Fault::OutOfTurn`].
    pub fn must_decide(self, found: &Errand, (act, step): (Act, Step)) -> Result<()> {
        if self == Self::Overseer || care::acts(found.state).contains(&act) {
            return Ok(());
        }
        Err(Refused::OutOfTurn { state: found.state, step }.into())
    }
}
