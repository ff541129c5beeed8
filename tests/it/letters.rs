//! Letters: sent once they are due, tried again while the server is away, shown when they are given up.

use std::sync::Arc;

use paotui::worker::Relay;
use serde_json::json;

use crate::support::{House, medicine, on_every_house};

on_every_house!(
    a_mail_server_that_is_away_is_tried_again_and_then_a_person_is_told,
    an_offer_answered_meanwhile_sends_nothing
);

fn to_a_dead_server(house: &House) -> Relay {
    let mailer = paotui::mail::open("smtp://127.0.0.1:1", "paotui@example.org").unwrap();
    Relay { mailer: Arc::new(mailer), public_url: house.base.clone() }
}

async fn a_mail_server_that_is_away_is_tried_again_and_then_a_person_is_told(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let mut body = medicine(0);
    body["email"] = json!("wang@example.org");
    house.anyone().post("/requests", body).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    for step in ["collect", "deliver"] {
        runner.does(step, &errand, json!({})).await;
    }
    let supervisor = house.person("sup").await;
    let letters = async |what: &str| supervisor.get("/watch/summary").await.body[what].as_u64().unwrap();
    let relay = to_a_dead_server(&house);
    let mut tries = 0;
    while letters("letters_waiting").await > 0 {
        assert_eq!(letters("letters_dead").await, 0);
        tries += relay.send_due(&house.flow).await.unwrap();
        assert!(tries <= 8, "a letter is not tried for ever");
        // The longest wait between two tries; the session of the supervisor lives on.
        house.clock.turn(15 * 60);
    }
    assert_eq!((tries, letters("letters_dead").await), (8, 1));
    house
}

async fn an_offer_answered_meanwhile_sends_nothing(house: House) -> House {
    let runner = house.runner_on_duty("r001", 0.0).await;
    house.asks_for_medicine(0).await;
    for zone in paotui::flow::rounds::list_zones(&house.flow).await.unwrap() {
        paotui::flow::dispatch::round(&house.flow, zone).await.unwrap();
    }
    runner.accepts().await;
    house.settle().await;
    assert_eq!(house.letters().len(), 0);
    house
}
