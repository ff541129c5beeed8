//! Errands, and the one way they move: a compare-and-set on state, fence and lease ([`advance`]).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{errands, requests};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{BuildingId, ErrandId, PersonId, PlaceId, RequestId, ZoneId};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;

/// An errand as it stood when it was read; [`advance`] repeats all of it in its guard.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = errands)]
pub struct Errand {
    pub id: ErrandId,
    pub request_id: RequestId,
    /// 1: from a place to the door, or to the gate of a sealed building; each later one from the gate on.
    pub leg: i32,
    pub zone_id: ZoneId,
    pub building_id: BuildingId,
    pub place_id: Option<PlaceId>,
    pub category: Category,
    pub urgency: Urgency,
    pub bags: i32,
    pub state: State,
    pub fence: i64,
    pub runner_id: Option<PersonId>,
    pub lease_until: Option<At>,
    pub deliver_by: At,
    pub waiting_since: At,
    pub nobody_reason: Option<String>,
    /// Storey of the door, when it can be told.
    pub floor: Option<i32>,
    /// When the request went on with another errand of it; `None`: this is the one that counts.
    pub passed_on_at: Option<At>,
}

impl Errand {
    /// How the request stands while its errand stands like this.
    #[must_use]
    pub const fn request_state(&self) -> State {
        self.state.of_request(self.leg)
    }

    /// It is carried out behind the gate: a later leg, or a visit, which leaves nothing to hand over.
    #[must_use]
    pub fn goes_inside(&self) -> bool {
        self.leg > 1 || self.category == Category::CareVisit
    }
}

/// Where an errand goes next.
#[derive(Debug, Clone, Copy)]
pub struct Advance {
    pub to: State,
    /// It is given to somebody, or back: whoever held an older fence is refused.
    pub new_fence: bool,
    /// Who holds it afterwards.
    pub runner: Option<PersonId>,
    pub lease_until: Option<At>,
    pub at: At,
    pub lease: Lease,
    /// Where it is to be fetched from now on.
    pub place: Option<PlaceId>,
    /// The request stands otherwise from now on, and its times say since when.
    pub is_news: bool,
}

