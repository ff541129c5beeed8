//! What happens to a request, told once and lived on both backings and both lines.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{House, medicine, on_every_house};

on_every_house!(
    a_tablet_is_asked_for_brought_and_confirmed,
    the_nearest_is_asked_and_after_a_no_the_next,
    silence_passes_the_offer_on_and_leaves_the_silent_in_peace,
    red_goes_before_an_older_green,
    with_nobody_on_duty_the_reason_is_told_and_whoever_comes_gets_it,
    going_off_duty_hands_the_offer_back,
    a_claim_is_given_back_before_and_kept_for_a_person_after_collecting,
    what_cannot_be_delivered_goes_to_a_person_with_its_reason,
    a_request_can_be_cancelled_until_the_goods_are_bought,
    what_did_not_arrive_is_looked_into,
    a_supervisor_gives_an_errand_to_another,
    a_supervisor_takes_an_errand_back,
    a_claim_without_a_sign_of_life_goes_back,
    the_true_time_of_something_done_offline_is_kept,
    an_act_sent_twice_is_one_act,
    the_line_may_lose_everything_between_any_two_steps,
    what_all_declined_does_not_hide_what_nobody_was_asked_about,
    a_runner_takes_an_errand_from_the_board,
);

fn states(tracked: &Value) -> Vec<&str> {
    tracked["timeline"].as_array().unwrap().iter().map(|moment| moment["state"].as_str().unwrap()).collect()
}

async fn a_tablet_is_asked_for_brought_and_confirmed(house: House) -> House {
    let runner = house.runner_on_duty("r001", 50.0).await;
    let mut body = medicine(0);
    body["email"] = json!("wang@example.org");
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!((asked.text("/urgency").as_str(), asked.text("/deliver_by").as_str()), ("red", "2026-11-23T04:30:00Z"));
    house.settle().await;
    assert_eq!(house.letters().len(), 1, "the runner hears of the offer");
    house.clock.turn(10);
    assert_eq!(runner.accepts().await.status, 200);
    let errand = runner.errand().await;
    house.clock.turn(300);
    assert_eq!(runner.does("deliver", &errand, json!({})).await.code(), "out_of_turn");
    assert_eq!(runner.does("collect", &errand, json!({})).await.text("/state"), "collected");
    house.clock.turn(290);
    assert_eq!(runner.does("deliver", &errand, json!({})).await.text("/state"), "delivered");
    let seen = house.tracks(&asked).await;
    assert_eq!(states(&seen), ["waiting", "offered", "claimed", "collected", "delivered"]);
    assert_eq!(seen["runner"], "陈师傅");
    // For five minutes it may be taken back.
    house.after(301).await;
    let letter = house.letters().remove(0);
    assert!(letter.text.contains(&asked.text("/token")) && letter.to == "wang@example.org");
    let confirmed = house.anyone().post(&format!("/requests/{}/confirm", asked.text("/token")), json!({})).await;
    assert_eq!(confirmed.text("/state"), "closed");
    let summary = house.person("sup").await.get("/watch/summary").await.body;
    assert_eq!(summary["all"]["to_claim"]["max"], 10.0);
    assert_eq!(summary["all"]["to_claim"]["p50"], Value::Null, "one is no percentile");
    assert_eq!(summary["all"]["to_deliver"]["max"], 600.0);
    assert_eq!(summary["all"]["share_within_target"], 1.0);
    house
}

