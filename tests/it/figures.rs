//! Honest figures: who still waits counts, the team's clock stands still with a reason alone, yesterday stays as it was.

use serde_json::{Value, json};

use crate::support::{Answer, House, Person, figured, medicine, on_every_house};

on_every_house!(
    the_five_figures_are_those_of_the_events,
    few_are_not_told_and_many_are_by_who_still_waits,
    a_clock_is_stopped_with_a_reason_by_who_may,
    the_team_s_clock_stands_and_the_resident_s_goes_on,
    a_question_stops_the_team_s_clock_until_it_is_answered,
    a_new_target_changes_nothing_of_before,
    those_who_wait_longest_are_told_with_who_must_act,
    figures_are_split_by_whatever_is_known,
    targets_are_set_on_a_page_and_nothing_typed_is_lost,
);

/// Asks from H-1: red with 0 left, green with 90.
async fn asks(house: &House, left: u32) -> Answer {
    let mut body = medicine(left);
    body["room"] = json!(crate::support::another_room());
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    asked
}

async fn errand_of(supervisor: &Person, asked: &Answer) -> String {
    let rows = supervisor.get("/watch/requests?limit=200&over=true").await.body;
    let found = rows["items"].as_array().unwrap().iter().find(|row| row["id"] == asked.body["id"]).cloned();
    found.unwrap()["errand"].as_str().unwrap().to_owned()
}

async fn assigns(supervisor: &Person, errand: &str, runner: &str) {
    let given = supervisor.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": runner })).await;
    assert_eq!(given.status, 200, "{given:?}");
}

/// What becomes of a request, by its number; answers how it stands.
async fn lives(house: &House, (supervisor, runner): (&Person, &Person), (number, asked): (usize, &Answer)) {
    let fate = number % 9;
    let path = |act: &str| format!("/requests/{}/{act}", asked.text("/token"));
    if fate == 0 {
        return;
    }
    if fate == 7 {
        house.clock.turn(37);
        assert_eq!(house.anyone().post(&path("cancel"), json!({})).await.text("/state"), "cancelled");
        return;
    }
    let errand = errand_of(supervisor, asked).await;
    assigns(supervisor, &errand, "r101").await;
    if fate == 1 {
        return;
    }
    if fate == 8 {
        house.clock.turn(61);
        let freed = supervisor.post(&format!("/watch/errands/{errand}/release"), json!({ "reason": "too_far" })).await;
        assert_eq!(freed.text("/state"), "waiting", "{freed:?}");
        house.clock.turn(45);
        assigns(supervisor, &errand, "r101").await;
    }
    house.clock.turn(100 + i64::try_from(number).unwrap() * 13 % 290);
    assert_eq!(runner.does("collect", &errand, json!({})).await.status, 200);
    if fate == 2 {
        return;
    }
    house.clock.turn(200 + i64::try_from(number).unwrap() * 29 % 450);
    assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 200);
    if fate == 3 {
        assert_eq!(house.anyone().post(&path("confirm"), json!({})).await.status, 200);
    }
    if fate == 8 {
        let problem = house.anyone().post(&path("problem"), json!({ "reason": "not_arrived" })).await;
        assert_eq!(problem.status, 200, "{problem:?}");
    }
}

async fn the_five_figures_are_those_of_the_events(house: House) -> House {
    let (supervisor, runner) = (house.person("sup").await, house.person("r101").await);
    let began = house.flow.clock.now();
    let mut promised = std::collections::BTreeMap::new();
    for number in 0..36 {
        let asked = asks(&house, [0, 2, 90][number % 3]).await;
        let by = paotui::domain::local::parse_rfc3339(&asked.text("/deliver_by")).unwrap();
        promised.insert(asked.text("/id"), (asked.text("/urgency"), by.0));
        house.clock.turn(17 + i64::try_from(number).unwrap() * 41 % 120);
        lives(&house, (&supervisor, &runner), (number, &asked)).await;
    }
    house.clock.turn(1234);
    let now = house.flow.clock.now();
    let told = supervisor.get("/watch/summary").await.body["five"].clone();
    let events = figured::read_events(&house).await;
    let figures = figured::of_events(&events, &promised, (began.0, now.0));
    figures.must_equal(&told);
    assert!(figures.open > 10 && figures.late > 3, "the day was too quiet to show anything: {figures:?}");
    assert!(told["to_claim"]["p50"].is_number() && told["to_deliver"]["p50"].is_number(), "{told}");
    assert_eq!(told["to_claim"]["line"].as_array().unwrap().len(), 12);
    house
}

