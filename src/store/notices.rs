//! What zones tell their residents.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::notices;
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{NoticeId, PersonId, ZoneId};
use crate::domain::notice::Notice;

/// # Errors
/// The store's.
pub async fn hang(conn: &mut Conn, zone: ZoneId, notice: &Notice, (by, now): (PersonId, At)) -> Result<NoticeId> {
    let id = NoticeId::mint();
    let insert = diesel::insert_into(notices::table).values((
        notices::id.eq(id),
        notices::zone_id.eq(zone),
        notices::title.eq(notice.title.clone()),
        notices::said.eq(notice.text.clone()),
        notices::title_en.eq(notice.title_en.clone()),
        notices::said_en.eq(notice.text_en.clone()),
        notices::made_at.eq(now),
        notices::until_at.eq(notice.until),
        notices::person_id.eq(by),
    ));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(id)
}

/// The zone of a notice; `None` when there is no such notice.
///
/// # Errors
/// The store's.
pub async fn find_zone(conn: &mut Conn, id: NoticeId) -> Result<Option<ZoneId>> {
    let query = notices::table.select(notices::zone_id).find(id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Takes it down; a second time changes nothing.
///
/// # Errors
/// The store's.
pub async fn take_down(conn: &mut Conn, id: NoticeId, now: At) -> Result<()> {
    let change = diesel::update(notices::table.filter(notices::id.eq(id).and(notices::ended_at.is_null())))
        .set(notices::ended_at.eq(Some(now)));
    with!(conn, |c| change.execute(c).await)?;
    Ok(())
}
