//! The ledger of a zone: what each request cost and what its household gave; by code and block, never by name.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::actor::ActorRole;
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, PhotoId, RequestId, ZoneId};
use crate::domain::money::{Fen, How};
use crate::store::schema::{buildings, outlays, people, receipts, requests, settlements};
use crate::store::{Conn, Result, with};

/// One request in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub request: RequestId,
    pub code: String,
    /// Code of the building.
    pub building: String,
    /// Who laid it out.
    pub runners: Vec<String>,
    pub spent: Fen,
    pub given: Fen,
    /// In which ways the household gave.
    pub hows: Vec<How>,
    pub receipts: Vec<PhotoId>,
    /// When anything was last written down.
    pub last_at: At,
}

impl Account {
    /// Still to be given; below zero, to be given back.
    #[must_use]
    pub fn open(&self) -> Fen {
        Fen(self.spent.0.saturating_sub(self.given.0))
    }
}

/// A runner in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purse {
    /// A name.
    pub runner: String,
    pub spent: Fen,
    /// What was given into these hands.
    pub given: Fen,
}

impl Purse {
    fn of(name: &str) -> Self {
        Self { runner: name.to_owned(), spent: Fen(0), given: Fen(0) }
    }
}

/// The ledger of a zone over a span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    pub accounts: Vec<Account>,
    /// The largest sum still open first.
    pub purses: Vec<Purse>,
}

type About = (RequestId, String, String);
type Line = (About, (PersonId, String), i64, Option<PhotoId>, At);
type Given = (About, (ActorRole, PersonId), i64, How, At);

/// The requests of a zone about which anything was booked from `from`, before `to`, the latest first; each with all there
/// is about it, whenever it was: what is bought at night is paid for the next day.
///
/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId, span: (At, At)) -> Result<Book> {
    let touched = list_touched(conn, zone, span).await?;
    let lines = list_lines(conn, touched.clone()).await?;
    let given = list_given(conn, touched).await?;
    let mut accounts: BTreeMap<RequestId, Account> = BTreeMap::new();
    let (mut purses, mut last): (BTreeMap<PersonId, Purse>, BTreeMap<RequestId, PersonId>) = Default::default();
    for (about, (runner, name), fen, photo, at) in lines {
        last.insert(about.0, runner);
        let purse = purses.entry(runner).or_insert_with(|| Purse::of(&name));
        purse.spent = Fen(purse.spent.0.saturating_add(fen));
        let account = entry(&mut accounts, about, at);
        account.spent = Fen(account.spent.0.saturating_add(fen));
        if !account.runners.contains(&name) {
            account.runners.push(name);
        }
        account.receipts.extend(photo.filter(|photo| !account.receipts.contains(photo)));
    }
    for (about, (role, actor), fen, how, at) in given {
        // Told by the desk, it is for whoever laid out last.
        let holder = if role == ActorRole::Runner { Some(actor) } else { last.get(&about.0).copied() };
        if let Some(purse) = holder.and_then(|holder| purses.get_mut(&holder)) {
            purse.given = Fen(purse.given.0.saturating_add(fen));
        }
        let account = entry(&mut accounts, about, at);
        account.given = Fen(account.given.0.saturating_add(fen));
        if !account.hows.contains(&how) {
            account.hows.push(how);
        }
    }
    let mut accounts: Vec<Account> = accounts.into_values().collect();
    accounts.sort_by_key(|account| (std::cmp::Reverse(account.last_at), account.request));
    let mut purses: Vec<Purse> = purses.into_values().collect();
    purses.sort_by_key(|purse| std::cmp::Reverse(purse.spent.0.saturating_sub(purse.given.0)));
    Ok(Book { accounts, purses })
}

async fn list_touched(conn: &mut Conn, zone: ZoneId, (from, to): (At, At)) -> Result<Vec<RequestId>> {
    let bought = outlays::table
        .inner_join(receipts::table)
        .select(outlays::request_id)
        .filter(receipts::zone_id.eq(zone).and(receipts::voided_at.is_null()))
        .filter(receipts::at.ge(from).and(receipts::at.lt(to)))
        .distinct();
    let mut touched: Vec<RequestId> = with!(conn, |c| bought.load(c).await)?;
    let settled = settlements::table
        .select(settlements::request_id)
        .filter(settlements::zone_id.eq(zone))
        .filter(settlements::at.ge(from).and(settlements::at.lt(to)))
        .distinct();
    let settled: Vec<RequestId> = with!(conn, |c| settled.load(c).await)?;
    touched.extend(settled);
    touched.sort_unstable();
    touched.dedup();
    Ok(touched)
}

