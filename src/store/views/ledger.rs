//! The ledger of a zone: what each request cost and what its household gave; by code and block, never by name.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::ids::{PhotoId, RequestId, ZoneId};
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
    pub runner: Option<String>,
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
    pub runner: String,
    pub spent: Fen,
    pub given: Fen,
}

type Line = ((RequestId, String, String), String, i64, Option<PhotoId>, At);
type Given = ((RequestId, String, String), i64, How, At);

/// The requests of a zone with anything booked from `from`, before `to`, the latest first.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, (from, to): (At, At)) -> Result<Vec<Account>> {
    let mut accounts: BTreeMap<RequestId, Account> = BTreeMap::new();
    let who = (requests::id, requests::code, buildings::code);
    let lines = outlays::table
        .inner_join(receipts::table.inner_join(people::table))
        .inner_join(requests::table.inner_join(buildings::table))
        .select((who, people::name, outlays::fen, receipts::photo_id, receipts::at))
        .filter(receipts::zone_id.eq(zone).and(receipts::voided_at.is_null()))
        .filter(receipts::at.ge(from).and(receipts::at.lt(to)))
        .order(outlays::id);
    let lines: Vec<Line> = with!(conn, |c| lines.load(c).await)?;
    for (about, runner, fen, photo, at) in lines {
        let account = entry(&mut accounts, about, at);
        account.spent = Fen(account.spent.0.saturating_add(fen));
        account.runner = Some(runner);
        account.receipts.extend(photo.filter(|photo| !account.receipts.contains(photo)));
    }
    let given = settlements::table
        .inner_join(requests::table.inner_join(buildings::table))
        .select((who, settlements::fen, settlements::how, settlements::at))
        .filter(settlements::zone_id.eq(zone))
        .filter(settlements::at.ge(from).and(settlements::at.lt(to)))
        .order(settlements::id);
    let given: Vec<Given> = with!(conn, |c| given.load(c).await)?;
    for (about, fen, how, at) in given {
        let account = entry(&mut accounts, about, at);
        account.given = Fen(account.given.0.saturating_add(fen));
        if !account.hows.contains(&how) {
            account.hows.push(how);
        }
    }
    let mut found: Vec<Account> = accounts.into_values().collect();
    found.sort_by_key(|account| (std::cmp::Reverse(account.last_at), account.request));
    Ok(found)
}

fn entry(
    accounts: &mut BTreeMap<RequestId, Account>,
    (request, code, building): (RequestId, String, String),
    at: At,
) -> &mut Account {
    let account = accounts.entry(request).or_insert_with(|| Account {
        request,
        code,
        building,
        runner: None,
        spent: Fen(0),
        given: Fen(0),
        hows: Vec::new(),
        receipts: Vec::new(),
        last_at: at,
    });
    account.last_at = account.last_at.max(at);
    account
}

/// What each runner laid out, and how much of it was given, the largest sum still open first.
#[must_use]
pub fn purses(accounts: &[Account]) -> Vec<Purse> {
    let mut purses: BTreeMap<&str, Purse> = BTreeMap::new();
    for account in accounts {
        let Some(runner) = account.runner.as_deref() else { continue };
        let purse =
            purses.entry(runner).or_insert_with(|| Purse { runner: runner.to_owned(), spent: Fen(0), given: Fen(0) });
        purse.spent = Fen(purse.spent.0.saturating_add(account.spent.0));
        purse.given = Fen(purse.given.0.saturating_add(account.given.0));
    }
    let mut found: Vec<Purse> = purses.into_values().collect();
    found.sort_by_key(|purse| std::cmp::Reverse(purse.spent.0 - purse.given.0));
    found
}

/// What a request cost, and what was given for it: nothing while nothing is booked.
///
/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, request: RequestId) -> Result<Option<(Fen, Fen)>> {
    let spent = outlays::table
        .inner_join(receipts::table)
        .select(outlays::fen)
        .filter(outlays::request_id.eq(request).and(receipts::voided_at.is_null()));
    let spent: Vec<i64> = with!(conn, |c| spent.load(c).await)?;
    let given = settlements::table.select(settlements::fen).filter(settlements::request_id.eq(request));
    let given: Vec<i64> = with!(conn, |c| given.load(c).await)?;
    let sum = |parts: &[i64]| parts.iter().map(|fen| Fen(*fen)).sum::<Fen>();
    Ok((!spent.is_empty() || !given.is_empty()).then(|| (sum(&spent), sum(&given))))
}
