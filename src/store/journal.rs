//! The journal: what happened, append-only. Ids and words, never a name, address or phone.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{events, looks, remarks};
use super::{Conn, Result, with};
use crate::domain::actor::{ActorRole, Trace};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, EventId, PersonId, RequestId, ZoneId};

/// One thing that happened. `kind` is a step's word, or `submitted`, `nobody`, `sealed`, …
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct Event {
    pub id: EventId,
    pub at: At,
    pub zone_id: ZoneId,
    pub request_id: Option<RequestId>,
    pub errand_id: Option<ErrandId>,
    pub kind: String,
    pub state: Option<State>,
    pub actor_role: ActorRole,
    pub actor_id: Option<PersonId>,
    pub reason: Option<String>,
    /// When the service heard of it, where that was later than `at`: something done without a network.
    pub received_at: Option<At>,
}

impl Event {
    #[must_use]
    pub fn new(at: At, zone: ZoneId, kind: &str, by: Trace) -> Self {
        Self {
            id: EventId::mint(),
            at,
            zone_id: zone,
            request_id: None,
            errand_id: None,
            kind: kind.to_owned(),
            state: None,
            actor_role: by.role,
            actor_id: by.id,
            reason: None,
            received_at: None,
        }
    }

    /// Heard of at `now`: kept only where it was done earlier.
    #[must_use]
    pub fn received(mut self, now: At) -> Self {
        self.received_at = Some(now).filter(|now| *now > self.at);
        self
    }

    #[must_use]
    pub const fn about(mut self, request: RequestId, errand: ErrandId, state: State) -> Self {
        self.request_id = Some(request);
        self.errand_id = Some(errand);
        self.state = Some(state);
        self
    }

    /// About a request as a whole, whichever errand of it.
    #[must_use]
    pub const fn of_request(mut self, request: RequestId, state: State) -> Self {
        self.request_id = Some(request);
        self.state = Some(state);
        self
    }

    #[must_use]
    pub fn because(mut self, reason: Option<&str>) -> Self {
        self.reason = reason.map(ToOwned::to_owned);
        self
    }
}

/// # Errors
/// The store's.
pub async fn write(conn: &mut Conn, event: Event) -> Result<()> {
    let insert = diesel::insert_into(events::table).values(event);
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// When a person last did something to an errand of this request.
///
/// # Errors
/// The store's.
pub async fn last_at(
    conn: &mut Conn,
    (request, errand): (RequestId, ErrandId),
    person: PersonId,
) -> Result<Option<At>> {
    let theirs = events::request_id.eq(Some(request)).and(events::errand_id.eq(Some(errand)));
    let query = events::table.select(events::at).filter(theirs.and(events::actor_id.eq(Some(person))));
    Ok(with!(conn, |c| query.order(events::at.desc()).first(c).await.optional())?)
}

/// Keeps what was said beside an event, in own words.
///
/// # Errors
/// The store's.
pub async fn write_remark(conn: &mut Conn, event: EventId, request: RequestId, said: &str) -> Result<()> {
    let insert = diesel::insert_into(remarks::table).values((
        remarks::event_id.eq(event),
        remarks::request_id.eq(request),
        remarks::said.eq(said.to_owned()),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// Writes down that a person read the personal data of a request.
///
/// # Errors
/// The store's.
pub async fn write_look(conn: &mut Conn, person: PersonId, request: RequestId, purpose: &str, now: At) -> Result<()> {
    let insert = diesel::insert_into(looks::table).values((
        looks::id.eq(EventId::mint()),
        looks::at.eq(now),
        looks::person_id.eq(person),
        looks::request_id.eq(request),
        looks::purpose.eq(purpose.to_owned()),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
