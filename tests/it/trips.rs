//! Trips: several errands offered, taken, changed under way and given back, on both backings and both lines.

use paotui::domain::place::PlaceKind;
use paotui::domain::seal::Seal;
use paotui::flow::{dispatch, rounds};
use paotui::store::duties::{self, Duty};
use paotui::store::{Error, people};
use serde_json::{Value, json};

use crate::support::{House, Person, medicine, on_every_house, seed};

on_every_house!(
    food_from_one_shop_is_one_offer_and_one_way,
    what_is_dropped_from_an_offer_goes_to_another,
    what_was_cancelled_meanwhile_is_left_out_of_the_trip,
    a_red_errand_goes_before_what_is_carried_and_the_rest_stays,
    who_is_on_the_way_to_the_counter_is_asked_to_add_one,
    a_silent_runner_is_not_waited_for_when_it_is_red,
    giving_all_back_frees_what_is_not_bought_and_keeps_the_rest_for_a_person,
    the_board_shows_trips_and_a_trip_is_taken_whole,
    nobody_is_sent_to_a_shut_shop,
    who_lives_behind_a_seal_is_not_asked,
    after_the_end_of_a_shift_nothing_is_begun,
    a_cart_carries_twice_as_much,
    patience_holds_green_errands_and_says_so,
    answers_and_counters_are_learned,
    an_empty_shelf_is_not_tried_again_and_a_shut_door_not_at_all,
    in_a_crowded_zone_the_rings_say_whom_to_ask,
);

fn food(room: &str, building: &str, lines: usize) -> Value {
    let items: Vec<Value> = (0..lines).map(|line| json!({ "name": format!("米{line}") })).collect();
    json!({ "building": building, "room": room, "name": "李", "phone": "13900000000", "category": "food", "items": items })
}

