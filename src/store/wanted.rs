//! Medicines that are waited for, one row a thing: the errand, and what it wants as it was typed.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::errands::Errand;
use super::schema::{errands, items, requests};
use super::{Conn, Result, columns, with};
use crate::domain::errand::State;
use crate::domain::ids::ZoneId;
use crate::domain::request::Category;
use crate::domain::stock::{ItemKey, Line};

/// A zone wants no more things than this at once; what is more urgent comes first.
const MOST: i64 = 5_000;

/// A thing an open errand wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub errand: Errand,
    pub line: Line,
}

impl Wanted {
    #[must_use]
    pub fn key(&self) -> ItemKey {
        ItemKey::of(&self.line.item, self.line.strength.as_deref())
    }
}

/// Things of medicine errands that are not fetched yet, those of one errand beside each other. What a photo alone shows
/// has no name to look for.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Wanted>> {
    type Row = (Errand, (String, Option<String>, String));
    let open = errands::zone_id
        .eq(zone)
        .and(errands::state.eq_any([State::Waiting, State::Offered, State::Claimed]))
        .and(errands::category.eq(Category::Medicine))
        .and(errands::leg.eq(1));
    let named = items::unnamed.is_null().or(items::unnamed.eq(Some(false)));
    let query = errands::table
        .inner_join(requests::table.inner_join(items::table))
        .select((columns::<Errand>(), (items::name, items::strength, items::unit)))
        .filter(open.and(named))
        .order((errands::deliver_by, errands::id, items::position))
        .limit(MOST);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let wanted = |(errand, (item, strength, unit)): Row| {
        let unit = Some(unit).filter(|unit| !unit.is_empty());
        Wanted { errand, line: Line { item, strength, unit } }
    };
    Ok(rows.into_iter().map(wanted).collect())
}
