//! Notices as residents read them, and as the supervisor who wrote them does.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::ids::{NoticeId, ZoneId};
use crate::store::schema::notices;
use crate::store::{Conn, Result, columns, with};

/// One notice that hangs now.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = notices)]
pub struct Posted {
    pub id: NoticeId,
    pub title: String,
    pub said: String,
    pub title_en: Option<String>,
    pub said_en: Option<String>,
    pub until_at: At,
}

impl Posted {
    /// Title and text in English, where there are both.
    #[must_use]
    pub fn english(&self) -> Option<(&str, &str)> {
        Some((self.title_en.as_deref()?, self.said_en.as_deref()?))
    }
}

/// More than this nobody reads.
const MOST: i64 = 5;

/// What hangs in a zone now, newest first.
///
/// # Errors
/// The store's.
pub async fn list_current(conn: &mut Conn, zone: ZoneId, now: At) -> Result<Vec<Posted>> {
    let query = notices::table
        .select(columns::<Posted>())
        .filter(notices::zone_id.eq(zone).and(notices::until_at.gt(now)).and(notices::ended_at.is_null()))
        .order(notices::id.desc())
        .limit(MOST);
    Ok(with!(conn, |c| query.load(c).await)?)
}
