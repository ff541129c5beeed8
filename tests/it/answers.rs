//! A runner asks at the counter; the resident answers on the page, or the desk for the resident.

use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house};

on_every_house!(
    a_runner_asks_and_the_resident_answers,
    the_desk_answers_on_a_call_and_it_is_written_down,
    a_question_is_asked_by_who_has_it_and_answered_by_who_may,
    asked_twice_is_one_question_and_of_two_answers_the_first_counts,
    what_was_wrong_is_told_even_after_it_was_closed,
    who_looked_at_the_door_is_told_without_names,
    a_relative_elsewhere_asks_and_the_runner_can_ring_both,
    every_wrong_try_to_find_a_request_is_told_the_same,
);

async fn claimed(house: &House) -> (Person, Answer, String) {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    (runner, asked, errand)
}

async fn asks(runner: &Person, errand: &str, body: Value) -> Answer {
    runner.post(&format!("/errands/{errand}/ask"), body).await
}

async fn answers(house: &House, asked: &Answer, question: &str, choice: &str) -> Answer {
    let path = format!("/requests/{}/answer", asked.text("/token"));
    house.anyone().post(&path, json!({ "question": question, "choice": choice })).await
}

async fn page(house: &House, path: &str) -> String {
    house.http.get(format!("{}{path}", house.base)).send().await.unwrap().text().await.unwrap()
}

async fn posts(house: &House, path: &str, fields: &[(&str, &str)]) -> u16 {
    let shown = page(house, path.rsplit_once('/').unwrap().0).await;
    let token = shown.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut all = vec![("form_token", token.as_str())];
    all.extend(fields);
    let body = all.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let request = house.http.post(format!("{}{path}", house.base));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    request.send().await.unwrap().status().as_u16()
}

async fn a_runner_asks_and_the_resident_answers(house: House) -> House {
    let (runner, asked, errand) = claimed(&house).await;
    let body = json!({ "item": 1, "kind": "other_maker", "offer": "鲁南制药" });
    let question = asks(&runner, &errand, body).await;
    assert_eq!((question.status, question.text("/kind")), (200, "other_maker".to_owned()), "{question:?}");
    let tracked = house.tracks(&asked).await;
    assert_eq!(tracked["questions"][0]["offer"], "鲁南制药");
    assert_eq!(tracked["questions"][0]["choices"], json!(["swap", "wait", "drop"]));
    assert!(!tracked.to_string().contains("缬沙坦"), "the link names no medicine: {tracked}");
    let path = format!("/r/{}", asked.text("/token"));
    let shown = page(&house, &path).await;
    assert!(
        shown.contains("换别的厂家的，药一样") && shown.contains("鲁南制药") && !shown.contains("缬沙坦"),
        "{shown}"
    );
    let id = question.text("/id");
    assert_eq!(posts(&house, &format!("{path}/answer"), &[("question", &id), ("choice", "swap")]).await, 303);
    let stop = &runner.get("/runner/trip").await.body["stops"][0];
    assert_eq!(stop["questions"][0]["answer"], "swap");
    assert_eq!(stop["questions"][0]["answered_by"], "resident");
    let tracked = house.tracks(&asked).await;
    assert_eq!((&tracked["questions"][0]["answer"], &tracked["questions"][0]["offer"]), (&json!("swap"), &Value::Null));
    assert!(page(&house, &path).await.contains("答：换别的厂家的，药一样"));
    house
}