async fn asks(house: &House, body: Value) -> Value {
    let answer = house.anyone().post("/requests", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

async fn state(house: &House, asked: &Value) -> String {
    house.anyone().get(&format!("/requests/{}", asked["token"].as_str().unwrap())).await.text("/state")
}

async fn route(runner: &Person) -> Vec<String> {
    let trip = runner.get("/runner/trip").await.body;
    let halt = |halt: &Value| {
        let at = halt["place"].as_str().or(halt["building"].as_str()).unwrap_or_default().to_owned();
        format!("{} {} {}", halt["act"].as_str().unwrap(), halt["errands"].as_array().unwrap().len(), at)
    };
    trip["route"].as_array().unwrap().iter().map(halt).collect()
}

async fn food_from_one_shop_is_one_offer_and_one_way(house: House) -> House {
    let (low, high) = (asks(&house, food("1-201", "H-1", 1)).await, asks(&house, food("1-801", "H-1", 1)).await);
    let other = asks(&house, food("1-301", "H-2", 1)).await;
    let runner = house.runner_on_duty("r101", 180.0).await;
    house.settle().await;
    let offers = runner.get("/runner/offers").await.body;
    assert_eq!(offers["items"].as_array().unwrap().len(), 1, "{offers}");
    assert_eq!(offers["items"][0]["errands"].as_array().unwrap().len(), 3);
    assert_eq!((&offers["items"][0]["kind"], &offers["items"][0]["reason"]), (&json!("next"), &json!("best_trip")));
    assert_eq!(runner.accepts().await.body["items"].as_array().unwrap().len(), 3);
    for asked in [&low, &high, &other] {
        assert_eq!(state(&house, asked).await, "claimed");
    }
    let way = route(&runner).await;
    assert_eq!((way.len(), way[0].as_str()), (3, "collect 3 S-1"), "{way:?}");
    assert!(way.contains(&"deliver 2 H-1".to_owned()) && way.contains(&"deliver 1 H-2".to_owned()), "{way:?}");
    let trip = runner.get("/runner/trip").await.body;
    let rooms: Vec<&str> =
        trip["stops"].as_array().unwrap().iter().map(|stop| stop["room"].as_str().unwrap()).collect();
    let place = |room: &str| rooms.iter().position(|other| *other == room).unwrap();
    assert!(place("1-801") < place("1-201"), "a block is gone through from the top down: {rooms:?}");
    for stop in trip["stops"].as_array().unwrap() {
        assert_eq!(runner.does("collect", stop["errand"].as_str().unwrap(), json!({})).await.status, 200);
    }
    assert!(route(&runner).await.iter().all(|halt| halt.starts_with("deliver")));
    for stop in trip["stops"].as_array().unwrap() {
        assert_eq!(runner.does("deliver", stop["errand"].as_str().unwrap(), json!({})).await.status, 200);
    }
    assert!(route(&runner).await.is_empty());
    house
}

async fn what_is_dropped_from_an_offer_goes_to_another(house: House) -> House {
    let first = asks(&house, food("1-201", "H-1", 1)).await;
    asks(&house, food("1-801", "H-1", 1)).await;
    let runner = house.runner_on_duty("r101", 180.0).await;
    house.settle().await;
    let card = runner.get("/runner/offers").await.body["items"][0].clone();
    let errands: Vec<&str> =
        card["errands"].as_array().unwrap().iter().map(|errand| errand["errand"].as_str().unwrap()).collect();
    assert_eq!(errands.len(), 2);
    let path = format!("/offers/{}/accept", card["id"].as_str().unwrap());
    let taken = runner.post(&path, json!({ "drop": [errands[1]] })).await;
    assert_eq!(taken.body["items"].as_array().unwrap().len(), 1, "{taken:?}");
    assert_eq!(runner.post(&path, json!({ "drop": [errands[1]] })).await.status, 200, "said twice is said once");
    house.settle().await;
    assert!(runner.offer().await.is_empty(), "what was dropped is not offered to the same runner again");
    let other = house.runner_on_duty("r102", 600.0).await;
    house.settle().await;
    let card = other.get("/runner/offers").await.body["items"][0].clone();
    let all: Vec<&Value> = card["errands"].as_array().unwrap().iter().map(|errand| &errand["errand"]).collect();
    let path = format!("/offers/{}/accept", card["id"].as_str().unwrap());
    assert_eq!(
        other.post(&path, json!({ "drop": all })).await.body["items"],
        json!([]),
        "to drop everything is to say no"
    );
    house.settle().await;
    assert!(other.offer().await.is_empty());
    let third = house.runner_on_duty("r103", 600.0).await;
    house.settle().await;
    assert_eq!(third.accepts().await.status, 200);
    assert_eq!(state(&house, &first).await, "claimed");
    house
}

async fn what_was_cancelled_meanwhile_is_left_out_of_the_trip(house: House) -> House {
    let (gone, stays) = (asks(&house, food("1-201", "H-1", 1)).await, asks(&house, food("1-801", "H-1", 1)).await);
    let runner = house.runner_on_duty("r101", 180.0).await;
    house.settle().await;
    let cancelled =
        house.anyone().post(&format!("/requests/{}/cancel", gone["token"].as_str().unwrap()), json!({})).await;
    assert_eq!(cancelled.text("/state"), "cancelled");
    let card = runner.get("/runner/offers").await.body["items"][0].clone();
    assert_eq!(card["errands"].as_array().unwrap().len(), 1, "the offer stands without it");
    assert_eq!(runner.accepts().await.body["items"].as_array().unwrap().len(), 1);
    assert_eq!((state(&house, &gone).await, state(&house, &stays).await), ("cancelled".into(), "claimed".into()));
    house
}

async fn a_red_errand_goes_before_what_is_carried_and_the_rest_stays(house: House) -> House {
    let carried = asks(&house, food("1-201", "H-2", 1)).await;
    let runner = house.runner_on_duty("r101", 180.0).await;
    house.settle().await;
    runner.accepts().await;
    let first = runner.errand().await;
    runner.does("collect", &first, json!({})).await;
    house.clock.turn(10);
    let red = house.asks_for_medicine(0).await;
    house.settle().await;
    let card = runner.get("/runner/offers").await.body["items"][0].clone();
    assert_eq!((&card["kind"], &card["reason"]), (&json!("divert"), &json!("fastest_under_way")));
    runner.accepts().await;
    let way = route(&runner).await;
    assert_eq!(way.len(), 3, "{way:?}");
    let place = |text: &str| way.iter().position(|halt| halt == text).unwrap();
    assert!(place("collect 1 P-1") < place("deliver 1 H-1"));
    assert_eq!(state(&house, &carried).await, "collected", "what is on his back stays there");
    let errand = runner.get("/runner/trip").await.body["stops"]
        .as_array()
        .unwrap()
        .iter()
        .find(|stop| stop["category"] == "medicine")
        .unwrap()["errand"]
        .as_str()
        .unwrap()
        .to_owned();
    runner.does("collect", &errand, json!({})).await;
    runner.does("deliver", &errand, json!({})).await;
    assert_eq!(house.tracks(&red).await["state"], "delivered");
    assert_eq!(route(&runner).await, ["deliver 1 H-2"], "and he goes on where he was");
    house
}

async fn who_is_on_the_way_to_the_counter_is_asked_to_add_one(house: House) -> House {
    asks(&house, food("1-201", "H-1", 1)).await;
    let runner = house.runner_on_duty("r101", 1_500.0).await;
    house.settle().await;
    runner.accepts().await;
    house.clock.turn(30);
    asks(&house, food("1-801", "H-1", 1)).await;
    house.settle().await;
    let card = runner.get("/runner/offers").await.body["items"][0].clone();
    assert_eq!((&card["kind"], &card["reason"]), (&json!("add_on"), &json!("on_the_way")), "{card}");
    runner.accepts().await;
    assert_eq!(route(&runner).await, ["collect 2 S-1", "deliver 2 H-1"]);
    house
}

async fn a_silent_runner_is_not_waited_for_when_it_is_red(house: House) -> House {
    let silent = house.runner_on_duty("r101", 90.0).await;
    let next = house.runner_on_duty("r102", 700.0).await;
    let red = house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(next.offer().await.is_empty());
    house.after(13).await;
    assert_eq!(next.get("/runner/offers").await.text("/items/0/reason"), "next_wave");
    assert!(!silent.offer().await.is_empty(), "the first may still say yes");
    assert_eq!(next.accepts().await.status, 200);
    assert!(silent.offer().await.is_empty(), "and hears that it is gone");
    assert_eq!(house.tracks(&red).await["state"], "claimed");
    house.after(60).await;
    assert_eq!(next.get("/runner/trip").await.body["stops"].as_array().unwrap().len(), 1);
    house
}

async fn giving_all_back_frees_what_is_not_bought_and_keeps_the_rest_for_a_person(house: House) -> House {
    let (one, two) = (asks(&house, food("1-201", "H-1", 1)).await, asks(&house, food("1-801", "H-1", 1)).await);
    let runner = house.runner_on_duty("r101", 180.0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    let given = runner.post("/runner/trip/hand_back", json!({ "reason": "tired" })).await;
    assert_eq!(given.body["items"].as_array().unwrap().len(), 2, "{given:?}");
    let mut states = [state(&house, &one).await, state(&house, &two).await];
    states.sort();
    assert_eq!(states, ["care", "waiting"]);
    assert!(route(&runner).await.is_empty());
    house
}

async fn the_board_shows_trips_and_a_trip_is_taken_whole(house: House) -> House {
    asks(&house, food("1-201", "H-1", 1)).await;
    asks(&house, food("1-801", "H-1", 1)).await;
    let lone = asks(&house, medicine(30)).await;
    let runner = house.person("r101").await;
    let board = runner.get(&format!("/runner/board?lat={}&lon={}", seed::LAT, seed::LON)).await.body;
    let trips = board["items"].as_array().unwrap();
    assert_eq!(trips.len(), 2, "{board}");
    let trip =
        trips.iter().find(|trip| trip["errands"].as_array().unwrap().len() == 2).expect("one trip of two errands");
    assert_eq!((trip["doors"].as_i64(), trip["trip_bags"].as_i64()), (Some(1), Some(2)));
    let errands: Vec<&Value> = trip["errands"].as_array().unwrap().iter().map(|errand| &errand["errand"]).collect();
    let (winner, loser) = (house.person("r102").await, house.person("r103").await);
    let taken = winner.post("/runner/board/claim", json!({ "errands": errands, "place": "S-1" })).await;
    assert_eq!(taken.body["items"].as_array().unwrap().len(), 2, "{taken:?}");
    assert_eq!(route(&winner).await, ["collect 2 S-1", "deliver 2 H-1"]);
    assert_eq!(loser.post("/runner/board/claim", json!({ "errands": errands })).await.code(), "already_claimed");
    assert_eq!(loser.post("/runner/board/claim", json!({ "errands": [] })).await.body["errors"][0]["field"], "errands");
    assert_eq!(loser.post("/runner/board/claim", json!({ "errands": errands, "place": "X" })).await.status, 422);
    assert_eq!(state(&house, &lone).await, "waiting");
    house
}

async fn nobody_is_sent_to_a_shut_shop(house: House) -> House {
    // It is noon in Chongqing; the only pharmacy opens at two.
    seed::opens(house.db(), "P-1", (PlaceKind::Pharmacy, 100.0), (14 * 60, 20 * 60)).await;
    let runner = house.runner_on_duty("r101", 90.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(runner.offer().await.is_empty());
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.get("/watch/requests").await.text("/items/0/nobody_reason"), "place_shut");
    let board = runner.get("/runner/board").await.body;
    assert_eq!(board["items"][0]["later"], true, "it is shown, and said to be for later");
    house.clock.turn(2 * 3600 - 300);
    runner.put("/runner/duty", json!({ "on": true })).await;
    house.settle().await;
    assert!(!runner.offer().await.is_empty(), "five minutes before opening one may set out");
    house
}

async fn who_lives_behind_a_seal_is_not_asked(house: House) -> House {
    let inside = house.runner_on_duty("r101", 90.0).await;
    seed::has(house.db(), "r101", Some("H-2"), "").await;
    seed::seals(house.db(), "H-2", 300.0, Seal::Sealed).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(inside.offer().await.is_empty());
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.get("/watch/requests").await.text("/items/0/nobody_reason"), "wrong_side_of_the_seal");
    seed::seals(house.db(), "H-2", 300.0, Seal::Open).await;
    house.settle().await;
    assert!(!inside.offer().await.is_empty(), "unsealed, he is asked at once");
    house
}

async fn after_the_end_of_a_shift_nothing_is_begun(house: House) -> House {
    let runner = house.person("r101").await;
    let at = json!({ "on": true, "lat": seed::LAT, "lon": seed::LON, "until": "2026-11-23T04:10:00Z" });
    assert_eq!(runner.put("/runner/duty", at).await.text("/until"), "2026-11-23T04:10:00Z");
    house.clock.turn(601);
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(runner.offer().await.is_empty());
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.get("/watch/requests").await.text("/items/0/nobody_reason"), "shift_ends");
    let wrong = runner.put("/runner/duty", json!({ "on": true, "until": "later" })).await;
    assert_eq!(wrong.body["errors"][0]["field"], "until");
    house
}

async fn a_cart_carries_twice_as_much(house: House) -> House {
    seed::has(house.db(), "r102", None, "cart").await;
    for room in 1..=8 {
        asks(&house, food(&format!("1-{room}01"), "H-1", 1)).await;
    }
    let walker = house.runner_on_duty("r101", 190.0).await;
    house.settle().await;
    assert_eq!(walker.get("/runner/offers").await.body["items"][0]["errands"].as_array().unwrap().len(), 6);
    walker.declines().await;
    walker.put("/runner/duty", json!({ "on": false })).await;
    let carter = house.runner_on_duty("r102", 190.0).await;
    house.settle().await;
    assert_eq!(carter.get("/runner/offers").await.body["items"][0]["errands"].as_array().unwrap().len(), 8);
    house
}

async fn patience_holds_green_errands_and_says_so(house: House) -> House {
    let supervisor = house.person("sup").await;
    let set = supervisor.put("/watch/dials", json!({ "patience_s": 600 })).await;
    assert_eq!((set.status, set.body["patience_s"].as_i64()), (200, Some(600)), "{set:?}");
    assert_eq!(
        supervisor.put("/watch/dials", json!({ "patience_s": 1201 })).await.body["errors"][0]["field"],
        "patience_s"
    );
    assert_eq!(house.person("r103").await.put("/watch/dials", json!({ "patience_s": 0 })).await.status, 403);
    let runner = house.runner_on_duty("r101", 190.0).await;
    asks(&house, food("1-201", "H-1", 1)).await;
    house.settle().await;
    assert!(runner.offer().await.is_empty());
    assert_eq!(supervisor.get("/watch/requests").await.text("/items/0/nobody_reason"), "held");
    house.after(601).await;
    assert!(!runner.offer().await.is_empty(), "ten minutes later it goes with what there is");
    house
}

async fn answers_and_counters_are_learned(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    house.clock.turn(12);
    runner.accepts().await;
    let errand = runner.errand().await;
    house.clock.turn(400);
    runner.does("collect", &errand, json!({})).await;
    let learned = house.person("sup").await.get("/watch/habits").await.body;
    let of = |what: &str| {
        learned["items"].as_array().unwrap().iter().find(|habit| habit["what"] == what).cloned().unwrap_or_default()
    };
    assert_eq!(
        (of("accepts")["n"].as_i64(), of("accepts")["subject"].as_str()),
        (Some(1), Some("陈r101")),
        "{learned}"
    );
    assert_eq!((of("answers_s")["n"].as_i64(), of("answers_s")["mean"].as_f64()), (Some(1), Some(12.0)));
    // 100 m on foot at 1.3 m/s × 1.4 take 108 s; the rest of the 400 s was the counter.
    let counter = of("counter_s")["mean"].as_f64().unwrap();
    assert!((counter - 292.0).abs() < 4.0, "{counter}");
    assert_eq!(runner.get("/watch/habits").await.status, 403, "nobody sees the habits of others");
    house
}

async fn an_empty_shelf_is_not_tried_again_and_a_shut_door_not_at_all(house: House) -> House {
    seed::opens(house.db(), "P-2", (PlaceKind::Pharmacy, 700.0), (0, 1440)).await;
    let runner = house.runner_on_duty("r101", 90.0).await;
    let tell = |outcome: &'static str| {
        let told = json!({ "item": "缬沙坦胶囊", "strength": "80mg", "outcome": outcome });
        let runner = runner.clone();
        async move { assert_eq!(runner.post("/places/P-1/sightings", told).await.status, 201) }
    };
    tell("none").await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    let place = || async { runner.get("/runner/offers").await.text("/items/0/errands/0/from/code") };
    assert_eq!(place().await, "P-2", "the nearer one has none");
    let elsewhere = json!({ "item": "缬沙坦胶囊", "outcome": "none" });
    runner.declines().await;
    house.person("desk").await.post("/places/P-2/sightings", elsewhere).await;
    let third = house.runner_on_duty("r103", 0.0).await;
    house.settle().await;
    assert!(third.offer().await.is_empty(), "nobody walks where there is none");
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.get("/watch/requests").await.text("/items/0/nobody_reason"), "out_of_stock");
    third.put("/runner/duty", json!({ "on": false })).await;
    house.clock.turn(61);
    tell("has").await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert_eq!(place().await, "P-1", "it came in");
    runner.declines().await;
    house.clock.turn(61);
    tell("shut").await;
    let restocked = json!({ "item": "缬沙坦胶囊", "outcome": "has" });
    house.person("desk").await.post("/places/P-2/sightings", restocked).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert_eq!(place().await, "P-2");
    house
}

