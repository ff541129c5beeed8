//! Who asked and where the door is. Whoever reads here must be allowed to: see `domain::permission`.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::contacts;
use super::{Conn, Result, columns, with};
use crate::domain::ids::RequestId;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub struct Contact {
    pub room: String,
    pub name: String,
    pub phone: String,
    pub email: Option<String>,
    pub lang: String,
    pub patient_name: Option<String>,
    pub patient_phone: Option<String>,
    pub note: Option<String>,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(…)")
    }
}

/// `None` when it was wiped.
///
/// # Errors
/// The store's.
pub async fn find(conn: &mut Conn, request: RequestId) -> Result<Option<Contact>> {
    let query = contacts::table.select(columns::<Contact>()).find(request);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}
