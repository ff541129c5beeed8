//! Two at once on PostgreSQL: the runner's row is locked first, so that nobody waits for each other in a ring, and whoever
//! waited looks at things as they are then. SQLite has one writer: there the same words hold by themselves.

use std::time::Duration;

use paotui::domain::errand::Step;
use paotui::domain::ids::{ErrandId, OfferId, PersonId};
use paotui::domain::offer::OfferState;
use paotui::store::errands::{Advance, Errand, Lease};
use paotui::store::{Conn, Result, duties, errands, offers, people};
use serde_json::json;
use tokio::time::sleep;

use crate::support::{House, on_every_house};

on_every_house!(
    whoever_assigns_waits_for_the_runner_before_anything_else,
    a_runner_sent_elsewhere_looks_again_when_it_is_his_turn,
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
    Ok(errands::advance(conn, errand, Advance { step, to, runner, lease_until, at, lease, place }).await?.is_some())
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
