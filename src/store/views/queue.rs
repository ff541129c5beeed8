//! The queue of a zone, and one request opened from it. The shapes are in [`super::supervisor`].
//!
//! The viewer's right to the zone is checked by the door (`permission::may`) before any of these is called.

use std::collections::BTreeMap;

use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

use super::legs::list_legs;
use super::proving::{list_custody, list_proofs};
use super::supervisor::{Entry, OfferMade, Opened, QueueRow};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, PersonId, RequestId, ZoneId};
use crate::domain::lists::List;
use crate::domain::offer::OfferState;
use crate::domain::request::Category;
use crate::domain::urgency::{MedicineLeft, Urgency};
use crate::store::questions::{self, Question};
use crate::store::schema::{buildings, errands, events, items, offer_errands, offers, people, remarks, requests};
use crate::store::{Conn, Error, Result, with};

/// What to show of the queue.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    /// By the rule that puts each open request into one list.
    pub list: Option<List>,
    pub urgency: Option<Urgency>,
    /// Part of a code, or of a building's code or name. Never of a name or phone: those are not for browsing.
    pub text: Option<String>,
    /// Closed and cancelled ones, too.
    pub over_too: bool,
    /// The last request of the page before.
    pub after: Option<RequestId>,
    pub limit: usize,
}

type Row = (
    (RequestId, (ErrandId, i32, State), String, State),
    (Category, Urgency, String, (String, String, String)),
    (At, At, Option<PersonId>, Option<String>, Option<String>),
);

#[auto_type(no_type_alias)]
fn rows() -> _ {
    let who = (requests::id, (errands::id, errands::leg, errands::state), requests::code, requests::state);
    let block = (buildings::code, buildings::compound, buildings::name);
    let what = (requests::category, requests::urgency, requests::urgency_reason, block);
    let when = (
        requests::submitted_at,
        requests::deliver_by,
        errands::runner_id,
        errands::nobody_reason,
        requests::care_reason,
    );
    errands::table
        .inner_join(requests::table)
        .inner_join(buildings::table)
        .select((who, what, when))
        .filter(errands::passed_on_at.is_null())
}

/// Requests of a zone by time left.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId, filter: Filter) -> Result<Vec<QueueRow>> {
    let over = filter.over_too;
    let query = rows()
        .filter(errands::zone_id.eq(zone).and(requests::closed_at.is_null().or(over.into_sql::<Bool>())))
        .order((requests::deliver_by, requests::id));
    let mut found: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    if let Some(after) = filter.after {
        let seen = found.iter().position(|row| row.0.0 == after).map_or(0, |place| place + 1);
        found.drain(..seen);
    }
    found.retain(|row| wanted(row, &filter));
    found.truncate(filter.limit);
    with_names(conn, found).await
}

fn wanted(
    ((_, (_, _, errand), code, state), (_, urgency, _, (building, compound, name)), _): &Row,
    filter: &Filter,
) -> bool {
    let holds = |text: &String| [code, building, compound, name].iter().any(|field| field.contains(text.as_str()));
    filter.state.is_none_or(|wanted| wanted == *state)
        && filter.list.is_none_or(|wanted| List::of(*errand) == Some(wanted))
        && filter.urgency.is_none_or(|wanted| wanted == *urgency)
        && filter.text.as_ref().is_none_or(holds)
}

/// Adds the runners' names and what was asked for.
async fn with_names(conn: &mut Conn, found: Vec<Row>) -> Result<Vec<QueueRow>> {
    let runners: Vec<PersonId> = found.iter().filter_map(|row| row.2.2).collect();
    let names = people::table.select((people::id, people::name)).filter(people::id.eq_any(runners));
    let names: Vec<(PersonId, String)> = with!(conn, |c| names.load(c).await)?;
    let names: BTreeMap<PersonId, String> = names.into_iter().collect();
    let mut items = items_of(conn, found.iter().map(|row| row.0.0).collect()).await?;
    let told = |row: Row| {
        let (
            (request, (errand, leg, errand_state), code, state),
            (category, urgency, urgency_reason, (building, compound, name)),
            times,
        ) = row;
        let (submitted_at, deliver_by, runner, nobody_reason, care_reason) = times;
        QueueRow {
            request,
            errand,
            leg,
            errand_state,
            code,
            state,
            category,
            urgency,
            urgency_reason,
            building,
            building_name: format!("{compound} {name}"),
            items: items.remove(&request).unwrap_or_default(),
            submitted_at,
            deliver_by,
            runner: runner.and_then(|id| names.get(&id).map(|name| (id, name.clone()))),
            nobody_reason,
            care_reason,
        }
    };
    Ok(found.into_iter().map(told).collect())
}

