//! Saying yes: what is still to be had of the offer is claimed row by row, and its stops go into the runner's route.

use super::super::moving::{Act, take};
use super::super::{Fault, House, Result, claiming, dispatch, presence};
use super::{after_freed, answered, end_offer, let_go, own_offer};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{BuildingId, ErrandId, OfferId, PersonId};
use crate::domain::matching::Pick;
use crate::domain::offer::{Kind, OfferState};
use crate::domain::trip::stop::joined;
use crate::domain::trip::{Act as Halt, Parcel, Worth};
use crate::flow::deciding;
use crate::store::errands::{Errand, Lease};
use crate::store::offers::{Offer, Offered};
use crate::store::{Conn, duties, errands, offers, people, requests, routes, zones};

/// Takes what the offer holds, all but what the runner drops.
///
/// # Errors
/// [`Fault::NotFound`] when it is not this runner's offer, [`Fault::OfferClosed`] when it lapsed, was withdrawn, or the
/// moment for it has passed.
#[tracing::instrument(skip_all, fields(offer_id = %offer))]
pub async fn accept(house: &House, person: &Person, offer: OfferId, dropped: Vec<ErrandId>) -> Result<Vec<Errand>> {
    let (now, until) = (house.now(), house.now().plus_seconds(house.terms.claim_s));
    let map = dispatch::Map::read(house, person.zone).await?;
    let me = person.clone();
    let accepted = house
        .db
        .write(async move |conn| {
            // Runner first, then the offer: as dispatch and sealing do.
            duties::lock(conn, me.id).await?;
            let found = own_offer(conn, &me, offer).await?;
            let held = offers::list_errands(conn, offer).await?;
            if found.state == OfferState::Accepted {
                return Ok(Accepted::again(already_accepted(conn, &me, &held).await?));
            }
            let (dropped, held): (Vec<_>, Vec<_>) =
                held.into_iter().partition(|offered| dropped.contains(&offered.errand_id));
            claiming::fits_in_head(&map, errands::in_hand(conn, me.id).await?.0, held.len())?;
            // Whoever drops everything has said no.
            let says_yes = !held.is_empty() || dropped.is_empty();
            let answer = if says_yes { OfferState::Accepted } else { OfferState::Declined };
            if found.lapses_at <= now || !offers::end(conn, offer, answer, None, now).await? {
                return Err(Fault::OfferClosed(None));
            }
            answered(conn, &found, says_yes, now).await?;
            let freed = let_go(conn, &found, &dropped, Act::new(Step::Decline, Trace::runner(me.id), now)).await?;
            if !says_yes {
                return Ok(Accepted { freed, is_new: true, ..Accepted::again(Vec::new()) });
            }
            offers::drop_from(conn, &found, &dropped, now).await?;
            let (claimed, elsewhere) = take_all(conn, &map, (&found, held), until).await?;
            Ok(Accepted { claimed, freed, elsewhere, is_new: true })
        })
        .await;
    let accepted = match accepted {
        Err(Fault::OfferClosed(_)) => {
            pass_on(house, person, offer, now).await?;
            return Err(Fault::OfferClosed(find_holder(house, person, offer).await?));
        }
        other => other?,
    };
    if !accepted.is_new {
        return Ok(accepted.claimed);
    }
    let outcome = if accepted.claimed.is_empty() { "declined" } else { "accepted" };
    metrics::counter!("paotui_offers_total", "outcome" => outcome).increment(1);
    claiming::after_claim(house, person, &accepted.claimed, until).await;
    after_freed(house, &accepted.freed).await;
    for other in accepted.elsewhere {
        presence::restate(house, person.zone, other).await;
    }
    Ok(accepted.claimed)
}

/// What came of a yes.
struct Accepted {
    claimed: Vec<Errand>,
    freed: Vec<Errand>,
    /// Others who were asked for the same, and need not answer any more.
    elsewhere: Vec<PersonId>,
    is_new: bool,
}

impl Accepted {
    const fn again(claimed: Vec<Errand>) -> Self {
        Self { claimed, freed: Vec::new(), elsewhere: Vec::new(), is_new: false }
    }
}

/// A second "yes" to the same offer is the same yes, while it still holds.
async fn already_accepted(conn: &mut Conn, me: &Person, held: &[Offered]) -> Result<Vec<Errand>> {
    let mut mine = Vec::with_capacity(held.len());
    for offered in held {
        let errand = errands::find(conn, offered.errand_id).await?.ok_or(Fault::NotFound)?;
        if errand.runner_id == Some(me.id) && errand.fence == offered.fence {
            mine.push(errand);
        }
    }
    if mine.is_empty() { Err(Fault::OfferClosed(None)) } else { Ok(mine) }
}