async fn the_nearest_is_asked_and_after_a_no_the_next(house: House) -> House {
    // The pharmacy is 100 m north.
    let far = house.runner_on_duty("r101", 900.0).await;
    let near = house.runner_on_duty("r102", 150.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(far.offer().await.is_empty());
    let card = near.get("/runner/offers").await.body;
    assert_eq!(card["items"][0]["reason"], "fastest_free");
    assert!((card["items"][0]["distance_m"].as_f64().unwrap() - 50.0).abs() < 2.0);
    assert_eq!(near.declines().await.status, 204);
    house.settle().await;
    assert!(near.offer().await.is_empty(), "who said no is not asked again");
    assert_eq!(far.accepts().await.status, 200);
    assert_eq!(house.tracks(&asked).await["state"], "claimed");
    house
}

async fn silence_passes_the_offer_on_and_leaves_the_silent_in_peace(house: House) -> House {
    let silent = house.runner_on_duty("r101", 110.0).await;
    let other = house.runner_on_duty("r102", 800.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    let offer = silent.offer().await;
    house.after(61).await;
    assert_eq!(silent.post(&format!("/offers/{offer}/accept"), json!({})).await.code(), "offer_closed");
    assert_eq!(other.accepts().await.status, 200);
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(silent.offer().await.is_empty(), "the silent one rests for two minutes");
    house.after(130).await;
    assert_eq!(silent.put("/runner/duty", json!({ "on": true })).await.status, 200);
    house.settle().await;
    assert!(!silent.offer().await.is_empty());
    house
}

async fn red_goes_before_an_older_green(house: House) -> House {
    let food = json!({ "building": "H-1", "room": "1", "name": "李", "phone": "13900000000", "category": "food", "items": [{ "name": "米" }] });
    let green = house.anyone().post("/requests", food).await;
    house.clock.turn(60);
    let red = house.asks_for_medicine(0).await;
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    runner.accepts().await;
    assert_eq!(house.tracks(&red).await["state"], "claimed");
    assert_eq!(house.tracks(&green).await["state"], "waiting");
    house
}

async fn with_nobody_on_duty_the_reason_is_told_and_whoever_comes_gets_it(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.get("/watch/requests").await.text("/items/0/nobody_reason"), "nobody_on_duty");
    let runner = house.runner_on_duty("r101", 3_000.0).await;
    house.settle().await;
    assert_eq!(runner.accepts().await.status, 200);
    let row = supervisor.get("/watch/requests").await.body;
    assert_eq!((&row["items"][0]["nobody_reason"], &row["items"][0]["code"]), (&Value::Null, &asked.body["code"]));
    house
}

async fn going_off_duty_hands_the_offer_back(house: House) -> House {
    let leaving = house.runner_on_duty("r101", 110.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(!leaving.offer().await.is_empty());
    leaving.put("/runner/duty", json!({ "on": false })).await;
    assert!(leaving.offer().await.is_empty());
    let other = house.runner_on_duty("r102", 500.0).await;
    house.settle().await;
    assert_eq!(other.accepts().await.status, 200);
    house
}

async fn a_claim_is_given_back_before_and_kept_for_a_person_after_collecting(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    assert_eq!(runner.does("hand_back", &errand, json!({})).await.text("/state"), "waiting");
    assert!(runner.errand().await.is_empty());
    assert_eq!(runner.does("claim", &errand, json!({})).await.status, 200);
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(runner.does("hand_back", &errand, json!({ "reason": "我不舒服，先回家" })).await.text("/state"), "care");
    assert_eq!(house.tracks(&asked).await["state"], "care");
    let supervisor = house.person("sup").await;
    let id = asked.text("/id");
    let timeline = supervisor.get(&format!("/watch/requests/{id}")).await.body["timeline"].clone();
    assert!(timeline.to_string().contains("我不舒服"), "what was said in own words reaches the supervisor");
    house
}

async fn what_cannot_be_delivered_goes_to_a_person_with_its_reason(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(runner.does("fail", &errand, json!({})).await.body["errors"][0]["field"], "reason");
    assert_eq!(runner.does("fail", &errand, json!({ "reason": "nobody_home" })).await.text("/state"), "care");
    let seen = house.tracks(&asked).await;
    assert_eq!((&seen["state"], &seen["care_reason"]), (&json!("care"), &json!("nobody_home")));
    house
}

async fn a_request_can_be_cancelled_until_the_goods_are_bought(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (first, second) = (house.asks_for_medicine(0).await, house.asks_for_medicine(0).await);
    house.settle().await;
    let cancel = |token: String| format!("/requests/{token}/cancel");
    let offered = if house.tracks(&first).await["state"] == "offered" { (&first, &second) } else { (&second, &first) };
    let cancelled = house.anyone().post(&cancel(offered.0.text("/token")), json!({ "reason": "邻居送来了" })).await;
    assert_eq!(cancelled.text("/state"), "cancelled");
    assert!(runner.offer().await.is_empty(), "the offer is withdrawn");
    runner.put("/runner/duty", json!({ "on": true })).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(house.anyone().post(&cancel(offered.1.text("/token")), json!({})).await.code(), "out_of_turn");
    house
}

async fn what_did_not_arrive_is_looked_into(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("deliver", &errand, json!({})).await;
    let page = format!("{}/r/{}", house.base, asked.text("/token"));
    let html = house.http.get(&page).send().await.unwrap().text().await.unwrap();
    let token = html.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let said_no = house.http.post(format!("{page}/confirm")).body(format!("form_token={token}&received=no"));
    let answer = said_no.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let seen = house.tracks(&asked).await;
    assert_eq!((&seen["state"], &seen["care_reason"]), (&json!("care"), &json!("not_received")));
    house
}

async fn a_supervisor_gives_an_errand_to_another(house: House) -> House {
    let (first, second) = (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 900.0).await);
    let supervisor = house.person("sup").await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    first.accepts().await;
    let errand = first.errand().await;
    let assign = format!("/watch/errands/{errand}/assign");
    let elsewhere = supervisor.post(&assign, json!({ "runner": "run-else" })).await;
    assert_eq!(elsewhere.status, 404, "a door is not opened to somebody of another zone");
    let assigned = supervisor.post(&assign, json!({ "runner": "r102" })).await;
    assert_eq!(assigned.text("/state"), "claimed");
    assert!(first.errand().await.is_empty());
    assert_eq!(
        first.does("collect", &errand, json!({})).await.code(),
        "out_of_turn",
        "the former runner is told, not obeyed"
    );
    assert_eq!(second.does("collect", &errand, json!({})).await.status, 200);
    let stranger = house.person("sup-else").await;
    let elsewhere = stranger.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": "r101" })).await;
    assert_eq!(elsewhere.status, 404);
    house
}

async fn a_supervisor_takes_an_errand_back(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let supervisor = house.person("sup").await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    let path = format!("/watch/errands/{errand}/release");
    assert_eq!(supervisor.post(&path, json!({})).await.body["errors"][0]["field"], "reason");
    assert_eq!(supervisor.post(&path, json!({ "reason": "no_answer" })).await.text("/state"), "waiting");
    assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 409);
    house
}

