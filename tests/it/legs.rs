//! Across a gate: goods for a sealed building are handed over at its gate, and somebody inside brings them to the door.

use paotui::domain::seal::Seal;
use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house, seed};

on_every_house!(
    goods_go_to_the_gate_and_on_from_there_by_somebody_inside,
    a_hand_over_sent_twice_is_one_and_the_door_closes_for_who_brought_them,
    whoever_is_on_the_other_side_of_a_seal_takes_nothing_there,
    when_the_building_opens_anybody_may_bring_them_up,
    what_was_fetched_at_the_gate_need_not_be_carried,
    who_brought_them_may_see_them_fetched_and_nothing_else,
    something_wrong_at_the_gate_or_at_the_door_begins_at_the_shop_again,
    a_lease_that_ends_inside_gives_the_bag_to_the_next_one_inside,
    whoever_asked_to_fetch_at_the_gate_needs_no_second_leg,
    an_open_building_without_a_gate_has_no_hand_over,
    a_visit_behind_a_seal_is_for_somebody_inside,
    what_is_over_is_not_brought_back_by_who_left_it_at_the_gate,
    a_bag_that_is_not_there_begins_at_the_shop_again,
    a_seal_calls_out_who_was_to_go_in,
    what_joins_at_the_gate_makes_the_second_leg_as_urgent,
);

/// H-1 is sealed behind a wall; r101 lives there and helps inside, r102 walks outside.
async fn sealed(house: &House) -> (Person, Person) {
    seed::walls(house.db(), "H-1", 0.0, Seal::Sealed).await;
    seed::has(house.db(), "r101", Some("H-1"), "").await;
    (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 90.0).await)
}

/// The runner takes what is offered to the gate; answers the errand.
async fn brings_to_the_gate(house: &House, runner: &Person) -> String {
    house.settle().await;
    assert_eq!(runner.accepts().await.status, 200);
    let errand = runner.errand().await;
    assert_eq!(runner.does("collect", &errand, json!({})).await.status, 200);
    let left = runner.does("hand_over", &errand, json!({})).await;
    assert_eq!((left.status, left.text("/state")), (200, "at_gate".to_owned()), "{left:?}");
    errand
}

async fn state_of(house: &House, asked: &Answer) -> String {
    house.tracks(asked).await["state"].as_str().unwrap().to_owned()
}

async fn resident(house: &House, asked: &Answer, what: &str, body: Value) -> Answer {
    house.anyone().post(&format!("/requests/{}/{what}", asked.text("/token")), body).await
}

fn is_gate(point: &Value) -> bool {
    point["lat"].as_f64().is_some_and(|lat| (lat - (seed::LAT - 40.0 * seed::METRE)).abs() < 1e-9)
}

