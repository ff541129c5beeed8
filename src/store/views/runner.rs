//! What a runner sees. [`BeforeClaim`] and [`ActiveClaim`] are two types, so that an address or phone cannot reach
//! a page that shows offers: it does not compile.

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, OfferId, PlaceId, TripId};
use crate::domain::item::Substitution;
use crate::domain::matching::nearest::PickReason;
use crate::domain::place::{Hours, PlaceKind};
use crate::domain::request::{Category, HandOver};
use crate::domain::urgency::Urgency;

/// Where to pick up.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    pub id: PlaceId,
    pub code: String,
    pub name: String,
    pub kind: PlaceKind,
    pub at: Point,
    pub hours: Option<Hours>,
    pub phone: Option<String>,
}

/// Which block, without a door.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub code: String,
    pub compound: String,
    pub name: String,
    pub at: Point,
    pub floors: Option<i32>,
    pub lift: Option<bool>,
}

/// An errand nobody has claimed: kind, urgency and block; no door, name, phone, item or note.
#[derive(Debug, Clone, PartialEq)]
pub struct BeforeClaim {
    pub errand: ErrandId,
    pub from: Option<Counter>,
    pub to: Block,
    pub category: Category,
    pub urgency: Urgency,
    pub bags: i32,
    pub deliver_by: At,
}

/// An errand in the viewer's hands: everything needed to carry it out, until it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct ActiveClaim {
    pub errand: ErrandId,
    pub code: String,
    pub state: State,
    pub from: Option<Counter>,
    pub to: Block,
    pub room: String,
    pub name: String,
    pub phone: String,
    /// The patient, when that is somebody else.
    pub patient: Option<(String, Option<String>)>,
    pub note: Option<String>,
    pub hand_over: HandOver,
    pub items: Vec<CarriedItem>,
    pub category: Category,
    pub urgency: Urgency,
    pub bags: i32,
    pub deliver_by: At,
    pub lease_until: Option<At>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedItem {
    pub name: String,
    pub strength: Option<String>,
    pub quantity: i32,
    pub unit: String,
    pub substitution: Substitution,
}

/// An open offer.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferCard {
    pub offer: OfferId,
    pub errands: Vec<BeforeClaim>,
    pub made_at: At,
    pub lapses_at: At,
    pub reason: PickReason,
    /// Metres as the crow flies from the runner's position to the first stop.
    pub distance_m: Option<f64>,
}

/// What the runner carries now, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Trip {
    pub trip: Option<TripId>,
    pub stops: Vec<ActiveClaim>,
}

/// A waiting errand on the open board.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardRow {
    pub errand: BeforeClaim,
    pub distance_m: Option<f64>,
}

/// The runner's own duty.
#[derive(Debug, Clone, PartialEq)]
pub struct Duty {
    pub name: String,
    pub on: bool,
    pub at: Option<Point>,
    pub seen_at: Option<At>,
    pub quiet_until: Option<At>,
}

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::offer::OfferState;
use crate::store::contacts::Contact;
use crate::store::errands::Errand;
use crate::store::places::Place;
use crate::store::schema::{
    assignments, buildings, contacts, errands, items, offer_errands, offers, people, places, requests,
};
use crate::store::zones::Building;
use crate::store::{Conn, Result, columns, with};

impl From<Place> for Counter {
    fn from(place: Place) -> Self {
        let (at, hours) = (place.at(), place.hours());
        Self { id: place.id, code: place.code, name: place.name, kind: place.kind, at, hours, phone: place.phone }
    }
}

impl From<Building> for Block {
    fn from(building: Building) -> Self {
        let at = building.at();
        Self {
            code: building.code,
            compound: building.compound,
            name: building.name,
            at,
            floors: building.floors,
            lift: building.lift,
        }
    }
}

type Leg = (Errand, Building, Option<Place>);

fn before_claim((errand, building, place): Leg) -> BeforeClaim {
    BeforeClaim {
        errand: errand.id,
        from: place.map(Counter::from),
        to: building.into(),
        category: errand.category,
        urgency: errand.urgency,
        bags: errand.bags,
        deliver_by: errand.deliver_by,
    }
}

/// The viewer's own duty.
///
/// # Errors
/// [`crate::store::Error::NotFound`] when there is no such person.
pub async fn load_duty(conn: &mut Conn, viewer: PersonId) -> Result<Duty> {
    let account = crate::store::people::load(conn, viewer).await?;
    let row = crate::store::duties::find(conn, viewer).await?;
    Ok(Duty {
        name: account.name,
        on: row.as_ref().is_some_and(crate::store::duties::Duty::is_on),
        at: row.as_ref().and_then(crate::store::duties::Duty::at),
        seen_at: row.as_ref().map(|row| row.seen_at),
        quiet_until: row.and_then(|row| row.quiet_until),
    })
}