/// What the guard asks of the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// It must still run.
    Live,
    /// It must have ended.
    Ended,
    /// It does not matter: the holder, or staff, acts.
    Any,
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, id: ErrandId) -> Result<Option<Errand>> {
    let query = errands::table.select(columns::<Errand>()).find(id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Moves the errand if it still stands as `seen`: the one guarded UPDATE of the house. Answers the new fence,
/// or `None` when somebody was faster; then nothing changed.
///
/// The request follows in the same transaction: its state, and the times of its phases.
///
/// # Errors
/// The store's.
pub async fn advance(conn: &mut Conn, seen: &Errand, advance: Advance) -> Result<Option<i64>> {
    let fence = change_row(conn, seen, advance).await?;
    // Another place is no new claim: its time stays.
    if fence.is_some() && advance.is_news {
        super::requests::follow(conn, seen.request_id, advance.to.of_request(seen.leg), advance.at).await?;
    }
    Ok(fence)
}

/// As [`advance`], but back to where it was: what was done since is not true, nor are its times.
///
/// # Errors
/// The store's.
pub async fn go_back(conn: &mut Conn, seen: &Errand, advance: Advance) -> Result<Option<i64>> {
    let fence = change_row(conn, seen, advance).await?;
    if fence.is_some() {
        super::requests::go_back(conn, seen.request_id, advance.to.of_request(seen.leg)).await?;
    }
    Ok(fence)
}

async fn change_row(conn: &mut Conn, seen: &Errand, advance: Advance) -> Result<Option<i64>> {
    let fence = if advance.new_fence { seen.fence + 1 } else { seen.fence };
    // An errand the request has gone on from moves no more.
    let same = errands::id.eq(seen.id).and(errands::state.eq(seen.state)).and(errands::fence.eq(seen.fence));
    let same = same.and(errands::passed_on_at.is_null());
    let change = (
        errands::state.eq(advance.to),
        errands::fence.eq(fence),
        errands::runner_id.eq(advance.runner),
        errands::lease_until.eq(advance.lease_until),
        errands::place_id.eq(advance.place),
        errands::nobody_reason.eq(None::<String>),
    );
    let changed = match advance.lease {
        Lease::Any => {
            let update = diesel::update(errands::table.filter(same)).set(change);
            with!(conn, |c| update.execute(c).await)?
        }
        Lease::Live => {
            let update =
                diesel::update(errands::table.filter(same.and(errands::lease_until.gt(Some(advance.at))))).set(change);
            with!(conn, |c| update.execute(c).await)?
        }
        Lease::Ended => {
            let update =
                diesel::update(errands::table.filter(same.and(errands::lease_until.le(Some(advance.at))))).set(change);
            with!(conn, |c| update.execute(c).await)?
        }
    };
    Ok((changed > 0).then_some(fence))
}

/// Holds an offered errand longer, because one more was asked: `false` when it changed meanwhile.
///
/// # Errors
/// The store's.
pub async fn prolong(conn: &mut Conn, seen: &Errand, until: At) -> Result<bool> {
    let same = errands::id.eq(seen.id).and(errands::state.eq(State::Offered)).and(errands::fence.eq(seen.fence));
    let same = same.and(errands::lease_until.eq(seen.lease_until));
    let change = diesel::update(errands::table.filter(same)).set(errands::lease_until.eq(Some(until)));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// What somebody is asked about or has in hand that is carried out behind the gate of a building.
///
/// # Errors
/// The store's.
pub async fn list_inside(conn: &mut Conn, building: BuildingId) -> Result<Vec<Errand>> {
    let held = errands::state.eq_any([State::Offered, State::Claimed, State::Collected]);
    let inside = errands::leg.gt(1).or(errands::category.eq(Category::CareVisit));
    let query = errands::table
        .select(columns::<Errand>())
        .filter(errands::building_id.eq(building).and(held).and(inside).and(errands::passed_on_at.is_null()))
        .order(errands::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// A sign of life of the runner: the leases of what is in these hands run on until `until`.
///
/// # Errors
/// The store's.
pub async fn renew_leases(conn: &mut Conn, runner: PersonId, until: At) -> Result<Vec<ErrandId>> {
    let in_hand = || errands::runner_id.eq(Some(runner)).and(errands::state.eq_any([State::Claimed, State::Collected]));
    let query = errands::table.select(errands::id).filter(in_hand().and(errands::lease_until.is_not_null()));
    let ids: Vec<ErrandId> = with!(conn, |c| query.load(c).await)?;
    if !ids.is_empty() {
        let change = diesel::update(errands::table.filter(in_hand().and(errands::lease_until.lt(Some(until)))))
            .set(errands::lease_until.eq(Some(until)));
        with!(conn, |c| change.execute(c).await)?;
    }
    Ok(ids)
}

/// Errands a runner has in hand or on the way, and their bags.
///
/// # Errors
/// The store's.
pub async fn in_hand(conn: &mut Conn, runner: PersonId) -> Result<(i64, i64)> {
    let query = errands::table
        .select(errands::bags)
        .filter(errands::runner_id.eq(Some(runner)).and(errands::state.eq_any([State::Claimed, State::Collected])));
    let bags: Vec<i32> = with!(conn, |c| query.load(c).await)?;
    Ok((i64::try_from(bags.len()).unwrap_or(i64::MAX), bags.into_iter().map(i64::from).sum()))
}

/// One more code was read out that did not fit; answers how many those are.
///
/// # Errors
/// The store's.
pub async fn count_wrong_code(conn: &mut Conn, errand: ErrandId) -> Result<i32> {
    let known = errands::table.select(errands::wrong_codes).find(errand);
    let known: Option<i32> = with!(conn, |c| known.first(c).await)?;
    let more = known.unwrap_or(0).saturating_add(1);
    let change = diesel::update(errands::table.find(errand)).set(errands::wrong_codes.eq(Some(more)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(more)
}

/// Errands that somebody is on the way to fetch at a place.
///
/// # Errors
/// The store's.
pub async fn list_fetched_at(conn: &mut Conn, place: PlaceId) -> Result<Vec<Errand>> {
    let query = errands::table
        .select(columns::<Errand>())
        .filter(errands::place_id.eq(Some(place)).and(errands::state.eq(State::Claimed)).and(errands::leg.eq(1)))
        .order(errands::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Waiting errands of a zone, most urgent first.
///
/// # Errors
/// The store's.
pub async fn list_waiting(conn: &mut Conn, zone: ZoneId, limit: i64) -> Result<Vec<Errand>> {
    let query = errands::table
        .select(columns::<Errand>())
        .filter(errands::zone_id.eq(zone).and(errands::state.eq(State::Waiting)))
        .order((errands::deliver_by, errands::id))
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// All that waits in a zone, for the line: id and deadline.
///
/// # Errors
/// The store's.
pub async fn list_ready(conn: &mut Conn, zone: ZoneId) -> Result<Vec<(ErrandId, At)>> {
    let query = errands::table
        .select((errands::id, errands::deliver_by))
        .filter(errands::zone_id.eq(zone).and(errands::state.eq(State::Waiting)))
        .order((errands::deliver_by, errands::id));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// All leases that run in a zone, for the line.
///
/// # Errors
/// The store's.
pub async fn list_leases(conn: &mut Conn, zone: ZoneId) -> Result<Vec<(ErrandId, At)>> {
    let leased = errands::state.eq_any([State::Offered, State::Claimed, State::Collected]);
    let query = errands::table
        .select((errands::id, errands::lease_until.assume_not_null()))
        .filter(errands::zone_id.eq(zone).and(leased).and(errands::lease_until.is_not_null()));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Errands whose lease has ended, longest first: whatever the line remembers.
///
/// # Errors
/// The store's.
pub async fn list_lease_ended(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<ErrandId>> {
    let leased = errands::state.eq_any([State::Offered, State::Claimed, State::Collected]);
    let query = errands::table
        .select(errands::id)
        .filter(leased.and(errands::lease_until.le(Some(now))))
        .order(errands::lease_until)
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// What a runner has claimed and its lease ends by `until`.
///
/// # Errors
/// The store's.
pub async fn list_idle_of(conn: &mut Conn, runner: PersonId, until: At) -> Result<Vec<ErrandId>> {
    let claimed = errands::runner_id.eq(Some(runner)).and(errands::state.eq(State::Claimed));
    let query = errands::table.select(errands::id).filter(claimed.and(errands::lease_until.le(Some(until))));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Claims whose lease runs still, and ends by `until`, with its end; soonest first.
///
/// # Errors
/// The store's.
pub async fn list_idle(conn: &mut Conn, (now, until): (At, At), limit: i64) -> Result<Vec<(Errand, At)>> {
    let ends = errands::lease_until.gt(Some(now)).and(errands::lease_until.le(Some(until)));
    let query = errands::table
        .select((columns::<Errand>(), errands::lease_until.assume_not_null()))
        .filter(errands::state.eq(State::Claimed).and(ends))
        .order(errands::lease_until)
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Notes why nobody can be asked; `true` when that is news.
///
/// # Errors
/// The store's.
pub async fn note_nobody(conn: &mut Conn, errand: ErrandId, reason: &str) -> Result<bool> {
    let known = errands::nobody_reason.is_null().or(errands::nobody_reason.ne(Some(reason.to_owned())));
    let change =
        diesel::update(errands::table.filter(errands::id.eq(errand).and(errands::state.eq(State::Waiting)).and(known)))
            .set(errands::nobody_reason.eq(Some(reason.to_owned())));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// When the request of an errand was made.
///
/// # Errors
/// The store's.
pub async fn submitted_at(conn: &mut Conn, request: RequestId) -> Result<At> {
    let query = requests::table.select(requests::submitted_at).find(request);
    Ok(with!(conn, |c| query.first(c).await)?)
}

/// Errands of a zone that are not over, by state.
///
/// # Errors
/// The store's.
pub async fn count_open(conn: &mut Conn, zone: ZoneId) -> Result<Vec<(State, i64)>> {
    let query = errands::table
        .group_by(errands::state)
        .select((errands::state, diesel::dsl::count_star()))
        .filter(errands::zone_id.eq(zone).and(errands::passed_on_at.is_null()))
        .filter(errands::state.ne_all([State::Closed, State::Cancelled]));
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Since when the longest waiting errand of a zone waits.
///
/// # Errors
/// The store's.
pub async fn oldest_waiting(conn: &mut Conn, zone: ZoneId) -> Result<Option<At>> {
    let query = errands::table
        .select(errands::waiting_since)
        .filter(errands::zone_id.eq(zone).and(errands::state.eq_any([State::Waiting, State::Offered])))
        .order(errands::waiting_since);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}
