//! Two at once on PostgreSQL: the runner's row is locked first, so that nobody waits for each other in a ring, and whoever
//! waited looks at things as they are then. SQLite has one writer: there the same words hold by themselves.

use std::time::Duration;

use paotui::domain::clock::At;
use paotui::domain::errand::Step;
use paotui::domain::ids::{ErrandId, OfferId, PersonId};
use paotui::domain::offer::OfferState;
use paotui::domain::seal::Seal;
use paotui::store::errands::{Advance, Errand, Lease};
use paotui::store::{Conn, Result, duties, errands, offers, people, seals, zones};
use serde_json::json;
use tokio::time::sleep;

use crate::support::{House, Person, on_every_house, seed};

on_every_house!(
    whoever_assigns_waits_for_the_runner_before_anything_else,
    a_runner_sent_elsewhere_looks_again_when_it_is_his_turn,
    a_seal_waits_for_who_was_to_go_in_and_then_takes_what_he_took,
    a_yes_looks_at_the_seal_when_it_is_its_turn,
    what_was_taken_while_it_was_put_aside_stays_taken,
);

/// A call is sent once the row is held, and has come as far as it can when this is over.
const A_MOMENT: Duration = Duration::from_millis(150);
const A_WHILE: Duration = Duration::from_millis(800);

/// Holds the runner's row until the transaction ends, which is no sooner than others wait for it.
async fn holds(conn: &mut Conn, runner: &'static str) -> Result<PersonId> {
    let runner = people::find(conn, runner).await?.unwrap().id;
    duties::lock(conn, runner).await?;
    sleep(A_WHILE).await;
    Ok(runner)
}

/// Does a step to an errand as the service does it, without its journal.
async fn moves(conn: &mut Conn, errand: &Errand, step: Step) -> Result<bool> {
    let (to, runner, at) = (errand.state.step(step).unwrap(), errand.runner_id, errand.waiting_since);
    let (lease, place, lease_until) = (Lease::Any, errand.place_id, errand.lease_until);
    let (new_fence, is_news) = (step.makes_new_fence(), step != Step::Elsewhere);
    let advance = Advance { to, new_fence, runner, lease_until, at, lease, place, is_news };
    Ok(errands::advance(conn, errand, advance).await?.is_some())
}