/// The viewer's open offers, oldest first.
///
/// # Errors
/// The store's.
pub async fn list_offers(conn: &mut Conn, viewer: PersonId) -> Result<Vec<OfferCard>> {
    type Row = (OfferId, At, At, String, Option<f64>);
    let open = offers::table
        .select((offers::id, offers::made_at, offers::lapses_at, offers::reason, offers::distance_m))
        .filter(offers::runner_id.eq(viewer).and(offers::state.eq(OfferState::Open)))
        .order(offers::id);
    let open: Vec<Row> = with!(conn, |c| open.load(c).await)?;
    let mut cards = Vec::with_capacity(open.len());
    for (offer, made_at, lapses_at, reason, distance_m) in open {
        let legs = offer_errands::table
            .inner_join(errands::table.inner_join(buildings::table).left_join(places::table))
            .select((columns::<Errand>(), columns::<Building>(), columns::<Place>().nullable()))
            .filter(offer_errands::offer_id.eq(offer))
            .order(offer_errands::position);
        let legs: Vec<Leg> = with!(conn, |c| legs.load(c).await)?;
        let reason = reason.parse().unwrap_or(PickReason::NearestAvailable);
        cards.push(OfferCard {
            offer,
            errands: legs.into_iter().map(before_claim).collect(),
            made_at,
            lapses_at,
            reason,
            distance_m,
        });
    }
    Ok(cards)
}

/// What the viewer carries, in order. Reading it opens names and doors: only of what is in the viewer's hands.
///
/// # Errors
/// The store's.
pub async fn load_trip(conn: &mut Conn, viewer: PersonId) -> Result<Trip> {
    type Row = (TripId, Errand, Building, Option<Place>, (RequestId, String, HandOver), Option<Contact>);
    let stops = assignments::table
        .inner_join(
            errands::table
                .inner_join(buildings::table)
                .left_join(places::table)
                .inner_join(requests::table.left_join(contacts::table)),
        )
        .select((
            assignments::trip_id,
            columns::<Errand>(),
            columns::<Building>(),
            columns::<Place>().nullable(),
            (requests::id, requests::code, requests::hand_over),
            columns::<Contact>().nullable(),
        ))
        .filter(assignments::runner_id.eq(viewer).and(assignments::ended_at.is_null()))
        .order((assignments::position, assignments::id));
    let rows: Vec<Row> = with!(conn, |c| stops.load(c).await)?;
    let trip = rows.as_slice().first().map(|row| row.0);
    let mut stops = Vec::with_capacity(rows.len());
    for (_, errand, building, place, (request, code, hand_over), contact) in rows {
        let items = list_items(conn, request).await?;
        stops.push(active_claim((errand, building, place), (code, hand_over), contact, items));
    }
    Ok(Trip { trip, stops })
}

fn active_claim(
    leg: Leg,
    (code, hand_over): (String, HandOver),
    contact: Option<Contact>,
    items: Vec<CarriedItem>,
) -> ActiveClaim {
    let (errand, building, place) = leg;
    let (room, name, phone, patient, note) = contact.map_or_else(Default::default, |contact| {
        let patient = contact.patient_name.map(|name| (name, contact.patient_phone));
        (contact.room, contact.name, contact.phone, patient, contact.note)
    });
    ActiveClaim {
        errand: errand.id,
        code,
        state: errand.state,
        from: place.map(Counter::from),
        to: building.into(),
        room,
        name,
        phone,
        patient,
        note,
        hand_over,
        items,
        category: errand.category,
        urgency: errand.urgency,
        bags: errand.bags,
        deliver_by: errand.deliver_by,
        lease_until: errand.lease_until,
    }
}

async fn list_items(conn: &mut Conn, request: RequestId) -> Result<Vec<CarriedItem>> {
    type Row = (String, Option<String>, i32, String, Substitution);
    let query = items::table
        .select((items::name, items::strength, items::quantity, items::unit, items::substitution))
        .filter(items::request_id.eq(request))
        .order(items::position);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let item =
        |(name, strength, quantity, unit, substitution)| CarriedItem { name, strength, quantity, unit, substitution };
    Ok(rows.into_iter().map(item).collect())
}

/// Waiting errands of the viewer's zone, most urgent first, with the distance from `at`.
///
/// # Errors
/// The store's.
pub async fn list_board(conn: &mut Conn, viewer: PersonId, at: Option<Point>, limit: i64) -> Result<Vec<BoardRow>> {
    let zone = people::table.find(viewer).select(people::zone_id);
    let zone: ZoneId = with!(conn, |c| zone.first(c).await)?;
    let waiting = errands::table
        .inner_join(buildings::table)
        .left_join(places::table)
        .select((columns::<Errand>(), columns::<Building>(), columns::<Place>().nullable()))
        .filter(errands::zone_id.eq(zone).and(errands::state.eq(State::Waiting)))
        .order((errands::deliver_by, errands::id))
        .limit(limit);
    let legs: Vec<Leg> = with!(conn, |c| waiting.load(c).await)?;
    let row = |leg: Leg| {
        let start = leg.2.as_ref().map_or_else(|| leg.1.at(), Place::at);
        BoardRow { errand: before_claim(leg), distance_m: at.map(|at| at.metres_to(start)) }
    };
    Ok(legs.into_iter().map(row).collect())
}
