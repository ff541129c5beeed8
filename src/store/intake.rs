//! Taking requests in: those that arrive together are committed together.
//!
//! One multi-row insert each of request, contact, item, errand, event, mark and idempotency key, in one transaction.
//! Ten of them cost one disk flush, not ten (docs/adr/0004). What asks again for the same joins the open request instead.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};

use super::idempotency::Key;
use super::joining::{join, part};
use super::marks::MarkRow;
use super::schema::{contacts, errands, events, idempotency_keys, items, marks, requests};
use super::{Conn, Error, Result, photos};
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::floor::floor_of;
use crate::domain::ids::{BuildingId, ErrandId, EventId, ItemId, PlaceId, RequestId, ZoneId};
use crate::domain::item::Substitution;
use crate::domain::request::{AskingFor, Category, Channel, HandOver, Submission};
use crate::domain::secret::TokenHash;
use crate::domain::urgency::{Urgency, UrgencyReason};
use crate::domain::words::join_list;

/// A submission with everything minted that it needs to be stored.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub request: RequestId,
    pub errand: ErrandId,
    pub code: String,
    pub token_hash: TokenHash,
    pub submission: Submission,
    /// Where the goods are likely had; the submission holds what the asker named.
    pub place: Option<PlaceId>,
    pub by: Trace,
    pub key: Option<Key>,
    pub mark: Mark,
}

/// Keyed hashes of the door and the telephones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub door: Vec<u8>,
    pub phone: Vec<u8>,
    pub patient_phone: Option<Vec<u8>>,
    /// Of the asker's telephone: kept for one who joins, who has no contact of his own.
    pub last_four: Vec<u8>,
}

/// What the asker is told, kept beside the idempotency key. The token is not: it is computed from the arrival's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub code: String,
    pub urgency: Urgency,
    pub deliver_by: At,
    pub submitted_at: At,
    #[serde(default)]
    pub merged: Option<Merged>,
}

/// The open request that was joined, and how it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    pub into: RequestId,
    pub state: State,
}

impl Answer {
    fn of(arrival: &Arrival) -> Self {
        Self {
            code: arrival.code.clone(),
            urgency: arrival.submission.triage.urgency,
            deliver_by: arrival.submission.triage.deliver_by,
            submitted_at: arrival.submission.submitted_at,
            merged: None,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = requests, treat_none_as_default_value = false)]
struct RequestRow {
    id: RequestId,
    code: String,
    token_hash: TokenHash,
    zone_id: ZoneId,
    building_id: BuildingId,
    place_id: Option<PlaceId>,
    channel: Channel,
    asking_for: AskingFor,
    category: Category,
    hand_over: HandOver,
    care: String,
    urgency: Urgency,
    urgency_reason: UrgencyReason,
    doses_left: Option<i32>,
    doses_per_day: Option<i32>,
    next_dose_at: Option<At>,
    state: State,
    submitted_at: At,
    deliver_by: At,
}

#[derive(Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
struct ContactRow {
    request_id: RequestId,
    room: String,
    name: String,
    phone: String,
    email: Option<String>,
    lang: String,
    patient_name: Option<String>,
    patient_phone: Option<String>,
    note: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false)]
struct ItemRow {
    id: ItemId,
    request_id: RequestId,
    position: i32,
    name: String,
    strength: Option<String>,
    quantity: i32,
    unit: String,
    substitution: Substitution,
    unnamed: Option<bool>,
}

#[derive(Insertable)]
#[diesel(table_name = errands, treat_none_as_default_value = false)]
struct ErrandRow {
    id: ErrandId,
    request_id: RequestId,
    leg: i32,
    zone_id: ZoneId,
    building_id: BuildingId,
    place_id: Option<PlaceId>,
    category: Category,
    urgency: Urgency,
    bags: i32,
    state: State,
    fence: i64,
    deliver_by: At,
    waiting_since: At,
    created_at: At,
    floor: Option<i32>,
}

#[derive(Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
struct KeyRow {
    scope: String,
    key_hash: TokenHash,
    body_hash: Vec<u8>,
    ref_id: RequestId,
    answer: String,
    made_at: At,
    expires_at: At,
}

/// Inserts rows by one statement; the two backings want it said differently.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        if !rows.is_empty() {
            match $conn {
                Conn::Pg(c) => diesel::insert_into($table).values(rows).execute(c).await?,
                Conn::Sqlite(c) => {
                    c.spawn_blocking(move |c| diesel::RunQueryDsl::execute(diesel::insert_into($table).values(rows), c))
                        .await?
                }
            };
        }
    }};
}