async fn list_lines(conn: &mut Conn, of: Vec<RequestId>) -> Result<Vec<Line>> {
    let query = outlays::table
        .inner_join(receipts::table.inner_join(people::table))
        .inner_join(requests::table.inner_join(buildings::table))
        .select((
            (requests::id, requests::code, buildings::code),
            (people::id, people::name),
            outlays::fen,
            receipts::photo_id,
            receipts::at,
        ))
        .filter(outlays::request_id.eq_any(of).and(receipts::voided_at.is_null()))
        .order(outlays::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

async fn list_given(conn: &mut Conn, of: Vec<RequestId>) -> Result<Vec<Given>> {
    let query = settlements::table
        .inner_join(requests::table.inner_join(buildings::table))
        .select((
            (requests::id, requests::code, buildings::code),
            (settlements::actor_role, settlements::actor_id),
            settlements::fen,
            settlements::how,
            settlements::at,
        ))
        .filter(settlements::request_id.eq_any(of))
        .order(settlements::id);
    Ok(with!(conn, |c| query.load(c).await)?)
}

fn entry(accounts: &mut BTreeMap<RequestId, Account>, (request, code, building): About, at: At) -> &mut Account {
    let account = accounts.entry(request).or_insert_with(|| Account {
        request,
        code,
        building,
        runners: Vec::new(),
        spent: Fen(0),
        given: Fen(0),
        hows: Vec::new(),
        receipts: Vec::new(),
        last_at: at,
    });
    account.last_at = account.last_at.max(at);
    account
}

/// What a household owes: what was laid out for its request, and what it gave in which way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reckoned {
    pub spent: Fen,
    /// Each way once, in the order of [`How`]; a way that was taken back in full is left out.
    pub given: Vec<(How, Fen)>,
}

impl Reckoned {
    #[must_use]
    pub fn given_in_all(&self) -> Fen {
        self.given.iter().map(|(_, fen)| *fen).sum()
    }

    /// Still to be given; below zero, to be given back.
    #[must_use]
    pub fn open(&self) -> Fen {
        Fen(self.spent.0.saturating_sub(self.given_in_all().0))
    }
}

/// What these requests cost and what was given for them; one about which nothing is booked is not among them.
///
/// # Errors
/// The store's.
pub async fn reckon(conn: &mut Conn, of: Vec<RequestId>) -> Result<BTreeMap<RequestId, Reckoned>> {
    let spent = outlays::table
        .inner_join(receipts::table)
        .select((outlays::request_id, outlays::fen))
        .filter(outlays::request_id.eq_any(of.clone()).and(receipts::voided_at.is_null()));
    let spent: Vec<(RequestId, i64)> = with!(conn, |c| spent.load(c).await)?;
    let given = settlements::table
        .select((settlements::request_id, settlements::how, settlements::fen))
        .filter(settlements::request_id.eq_any(of));
    let given: Vec<(RequestId, How, i64)> = with!(conn, |c| given.load(c).await)?;
    let mut reckoned: BTreeMap<RequestId, Reckoned> = BTreeMap::new();
    for (request, fen) in spent {
        let one = reckoned.entry(request).or_default();
        one.spent = Fen(one.spent.0.saturating_add(fen));
    }
    for request in given.iter().map(|(request, ..)| *request) {
        let in_way = |how: &How| {
            let parts = given.iter().filter(|(of, by, _)| *of == request && by == how);
            (*how, parts.map(|(_, _, fen)| Fen(*fen)).sum::<Fen>())
        };
        let ways = How::ALL.iter().map(in_way).filter(|(_, fen)| *fen != Fen(0)).collect();
        reckoned.entry(request).or_default().given = ways;
    }
    Ok(reckoned)
}

/// What a request cost, and what was given for it: nothing while nothing is booked.
///
/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, request: RequestId) -> Result<Option<(Fen, Fen)>> {
    let found = reckon(conn, vec![request]).await?.remove(&request);
    Ok(found.map(|reckoned| (reckoned.spent, reckoned.given_in_all())))
}
