//! What comes late out of a basement, one press for a whole door, and what a phone still shows of what is done.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house};

on_every_house!(
    an_act_from_a_basement_keeps_both_times_and_its_order,
    who_comes_too_late_hears_how_it_stands,
    one_press_ends_all_bags_of_a_door_and_each_is_told_of,
    what_is_done_is_a_code_and_a_block,
);

async fn carries(house: &House, runner: &str, room: &str) -> (Value, String) {
    let sup = house.person("sup").await;
    let mut body = medicine(3);
    (body["room"], body["name"], body["category"]) = (json!(room), json!("CANARYNAME"), json!("food"));
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    let errand = sup.get(&format!("/watch/requests/{}", asked.text("/id"))).await.text("/errand");
    let given = sup.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": runner })).await;
    assert_eq!(given.status, 200, "{given:?}");
    (asked.body, errand)
}

async fn timeline(house: &House, asked: &Value) -> Vec<Value> {
    let opened = house.person("sup").await.get(&format!("/watch/requests/{}", asked["id"].as_str().unwrap())).await;
    opened.body["timeline"].as_array().unwrap().clone()
}

async fn page(runner: &Person, path: &str) -> String {
    let cookie = format!("paotui={}", runner.token.as_ref().unwrap());
    let answer = runner.http.get(format!("{}{path}", runner.base)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn an_act_from_a_basement_keeps_both_times_and_its_order(house: House) -> House {
    let runner = house.person("r101").await;
    let (asked, errand) = carries(&house, "r101", "7-501").await;
    house.clock.turn(600);
    for (step, done_at) in [("collect", "2026-11-23T04:03:00Z"), ("deliver", "2026-11-23T04:02:00Z")] {
        for _ in 0..2 {
            let call = runner.request(Method::POST, &format!("/errands/{errand}/{step}"));
            let call = call.header("Idempotency-Key", step).json(&json!({ "done_at": done_at }));
            assert_eq!(runner.send(call).await.status, 200);
        }
    }
    let done: Vec<Value> = timeline(&house, &asked).await;
    let done: Vec<&Value> =
        done.iter().filter(|event| event["kind"] == "collect" || event["kind"] == "deliver").collect();
    let kinds: Vec<&Value> = done.iter().map(|event| &event["kind"]).collect();
    assert_eq!(kinds, [&json!("collect"), &json!("deliver")], "each once, in order");
    assert_eq!(done[0]["at"], "2026-11-23T04:03:00Z");
    assert_eq!(done[1]["at"], "2026-11-23T04:03:00Z", "a phone's clock delivers nothing before it was collected");
    for event in done {
        assert_eq!(event["received_at"], "2026-11-23T04:10:00Z");
    }
    let (asked, errand) = carries(&house, "r101", "7-502").await;
    runner.does("collect", &errand, json!({})).await;
    let done = timeline(&house, &asked).await;
    assert_eq!(done.last().unwrap()["received_at"], Value::Null, "heard of when it was done");
    house
}

async fn who_comes_too_late_hears_how_it_stands(house: House) -> House {
    let (late, sup) = (house.person("r101").await, house.person("sup").await);
    let (_, errand) = carries(&house, "r101", "7-501").await;
    sup.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": "r102" })).await;
    let told: Answer = late.does("collect", &errand, json!({ "done_at": "2026-11-23T04:00:00Z" })).await;
    assert_eq!((told.status, told.code().as_str(), told.text("/state").as_str()), (409, "out_of_turn", "claimed"));
    assert!(!told.raw.contains("CANARY"));
    let out_of_turn = house.person("r102").await.does("deliver", &errand, json!({})).await;
    assert_eq!((out_of_turn.status, &out_of_turn.body["state"]), (409, &Value::Null), "it is still in these hands");
    house
}

async fn one_press_ends_all_bags_of_a_door_and_each_is_told_of(house: House) -> House {
    let (runner, sup) = (house.person("r101").await, house.person("sup").await);
    let mut bags = Vec::new();
    for _ in 0..3 {
        bags.push(carries(&house, "r101", "7-501").await);
    }
    for (_, errand) in &bags {
        assert_eq!(runner.does("collect", errand, json!({})).await.status, 200);
    }
    let shown = page(&runner, "/run").await;
    assert!(shown.contains("action=\"/run/together\""), "three bags, one door, one press");
    let token = shown.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // One of them is taken over by the desk before the press comes through.
    let gone = format!("/watch/errands/{}/release", bags[1].1);
    assert_eq!(sup.post(&gone, json!({ "reason": "other" })).await.status, 200);
    let mut form = vec![("form_token", token.as_str()), ("step", "deliver")];
    for (asked, errand) in &bags {
        form.extend([("errand", errand.as_str()), ("bag", asked["code"].as_str().unwrap())]);
    }
    let cookie = format!("paotui={}", runner.token.as_ref().unwrap());
    let press = |form: Vec<(&'static str, String)>| {
        let call = runner.http.post(format!("{}/run/together", runner.base)).header("cookie", cookie.clone());
        let text: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = call.header("accept-language", "en").header("content-type", "application/x-www-form-urlencoded");
        call.body(text.join("&")).send()
    };
    let owned = |form: &[(&'static str, &str)]| form.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let told = press(owned(&form)).await.unwrap().text().await.unwrap();
    assert!(told.contains("The desk has taken this errand over") && told.contains("recorded"), "{told}");
    for (place, (asked, _)) in bags.iter().enumerate() {
        let ends = timeline(&house, asked).await.iter().filter(|event| event["kind"] == "deliver").count();
        assert_eq!(ends, usize::from(place != 1), "each has its own record");
    }
    form[0].1 = "forged";
    assert_eq!(press(owned(&form)).await.unwrap().status(), 403);
    house
}

async fn what_is_done_is_a_code_and_a_block(house: House) -> House {
    let (runner, other) = (house.person("r101").await, house.person("r102").await);
    let (asked, errand) = carries(&house, "r101", "7-501").await;
    let code = asked["code"].as_str().unwrap();
    for path in ["/run", "/run/sheet"] {
        assert!(page(&runner, path).await.contains("7-501") && !page(&other, path).await.contains(code), "{path}");
    }
    for step in ["collect", "deliver"] {
        runner.does(step, &errand, json!({})).await;
    }
    let shown = page(&runner, "/run").await;
    let history = shown.split("id=\"done\"").nth(1).unwrap();
    assert!(history.contains(code) && history.contains("H-1 栋"), "{history}");
    for path in ["/run", "/run/sheet"] {
        let shown = page(&runner, path).await;
        assert!(!shown.contains("7-501") && !shown.contains("CANARYNAME") && !shown.contains("13800000000"), "{path}");
    }
    assert!(!page(&other, "/run").await.contains(code), "another runner's history is another's");
    house.clock.turn(24 * 3600);
    let again = house.person("r101").await;
    assert!(!page(&again, "/run").await.contains(code), "tomorrow is another day");
    house
}