async fn the_desk_answers_on_a_call_and_it_is_written_down(house: House) -> House {
    let (runner, asked, errand) = claimed(&house).await;
    let question = asks(&runner, &errand, json!({ "item": "缬沙坦胶囊", "kind": "out_of_stock" })).await.text("/id");
    let path = format!("/desk/questions/{question}");
    let elsewhere = house.person("sup-else").await;
    assert_eq!(elsewhere.post(&path, json!({ "choice": "wait" })).await.status, 404);
    assert_eq!(runner.post(&path, json!({ "choice": "wait" })).await.status, 404);
    assert_eq!(house.anyone().post(&path, json!({ "choice": "wait" })).await.status, 401);
    let desk = house.person("desk").await;
    let wrong = desk.post(&path, json!({ "choice": "maybe" })).await;
    assert_eq!((wrong.status, wrong.text("/errors/0/field")), (422, "choice".to_owned()));
    let answered = desk.post(&path, json!({ "choice": "wait" })).await;
    assert_eq!((answered.status, answered.text("/answered_by")), (200, "desk".to_owned()));
    let opened = desk.get(&format!("/watch/requests/{}", asked.text("/id"))).await.body;
    let entries = opened["timeline"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["kind"] == "answered").expect("the answer is in the journal");
    assert_eq!(entry["reason"], "wait");
    assert!(entries.iter().any(|entry| entry["kind"] == "asked"));
    house
}

