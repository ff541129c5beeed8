//! The ledger: receipts with their lines, and what households gave. Amounts are added, never changed: a receipt that was booked
//! again is marked as void.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{outlays, receipts, settlements};
use super::{Conn, Result, with};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::ids::{ErrandId, OutlayId, PersonId, PhotoId, PlaceId, ReceiptId, RequestId, SettlementId, ZoneId};
use crate::domain::money::{Fen, How};

/// A receipt about to be written.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub id: ReceiptId,
    pub zone: ZoneId,
    pub runner: PersonId,
    pub place: Option<PlaceId>,
    pub total: Fen,
    pub photo: Option<PhotoId>,
    pub at: At,
}

/// What one thing cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlay {
    pub request: RequestId,
    pub errand: ErrandId,
    /// Place of the thing in the list, from 1.
    pub position: i32,
    pub fen: Fen,
}

/// # Errors
/// The store's.
pub async fn write(conn: &mut Conn, receipt: Receipt, lines: &[Outlay]) -> Result<()> {
    let insert = diesel::insert_into(receipts::table).values((
        receipts::id.eq(receipt.id),
        receipts::zone_id.eq(receipt.zone),
        receipts::runner_id.eq(receipt.runner),
        receipts::place_id.eq(receipt.place),
        receipts::total_fen.eq(receipt.total.0),
        receipts::photo_id.eq(receipt.photo),
        receipts::at.eq(receipt.at),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    for line in lines {
        let insert = diesel::insert_into(outlays::table).values((
            outlays::id.eq(OutlayId::mint()),
            outlays::receipt_id.eq(receipt.id),
            outlays::request_id.eq(line.request),
            outlays::errand_id.eq(line.errand),
            outlays::position.eq(line.position),
            outlays::fen.eq(line.fen.0),
        ));
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// A runner's receipts that hold any of these errands and are not voided, each with the errands it holds.
///
/// # Errors
/// The store's.
pub async fn list_holding(
    conn: &mut Conn,
    runner: PersonId,
    errands: Vec<ErrandId>,
) -> Result<Vec<(ReceiptId, ErrandId)>> {
    let touching = outlays::table
        .inner_join(receipts::table)
        .select(outlays::receipt_id)
        .filter(outlays::errand_id.eq_any(errands).and(receipts::voided_at.is_null()))
        .filter(receipts::runner_id.eq(runner));
    let touching: Vec<ReceiptId> = with!(conn, |c| touching.load(c).await)?;
    let all = outlays::table
        .select((outlays::receipt_id, outlays::errand_id))
        .filter(outlays::receipt_id.eq_any(touching))
        .distinct();
    Ok(with!(conn, |c| all.load(c).await)?)
}

/// The photo of a receipt.
///
/// # Errors
/// The store's.
pub async fn find_photo(conn: &mut Conn, receipt: ReceiptId) -> Result<Option<PhotoId>> {
    let query = receipts::table.select(receipts::photo_id).find(receipt);
    let photo: Option<Option<PhotoId>> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(photo.flatten())
}

/// Another receipt stands in its place.
///
/// # Errors
/// The store's.
pub async fn void(conn: &mut Conn, receipt: ReceiptId, now: At) -> Result<()> {
    let change = diesel::update(receipts::table.find(receipt)).set(receipts::voided_at.eq(Some(now)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}

/// What a household gave, or below zero got back.
///
/// # Errors
/// The store's.
pub async fn settle(
    conn: &mut Conn,
    id: SettlementId,
    (zone, request): (ZoneId, RequestId),
    (fen, how): (Fen, How),
    (by, actor, now): (Trace, PersonId, At),
) -> Result<()> {
    let insert = diesel::insert_into(settlements::table).values((
        settlements::id.eq(id),
        settlements::zone_id.eq(zone),
        settlements::request_id.eq(request),
        settlements::fen.eq(fen.0),
        settlements::how.eq(how),
        settlements::at.eq(now),
        settlements::actor_role.eq(by.role),
        settlements::actor_id.eq(actor),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}
