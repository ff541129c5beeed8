//! Alarms as those on the ladder see them: how urgent, which building, by when, why nobody, who has it. No name of a
//! resident, door, telephone or thing is in these types, so that the note may travel to the street and the district.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::alarm::{Case, Rung};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::request::Category;
use crate::domain::rota::Watch;
use crate::domain::urgency::Urgency;
use crate::store::schema::{alarm_steps, alarms, buildings, errands, people, requests, zones};
use crate::store::{Conn, Result, people as accounts, rotas, with};

/// One open alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmNote {
    pub request: RequestId,
    pub zone: ZoneId,
    /// The zone's code and name.
    pub zone_code: String,
    pub zone_name: String,
    pub code: String,
    pub category: Category,
    /// The building's code.
    pub building: String,
    pub case: Case,
    pub rung: Rung,
    /// On this rung.
    pub since: At,
    pub fired_at: At,
    /// Nobody is on it.
    pub nobody: bool,
    /// A word: why nobody could be asked, or why a person must decide.
    pub why: Option<String>,
    pub acknowledged: Option<(String, At)>,
}

type Row = (
    (RequestId, ZoneId, String, Category, String),
    (Urgency, At, State, State, At),
    (Rung, At, At, i32),
    (Option<String>, Option<String>, Option<PersonId>, Option<At>),
);

/// Open alarms of a zone, or of all zones: the one that is promised first comes first.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: Option<ZoneId>) -> Result<Vec<AlarmNote>> {
    let what = (requests::id, requests::zone_id, requests::code, requests::category, buildings::code);
    let case = (requests::urgency, requests::deliver_by, requests::state, errands::state, errands::waiting_since);
    let stands = (alarms::rung, alarms::told_at, alarms::fired_at, alarms::told);
    let who = (errands::nobody_reason, requests::care_reason, alarms::acknowledged_by, alarms::acknowledged_at);
    let query = alarms::table
        .inner_join(
            requests::table
                .inner_join(errands::table)
                .inner_join(buildings::table.on(buildings::id.eq(requests::building_id))),
        )
        .select((what, case, stands, who))
        .filter(alarms::ended_at.is_null().and(errands::passed_on_at.is_null()))
        .order((requests::deliver_by, requests::id));
    let rows: Vec<Row> = match zone {
        Some(zone) => {
            let query = query.filter(alarms::zone_id.eq(zone));
            with!(conn, |c| query.load(c).await)?
        }
        None => with!(conn, |c| query.load(c).await)?,
    };
    let names = names_of(conn, rows.iter().filter_map(|row| row.3.2).collect()).await?;
    let places = zones::table.select((zones::id, zones::code, zones::name));
    let places: Vec<(ZoneId, String, String)> = with!(conn, |c| places.load(c).await)?;
    let open = rows.into_iter().map(|row| note(row, &names, &places));
    // What is over ends with the next round; nobody is to press a button for it until then.
    Ok(open.filter(|note| !note.case.is_over()).collect())
}

fn note(row: Row, names: &BTreeMap<PersonId, String>, places: &[(ZoneId, String, String)]) -> AlarmNote {
    let ((request, zone, code, category, building), case, stands, who) = row;
    let (urgency, deliver_by, state, errand, waiting_since) = case;
    let ((rung, since, fired_at, told), (nobody_reason, care_reason, by, at)) = (stands, who);
    let place = places.iter().find(|place| place.0 == zone);
    AlarmNote {
        request,
        zone,
        zone_code: place.map(|place| place.1.clone()).unwrap_or_default(),
        zone_name: place.map(|place| place.2.clone()).unwrap_or_default(),
        code,
        category,
        building,
        case: Case { urgency, deliver_by, request: state, errand, waiting_since },
        rung,
        since,
        fired_at,
        nobody: told == 0,
        why: if state == State::Care { care_reason } else { nobody_reason },
        acknowledged: by.and_then(|by| names.get(&by).cloned()).zip(at),
    }
}

async fn names_of(conn: &mut Conn, of: Vec<PersonId>) -> Result<BTreeMap<PersonId, String>> {
    let query = people::table.select((people::id, people::name)).filter(people::id.eq_any(of));
    let names: Vec<(PersonId, String)> = with!(conn, |c| query.load(c).await)?;
    Ok(names.into_iter().collect())
}

/// One rung a request has been on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    pub rung: Rung,
    pub due_at: At,
    pub told_at: At,
    /// How many were there to be told.
    pub told: i32,
    /// Who sent it there by hand.
    pub sent_by: Option<String>,
    pub acknowledged: Option<(String, At)>,
}

/// Every step of a request, the first one first.
///
/// # Errors
/// The store's.
pub async fn list_steps(conn: &mut Conn, request: RequestId) -> Result<Vec<StepRow>> {
    type Row = (Rung, At, At, i32, Option<PersonId>, Option<PersonId>, Option<At>);
    let query = alarm_steps::table
        .inner_join(alarms::table)
        .select((
            alarm_steps::rung,
            alarm_steps::due_at,
            alarm_steps::told_at,
            alarm_steps::told,
            alarm_steps::sent_by,
            alarm_steps::acknowledged_by,
            alarm_steps::acknowledged_at,
        ))
        .filter(alarms::request_id.eq(request))
        .order(alarm_steps::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let names = names_of(conn, rows.iter().flat_map(|row| [row.4, row.5]).flatten().collect()).await?;
    let name = |by: Option<PersonId>| by.and_then(|by| names.get(&by).cloned());
    let step = |(rung, due_at, told_at, told, sent_by, by, at): Row| StepRow {
        rung,
        due_at,
        told_at,
        told,
        sent_by: name(sent_by),
        acknowledged: name(by).zip(at),
    };
    Ok(rows.into_iter().map(step).collect())
}

/// With whom a request is, as its asker hears it: from the desk up, and since when.
///
/// # Errors
/// The store's.
pub async fn find_rung(conn: &mut Conn, request: RequestId) -> Result<Option<(Rung, At)>> {
    let query = alarms::table
        .select((alarms::rung, alarms::told_at))
        .filter(alarms::request_id.eq(request).and(alarms::ended_at.is_null()));
    let found: Option<(Rung, At)> = with!(conn, |c| query.first(c).await.optional())?;
    Ok(found.filter(|(rung, _)| *rung > Rung::Runner))
}

/// One line of a rota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotaRow {
    pub rung: Rung,
    pub watch: Watch,
    pub username: String,
    pub name: String,
}

/// The rota of a zone, or the one for all zones.
///
/// # Errors
/// The store's.
pub async fn list_rota(conn: &mut Conn, zone: Option<ZoneId>) -> Result<Vec<RotaRow>> {
    let mut rows = Vec::new();
    for rota in rotas::list(conn, zone).await? {
        let person = accounts::load(conn, rota.person).await?;
        rows.push(RotaRow { rung: rota.rung, watch: rota.watch, username: person.username, name: person.name });
    }
    Ok(rows)
}