async fn few_are_not_told_and_many_are_by_who_still_waits(house: House) -> House {
    let (supervisor, runner) = (house.person("sup").await, house.person("r101").await);
    for _ in 0..4 {
        let asked = asks(&house, 0).await;
        let errand = errand_of(&supervisor, &asked).await;
        house.clock.turn(60);
        assigns(&supervisor, &errand, "r101").await;
        assert_eq!(runner.does("collect", &errand, json!({})).await.status, 200);
    }
    for _ in 0..5 {
        asks(&house, 0).await;
    }
    let all = async || supervisor.get("/watch/summary").await.body["all"]["to_claim"].clone();
    assert_eq!(
        (all().await["n"].as_u64(), &all().await["p50"]),
        (Some(9), &Value::Null),
        "nine are a few people's story"
    );
    asks(&house, 0).await;
    house.clock.turn(3000);
    let told = all().await;
    assert_eq!((told["n"].as_u64(), told["censored"].as_u64(), &told["p50"]), (Some(10), Some(6), &Value::Null));
    assert_eq!((told["more_than"].as_f64(), told["max"].as_f64()), (Some(3000.0), Some(3000.0)), "{told}");
    house
}

async fn a_clock_is_stopped_with_a_reason_by_who_may(house: House) -> House {
    let supervisor = house.person("sup").await;
    let path = format!("/watch/requests/{}/pause", asks(&house, 0).await.text("/id"));
    for (name, status) in [("desk", 403), ("r101", 403), ("sup-else", 404)] {
        let refused = house.person(name).await.post(&path, json!({ "reason": "no_answer" })).await;
        assert_eq!(refused.status, status, "{name}");
    }
    for (body, field, code) in [
        (json!({}), "reason", "required"),
        (json!({ "reason": "lunch" }), "reason", "not_a_word"),
        (json!({ "reason": "no_answer", "until": "soon" }), "until", "not_a_time"),
        (json!({ "reason": "no_answer", "until": "2026-11-23T03:00:00Z" }), "until", "out_of_range"),
        (json!({ "reason": "no_answer", "until": "2026-11-24T04:00:00Z" }), "until", "out_of_range"),
    ] {
        let refused = supervisor.post(&path, body).await;
        let error = &refused.body["errors"][0];
        assert_eq!((refused.status, &error["field"], &error["code"]), (422, &json!(field), &json!(code)));
    }
    house
}

async fn the_team_s_clock_stands_and_the_resident_s_goes_on(house: House) -> House {
    let (supervisor, runner) = (house.person("sup").await, house.person("r101").await);
    let mut all = Vec::new();
    for _ in 0..10 {
        all.push(asks(&house, 0).await);
    }
    let path = |asked: &Answer, act: &str| format!("/watch/requests/{}/{act}", asked.text("/id"));
    // The first stands 600 s for one reason, and 300 s for another that ends by itself; four until they are resumed.
    let body = json!({ "reason": "gate_shut" });
    let (first, again) = (
        supervisor.post(&path(&all[0], "pause"), body.clone()).await,
        supervisor.post(&path(&all[0], "pause"), body).await,
    );
    assert_eq!((first.status, &first.body), (200, &again.body));
    for asked in &all[1..5] {
        supervisor.post(&path(asked, "pause"), json!({ "reason": "no_answer" })).await;
    }
    house.clock.turn(600);
    let until = json!({ "reason": "shop_opens_later", "until": "2026-11-23T04:15:00Z" });
    assert_eq!(supervisor.post(&path(&all[0], "pause"), until).await.text("/until"), "2026-11-23T04:15:00Z");
    house.clock.turn(400);
    for asked in all[1..5].iter().chain(&all[1..5]) {
        assert_eq!(supervisor.post(&path(asked, "resume"), json!({})).await.status, 204, "twice does no harm");
    }
    for asked in &all {
        let errand = errand_of(&supervisor, asked).await;
        assigns(&supervisor, &errand, "r101").await;
        runner.does("collect", &errand, json!({})).await;
        assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 200);
    }
    house.clock.turn(5000);
    let told = supervisor.get("/watch/summary").await.body["all"].clone();
    assert_eq!(told["to_deliver"]["p50"], 1000.0);
    assert_eq!((&told["to_deliver"]["max"], &told["team_to_deliver"]["max"]), (&json!(1000.0), &json!(1000.0)));
    let one = supervisor.get(&format!("/watch/requests/{}", all[0].text("/id"))).await.body;
    let kinds: Vec<&str> = one["timeline"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "clock_paused").count(), 2, "{kinds:?}");
    let over = supervisor.post(&path(&all[0], "pause"), json!({ "reason": "no_answer" })).await;
    assert_eq!((over.status, over.code()), (409, "out_of_turn".to_owned()), "{over:?}");
    let pauses = figured::lines(&house, "count(*) || '/' || count(ended_at)", "FROM clock_pauses").await;
    assert_eq!(pauses, ["6/5"], "one ended by itself");
    let team = supervisor.get("/watch/summary?by=hour").await.body["groups"][0]["team_to_deliver"].clone();
    assert_eq!((team["n"].as_u64(), &team["p50"]), (Some(10), &json!(100.0)), "four of ten 0 s, the fifth 100: {team}");
    house
}