async fn in_a_crowded_zone_the_rings_say_whom_to_ask(house: House) -> House {
    // 180 runners at 20 m from each other, northwards; the pharmacy is at 100 m.
    let now = house.flow.now();
    let all = house.db().write(async move |conn| {
        for number in 1..=180 {
            let account = people::find(conn, &format!("r{number:03}")).await?.unwrap();
            let lat = Some(seed::LAT + 20.0 * f64::from(number) * seed::METRE);
            let duty = Duty {
                on_at: Some(now),
                lat,
                lon: Some(seed::LON),
                seen_at: now,
                placed_at: Some(now),
                ..Duty::never(account.id, account.zone_id)
            };
            duties::put(conn, duty).await?;
        }
        Ok::<_, Error>(())
    });
    all.await.unwrap();
    house.line_loses_everything().await;
    house.settle().await;
    for zone in rounds::list_zones(&house.flow).await.unwrap() {
        let standing = dispatch::standing(&house.flow, zone).await.unwrap();
        house.flow.line.rebuild(zone, &standing).await.unwrap();
    }
    house.asks_for_medicine(0).await;
    house.settle().await;
    let nearest = house.person("r005").await;
    assert!(!nearest.offer().await.is_empty(), "who stands at the counter is asked");
    house.letters();
    house
}
