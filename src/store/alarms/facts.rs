//! What is told of an alarm: to people by letter, to doors outside by a call.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::alarm::Rung;
use crate::domain::clock::At;
use crate::domain::ids::{AlarmId, PersonId, TellingId, ZoneId};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::store::schema::{alarm_steps, alarm_tellings, alarms, buildings, people, requests, zones};
use crate::store::{Conn, Result, with};

/// Which request needs somebody, for whom this is, and nothing of whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub alarm: AlarmId,
    pub rung: Rung,
    pub told_at: At,
    pub code: String,
    pub urgency: Urgency,
    pub category: Category,
    pub deliver_by: At,
    /// Codes.
    pub zone: String,
    pub building: String,
    /// Name and address of the person told.
    pub person: Option<(String, Option<String>)>,
    /// The listener told.
    pub hook: Option<String>,
}

/// `None` when it is over, or somebody on that rung has it.
///
/// # Errors
/// The store's.
pub async fn find_facts(conn: &mut Conn, telling: TellingId) -> Result<Option<Facts>> {
    type Row = ((AlarmId, Rung, At, Option<PersonId>, Option<String>), (String, Urgency, Category, At, String, ZoneId));
    let step = (
        alarm_tellings::alarm_id,
        alarm_steps::rung,
        alarm_steps::told_at,
        alarm_tellings::person_id,
        alarm_tellings::hook,
    );
    let about = (
        requests::code,
        requests::urgency,
        requests::category,
        requests::deliver_by,
        buildings::code,
        requests::zone_id,
    );
    let query = alarm_tellings::table
        .inner_join(alarm_steps::table)
        .inner_join(alarms::table.inner_join(requests::table.inner_join(buildings::table)))
        .select((step, about))
        .filter(alarm_tellings::id.eq(telling))
        .filter(alarms::ended_at.is_null().and(alarm_steps::acknowledged_at.is_null()));
    let row: Option<Row> = with!(conn, |c| query.first(c).await.optional())?;
    let Some(((alarm, rung, told_at, person, hook), (code, urgency, category, deliver_by, building, zone))) = row
    else {
        return Ok(None);
    };
    let query = zones::table.select(zones::code).find(zone);
    let zone: String = with!(conn, |c| query.first(c).await)?;
    let person = match person {
        Some(person) => Some(find_address(conn, person).await?),
        None => None,
    };
    Ok(Some(Facts { alarm, rung, told_at, code, urgency, category, deliver_by, zone, building, person, hook }))
}

async fn find_address(conn: &mut Conn, person: PersonId) -> Result<(String, Option<String>)> {
    let query = people::table.select((people::name, people::email)).find(person);
    Ok(with!(conn, |c| query.first(c).await)?)
}
