//! Requests: the asker's side of errands.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{items, requests};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{PlaceId, RequestId, ZoneId};
use crate::domain::request::HandOver;
use crate::domain::secret::TokenHash;
use crate::domain::stock::ItemKey;
use crate::domain::urgency::Urgency;

/// What deciding about a request needs.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = requests)]
pub struct Request {
    pub id: RequestId,
    pub zone_id: ZoneId,
    pub code: String,
    pub state: State,
    pub submitted_at: At,
}

/// # Errors
/// The store's.
pub async fn find_by_token(conn: &mut Conn, token: TokenHash) -> Result<Option<Request>> {
    let query = requests::table.select(columns::<Request>()).filter(requests::token_hash.eq(token));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// The store's.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<Request>> {
    let query = requests::table.select(columns::<Request>()).filter(requests::code.eq(code.to_owned()));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, id: RequestId) -> Result<Option<Request>> {
    let query = requests::table.select(columns::<Request>()).find(id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// When a request was made, and the place it names, if it names one.
///
/// # Errors
/// The store's.
pub async fn load_origin(conn: &mut Conn, id: RequestId) -> Result<(At, Option<PlaceId>)> {
    let query = requests::table.select((requests::submitted_at, requests::place_id)).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// How urgent it is, and by when.
///
/// # Errors
/// The store's.
pub async fn load_pressure(conn: &mut Conn, id: RequestId) -> Result<(Urgency, At)> {
    let query = requests::table.select((requests::urgency, requests::deliver_by)).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// When it was brought, if it was.
///
/// # Errors
/// The store's.
pub async fn delivered_at(conn: &mut Conn, id: RequestId) -> Result<Option<At>> {
    let query = requests::table.select(requests::delivered_at).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// How the resident wants to be handed the goods.
///
/// # Errors
/// The store's.
pub async fn load_hand_over(conn: &mut Conn, id: RequestId) -> Result<HandOver> {
    let query = requests::table.select(requests::hand_over).find(id);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// The request follows its errand into `state`: with it go the times of its phases. Going back to waiting takes the
/// time of the claim back, too: what counts is the claim that brought the goods.
pub(super) async fn follow(conn: &mut Conn, id: RequestId, state: State, at: At) -> Result<()> {
    let row = || diesel::update(requests::table.find(id));
    let submitted: At = {
        let query = requests::table.select(requests::submitted_at).find(id);
        with!(conn, |c| query.first(c).await)?
    };
    let wait = Some(at.micros_since(submitted).max(0));
    let over = state.is_over().then_some(at);
    let moved = row().set((requests::state.eq(state), requests::closed_at.eq(over)));
    with!(conn, |c| moved.execute(c).await)?;
    if matches!(state, State::Waiting | State::Claimed | State::AtGate) {
        // Sent out a second time: it is not delivered any more.
        let again = row().set((requests::delivered_at.eq(None::<At>), requests::to_deliver_us.eq(None::<i64>)));
        with!(conn, |c| again.execute(c).await)?;
    }
    match state {
        State::Waiting => {
            let times = row().set((
                requests::claimed_at.eq(None::<At>),
                requests::to_claim_us.eq(None::<i64>),
                requests::care_reason.eq(None::<String>),
            ));
            with!(conn, |c| times.execute(c).await)?;
        }
        State::Claimed => {
            let times = row().set((
                requests::claimed_at.eq(Some(at)),
                requests::to_claim_us.eq(wait),
                requests::care_reason.eq(None::<String>),
            ));
            with!(conn, |c| times.execute(c).await)?;
        }
        State::Collected => {
            let times = row().set((requests::collected_at.eq(Some(at)), requests::to_collect_us.eq(wait)));
            with!(conn, |c| times.execute(c).await)?;
        }
        State::Delivered => {
            let times = row().set((requests::delivered_at.eq(Some(at)), requests::to_deliver_us.eq(wait)));
            with!(conn, |c| times.execute(c).await)?;
        }
        State::AtGate => {
            let decided = row().set(requests::care_reason.eq(None::<String>));
            with!(conn, |c| decided.execute(c).await)?;
        }
        State::Offered | State::Closed | State::Cancelled | State::Care => {}
    }
    super::clock_pauses::follow(conn, id, state, at).await
}

/// The request goes back into `state`, because what brought it further was taken back: the times of what is not true any
/// more go with it.
pub(super) async fn go_back(conn: &mut Conn, id: RequestId, state: State) -> Result<()> {
    let row = || diesel::update(requests::table.find(id));
    let moved = row().set((
        requests::state.eq(state),
        requests::closed_at.eq(None::<At>),
        requests::care_reason.eq(None::<String>),
        requests::delivered_at.eq(None::<At>),
        requests::to_deliver_us.eq(None::<i64>),
    ));
    with!(conn, |c| moved.execute(c).await)?;
    if state == State::Claimed {
        let times = row().set((requests::collected_at.eq(None::<At>), requests::to_collect_us.eq(None::<i64>)));
        with!(conn, |c| times.execute(c).await)?;
    }
    Ok(())
}

/// Why a person must decide about it.
///
/// # Errors
/// The store's.
pub async fn set_care_reason(conn: &mut Conn, id: RequestId, reason: &str) -> Result<()> {
    let change = diesel::update(requests::table.find(id)).set(requests::care_reason.eq(Some(reason.to_owned())));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// What was asked for, normalised.
///
/// # Errors
/// The store's.
pub async fn list_keys(conn: &mut Conn, id: RequestId) -> Result<Vec<ItemKey>> {
    let query = items::table.select((items::name, items::strength)).filter(items::request_id.eq(id));
    let rows: Vec<(String, Option<String>)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.iter().map(|(name, strength)| ItemKey::of(name, strength.as_deref())).collect())
}
