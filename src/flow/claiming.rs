//! Errands that become somebody's without having been offered: taken from the board, or given by a supervisor.

use super::moving::{Act, take};
use super::{Fault, House, Result, dispatch, shrug};
use crate::domain::actor::{Actor, Person, Trace, form_of_address};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{BuildingId, ErrandId, PersonId, PlaceId};
use crate::domain::permission::{Action, may};
use crate::store::errands::Errand;
use crate::store::{Conn, duties, errands, people, requests, routes};

/// Takes a waiting errand from the open board: of all who try, one wins.
///
/// # Errors
/// [`Fault::AlreadyClaimed`] for the others, [`Fault::HandsFull`], [`Fault::NotFound`] when it is not of this runner's zone.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn claim(house: &House, person: &Person, errand: ErrandId) -> Result<Errand> {
    claim_trip(house, person, vec![errand], None).await?.into_iter().next().ok_or(Fault::AlreadyClaimed(None))
}

/// Takes a trip from the board: all of it that is still to be had, from `place` where that may be.
///
/// # Errors
/// [`Fault::AlreadyClaimed`] when nothing of it is, [`Fault::HandsFull`], [`Fault::SealedIn`] and
/// [`Fault::SealedOff`] for what is on the other side of a seal, [`Fault::NotFound`] for an errand of another zone.
pub async fn claim_trip(
    house: &House,
    person: &Person,
    wanted: Vec<ErrandId>,
    place: Option<PlaceId>,
) -> Result<Vec<Errand>> {
    let until = house.now().plus_seconds(house.terms.claim_s);
    let map = dispatch::Map::read(house, person.zone).await?;
    let me = person.clone();
    let claimed = house
        .db
        .write(async move |conn| {
            // Runner first, then the errands: two claims of one runner count what he carries one after the other.
            duties::lock(conn, me.id).await?;
            let (mine, free) = sort_out(conn, &me, &wanted).await?;
            if free.is_empty() {
                return if mine.is_empty() { lost(conn, me.id, &wanted).await } else { Ok(mine) };
            }
            let home = people::find_building(conn, me.id).await?;
            on_the_same_side(&map, home, &free)?;
            fits_in_hands(conn, &map, me.id, &free).await?;
            let act = Act::new(Step::Claim, Trace::runner(me.id), map.now).into_hands_of(me.id, until);
            let taken = into_hands(conn, &map, free, Act { place, ..act.because("from_board") }).await?;
            if taken.is_empty() && mine.is_empty() {
                return lost(conn, me.id, &wanted).await;
            }
            Ok([mine, taken].concat())
        })
        .await?;
    after_claim(house, person, &claimed, until).await;
    Ok(claimed)
}

/// Somebody else was faster: who, as politely as runners of one zone speak of each other.
async fn lost<T>(conn: &mut Conn, me: PersonId, wanted: &[ErrandId]) -> Result<T> {
    Err(Fault::AlreadyClaimed(holder_of(conn, me, wanted).await?))
}

/// Who has the first of these errands that somebody else has. Only for whoever was asked for them, or may claim them.
pub(super) async fn holder_of(conn: &mut Conn, me: PersonId, wanted: &[ErrandId]) -> Result<Option<String>> {
    for id in wanted {
        let found = errands::find(conn, *id).await?;
        let holder = found.filter(|errand| errand.state.is_with_runner()).and_then(|errand| errand.runner_id);
        if let Some(holder) = holder.filter(|holder| *holder != me) {
            return Ok(Some(form_of_address(&people::load(conn, holder).await?.name)));
        }
    }
    Ok(None)
}

/// Who has what this runner wanted, as a page tells it after a race was lost.
///
/// # Errors
/// [`Fault::NotFound`] for an errand of another zone.
pub async fn find_holder(house: &House, person: &Person, errand: ErrandId) -> Result<Option<String>> {
    let me = person.clone();
    house
        .db
        .read(async move |conn| {
            let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
            if !may(&Actor::Person(me.clone()), Action::ClaimFromBoard { zone: found.zone_id }) {
                return Err(Fault::NotFound);
            }
            holder_of(conn, me.id, &[errand]).await
        })
        .await
}

