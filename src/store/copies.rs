//! What was asked for once, read back so that it can be asked for again.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{items, requests};
use super::{Conn, Error, Result, contacts, with};
use crate::domain::clock::At;
use crate::domain::ids::{BuildingId, PlaceId, RequestId, ZoneId};
use crate::domain::item::{Item, Substitution};
use crate::domain::request::{AskingFor, Care, Category, Channel, Contact, HandOver, Patient, Submission};
use crate::domain::text::{Email, Line, Note, Phone, Room, Unfit};
use crate::domain::urgency::{MedicineLeft, Triage, triage};
use crate::domain::words::parse_list;

type Where = (ZoneId, BuildingId, Option<PlaceId>, Channel);
type What = (AskingFor, Category, HandOver, String, Option<i32>);

/// The wish of `request` once more, at `now`. `left`: what is left of the medicine, by the doses a day it was asked with.
/// `None`: its contact was wiped, or nothing of it has a name.
///
/// # Errors
/// [`Error::NotFound`] when there is no such request.
pub async fn find(
    conn: &mut Conn,
    request: RequestId,
    left: impl FnOnce(Option<u16>) -> Option<u16> + Send,
    now: At,
) -> Result<Option<Submission>> {
    let query = requests::table.find(request).select((
        (requests::zone_id, requests::building_id, requests::place_id, requests::channel),
        (requests::asking_for, requests::category, requests::hand_over, requests::care, requests::doses_per_day),
    ));
    let (place, what): (Where, What) = with!(conn, |c| query.first(c).await)?;
    let (Some(contact), items) = (find_contact(conn, request).await?, list_items(conn, request).await?) else {
        return Ok(None);
    };
    let (asking_for, category, hand_over, care, per_day) = what;
    if items.is_empty() && category != Category::CareVisit {
        return Ok(None);
    }
    let care: Vec<Care> = parse_list(&care).map_err(|error| Error::Broken(error.to_string()))?;
    let per_day = per_day.and_then(|doses| u16::try_from(doses).ok());
    let left = MedicineLeft {
        doses_left: left(per_day).filter(|_| category == Category::Medicine),
        doses_per_day: per_day,
        next_dose_at: None,
    };
    let judged: Triage = triage(category, left, &care, now);
    let (zone, building, place, channel) = place;
    Ok(Some(Submission {
        zone,
        building,
        place,
        channel,
        asking_for,
        category,
        hand_over,
        care,
        left,
        items,
        contact,
        triage: judged,
        submitted_at: now,
    }))
}

async fn find_contact(conn: &mut Conn, request: RequestId) -> Result<Option<Contact>> {
    let Some(kept) = contacts::find(conn, request).await? else { return Ok(None) };
    let read = || -> std::result::Result<Contact, Unfit> {
        let patient = match &kept.patient_name {
            Some(name) => {
                let phone = kept.patient_phone.as_deref().map(Phone::parse).transpose()?;
                Some(Patient { name: Line::parse(name)?, phone })
            }
            None => None,
        };
        Ok(Contact {
            room: Room::parse(&kept.room)?,
            name: Line::parse(&kept.name)?,
            phone: Phone::parse(&kept.phone)?,
            email: kept.email.as_deref().map(Email::parse).transpose()?,
            lang: kept.lang.clone(),
            patient,
            note: kept.note.as_deref().map(Note::parse).transpose()?,
        })
    };
    // What a stricter rule would not take today is as good as wiped.
    Ok(read().ok())
}

/// What has a name: of a thing known by its photo alone nobody could tell what it is.
async fn list_items(conn: &mut Conn, request: RequestId) -> Result<Vec<Item>> {
    type Row = (String, Option<String>, i32, String, Substitution, Option<bool>);
    let query = items::table
        .select((items::name, items::strength, items::quantity, items::unit, items::substitution, items::unnamed))
        .filter(items::request_id.eq(request))
        .order(items::position);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let named = rows.into_iter().filter(|row| row.5 != Some(true));
    let item = |(name, strength, quantity, unit, substitution, _): Row| Item {
        name,
        strength,
        quantity,
        unit,
        substitution,
        photo: None,
        unnamed: false,
    };
    Ok(named.map(item).collect())
}