async fn a_question_stops_the_team_s_clock_until_it_is_answered(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    let ask = json!({ "item": 1, "kind": "other_maker", "offer": "鲁南制药" });
    let question = runner.post(&format!("/errands/{errand}/ask"), ask).await;
    assert_eq!(question.status, 200, "{question:?}");
    let standing = async || figured::lines(&house, "reason", "FROM clock_pauses WHERE ended_at IS NULL").await;
    assert_eq!(standing().await, ["waiting_for_consent"]);
    house.clock.turn(120);
    let answer = json!({ "question": question.text("/id"), "choice": "swap" });
    let path = format!("/requests/{}/answer", asked.text("/token"));
    assert_eq!(house.anyone().post(&path, answer).await.status, 200);
    assert!(standing().await.is_empty());
    house
}

async fn a_new_target_changes_nothing_of_before(house: House) -> House {
    let (supervisor, runner) = (house.person("sup").await, house.person("r101").await);
    let asked = asks(&house, 0).await;
    let errand = errand_of(&supervisor, &asked).await;
    house.clock.turn(1200);
    assigns(&supervisor, &errand, "r101").await;
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 200);
    let report = async || {
        let told = supervisor.get("/watch/summary?to=2026-11-23T04:30:00Z").await.body;
        (told["all"]["share_within_target"].clone(), told["five"]["to_deliver"]["target_p50"].clone())
    };
    assert_eq!(report().await, (json!(1.0), json!(1800)));
    let usual = supervisor.get("/watch/targets").await.body;
    assert_eq!((&usual["red"]["deliver_s"], &usual["red"]["valid_from"]), (&json!(1800), &Value::Null));
    house.clock.turn(3600);
    let set = json!({ "red": { "claim_s": 120, "deliver_s": 600 } });
    for _ in 0..2 {
        let set = supervisor.put("/watch/targets", set.clone()).await;
        assert_eq!((set.status, set.body["history"].as_array().unwrap().len()), (200, 1), "twice is once: {set:?}");
        assert_eq!((&set.body["red"]["claim_s"], set.text("/history/0/by")), (&json!(120), "陈sup".to_owned()));
    }
    assert_eq!(report().await, (json!(1.0), json!(1800)), "what was reported stays");
    let later = asks(&house, 0).await;
    assert_eq!(later.text("/deliver_by"), "2026-11-23T05:50:00Z", "what is promised does not change with a target");
    let errand = errand_of(&supervisor, &later).await;
    house.clock.turn(1200);
    assigns(&supervisor, &errand, "r101").await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("deliver", &errand, json!({})).await;
    assert_eq!(supervisor.get("/watch/summary").await.body["all"]["share_within_target"], 0.5);
    for (body, field, code) in [
        (json!({ "red": { "claim_s": 59, "deliver_s": 600 } }), "red.claim_s", "out_of_range"),
        (json!({ "green": { "claim_s": 600, "deliver_s": 599 } }), "green.deliver_s", "out_of_range"),
        (json!({ "yellow": { "claim_s": 600 } }), "yellow.deliver_s", "required"),
    ] {
        let refused = supervisor.put("/watch/targets", body).await;
        let error = &refused.body["errors"][0];
        assert_eq!((refused.status, &error["field"], &error["code"]), (422, &json!(field), &json!(code)));
    }
    for (name, status) in [("desk", 403), ("r101", 403), ("sup-else", 200)] {
        let person = house.person(name).await;
        assert_eq!(person.put("/watch/targets", set.clone()).await.status, status, "{name}");
    }
    assert_eq!(house.person("sup-else").await.put("/watch/targets?zone=HOME", set.clone()).await.status, 404);
    house
}