/// What is mine already (a second tap), and what is free.
async fn sort_out(conn: &mut Conn, me: &Person, wanted: &[ErrandId]) -> Result<(Vec<Errand>, Vec<Errand>)> {
    let (mut mine, mut free) = (Vec::new(), Vec::new());
    for id in wanted {
        let found = errands::find(conn, *id).await?.ok_or(Fault::NotFound)?;
        if !may(&Actor::Person(me.clone()), Action::ClaimFromBoard { zone: found.zone_id }) {
            return Err(Fault::NotFound);
        }
        match found.state {
            State::Claimed if found.runner_id == Some(me.id) => mine.push(found),
            State::Waiting => free.push(found),
            _ => {}
        }
    }
    Ok((mine, free))
}

/// Behind a seal only those who live there walk, and they do not come out.
fn on_the_same_side(map: &dispatch::Map, home: Option<BuildingId>, free: &[Errand]) -> Result<()> {
    let home = map.sealed_home(home);
    if free.iter().all(|errand| map.sealed_around(errand) == home) {
        Ok(())
    } else {
        Err(if home.is_some() { Fault::SealedIn } else { Fault::SealedOff })
    }
}

async fn fits_in_hands(conn: &mut Conn, map: &dispatch::Map, me: PersonId, free: &[Errand]) -> Result<()> {
    let (held, carried) = errands::in_hand(conn, me).await?;
    fits_in_head(map, held, free.len())?;
    let more: i64 = free.iter().map(|errand| i64::from(errand.bags)).sum();
    let most = i64::from(map.capacity_of(crate::store::rosters::find(conn, me).await?.as_ref()));
    // A single errand of more bags than usual is the runner's own choice while the hands are empty.
    let alone = carried == 0 && free.len() == 1;
    if !alone && carried + more > most { Err(Fault::HandsFull { carried, more, most }) } else { Ok(()) }
}

/// However small the bags: more errands than that are not kept in mind, and wait longer than with the next runner.
pub(super) fn fits_in_head(map: &dispatch::Map, held: i64, more: usize) -> Result<()> {
    let (more, most) = (i64::try_from(more).unwrap_or(i64::MAX), map.terms.max_errands);
    if held.saturating_add(more) > most { Err(Fault::TooManyErrands { carried: held, more, most }) } else { Ok(()) }
}

/// Moves errands into a runner's hands and their stops into the route; those that went elsewhere meanwhile are left out.
pub(super) async fn into_hands(
    conn: &mut Conn,
    map: &dispatch::Map,
    free: Vec<Errand>,
    act: Act,
) -> Result<Vec<Errand>> {
    let Some(runner) = act.holder else { return Ok(Vec::new()) };
    let (mut parcels, mut chosen) = (Vec::with_capacity(free.len()), Vec::with_capacity(free.len()));
    for errand in free {
        let (submitted_at, named) = requests::load_origin(conn, errand.request_id).await?;
        let place_id = map.place_for(&errand, named, act.place);
        parcels.push(map.parcel(&Errand { place_id, ..errand.clone() }, submitted_at));
        chosen.push((errand, place_id));
    }
    let placings = dispatch::take_along(conn, map, runner, &parcels).await?;
    let mut taken = Vec::with_capacity(chosen.len());
    for (errand, place) in chosen {
        match take(conn, &errand, Act { place, ..act.clone() }).await {
            Ok(errand) => taken.push(errand),
            Err(Fault::Overtaken(_)) => {}
            Err(other) => return Err(other),
        }
    }
    routes::write(conn, placings).await?;
    duties::count_taken(conn, runner, taken.len()).await?;
    Ok(taken)
}

pub(super) async fn after_claim(house: &House, person: &Person, claimed: &[Errand], until: At) {
    super::presence::restate(house, person.zone, person.id).await;
    for errand in claimed {
        shrug(house.line.dequeue(errand.zone_id, errand.id).await);
        shrug(house.line.lease(errand.zone_id, errand.id, until).await);
        if errand.leg == 1 {
            record_wait(house, errand, "paotui_to_claim_seconds").await;
        }
        house.tell_change(errand, Some(person.id)).await;
    }
}

/// Seconds since the request was made, into the histogram of this phase.
pub(super) async fn record_wait(house: &House, errand: &Errand, histogram: &'static str) {
    let (request, now) = (errand.request_id, house.now());
    let submitted = house.db.read(async move |conn| errands::submitted_at(conn, request).await).await;
    if let Ok(submitted) = submitted {
        let waited = std::time::Duration::from_micros(now.micros_since(submitted).unsigned_abs());
        metrics::histogram!(histogram, "urgency" => errand.urgency.as_str()).record(waited.as_secs_f64());
    }
}