async fn whoever_assigns_waits_for_the_runner_before_anything_else(house: House) -> House {
    let first = house.runner_on_duty("r101", 0.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    let offer: OfferId = first.offer().await.parse().unwrap();
    let asked = house.db().read(async move |conn| offers::list_errands(conn, offer).await).await.unwrap();
    let errand = asked[0].errand_id;
    house.runner_on_duty("r102", 300.0).await;
    let supervisor = house.person("sup").await;
    let now = house.flow.now();
    let held = house.db().write(async move |conn| {
        holds(conn, "r102").await?;
        // Whoever holds the runner may touch the offer: nobody who waits for the runner holds it.
        offers::end(conn, offer, OfferState::Withdrawn, None, now).await
    });
    let assigns = async {
        sleep(A_MOMENT).await;
        supervisor.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": "r102" })).await
    };
    let (held, assigned) = tokio::join!(held, assigns);
    assert!(held.unwrap(), "the offer was still open");
    assert_eq!((assigned.status, assigned.text("/state")), (200, "claimed".to_owned()), "{assigned:?}");
    house
}

async fn a_runner_sent_elsewhere_looks_again_when_it_is_his_turn(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    let id: ErrandId = errand.parse().unwrap();
    let held = house.db().write(async move |conn| {
        holds(conn, "r101").await?;
        let found = errands::find(conn, id).await?.unwrap();
        moves(conn, &found, Step::Collect).await
    });
    let goes = async {
        sleep(A_MOMENT).await;
        runner.does("elsewhere", &errand, json!({ "place": "S-1" })).await
    };
    let (held, gone) = tokio::join!(held, goes);
    assert!(held.unwrap());
    assert_eq!((gone.status, gone.code()), (409, "out_of_turn".to_owned()), "fetched meanwhile: {gone:?}");
    house
}

/// A bag lies at the gate of H-1, which is open again, and r102 from outside is asked to bring it up.
async fn asked_to_go_in(house: &House) -> Person {
    seed::walls(house.db(), "H-1", 0.0, Seal::Sealed).await;
    let outside = house.runner_on_duty("r102", 0.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    outside.accepts().await;
    let errand = outside.errand().await;
    for step in ["collect", "hand_over"] {
        assert_eq!(outside.does(step, &errand, json!({})).await.status, 200);
    }
    let opened = house.person("sup").await.put("/buildings/H-1/seal", json!({ "seal": "open" })).await;
    assert_eq!(opened.status, 200);
    house.settle().await;
    assert!(!outside.offer().await.is_empty());
    outside
}

/// Says yes to the one offer of a runner as the service does it, as far as its row is concerned.
async fn says_yes(conn: &mut Conn, runner: PersonId, now: At) -> Result<bool> {
    let offer = offers::list_open_of(conn, runner).await?.remove(0);
    let errand = offers::list_errands(conn, offer).await?.remove(0).errand_id;
    let found = errands::find(conn, errand).await?.unwrap();
    let ended = offers::end(conn, offer, OfferState::Accepted, None, now).await?;
    Ok(ended && found.runner_id == Some(runner) && moves(conn, &found, Step::Accept).await?)
}

async fn a_seal_waits_for_who_was_to_go_in_and_then_takes_what_he_took(house: House) -> House {
    let outside = asked_to_go_in(&house).await;
    let (supervisor, now) = (house.person("sup").await, house.flow.now());
    let held = house.db().write(async move |conn| {
        let runner = holds(conn, "r102").await?;
        says_yes(conn, runner, now).await
    });
    let seals = async {
        sleep(A_MOMENT).await;
        supervisor.put("/buildings/H-1/seal", json!({ "seal": "sealed" })).await
    };
    let (held, sealed) = tokio::join!(held, seals);
    assert!(held.unwrap(), "nothing moved while he was held");
    assert_eq!((sealed.status, &sealed.body["errands"]), (200, &json!(1)), "{sealed:?}");
    assert!(outside.errand().await.is_empty(), "he is called out again");
    house
}

async fn a_yes_looks_at_the_seal_when_it_is_its_turn(house: House) -> House {
    let outside = asked_to_go_in(&house).await;
    let held = house.db().write(async move |conn| {
        holds(conn, "r102").await?;
        let building = zones::find_building(conn, "H-1").await?.unwrap();
        seals::hold(conn, building.id, Seal::Sealed, None).await
    });
    let accepts = async {
        sleep(A_MOMENT).await;
        outside.accepts().await
    };
    let (held, accepted) = tokio::join!(held, accepts);
    held.unwrap();
    assert_eq!((accepted.status, accepted.code()), (409, "offer_closed".to_owned()), "{accepted:?}");
    house
}

async fn what_was_taken_while_it_was_put_aside_stays_taken(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(!runner.offer().await.is_empty());
    let (supervisor, now) = (house.person("sup").await, house.flow.now());
    let none = json!({ "item": "缬沙坦胶囊", "strength": "80mg", "outcome": "none" });
    assert_eq!(supervisor.post("/places/P-1/sightings", none).await.status, 201);
    let held = house.db().write(async move |conn| {
        let runner = holds(conn, "r101").await?;
        says_yes(conn, runner, now).await
    });
    let puts = async {
        sleep(A_MOMENT).await;
        supervisor.post("/watch/shortages", json!({ "item": "缬沙坦胶囊", "strength": "80mg" })).await
    };
    let (held, put) = tokio::join!(held, puts);
    assert!(held.unwrap(), "his yes counts");
    assert_eq!((put.status, &put.body["errands"]), (200, &json!(0)), "{put:?}");
    assert_eq!(house.tracks(&asked).await["state"], "claimed");
    house
}
