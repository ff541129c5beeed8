//! The desk answers the telephone: whoever calls is looked up, and what they ask for is entered for them.

use super::intake::{self, Receipt};
use super::{CallKey, Fault, House, Result};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::ids::{HouseholdId, RequestId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::request::Submission;
use crate::store::{households, journal, requests};

/// Takes in what was said on the telephone, on paper or in a chat.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever does not work at the desk of that zone; those of [`intake::submit`].
pub async fn enter(house: &House, person: &Person, submission: Submission, key: Option<CallKey>) -> Result<Receipt> {
    if !may(&Actor::Person(person.clone()), Action::EnterRequest { zone: submission.zone }) {
        return Err(Fault::NotAllowed);
    }
    intake::submit(house, submission, Trace::staff(person), key).await
}

/// What a look opens: homes and requests, and what for.
#[derive(Debug, Clone, Default)]
pub struct Look {
    pub homes: Vec<HouseholdId>,
    pub requests: Vec<RequestId>,
    /// `call`, `silent`, `supply`, `list`.
    pub purpose: &'static str,
}

/// Writes down that this person opens the personal data of these homes and requests of a zone. Read only afterwards.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever may not, [`Fault::NotFound`] when one of them is of another zone: then nothing is
/// written down.
pub async fn look(house: &House, person: &Person, zone: ZoneId, look: Look) -> Result<()> {
    if !may(&Actor::Person(person.clone()), Action::ReadContact { zone }) {
        return Err(Fault::NotAllowed);
    }
    if look.homes.is_empty() && look.requests.is_empty() {
        return Ok(());
    }
    let (me, now) = (person.id, house.now());
    house
        .db
        .write(async move |conn| {
            for home in &look.homes {
                if households::find_zone(conn, *home).await? != Some(zone) {
                    return Err(Fault::NotFound);
                }
            }
            households::write_looks(conn, me, &look.homes, (look.purpose, now)).await?;
            for request in look.requests {
                if requests::find(conn, request).await?.is_none_or(|found| found.zone_id != zone) {
                    return Err(Fault::NotFound);
                }
                journal::write_look(conn, me, request, look.purpose, now).await?;
            }
            Ok(())
        })
        .await
}
