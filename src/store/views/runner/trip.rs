//! What is in the viewer's hands: only here do names and doors open to a runner.

use std::cmp::Reverse;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{ActiveClaim, CarriedItem, Counter, Ends, Leg, Trip};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId, RequestId, TripId};
use crate::domain::item::Substitution;
use crate::domain::request::HandOver;
use crate::store::contacts::Contact;
use crate::store::errands::Errand;
use crate::store::places::Place;
use crate::store::schema::{assignments, buildings, contacts, errands, items, places, requests};
use crate::store::views::ledger;
use crate::store::zones::Building;
use crate::store::{Conn, Result, columns, legs, photos, questions, with};

/// What the viewer carries, in order. Reading it opens names and doors: only of what is in the viewer's hands.
///
/// # Errors
/// The store's.
pub async fn load_trip(conn: &mut Conn, viewer: PersonId, now: At) -> Result<Trip> {
    type Places = (i32, Option<i32>, Option<i32>);
    type Row = ((TripId, Places), Errand, Building, Option<Place>, (RequestId, String, HandOver), Option<Contact>);
    let stops = assignments::table
        .inner_join(
            errands::table
                .inner_join(buildings::table)
                .left_join(places::table)
                .inner_join(requests::table.left_join(contacts::table)),
        )
        .select((
            (
                assignments::trip_id,
                (assignments::position, assignments::collect_position, assignments::deliver_position),
            ),
            columns::<Errand>(),
            columns::<Building>(),
            columns::<Place>().nullable(),
            (requests::id, requests::code, requests::hand_over),
            columns::<Contact>().nullable(),
        ))
        .filter(assignments::runner_id.eq(viewer).and(assignments::ended_at.is_null()))
        .order((assignments::position, assignments::id));
    let mut rows: Vec<Row> = with!(conn, |c| stops.load(c).await)?;
    rows.sort_by_key(|((_, places), errand, ..)| next_stop(errand, *places));
    let trip = rows.as_slice().first().map(|row| row.0.0);
    let acts = rows.iter().flat_map(|((_, places), errand, building, ..)| {
        acts_of(errand, *places, Ends::of(errand, building, now).to_gate.is_some())
    });
    let plan = in_order(acts.collect());
    let mut money = ledger::reckon(conn, rows.iter().map(|row| row.4.0).collect()).await?;
    let mut stops = Vec::with_capacity(rows.len());
    for (_, errand, building, place, (request, code, hand_over), contact) in rows {
        let items = list_items(conn, request).await?;
        let questions = questions::list(conn, request).await?;
        let ends = Ends::of(&errand, &building, now);
        let waits_there = errand.leg > 1 && errand.state == State::Claimed;
        let shelf = if waits_there { legs::find_shelf(conn, request).await? } else { None };
        let claim = active_claim((errand, building, place), (code, hand_over, ends), contact, items);
        stops.push(ActiveClaim { questions, shelf, money: money.remove(&request), ..claim });
    }
    Ok(Trip { trip, stops, plan })
}

/// An act of the way: where it stands in the route, what breaks a tie, and what it is.
type PlannedAct = ((i32, i32, Reverse<i32>, i32), (ErrandId, Step));

/// What is still to be done to an errand in hand: fetch it, then bring it to its end.
fn acts_of(errand: &Errand, places: (i32, Option<i32>, Option<i32>), to_gate: bool) -> Vec<PlannedAct> {
    let (taken, collect, deliver) = places;
    let last = |place: Option<i32>| place.unwrap_or(i32::MAX);
    // What has no place to be fetched at has none to be brought to either.
    let deliver = if errand.state == State::Claimed { collect.and(deliver) } else { deliver };
    let brought = if to_gate { Step::HandOver } else { Step::Deliver };
    let at = |place| (last(place), last(deliver), Reverse(errand.floor.unwrap_or(0)), taken);
    let fetched = (errand.state == State::Claimed).then(|| (at(collect), (errand.id, Step::Collect)));
    // Without places in the route it is brought when all has been fetched.
    fetched.into_iter().chain([(at(deliver), (errand.id, brought))]).collect()
}

/// By place in the route; what has none comes last, fetched before anything of it is brought.
fn in_order(mut acts: Vec<PlannedAct>) -> Vec<(ErrandId, Step)> {
    acts.sort_by_key(|(place, (_, step))| (place.0, place.0 == i32::MAX && *step != Step::Collect, *place));
    acts.into_iter().map(|(_, act)| act).collect()
}

/// What is to be done next comes first, at one block the upper storeys; what was taken on without a place in the route
/// comes last.
fn next_stop(
    errand: &Errand,
    (taken, collect, deliver): (i32, Option<i32>, Option<i32>),
) -> (i32, i32, Reverse<i32>, i32) {
    let last = |place: Option<i32>| place.unwrap_or(i32::MAX);
    let next = if errand.state == State::Claimed { collect } else { deliver };
    (last(next), last(deliver), Reverse(errand.floor.unwrap_or(0)), taken)
}

fn active_claim(
    leg: Leg,
    (code, hand_over, ends): (String, HandOver, Ends),
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
        ends,
        room,
        name,
        phone,
        patient,
        note,
        hand_over,
        items,
        questions: Vec::new(),
        category: errand.category,
        urgency: errand.urgency,
        bags: errand.bags,
        deliver_by: errand.deliver_by,
        lease_until: errand.lease_until,
        shelf: None,
        money: None,
    }
}

async fn list_items(conn: &mut Conn, request: RequestId) -> Result<Vec<CarriedItem>> {
    type Row = (i32, (String, Option<String>, i32, String, Substitution), Option<bool>);
    let query = items::table
        .select((
            items::position,
            (items::name, items::strength, items::quantity, items::unit, items::substitution),
            items::unnamed,
        ))
        .filter(items::request_id.eq(request))
        .order(items::position);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let photos = photos::list_of(conn, request).await?;
    let photo = |position: i32| photos.iter().find(|(of, _)| *of == position).map(|(_, photo)| *photo);
    let item = |(position, (name, strength, quantity, unit, substitution), unnamed): Row| CarriedItem {
        unnamed: unnamed == Some(true),
        name,
        strength,
        quantity,
        unit,
        substitution,
        photo: photo(position),
    };
    Ok(rows.into_iter().map(item).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_is_brought_before_it_is_fetched_and_nothing_is_left_out(
            legs in prop::collection::vec((any::<bool>(), prop::option::of(0..4_i32)), 0..8),
        ) {
            let ids: Vec<ErrandId> = legs.iter().map(|_| ErrandId::mint()).collect();
            let place = |at: i32, taken| (at, at, Reverse(0), taken);
            let mut acts = Vec::new();
            for (taken, (id, (fetched, at))) in (0..).zip(ids.iter().zip(&legs)) {
                let at = at.map_or(i32::MAX, |at| at * 2);
                if !fetched {
                    acts.push((place(at, taken), (*id, Step::Collect)));
                }
                acts.push((place(at.saturating_add(1), taken), (*id, Step::Deliver)));
            }
            let plan = in_order(acts);
            prop_assert_eq!(plan.len(), legs.len() + legs.iter().filter(|(fetched, _)| !fetched).count());
            for id in &ids {
                let steps: Vec<Step> = plan.iter().filter(|(of, _)| of == id).map(|(_, step)| *step).collect();
                prop_assert!(steps == [Step::Deliver] || steps == [Step::Collect, Step::Deliver], "{:?}", steps);
            }
        }
    }
}
