//! Offers to be a runner. Name and telephone can be wiped; that there was an offer, and what became of it, stays.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{volunteer_looks, volunteers};
use super::{Conn, Result, columns, with};
use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, EventId, PersonId, VolunteerId, ZoneId};
use crate::domain::volunteer::{Standing, Volunteering, WhyNot};
use crate::domain::words::join_list;

/// Keeps an offer; it waits for a supervisor.
///
/// # Errors
/// The store's.
pub async fn add(conn: &mut Conn, id: VolunteerId, offer: &Volunteering, now: At) -> Result<()> {
    let insert = diesel::insert_into(volunteers::table).values((
        volunteers::id.eq(id),
        volunteers::zone_id.eq(offer.zone),
        volunteers::state.eq(Standing::Waiting),
        volunteers::building_id.eq(offer.building),
        volunteers::skills.eq(join_list(&offer.skills)),
        volunteers::lang.eq(offer.lang.clone()),
        volunteers::name.eq(Some(offer.name.as_str().to_owned())),
        volunteers::phone.eq(Some(offer.phone.as_str().to_owned())),
        volunteers::email.eq(offer.email.as_ref().map(|email| email.as_str().to_owned())),
        volunteers::free_when.eq(offer.free_when.as_ref().map(|when| when.as_str().to_owned())),
        volunteers::made_at.eq(now),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// An offer as it is decided about.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = volunteers)]
pub struct Volunteer {
    pub id: VolunteerId,
    pub zone_id: ZoneId,
    pub state: Standing,
    pub building_id: Option<BuildingId>,
    pub skills: String,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Volunteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Volunteer").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, id: VolunteerId) -> Result<Option<Volunteer>> {
    let query = volunteers::table.select(columns::<Volunteer>()).find(id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// The language of whoever became this account by offering to help.
///
/// # Errors
/// The store's.
pub async fn find_lang(conn: &mut Conn, account: PersonId) -> Result<Option<String>> {
    let query = volunteers::table.select(volunteers::lang).filter(volunteers::person_id.eq(account));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Takes an offer for an account to be made of it in the same transaction: the contact stands there from now on, and is
/// wiped here. When he can help stays: the list of runners shows it. `false` when somebody answered before.
///
/// # Errors
/// The store's.
pub async fn approve(conn: &mut Conn, id: VolunteerId, (by, now): (PersonId, At)) -> Result<bool> {
    let open = volunteers::id.eq(id).and(volunteers::state.eq(Standing::Waiting));
    let nothing = None::<String>;
    let change = diesel::update(volunteers::table.filter(open)).set((
        volunteers::state.eq(Standing::Approved),
        volunteers::answered_at.eq(Some(now)),
        volunteers::answered_by.eq(Some(by)),
        volunteers::name.eq(nothing.clone()),
        volunteers::phone.eq(nothing.clone()),
        volunteers::email.eq(nothing),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// The account that was made of it.
///
/// # Errors
/// The store's.
pub async fn became(conn: &mut Conn, id: VolunteerId, account: PersonId) -> Result<()> {
    let change = diesel::update(volunteers::table.find(id)).set(volunteers::person_id.eq(Some(account)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// `false` when somebody answered before.
///
/// # Errors
/// The store's.
pub async fn decline(conn: &mut Conn, id: VolunteerId, why: WhyNot, (by, now): (PersonId, At)) -> Result<bool> {
    let open = volunteers::id.eq(id).and(volunteers::state.eq(Standing::Waiting));
    let change = diesel::update(volunteers::table.filter(open)).set((
        volunteers::state.eq(Standing::Declined),
        volunteers::reason.eq(Some(why.as_str().to_owned())),
        volunteers::answered_at.eq(Some(now)),
        volunteers::answered_by.eq(Some(by)),
    ));
    Ok(with!(conn, |c| change.execute(c).await)? == 1)
}

/// Wipes name, telephone and words of offers that were declined before `before`; answers how many.
///
/// # Errors
/// The store's.
pub async fn wipe_declined(conn: &mut Conn, before: At) -> Result<usize> {
    let old = volunteers::state.eq(Standing::Declined).and(volunteers::answered_at.lt(Some(before)));
    let nothing = None::<String>;
    let change = diesel::update(volunteers::table.filter(old.and(volunteers::phone.is_not_null()))).set((
        volunteers::name.eq(nothing.clone()),
        volunteers::phone.eq(nothing.clone()),
        volunteers::email.eq(nothing.clone()),
        volunteers::free_when.eq(nothing),
    ));
    Ok(with!(conn, |c| change.execute(c).await)?)
}

/// Declines offers that were made before `before` and that nobody answered, and wipes them; answers how many. Nobody did
/// it, for no reason: both columns stay empty.
///
/// # Errors
/// The store's.
pub async fn give_up(conn: &mut Conn, (before, now): (At, At)) -> Result<usize> {
    let old = volunteers::state.eq(Standing::Waiting).and(volunteers::made_at.lt(before));
    let nothing = None::<String>;
    let change = diesel::update(volunteers::table.filter(old)).set((
        volunteers::state.eq(Standing::Declined),
        volunteers::answered_at.eq(Some(now)),
        volunteers::name.eq(nothing.clone()),
        volunteers::phone.eq(nothing.clone()),
        volunteers::email.eq(nothing.clone()),
        volunteers::free_when.eq(nothing),
    ));
    Ok(with!(conn, |c| change.execute(c).await)?)
}

/// Ids of the offers of a zone that wait, oldest first, behind `after`.
///
/// # Errors
/// The store's.
pub async fn list_waiting(
    conn: &mut Conn,
    zone: ZoneId,
    (after, limit): (Option<VolunteerId>, i64),
) -> Result<Vec<VolunteerId>> {
    let after = after.unwrap_or_else(|| VolunteerId::from_uuid(uuid::Uuid::nil()));
    let query = volunteers::table
        .select(volunteers::id)
        .filter(volunteers::zone_id.eq(zone).and(volunteers::state.eq(Standing::Waiting)))
        .filter(volunteers::id.gt(after))
        .order(volunteers::id)
        .limit(limit);
    Ok(with!(conn, |c| query.load(c).await)?)
}

/// Writes down that a person read the personal data of these offers.
///
/// # Errors
/// The store's.
pub async fn write_looks(
    conn: &mut Conn,
    person: PersonId,
    offers: &[VolunteerId],
    (purpose, now): (&str, At),
) -> Result<()> {
    for offer in offers {
        let insert = diesel::insert_into(volunteer_looks::table).values((
            volunteer_looks::id.eq(EventId::mint()),
            volunteer_looks::at.eq(now),
            volunteer_looks::person_id.eq(person),
            volunteer_looks::volunteer_id.eq(*offer),
            volunteer_looks::purpose.eq(purpose.to_owned()),
        ));
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// Who looked at an offer, newest first: the person, when, why.
///
/// # Errors
/// The store's.
pub async fn list_looks(conn: &mut Conn, offer: VolunteerId) -> Result<Vec<(PersonId, At, String)>> {
    let query = volunteer_looks::table
        .select((volunteer_looks::person_id, volunteer_looks::at, volunteer_looks::purpose))
        .filter(volunteer_looks::volunteer_id.eq(offer))
        .order(volunteer_looks::id.desc());
    Ok(with!(conn, |c| query.load(c).await)?)
}