async fn those_who_wait_longest_are_told_with_who_must_act(house: House) -> House {
    let (supervisor, runner) = (house.person("sup").await, house.person("r101").await);
    let (first, second, third) = (asks(&house, 0).await, asks(&house, 90).await, asks(&house, 0).await);
    house.clock.turn(10);
    asks(&house, 0).await;
    let errand = errand_of(&supervisor, &first).await;
    assigns(&supervisor, &errand, "r101").await;
    let errand = errand_of(&supervisor, &third).await;
    assigns(&supervisor, &errand, "r101").await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("fail", &errand, json!({ "reason": "nobody_home" })).await;
    house.clock.turn(90);
    let told = house.person("desk").await.get("/watch/longest?limit=3").await.body["items"].clone();
    let of =
        |asked: &Answer| told.as_array().unwrap().iter().find(|wait| wait["id"] == asked.body["id"]).cloned().unwrap();
    assert_eq!(told.as_array().unwrap().len(), 3);
    assert_eq!(
        (&of(&first)["wait_s"], &of(&first)["must_act"]),
        (&json!(100), &json!({ "role": "runner", "name": "陈r101" }))
    );
    assert_eq!(of(&second)["must_act"], json!({ "role": "supervisor", "name": null }));
    assert_eq!(of(&third)["must_act"], json!({ "role": "desk", "name": null }));
    assert_eq!(runner.get("/watch/longest").await.status, 403);
    house
}

async fn figures_are_split_by_whatever_is_known(house: House) -> House {
    let supervisor = house.person("sup").await;
    let mut body = medicine(0);
    body["care"] = json!(["infant", "elderly_alone"]);
    assert_eq!(house.anyone().post("/requests", body).await.status, 201);
    let errand = errand_of(&supervisor, &asks(&house, 0).await).await;
    assigns(&supervisor, &errand, "r101").await;
    let keys = async |by: &str| -> Vec<String> {
        let told = supervisor.get(&format!("/watch/summary?window=hour&by={by}")).await;
        assert_eq!(told.status, 200, "{told:?}");
        told.body["groups"].as_array().unwrap().iter().map(|group| group["key"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys("urgency").await, ["red"]);
    assert_eq!(keys("category").await, ["medicine"]);
    assert_eq!(keys("building").await, ["H-1"]);
    assert_eq!(keys("care").await, ["elderly_alone", "infant", "none"]);
    assert_eq!(keys("channel").await, ["api"]);
    assert_eq!(keys("runner").await, ["nobody", "r101"]);
    assert_eq!(keys("hour").await, ["12"], "of the local day");
    assert_eq!(supervisor.get("/watch/summary?window=year").await.status, 422);
    house
}

async fn targets_are_set_on_a_page_and_nothing_typed_is_lost(house: House) -> House {
    let supervisor = house.person("sup").await;
    let cookie = format!("paotui={}", supervisor.token.as_ref().unwrap());
    let url = format!("{}/watch/targets", house.base);
    let shown = house.http.get(&url).header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    let token = shown.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let press = async |red: &str| {
        let mut body = format!("form_token={token}&red_claim_min={red}&red_deliver_min=25");
        body.push_str("&yellow_claim_min=15&yellow_deliver_min=120&green_claim_min=30&green_deliver_min=240");
        let request = house.http.post(&url).header("cookie", &cookie).header("origin", &house.base);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, html) = press("soon").await;
    assert!(status == 422 && html.contains("value=\"soon\"") && html.contains("aria-invalid"), "{status} {html}");
    assert_eq!(press("4.5").await.0, 303);
    let set = supervisor.get("/watch/targets").await.body;
    assert_eq!((&set["red"]["claim_s"], set["history"].as_array().unwrap().len()), (&json!(270), 1), "{set}");
    house
}