pub(super) async fn items_of(conn: &mut Conn, requests: Vec<RequestId>) -> Result<BTreeMap<RequestId, String>> {
    type Line = (RequestId, String, Option<String>, i32, String);
    let query = items::table
        .select((items::request_id, items::name, items::strength, items::quantity, items::unit))
        .filter(items::request_id.eq_any(requests))
        .order((items::request_id, items::position));
    let lines: Vec<Line> = with!(conn, |c| query.load(c).await)?;
    let mut told: BTreeMap<RequestId, String> = BTreeMap::new();
    for (request, name, strength, quantity, unit) in lines {
        let text = told.entry(request).or_default();
        if !text.is_empty() {
            text.push_str(" · ");
        }
        let strength = strength.map(|strength| format!(" {strength}")).unwrap_or_default();
        text.push_str(&format!("{name}{strength} × {quantity} {unit}"));
    }
    Ok(told)
}

/// One request with its contact, its journal and who was asked. Write down the look first.
///
/// # Errors
/// [`Error::NotFound`] when there is no such request in the zone.
pub async fn open(conn: &mut Conn, zone: ZoneId, request: RequestId) -> Result<Opened> {
    let query = rows().filter(errands::zone_id.eq(zone).and(requests::id.eq(request)));
    let found: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let row = with_names(conn, found).await?.into_iter().next().ok_or(Error::NotFound)?;
    let contact = crate::store::contacts::find(conn, request).await?;
    let timeline = list_entries(conn, request).await?;
    let offers = list_offers(conn, request).await?;
    let legs = list_legs(conn, request).await?;
    let questions = list_questions(conn, request).await?;
    let (room, name, phone, patient, note) = contact.map_or_else(Default::default, |contact| {
        let patient = contact.patient_name.map(|name| (name, contact.patient_phone));
        (contact.room, contact.name, contact.phone, patient, contact.note)
    });
    let left = load_left(conn, request).await?;
    let photos = crate::store::photos::list_of(conn, request).await?.into_iter().map(|(_, photo)| photo).collect();
    let (fetched, refused) = super::goods::list(conn, request).await?;
    let (proofs, custody) = (list_proofs(conn, request).await?, list_custody(conn, request).await?);
    Ok(Opened {
        row,
        room,
        name,
        phone,
        patient,
        note,
        left,
        timeline,
        offers,
        legs,
        questions,
        photos,
        fetched,
        refused,
        proofs,
        custody,
    })
}

async fn list_questions(conn: &mut Conn, request: RequestId) -> Result<Vec<(Question, String)>> {
    let asked = questions::list(conn, request).await?;
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let names = items::table.select(items::name).filter(items::request_id.eq(request)).order(items::position);
    let names: Vec<String> = with!(conn, |c| names.load(c).await)?;
    let thing =
        |position: i32| usize::try_from(position).ok()?.checked_sub(1).and_then(|place| names.get(place)).cloned();
    Ok(asked
        .into_iter()
        .map(|question| {
            let about = thing(question.position).unwrap_or_default();
            (question, about)
        })
        .collect())
}

async fn load_left(conn: &mut Conn, request: RequestId) -> Result<MedicineLeft> {
    type Row = (Option<i32>, Option<i32>, Option<At>);
    let query =
        requests::table.select((requests::doses_left, requests::doses_per_day, requests::next_dose_at)).find(request);
    let (left, per_day, next_dose_at): Row = with!(conn, |c| query.first(c).await)?;
    let count = |doses: Option<i32>| doses.and_then(|doses| u16::try_from(doses).ok());
    Ok(MedicineLeft { doses_left: count(left), doses_per_day: count(per_day), next_dose_at })
}

async fn list_entries(conn: &mut Conn, request: RequestId) -> Result<Vec<Entry>> {
    type Row = ((At, Option<At>), String, Option<State>, String, Option<PersonId>, Option<String>, Option<String>);
    let query = events::table
        .left_join(remarks::table)
        .select((
            (events::at, events::received_at),
            events::kind,
            events::state,
            events::actor_role,
            events::actor_id,
            events::reason,
            remarks::said.nullable(),
        ))
        .filter(events::request_id.eq(Some(request)))
        .order(events::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let actors: Vec<PersonId> = rows.iter().filter_map(|row| row.4).collect();
    let names = people::table.select((people::id, people::name)).filter(people::id.eq_any(actors));
    let names: Vec<(PersonId, String)> = with!(conn, |c| names.load(c).await)?;
    let names: BTreeMap<PersonId, String> = names.into_iter().collect();
    let entry = |((at, received_at), kind, state, role, actor, reason, said): Row| {
        let by = actor.and_then(|id| names.get(&id)).cloned().unwrap_or(role);
        Entry { at, received_at, kind, state, by, reason: said.or(reason) }
    };
    Ok(rows.into_iter().map(entry).collect())
}

async fn list_offers(conn: &mut Conn, request: RequestId) -> Result<Vec<OfferMade>> {
    type Row = (String, At, OfferState, String, Option<f64>);
    let query = offers::table
        .inner_join(offer_errands::table.inner_join(errands::table))
        .inner_join(people::table)
        .select((people::name, offers::made_at, offers::state, offers::reason, offers::distance_m))
        .filter(errands::request_id.eq(request))
        .order(offers::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let made = |(runner, made_at, state, reason, distance_m): Row| OfferMade {
        runner,
        made_at,
        state: state.as_str().to_owned(),
        reason,
        distance_m,
    };
    Ok(rows.into_iter().map(made).collect())
}
