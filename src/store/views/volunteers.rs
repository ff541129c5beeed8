//! Those who offer to help, and the runners there are, as a supervisor sees them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::actor::{Role, Skill};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, VolunteerId, ZoneId};
use crate::domain::text::digits_of;
use crate::domain::volunteer::Standing;
use crate::domain::words::parse_list;
use crate::store::schema::{buildings, people, sign_in_links as links, volunteers};
use crate::store::{Conn, Error, Result, with};

/// An offer that waits, opened by a person who may read it; the look is written down before this is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: VolunteerId,
    pub name: String,
    pub phone: String,
    pub email: Option<String>,
    /// Code, compound and name.
    pub building: Option<(String, String, String)>,
    pub skills: Vec<Skill>,
    pub free_when: Option<String>,
    pub made_at: At,
    /// Where this telephone is known already.
    pub known: Vec<KnownAs>,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Whose telephone it is already.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnownAs {
    /// An account of this zone.
    Account { username: String, closed: bool },
    /// An account of another zone: whose is not for this reader.
    Elsewhere,
    /// Another offer that waits.
    OfferedTwice,
    /// An offer that was declined lately; why.
    Declined(String),
}

type Contact = (Option<String>, Option<String>, Option<String>, Option<String>);
type Row = (VolunteerId, Contact, String, At, Option<(String, String, String)>);
type Offer = (VolunteerId, Option<String>, Standing, Option<String>);

/// Those of these offers of a zone that wait, oldest first: one that was answered a moment ago is nobody's to read any more.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, ids: Vec<VolunteerId>) -> Result<Vec<Waiting>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = volunteers::table
        .left_join(buildings::table)
        .select((
            volunteers::id,
            (volunteers::name, volunteers::phone, volunteers::email, volunteers::free_when),
            volunteers::skills,
            volunteers::made_at,
            (buildings::code, buildings::compound, buildings::name).nullable(),
        ))
        .filter(volunteers::zone_id.eq(zone).and(volunteers::id.eq_any(ids)))
        .filter(volunteers::state.eq(Standing::Waiting))
        .order(volunteers::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let known = Known::load(conn, zone).await?;
    let waiting = |(id, (name, phone, email, free_when), skills, made_at, building): Row| {
        let phone = phone.unwrap_or_default();
        Ok(Waiting {
            id,
            name: name.unwrap_or_default(),
            known: known.of(id, &phone),
            phone,
            email,
            building,
            skills: parse_list(&skills).map_err(|error| Error::Broken(error.to_string()))?,
            free_when,
            made_at,
        })
    };
    rows.into_iter().map(waiting).collect()
}

/// Every telephone that is known, by its digits. Numbers are kept as they were typed, so they are compared here.
struct Known(BTreeMap<String, Vec<(Option<VolunteerId>, KnownAs)>>);

impl Known {
    async fn load(conn: &mut Conn, zone: ZoneId) -> Result<Self> {
        let mut known = Self(BTreeMap::new());
        let accounts = people::table
            .select((people::username, people::phone, people::zone_id, people::disabled_at))
            .filter(people::phone.is_not_null());
        let accounts: Vec<(String, Option<String>, ZoneId, Option<At>)> = with!(conn, |c| accounts.load(c).await)?;
        for (username, phone, home, closed) in accounts {
            let account = KnownAs::Account { username, closed: closed.is_some() };
            known.add(phone, None, if home == zone { account } else { KnownAs::Elsewhere });
        }
        let offers = volunteers::table
            .select((volunteers::id, volunteers::phone, volunteers::state, volunteers::reason))
            .filter(volunteers::zone_id.eq(zone).and(volunteers::phone.is_not_null()));
        let offers: Vec<Offer> = with!(conn, |c| offers.load(c).await)?;
        for (id, phone, state, reason) in offers {
            match state {
                Standing::Waiting => known.add(phone, Some(id), KnownAs::OfferedTwice),
                Standing::Declined => known.add(phone, Some(id), KnownAs::Declined(reason.unwrap_or_default())),
                // It stands with the account.
                Standing::Approved => {}
            }
        }
        Ok(known)
    }

    fn add(&mut self, phone: Option<String>, offer: Option<VolunteerId>, known: KnownAs) {
        let digits = digits_of(&phone.unwrap_or_default());
        self.0.entry(digits).or_default().push((offer, known));
    }

    fn of(&self, id: VolunteerId, phone: &str) -> Vec<KnownAs> {
        let others = self.0.get(&digits_of(phone)).into_iter().flatten().filter(|(offer, _)| *offer != Some(id));
        let mut known: Vec<KnownAs> = others.map(|(_, known)| known.clone()).collect();
        known.sort();
        known.dedup();
        known
    }
}

/// How many offers wait in a zone.
///
/// # Errors
/// The store's.
pub async fn count_waiting(conn: &mut Conn, zone: ZoneId) -> Result<i64> {
    let query =
        volunteers::table.filter(volunteers::zone_id.eq(zone).and(volunteers::state.eq(Standing::Waiting))).count();
    Ok(with!(conn, |c| query.get_result(c).await)?)
}

/// A runner of the zone, as the list for links shows them: no telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runner {
    pub username: String,
    pub name: String,
    pub has_password: bool,
    /// A link that he has not used yet holds until then.
    pub link_until: Option<At>,
    /// He signed in by a link then, the last time.
    pub link_used_at: Option<At>,
    /// When he can help, as he said when he offered to.
    pub free_when: Option<String>,
}

/// Runners of a zone whose accounts are open and do nothing else; those who came last first.
///
/// # Errors
/// The store's.
pub async fn list_runners(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Vec<Runner>> {
    type Row = (PersonId, String, String, Option<String>);
    let query = people::table
        .select((people::id, people::username, people::name, people::password_hash))
        .filter(people::zone_id.eq(zone).and(people::disabled_at.is_null()))
        .filter(people::roles.eq(Role::Runner.as_str()))
        .order((people::created_at.desc(), people::username.desc()));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let ids: Vec<PersonId> = rows.iter().map(|row| row.0).collect();
    let open = links::table
        .select((links::person_id, links::expires_at))
        .filter(links::person_id.eq_any(ids.clone()).and(links::expires_at.gt(now)))
        .filter(links::used_at.is_null().and(links::ended_at.is_null()));
    let open: Vec<(PersonId, At)> = with!(conn, |c| open.load(c).await)?;
    let open: BTreeMap<PersonId, At> = open.into_iter().collect();
    let used = links::table
        .select((links::person_id, links::used_at))
        .filter(links::person_id.eq_any(ids.clone()).and(links::used_at.is_not_null()))
        .order(links::used_at);
    let used: Vec<(PersonId, Option<At>)> = with!(conn, |c| used.load(c).await)?;
    let used: BTreeMap<PersonId, Option<At>> = used.into_iter().collect();
    let said = volunteers::table
        .select((volunteers::person_id, volunteers::free_when))
        .filter(volunteers::person_id.eq_any(ids).and(volunteers::free_when.is_not_null()));
    let said: Vec<(Option<PersonId>, Option<String>)> = with!(conn, |c| said.load(c).await)?;
    let said: BTreeMap<PersonId, Option<String>> =
        said.into_iter().filter_map(|(person, when)| Some((person?, when))).collect();
    let runner = |(id, username, name, password): Row| Runner {
        username,
        name,
        has_password: password.is_some(),
        link_until: open.get(&id).copied(),
        link_used_at: used.get(&id).copied().flatten(),
        free_when: said.get(&id).cloned().flatten(),
    };
    Ok(rows.into_iter().map(runner).collect())
}
