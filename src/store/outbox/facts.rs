//! What a letter needs to be written: read afresh when it is sent.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, OfferId, PersonId, RequestId};
use crate::domain::offer::OfferState;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::store::schema::{buildings, contacts, duties, errands, joiners, offer_errands, offers, people, requests};
use crate::store::{Conn, Result, with};

/// An offer as its letter tells it: no resident in it.
#[derive(Debug, Clone)]
pub struct OfferFacts {
    pub state: OfferState,
    pub lapses_at: At,
    pub runner: String,
    pub email: Option<String>,
    pub category: Category,
    pub urgency: Urgency,
    pub block: String,
}

/// # Errors
/// The store's.
pub async fn find_offer(conn: &mut Conn, offer: OfferId) -> Result<Option<OfferFacts>> {
    type Row = ((OfferState, At), (String, Option<String>), (Category, Urgency), (String, String));
    let query = offers::table
        .inner_join(people::table)
        .inner_join(offer_errands::table.inner_join(errands::table.inner_join(buildings::table)))
        .select((
            (offers::state, offers::lapses_at),
            (people::name, people::email),
            (errands::category, errands::urgency),
            (buildings::compound, buildings::name),
        ))
        .filter(offers::id.eq(offer))
        .order(offer_errands::position);
    let row: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(row.map(|((state, lapses_at), (runner, email), (category, urgency), (compound, building))| OfferFacts {
        state,
        lapses_at,
        runner,
        email,
        category,
        urgency,
        block: format!("{compound} {building}"),
    }))
}

/// A delivered request as its letter tells it.
#[derive(Clone)]
pub struct DeliveredFacts {
    pub code: String,
    pub lang: String,
    pub email: String,
    /// Whether the link is for more than looking.
    pub may_act: bool,
}

/// `None` when nobody left an address, or it is not delivered any more.
///
/// # Errors
/// The store's.
pub async fn find_delivered(conn: &mut Conn, request: RequestId) -> Result<Option<DeliveredFacts>> {
    type Row = (String, State, String, Option<String>);
    let query = requests::table
        .inner_join(contacts::table)
        .select((requests::code, requests::state, contacts::lang, contacts::email))
        .filter(requests::id.eq(request));
    let row: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(row.and_then(|(code, state, lang, email)| told(code, state, lang, email)))
}

/// The same for one who joined the request, by the id of the own asking.
///
/// # Errors
/// The store's.
pub async fn find_delivered_to_joiner(conn: &mut Conn, joiner: RequestId) -> Result<Option<DeliveredFacts>> {
    type Row = (String, State, Option<String>, Option<String>, bool);
    let query = joiners::table
        .inner_join(requests::table)
        .select((requests::code, requests::state, joiners::lang, joiners::email, joiners::same_phone))
        .filter(joiners::id.eq(joiner));
    let row: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    let facts = |(code, state, lang, email, may_act): Row| {
        let facts = told(code, state, lang.unwrap_or_default(), email)?;
        Some(DeliveredFacts { may_act, ..facts })
    };
    Ok(row.and_then(facts))
}

fn told(code: String, state: State, lang: String, email: Option<String>) -> Option<DeliveredFacts> {
    matches!(state, State::Delivered | State::Closed).then_some(())?;
    Some(DeliveredFacts { code, lang, email: email?, may_act: true })
}

/// A runner whose home was sealed or opened.
#[derive(Debug, Clone)]
pub struct SealedInFacts {
    pub runner: String,
    pub email: Option<String>,
    /// Still off duty by the seal.
    pub sealed_off: bool,
}

/// # Errors
/// The store's.
pub async fn find_sealed_in(conn: &mut Conn, runner: PersonId) -> Result<Option<SealedInFacts>> {
    let query = duties::table
        .inner_join(people::table)
        .select((people::name, people::email, duties::sealed_off_at))
        .filter(duties::person_id.eq(runner));
    let row: Option<(String, Option<String>, Option<At>)> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(row.map(|(runner, email, off)| SealedInFacts { runner, email, sealed_off: off.is_some() }))
}

/// A claim nobody has moved for a while: no resident in it.
#[derive(Debug, Clone)]
pub struct IdleFacts {
    pub runner: String,
    pub email: Option<String>,
    pub category: Category,
    pub block: String,
    /// When it goes back.
    pub lease_until: At,
}

/// `None` when it is nobody's claim any more.
///
/// # Errors
/// The store's.
pub async fn find_idle(conn: &mut Conn, errand: ErrandId) -> Result<Option<IdleFacts>> {
    type Row = (Option<PersonId>, Option<At>, Category, (String, String));
    let query = errands::table
        .inner_join(buildings::table)
        .select((errands::runner_id, errands::lease_until, errands::category, (buildings::compound, buildings::name)))
        .filter(errands::id.eq(errand).and(errands::state.eq(State::Claimed)));
    let row: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    let Some((Some(runner), Some(lease_until), category, (compound, building))) = row else { return Ok(None) };
    let account = people::table.select((people::name, people::email)).find(runner);
    let (runner, email): (String, Option<String>) = with!(conn, |c| account.first(c).await)?;
    Ok(Some(IdleFacts { runner, email, category, block: format!("{compound} {building}"), lease_until }))
}