/// Stores all arrivals, or none; answers what each asker is told, in their order.
///
/// # Errors
/// [`Error::Refused`] when one of them clashes (a code, a key): then try them one by one.
pub async fn store(conn: &mut Conn, arrivals: &[Arrival]) -> Result<Vec<Answer>> {
    let (new, joining) = part(conn, arrivals).await?;
    let each = || new.iter().copied();
    insert_all!(conn, requests::table, each().map(request_row).collect::<Vec<_>>());
    insert_all!(conn, contacts::table, each().map(contact_row).collect::<Vec<_>>());
    insert_all!(conn, items::table, each().flat_map(item_rows).collect::<Vec<_>>());
    insert_all!(conn, errands::table, each().map(errand_row).collect::<Vec<_>>());
    insert_all!(conn, events::table, each().map(event_row).collect::<Vec<_>>());
    insert_all!(conn, marks::table, each().map(mark_row).collect::<Vec<_>>());
    let mut told: BTreeMap<RequestId, Answer> = each().map(|arrival| (arrival.request, Answer::of(arrival))).collect();
    for joins in &joining {
        told.insert(joins.arrival.request, join(conn, joins).await?);
    }
    let answer = |arrival: &Arrival| told.get(&arrival.request).cloned();
    let answers: Option<Vec<Answer>> = arrivals.iter().map(answer).collect();
    let answers = answers.ok_or_else(|| Error::Broken("an arrival was not told of".to_owned()))?;
    let keys = arrivals.iter().zip(&answers).filter_map(|(arrival, answer)| key_row(arrival, answer));
    insert_all!(conn, idempotency_keys::table, keys.collect::<Vec<_>>());
    // After the key: of two copies the later must hear of the key, not of the photo that the first has taken.
    for arrival in each() {
        for (position, item) in (0..).zip(&arrival.submission.items) {
            if let Some(photo) = item.photo {
                photos::claim(conn, photo, arrival.request, position).await?;
            }
        }
    }
    Ok(answers)
}

fn mark_row(arrival: &Arrival) -> MarkRow {
    let mark = arrival.mark.clone();
    MarkRow {
        request_id: arrival.request,
        zone_id: arrival.submission.zone,
        door: mark.door,
        phone: mark.phone,
        patient_phone: mark.patient_phone,
    }
}

fn request_row(arrival: &Arrival) -> RequestRow {
    let asked = &arrival.submission;
    RequestRow {
        id: arrival.request,
        code: arrival.code.clone(),
        token_hash: arrival.token_hash.clone(),
        zone_id: asked.zone,
        building_id: asked.building,
        place_id: asked.place,
        channel: asked.channel,
        asking_for: asked.asking_for,
        category: asked.category,
        hand_over: asked.hand_over,
        care: join_list(&asked.care),
        urgency: asked.triage.urgency,
        urgency_reason: asked.triage.reason,
        doses_left: asked.left.doses_left.map(i32::from),
        doses_per_day: asked.left.doses_per_day.map(i32::from),
        next_dose_at: asked.left.next_dose_at,
        state: State::Waiting,
        submitted_at: asked.submitted_at,
        deliver_by: asked.triage.deliver_by,
    }
}

fn contact_row(arrival: &Arrival) -> ContactRow {
    let contact = &arrival.submission.contact;
    let patient = contact.patient.as_ref();
    ContactRow {
        request_id: arrival.request,
        room: contact.room.as_str().to_owned(),
        name: contact.name.as_str().to_owned(),
        phone: contact.phone.as_str().to_owned(),
        email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
        lang: contact.lang.clone(),
        patient_name: patient.map(|patient| patient.name.as_str().to_owned()),
        patient_phone: patient.and_then(|patient| patient.phone.as_ref()).map(|phone| phone.as_str().to_owned()),
        note: contact.note.as_ref().map(|note| note.as_str().to_owned()),
    }
}

fn item_rows(arrival: &Arrival) -> Vec<ItemRow> {
    let row = |(position, item): (i32, &crate::domain::item::Item)| ItemRow {
        id: ItemId::mint(),
        request_id: arrival.request,
        position,
        name: item.name.clone(),
        strength: item.strength.clone(),
        quantity: item.quantity,
        unit: item.unit.clone(),
        substitution: item.substitution,
        unnamed: Some(item.unnamed),
    };
    (0..).zip(&arrival.submission.items).map(row).collect()
}

fn errand_row(arrival: &Arrival) -> ErrandRow {
    let asked = &arrival.submission;
    ErrandRow {
        id: arrival.errand,
        request_id: arrival.request,
        leg: 1,
        zone_id: asked.zone,
        building_id: asked.building,
        place_id: arrival.place,
        category: asked.category,
        urgency: asked.triage.urgency,
        bags: asked.bags(),
        state: State::Waiting,
        fence: 0,
        deliver_by: asked.triage.deliver_by,
        waiting_since: asked.submitted_at,
        created_at: asked.submitted_at,
        floor: floor_of(asked.contact.room.as_str()),
    }
}

fn event_row(arrival: &Arrival) -> super::journal::Event {
    let asked = &arrival.submission;
    super::journal::Event {
        id: EventId::mint(),
        at: asked.submitted_at,
        zone_id: asked.zone,
        request_id: Some(arrival.request),
        errand_id: Some(arrival.errand),
        kind: "submitted".to_owned(),
        state: Some(State::Waiting),
        actor_role: arrival.by.role,
        actor_id: arrival.by.id,
        reason: Some(asked.channel.as_str().to_owned()),
        received_at: None,
    }
}

fn key_row(arrival: &Arrival, answer: &Answer) -> Option<KeyRow> {
    let key = arrival.key.as_ref()?;
    let now = arrival.submission.submitted_at;
    Some(KeyRow {
        scope: key.scope.clone(),
        key_hash: key.key.clone(),
        body_hash: key.body.clone(),
        ref_id: arrival.request,
        answer: serde_json::to_string(answer).unwrap_or_default(),
        made_at: now,
        expires_at: now.plus_seconds(super::idempotency::KEEP_S),
    })
}