async fn a_question_is_asked_by_who_has_it_and_answered_by_who_may(house: House) -> House {
    let (runner, asked, errand) = claimed(&house).await;
    let other = house.person("r102").await;
    let good = json!({ "item": 1, "kind": "out_of_stock" });
    assert_eq!(asks(&other, &errand, good.clone()).await.status, 404);
    assert_eq!(asks(&house.anyone(), &errand, good.clone()).await.status, 401);
    assert_eq!(asks(&house.person("desk").await, &errand, good.clone()).await.status, 403);
    for (body, fields) in [
        (json!({}), vec!["item", "kind"]),
        (json!({ "item": 9, "kind": "out_of_stock" }), vec!["item"]),
        (json!({ "item": 1e10, "kind": "out_of_stock" }), vec!["item"]),
        (json!({ "item": "别的", "kind": "out_of_stock" }), vec!["item"]),
        (json!({ "item": [1], "kind": "lost", "offer": "x\u{0}" }), vec!["item", "kind", "offer"]),
    ] {
        let refused = asks(&runner, &errand, body.clone()).await;
        let named: Vec<&str> =
            refused.body["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
        assert_eq!((refused.status, named), (422, fields), "{body}");
    }
    let question = asks(&runner, &errand, good.clone()).await.text("/id");
    let stranger = house.asks_for_medicine(3).await;
    assert_eq!(answers(&house, &stranger, &question, "swap").await.status, 404);
    assert_eq!(answers(&house, &asked, "none", "swap").await.status, 404);
    assert_eq!(answers(&house, &asked, "", "swap").await.status, 422);
    for step in ["collect", "deliver"] {
        assert_eq!(runner.does(step, &errand, json!({})).await.status, 200);
    }
    assert_eq!(answers(&house, &asked, &question, "swap").await.code(), "out_of_turn");
    assert_eq!(asks(&runner, &errand, good).await.code(), "out_of_turn");
    assert_eq!(house.tracks(&asked).await["questions"][0]["choices"], json!([]));
    house
}

async fn asked_twice_is_one_question_and_of_two_answers_the_first_counts(house: House) -> House {
    let (runner, asked, errand) = claimed(&house).await;
    let body = json!({ "item": 1, "kind": "out_of_stock" });
    let (one, two) = futures_util::join!(asks(&runner, &errand, body.clone()), asks(&runner, &errand, body));
    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(one.text("/id"), two.text("/id"));
    let question = one.text("/id");
    let ten = (0..10).map(|n| {
        let (house, asked, question) = (&house, &asked, &question);
        async move { answers(house, asked, question, ["swap", "wait", "drop"][n % 3]).await }
    });
    let answered = futures_util::future::join_all(ten).await;
    assert_eq!(answered.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answered.iter().all(|answer| answer.status == 200 || answer.code() == "already_answered"));
    house
}

async fn what_was_wrong_is_told_even_after_it_was_closed(house: House) -> House {
    let (runner, asked, errand) = claimed(&house).await;
    let path = format!("/requests/{}", asked.text("/token"));
    let problem = format!("{path}/problem");
    let early = house.anyone().post(&problem, json!({ "reason": "wrong_item" })).await;
    assert_eq!((early.status, early.code()), (409, "out_of_turn".to_owned()));
    for step in ["collect", "deliver"] {
        runner.does(step, &errand, json!({})).await;
    }
    assert_eq!(house.anyone().post(&problem, json!({ "note": "x" })).await.text("/errors/0/field"), "reason");
    house.anyone().post(&format!("{path}/confirm"), json!({})).await;
    let told = house.anyone().post(&problem, json!({ "reason": "wrong_item", "note": "盒子上写的是 40mg" })).await;
    assert_eq!((told.status, told.text("/state")), (200, "care".to_owned()));
    let tracked = house.tracks(&asked).await;
    assert_eq!((&tracked["state"], &tracked["care_reason"]), (&json!("care"), &json!("wrong_item")));
    assert!(!tracked.to_string().contains("40mg"), "what was said stays with staff");
    let opened = house.person("desk").await.get(&format!("/watch/requests/{}", asked.text("/id"))).await.raw;
    assert!(opened.contains("40mg"));
    house
}

async fn who_looked_at_the_door_is_told_without_names(house: House) -> House {
    let (_, asked, _) = claimed(&house).await;
    house.person("desk").await.get(&format!("/watch/requests/{}", asked.text("/id"))).await;
    let tracked = house.tracks(&asked).await;
    let roles: Vec<&str> =
        tracked["looks"].as_array().unwrap().iter().map(|look| look["role"].as_str().unwrap()).collect();
    assert_eq!(roles.len(), 2);
    assert!(roles.contains(&"desk") && roles.contains(&"runner"));
    let shown = page(&house, &format!("/r/{}", asked.text("/token"))).await;
    assert!(shown.contains("谁看过您的地址和电话") && shown.contains("接线员") | shown.contains("值班"), "{shown}");
    house
}

async fn a_relative_elsewhere_asks_and_the_runner_can_ring_both(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let mut body = medicine(0);
    body["asking_for"] = json!("family");
    body["phone"] = json!("+86 139 1111 2222");
    body["email"] = json!("daughter@example.org");
    body["patient"] = json!({ "name": "陈阿婆", "phone": "023-5550 0199" });
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    house.settle().await;
    runner.accepts().await;
    let stop = &runner.get("/runner/trip").await.body["stops"][0];
    assert_eq!((&stop["phone"], &stop["patient"]["phone"]), (&json!("+86 139 1111 2222"), &json!("023-5550 0199")));
    let cookie = format!("paotui={}", runner.token.as_ref().unwrap());
    let card = house.http.get(format!("{}/run", house.base)).header("cookie", cookie).send().await.unwrap();
    let card = card.text().await.unwrap();
    assert!(card.contains("tel:13911112222") && card.contains("tel:02355500199"), "{card}");
    let errand = runner.errand().await;
    for step in ["collect", "deliver"] {
        runner.does(step, &errand, json!({})).await;
    }
    house.after(301).await;
    let letters = house.letters();
    assert_eq!(letters.iter().filter(|letter| letter.to == "daughter@example.org").count(), 1);
    assert!(letters.iter().all(|letter| !letter.text.contains("阿婆")));
    house
}

async fn every_wrong_try_to_find_a_request_is_told_the_same(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let code = asked.text("/code");
    let mut told = std::collections::BTreeSet::new();
    for (code, last_four) in
        [(code.as_str(), "9999"), ("222-2222", "0000"), ("nonsense", "0000"), (&code, ""), ("", "")]
    {
        let shown = page(&house, "/find").await;
        let token = shown.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let request = house.http.post(format!("{}/find", house.base));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer =
            request.body(format!("form_token={token}&code={code}&last_four={last_four}")).send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        let bare = text.replace(&format!("value=\"{code}\""), "").replace(&format!("value=\"{last_four}\""), "");
        told.insert((status, bare));
    }
    assert_eq!(told.len(), 1, "{told:#?}");
    house
}