async fn a_claim_without_a_sign_of_life_goes_back(house: House) -> House {
    let lost = house.runner_on_duty("r101", 0.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    lost.accepts().await;
    let errand = lost.errand().await;
    house.clock.turn(200);
    lost.errand().await;
    house.after(200).await;
    assert_eq!(lost.errand().await, errand, "looking at the trip was a sign of life");
    house.clock.turn(301);
    let other = house.runner_on_duty("r102", 0.0).await;
    house.settle().await;
    assert_eq!(other.accepts().await.status, 200);
    assert_eq!(lost.does("collect", &errand, json!({})).await.status, 409);
    house
}

async fn the_true_time_of_something_done_offline_is_kept(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    house.clock.turn(20);
    runner.accepts().await;
    let errand = runner.errand().await;
    house.clock.turn(200);
    runner.does("collect", &errand, json!({ "done_at": "2026-11-23T03:00:00Z" })).await;
    runner.does("deliver", &errand, json!({ "done_at": "2026-11-23T04:02:00Z" })).await;
    let timeline = house.tracks(&asked).await["timeline"].clone();
    assert_eq!(timeline[3]["at"], "2026-11-23T04:00:20Z", "before the claim it cannot have been");
    assert_eq!(timeline[4]["at"], "2026-11-23T04:02:00Z");
    house
}

async fn an_act_sent_twice_is_one_act(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    let offer = runner.offer().await;
    for _ in 0..2 {
        assert_eq!(runner.post(&format!("/offers/{offer}/accept"), json!({})).await.status, 200);
    }
    let errand = runner.errand().await;
    for step in ["collect", "collect", "deliver", "deliver"] {
        let call = runner.request(Method::POST, &format!("/errands/{errand}/{step}")).header("Idempotency-Key", step);
        assert_eq!(runner.send(call).await.status, 200, "{step}");
    }
    assert_eq!(states(&house.tracks(&asked).await), ["waiting", "offered", "claimed", "collected", "delivered"]);
    let other_body =
        runner.request(Method::POST, &format!("/errands/{errand}/deliver")).header("Idempotency-Key", "deliver");
    assert_eq!(runner.send(other_body.json(&json!({ "code": "1" }))).await.code(), "key_reused");
    house
}

async fn the_line_may_lose_everything_between_any_two_steps(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.line_loses_everything().await;
    let asked = house.asks_for_medicine(0).await;
    house.line_loses_everything().await;
    house.settle().await;
    house.line_loses_everything().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    for step in ["collect", "deliver"] {
        house.line_loses_everything().await;
        assert_eq!(runner.does(step, &errand, json!({})).await.status, 200, "{step}");
        house.settle().await;
    }
    assert_eq!(house.tracks(&asked).await["state"], "delivered");
    house
}

async fn what_all_declined_does_not_hide_what_nobody_was_asked_about(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    runner.declines().await;
    house.clock.turn(5);
    let later = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    assert_eq!(house.tracks(&later).await["state"], "claimed");
    house
}

async fn a_runner_takes_an_errand_from_the_board(house: House) -> House {
    let runner = house.person("r101").await;
    let asked = house.asks_for_medicine(0).await;
    let board = runner.get("/runner/board?lat=29.53&lon=106.52").await.body;
    let errand = board["items"][0]["errand"].as_str().unwrap().to_owned();
    assert!((board["items"][0]["distance_m"].as_f64().unwrap() - 100.0).abs() < 2.0);
    let stranger = house.person("run-else").await;
    assert_eq!(stranger.does("claim", &errand, json!({})).await.status, 404);
    assert_eq!(runner.does("claim", &errand, json!({})).await.status, 200);
    assert_eq!(house.person("r102").await.does("claim", &errand, json!({})).await.code(), "already_claimed");
    assert_eq!(house.tracks(&asked).await["state"], "claimed");
    house
}