/// The one line of the queue.
async fn queued(house: &House) -> Value {
    let queue = house.person("sup").await.get("/watch/requests").await.body;
    let items = queue["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "a request is one line, however many legs it has: {queue}");
    items[0].clone()
}

async fn goods_go_to_the_gate_and_on_from_there_by_somebody_inside(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(inside.offer().await.is_empty(), "nobody comes out");
    let offered = outside.get("/runner/offers").await.body["items"][0]["errands"][0].clone();
    assert!(offered["leg"] == 1 && is_gate(&offered["to_gate"]), "{offered}");
    let first = brings_to_the_gate(&house, &outside).await;
    assert_eq!(state_of(&house, &asked).await, "at_gate");
    house.after(60).await;
    assert!(outside.offer().await.is_empty());
    let offers = inside.get("/runner/offers").await;
    let offered = &offers.body["items"][0]["errands"][0];
    assert!(offered["leg"] == 2 && is_gate(&offered["from_gate"]), "{offers:?}");
    assert!(offered["from"].is_null() && offered["to_gate"].is_null() && !offers.raw.contains("-501"), "{offers:?}");
    assert_eq!(inside.accepts().await.status, 200);
    let second = inside.errand().await;
    assert_ne!(first, second);
    let trip = inside.get("/runner/trip").await.body;
    assert!(trip["stops"][0]["room"].as_str().unwrap().ends_with("-501"), "who brings it up knows the door: {trip}");
    assert_eq!(trip["route"][0]["at_gate"], true, "{trip}");
    assert_eq!(state_of(&house, &asked).await, "at_gate", "for the resident nothing goes back");
    assert_eq!(inside.does("collect", &second, json!({})).await.status, 200);
    assert_eq!(state_of(&house, &asked).await, "at_gate");
    house.clock.turn(120);
    assert_eq!(inside.does("deliver", &second, json!({})).await.text("/state"), "delivered");
    let seen = house.tracks(&asked).await;
    let states: Vec<&str> =
        seen["timeline"].as_array().unwrap().iter().map(|moment| moment["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["waiting", "offered", "claimed", "collected", "at_gate", "delivered"]);
    let row = queued(&house).await;
    let opened = house.person("sup").await.get(&format!("/watch/requests/{}", row["id"].as_str().unwrap())).await.body;
    let legs: Vec<(&Value, &Value, &Value)> =
        opened["legs"].as_array().unwrap().iter().map(|leg| (&leg["leg"], &leg["state"], &leg["runner"])).collect();
    let (one, two) = (json!(1), json!(2));
    let (gate, door) = (json!("at_gate"), json!("delivered"));
    let (brought, carried) = (json!("陈r102"), json!("陈r101"));
    assert_eq!(legs, [(&one, &gate, &brought), (&two, &door, &carried)], "{opened}");
    assert_eq!(resident(&house, &asked, "confirm", json!({})).await.text("/state"), "closed");
    house
}

async fn a_hand_over_sent_twice_is_one_and_the_door_closes_for_who_brought_them(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    house.asks_for_medicine(0).await;
    let errand = brings_to_the_gate(&house, &outside).await;
    let again = outside.does("hand_over", &errand, json!({})).await;
    assert_eq!((again.status, again.text("/state")), (200, "at_gate".to_owned()));
    let trip = outside.get("/runner/trip").await;
    assert!(trip.body["stops"].as_array().unwrap().is_empty() && !trip.raw.contains("13800000000"), "{trip:?}");
    house.settle().await;
    assert_eq!(inside.get("/runner/offers").await.body["items"].as_array().unwrap().len(), 1);
    house
}

async fn whoever_is_on_the_other_side_of_a_seal_takes_nothing_there(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    inside.put("/runner/duty", json!({ "on": false })).await;
    house.asks_for_medicine(0).await;
    let first = house.person("sup").await.get("/watch/requests").await.text("/items/0/errand");
    let claim = inside.does("claim", &first, json!({})).await;
    assert_eq!((claim.status, claim.code()), (409, "sealed_in".to_owned()));
    brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    let row = queued(&house).await;
    assert_eq!(
        (&row["state"], &row["errand_state"], &row["nobody_reason"]),
        (&json!("at_gate"), &json!("waiting"), &json!("wrong_side_of_the_seal"))
    );
    let second = row["errand"].as_str().unwrap();
    let claim = outside.does("claim", second, json!({})).await;
    assert_eq!((claim.status, claim.code()), (409, "sealed_off".to_owned()));
    let board = outside.get("/runner/board").await;
    assert!(!board.raw.contains(second), "the board does not show what cannot be taken: {board:?}");
    let board = inside.get("/runner/board").await;
    assert!(board.raw.contains(second), "{board:?}");
    assert_eq!(inside.does("claim", second, json!({})).await.status, 200);
    house
}

async fn when_the_building_opens_anybody_may_bring_them_up(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    inside.put("/runner/duty", json!({ "on": false })).await;
    let asked = house.asks_for_medicine(0).await;
    brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    assert!(outside.offer().await.is_empty());
    let opened = house.person("sup").await.put("/buildings/H-1/seal", json!({ "seal": "open" })).await;
    assert_eq!(opened.status, 200);
    house.settle().await;
    assert_eq!(outside.accepts().await.status, 200);
    let errand = outside.errand().await;
    outside.does("collect", &errand, json!({})).await;
    assert_eq!(outside.does("deliver", &errand, json!({})).await.status, 200);
    assert_eq!(state_of(&house, &asked).await, "delivered");
    house
}

async fn what_was_fetched_at_the_gate_need_not_be_carried(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    assert!(!inside.offer().await.is_empty());
    let cancelled = resident(&house, &asked, "cancel", json!({})).await;
    assert_eq!((cancelled.status, cancelled.code()), (409, "out_of_turn".to_owned()), "it is bought");
    let confirmed = resident(&house, &asked, "confirm", json!({})).await;
    assert_eq!((confirmed.status, confirmed.text("/state")), (200, "closed".to_owned()));
    assert!(inside.offer().await.is_empty(), "nobody is sent for what is gone");
    house.after(3600).await;
    let seen = house.tracks(&asked).await;
    assert_eq!(seen["state"], "closed");
    let times: Vec<&Value> = seen["timeline"].as_array().unwrap().iter().map(|moment| &moment["state"]).collect();
    assert_eq!(times[4..], [&json!("at_gate"), &json!("delivered"), &json!("closed")], "{seen}");
    // And one that is on its way up the stairs.
    for (runner, north) in [(&inside, 0.0), (&outside, 90.0)] {
        let at = json!({ "on": true, "lat": seed::LAT + north * seed::METRE, "lon": seed::LON });
        assert_eq!(runner.put("/runner/duty", at).await.status, 200);
    }
    let asked = house.asks_for_medicine(0).await;
    brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    inside.accepts().await;
    let errand = inside.errand().await;
    inside.does("collect", &errand, json!({})).await;
    let problem = resident(&house, &asked, "problem", json!({ "reason": "not_received" })).await;
    assert_eq!((problem.status, problem.code()), (409, "out_of_turn".to_owned()), "it is on the stairs");
    assert_eq!(resident(&house, &asked, "confirm", json!({})).await.text("/state"), "closed");
    assert!(inside.errand().await.is_empty());
    house
}

async fn who_brought_them_may_see_them_fetched_and_nothing_else(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    let errand = brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    for step in ["fail", "hand_back", "collect"] {
        let refused = outside.does(step, &errand, json!({ "reason": "cannot" })).await;
        assert_eq!((refused.status, refused.code()), (409, "out_of_turn".to_owned()), "{step}");
    }
    assert_eq!(outside.does("deliver", &errand, json!({})).await.text("/state"), "delivered");
    assert!(inside.offer().await.is_empty());
    assert_eq!(state_of(&house, &asked).await, "delivered");
    // Once somebody inside has taken them up, it is too late for that.
    let asked = house.asks_for_medicine(0).await;
    let errand = brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    inside.accepts().await;
    let second = inside.errand().await;
    inside.does("collect", &second, json!({})).await;
    let late = outside.does("deliver", &errand, json!({})).await;
    assert_eq!((late.status, late.code()), (409, "out_of_turn".to_owned()));
    assert_eq!(state_of(&house, &asked).await, "at_gate");
    house
}

async fn something_wrong_at_the_gate_or_at_the_door_begins_at_the_shop_again(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let supervisor = house.person("sup").await;
    let asked = house.asks_for_medicine(0).await;
    let first = brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    let problem = resident(&house, &asked, "problem", json!({ "reason": "wrong_thing" })).await;
    assert_eq!((problem.status, problem.text("/state")), (200, "care".to_owned()), "{problem:?}");
    assert!(inside.offer().await.is_empty());
    assert_eq!(queued(&house).await["errand"], json!(first));
    let assign = supervisor.post(&format!("/watch/errands/{first}/assign"), json!({ "runner": "r102" })).await;
    assert_eq!(assign.status, 200, "{assign:?}");
    let stop = outside.get("/runner/trip").await.body["stops"][0].clone();
    assert_eq!((&stop["from"]["code"], &stop["leg"]), (&json!("P-1"), &json!(1)), "{stop}");
    outside.does("collect", &first, json!({})).await;
    outside.does("hand_over", &first, json!({})).await;
    house.settle().await;
    inside.accepts().await;
    let third = inside.errand().await;
    assert_eq!(inside.get("/runner/trip").await.body["stops"][0]["leg"], 3);
    inside.does("collect", &third, json!({})).await;
    inside.does("deliver", &third, json!({})).await;
    assert_eq!(state_of(&house, &asked).await, "delivered");
    let problem = resident(&house, &asked, "problem", json!({ "reason": "wrong_thing" })).await;
    assert_eq!(problem.text("/state"), "care");
    assert_eq!(queued(&house).await["errand"], json!(first), "it begins at the shop again");
    house
}

async fn a_lease_that_ends_inside_gives_the_bag_to_the_next_one_inside(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    seed::has(house.db(), "r103", Some("H-1"), "").await;
    house.asks_for_medicine(0).await;
    brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    inside.accepts().await;
    let second = inside.errand().await;
    let other = house.runner_on_duty("r103", 0.0).await;
    house.after(3 * 3600).await;
    other.put("/runner/duty", json!({ "on": true, "lat": seed::LAT, "lon": seed::LON })).await;
    house.settle().await;
    assert!(inside.errand().await.is_empty(), "who fell silent before fetching it has it no more");
    assert_eq!(other.accepts().await.status, 200);
    assert_eq!(other.errand().await, second);
    house
}

async fn whoever_asked_to_fetch_at_the_gate_needs_no_second_leg(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let mut body = medicine(0);
    body["hand_over"] = json!("gate");
    let asked = house.anyone().post("/requests", body).await;
    brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    assert!(inside.offer().await.is_empty());
    assert_eq!(queued(&house).await["leg"], 1);
    assert_eq!(resident(&house, &asked, "confirm", json!({})).await.text("/state"), "closed");
    house
}

async fn an_open_building_without_a_gate_has_no_hand_over(house: House) -> House {
    let outside = house.runner_on_duty("r102", 90.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    outside.accepts().await;
    let errand = outside.errand().await;
    let early = outside.does("hand_over", &errand, json!({})).await;
    assert_eq!(early.status, 409);
    outside.does("collect", &errand, json!({})).await;
    let refused = outside.does("hand_over", &errand, json!({})).await;
    assert_eq!((refused.status, refused.code()), (409, "no_gate".to_owned()));
    assert_eq!(state_of(&house, &asked).await, "collected");
    house
}

async fn a_visit_behind_a_seal_is_for_somebody_inside(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let body = json!({
        "building": "H-1", "room": "2-501", "name": "王阿姨", "phone": "13800000000", "category": "care_visit",
        "items": [{ "name": "量血压", "quantity": 1, "unit": "次", "substitution": "exact" }],
    });
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    house.settle().await;
    assert!(outside.offer().await.is_empty(), "nobody can go in");
    assert_eq!(inside.accepts().await.status, 200);
    let errand = inside.errand().await;
    inside.does("collect", &errand, json!({})).await;
    assert_eq!(inside.does("deliver", &errand, json!({})).await.text("/state"), "delivered");
    house
}

async fn what_is_over_is_not_brought_back_by_who_left_it_at_the_gate(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    let first = brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    inside.accepts().await;
    let second = inside.errand().await;
    let again = inside.does("hand_over", &second, json!({})).await;
    assert_eq!(again.status, 409, "what comes from a gate is not handed over there");
    inside.does("collect", &second, json!({})).await;
    assert_eq!(inside.does("hand_over", &second, json!({})).await.code(), "no_gate");
    inside.does("deliver", &second, json!({})).await;
    for state in ["delivered", "closed"] {
        let late = outside.does("deliver", &first, json!({})).await;
        assert_eq!((late.status, late.code()), (409, "out_of_turn".to_owned()), "{state}");
        assert_eq!(state_of(&house, &asked).await, state);
        resident(&house, &asked, "confirm", json!({})).await;
    }
    assert_eq!(state_of(&house, &asked).await, "closed");
    house
}

async fn a_bag_that_is_not_there_begins_at_the_shop_again(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    let first = brings_to_the_gate(&house, &outside).await;
    house.settle().await;
    inside.accepts().await;
    let second = inside.errand().await;
    let missing = inside.does("fail", &second, json!({ "reason": "not_at_gate" })).await;
    assert_eq!((missing.status, missing.text("/state")), (200, "care".to_owned()), "{missing:?}");
    assert_eq!(missing.text("/errand"), first, "a person decides about the way from the shop");
    assert_eq!((state_of(&house, &asked).await.as_str(), inside.errand().await.as_str()), ("care", ""));
    let row = queued(&house).await;
    assert_eq!((&row["errand"], &row["leg"], &row["state"]), (&json!(first), &json!(1), &json!("care")));
    assert_eq!(inside.does("fail", &second, json!({ "reason": "not_at_gate" })).await.status, 409);
    house
}

async fn a_seal_calls_out_who_was_to_go_in(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    inside.put("/runner/duty", json!({ "on": false })).await;
    let supervisor = house.person("sup").await;
    let seal = async |seal: &str| {
        assert_eq!(supervisor.put("/buildings/H-1/seal", json!({ "seal": seal })).await.status, 200);
        house.settle().await;
    };
    let asked = house.asks_for_medicine(0).await;
    brings_to_the_gate(&house, &outside).await;
    seal("open").await;
    let offer = outside.offer().await;
    assert!(!offer.is_empty());
    seal("sealed").await;
    assert!(outside.offer().await.is_empty(), "asked, and then the door was shut");
    assert_eq!(outside.post(&format!("/offers/{offer}/accept"), json!({})).await.code(), "offer_closed");
    seal("open").await;
    outside.accepts().await;
    let second = outside.errand().await;
    seal("sealed").await;
    assert!(outside.errand().await.is_empty(), "nobody goes in any more");
    assert_eq!(outside.does("collect", &second, json!({})).await.status, 409);
    assert_eq!(state_of(&house, &asked).await, "at_gate");
    inside.put("/runner/duty", json!({ "on": true, "lat": seed::LAT, "lon": seed::LON })).await;
    house.settle().await;
    assert_eq!(inside.accepts().await.status, 200);
    house
}

async fn what_joins_at_the_gate_makes_the_second_leg_as_urgent(house: House) -> House {
    let (_, outside) = sealed(&house).await;
    let asked = house.anyone().post("/requests", medicine(20)).await;
    brings_to_the_gate(&house, &outside).await;
    let before = queued(&house).await;
    let joined = house.anyone().post("/requests", medicine(0)).await;
    assert_eq!(joined.text("/merged_into"), asked.text("/id"), "{joined:?}");
    let after = queued(&house).await;
    assert_eq!((&before["urgency"], &after["urgency"], &after["leg"]), (&json!("green"), &json!("red"), &json!(2)));
    house.settle().await;
    let zone = house.db().read(async |conn| paotui::store::zones::find(conn, "HOME").await).await.unwrap().unwrap().id;
    let waiting = house.db().read(async move |conn| paotui::store::errands::list_waiting(conn, zone, 10).await);
    let waiting: Vec<_> = waiting.await.unwrap().into_iter().map(|errand| errand.urgency.to_string()).collect();
    let offered = house.db().read(async move |conn| paotui::store::waiting::list_offered_red(conn, zone).await).await;
    assert!(waiting == ["red"] || offered.unwrap().len() == 1, "the errand that counts is as urgent: {waiting:?}");
    house
}