/// Claims all that is still to be had of the offer, and puts its stops into the runner's route.
async fn take_all(
    conn: &mut Conn,
    map: &dispatch::Map,
    (offer, held): (&Offer, Vec<Offered>),
    until: At,
) -> Result<(Vec<Errand>, Vec<PersonId>)> {
    let home = people::find_building(conn, offer.runner_id).await?;
    let side = sealed(conn, home, map.now).await?;
    let mut open = Vec::new();
    for offered in held {
        let Some(errand) = errands::find(conn, offered.errand_id).await? else { continue };
        let around = sealed(conn, errand.goes_inside().then_some(errand.building_id), map.now).await?;
        // A seal that came after the offer parts them.
        if errand.fence == offered.fence && errand.state == State::Offered && around == side {
            open.push((errand, offered));
        }
    }
    let offered = as_decided(conn, map, offer, &open).await?;
    let placings = dispatch::join_route(conn, map, &offered).await?.ok_or(Fault::OfferClosed(None))?;
    let (mut claimed, mut elsewhere) = (Vec::new(), Vec::new());
    for (errand, offered) in open {
        let act = Act::new(Step::Accept, Trace::runner(offer.runner_id), map.now).into_hands_of(offer.runner_id, until);
        let act = Act { place: offered.place_id, ..act.while_lease(Lease::Live) };
        match take(conn, &errand, act).await {
            Ok(errand) => claimed.push(errand),
            Err(Fault::Overtaken(_) | Fault::OutOfTurn(_)) => continue,
            Err(other) => return Err(other),
        }
        elsewhere.extend(withdraw_others(conn, errand.id, offer.runner_id, map.now).await?);
    }
    if claimed.is_empty() {
        return Err(Fault::OfferClosed(None));
    }
    routes::write(conn, placings).await?;
    duties::count_taken(conn, offer.runner_id, claimed.len()).await?;
    Ok((claimed, elsewhere))
}

/// The building, if it is sealed by its row: the map was read before whoever seals was waited for.
async fn sealed(conn: &mut Conn, building: Option<BuildingId>, now: At) -> Result<Option<BuildingId>> {
    let Some(building) = building else { return Ok(None) };
    Ok(zones::load_building(conn, building).await?.is_sealed(now).then_some(building))
}

/// The offer as it was decided, from its rows: its stops in their order.
async fn as_decided(
    conn: &mut Conn,
    map: &dispatch::Map,
    offer: &Offer,
    open: &[(Errand, Offered)],
) -> Result<deciding::Offer> {
    let mut halts: Vec<(i32, Halt, Parcel)> = Vec::with_capacity(2 * open.len());
    for (errand, offered) in open {
        let (submitted_at, _) = requests::load_origin(conn, errand.request_id).await?;
        let place_id = offered.place_id.or(errand.place_id);
        let parcel = map.parcel(&Errand { place_id, ..errand.clone() }, submitted_at);
        halts.push((offered.collect_position.unwrap_or(0), Halt::Collect, parcel));
        halts.push((offered.deliver_position.unwrap_or(1), Halt::Deliver, parcel));
    }
    halts.sort_by_key(|(position, ..)| *position);
    let stops = joined(halts.into_iter().map(|(_, act, parcel)| (act, parcel)));
    let (kind, reason) = (offer.kind.unwrap_or(Kind::Next), Pick::BestTrip);
    Ok(deciding::Offer {
        kind,
        runner: offer.runner_id,
        stops,
        reason,
        worth: Worth::default(),
        until: offer.lapses_at,
    })
}

/// Others asked for the same errand hear that it is gone.
async fn withdraw_others(conn: &mut Conn, errand: ErrandId, runner: PersonId, now: At) -> Result<Vec<PersonId>> {
    let open = offers::list_open_of_errand(conn, errand).await?;
    let mut told = Vec::new();
    for other in dispatch::others(&open, runner) {
        // An offer of more than this one goes on without it.
        let holds_more = offers::list_errands(conn, other.id).await?.len() > 1;
        if !holds_more && offers::end(conn, other.id, OfferState::Withdrawn, Some("taken"), now).await? {
            told.push(other.runner_id);
        }
    }
    Ok(told)
}

/// Who has what was offered, if somebody else has it now. For whoever was asked.
///
/// # Errors
/// [`Fault::NotFound`] when it is not this runner's offer.
pub async fn find_holder(house: &House, person: &Person, offer: OfferId) -> Result<Option<String>> {
    let me = person.clone();
    house
        .db
        .read(async move |conn| {
            own_offer(conn, &me, offer).await?;
            let held: Vec<ErrandId> =
                offers::list_errands(conn, offer).await?.iter().map(|offered| offered.errand_id).collect();
            claiming::holder_of(conn, me.id, &held).await
        })
        .await
}

/// The moment for an offer has passed: its errands go on to the next.
async fn pass_on(house: &House, person: &Person, offer: OfferId, now: At) -> Result<()> {
    let me = person.id;
    let freed = house.db.write(async move |conn| {
        let act = Act::new(Step::Withdraw, Trace::SERVICE, now).because("too_late");
        end_offer(conn, offer, OfferState::Withdrawn, act).await.map(Option::unwrap_or_default)
    });
    after_freed(house, &freed.await?).await;
    presence::restate(house, person.zone, me).await;
    Ok(())
}
