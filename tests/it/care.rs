//! What cannot go on by itself is in one inbox, with a reason and a next step, and is brought out of it; stepping in tells
//! the truth row by row; and nothing is in no list.

use serde_json::{Value, json};

use crate::support::{Answer, House, Person, on_every_house};

on_every_house!(
    a_wrong_address_is_corrected_and_sent_again,
    goods_in_a_runners_hands_go_on_with_him,
    what_a_call_settles_is_closed_and_what_nobody_wants_is_called_off,
    the_inbox_is_for_the_desk_of_the_zone_and_bad_decisions_name_their_fields,
    the_page_works_without_javascript_and_keeps_what_was_typed,
    another_urgency_moves_the_deadline_and_keeps_the_reason,
    many_at_once_tell_the_truth_row_by_row,
    what_a_runner_cannot_say_is_written_down_for_him,
    why_nobody_comes_with_what_would_help,
    every_accounts_doings_and_looks_are_in_the_audit_list,
);

async fn claims(house: &House, asked: &Answer) -> (Person, String) {
    let runner = house.runner_on_duty("r101", 100.0).await;
    let supervisor = house.person("sup").await;
    let errand = supervisor.get(&format!("/watch/requests/{}", asked.text("/id"))).await.text("/errand");
    let given = supervisor.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": "r101" })).await;
    assert_eq!(given.status, 200, "{given:?}");
    (runner, errand)
}

/// A request in care: its runner could not bring it.
async fn in_care(house: &House, reason: &str) -> (Answer, String) {
    let asked = house.asks_for_medicine(0).await;
    let (runner, errand) = claims(house, &asked).await;
    assert_eq!(runner.does("fail", &errand, json!({ "reason": reason })).await.status, 200);
    (asked, errand)
}

async fn inbox(person: &Person) -> Vec<Value> {
    let answer = person.get("/desk/care").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].as_array().unwrap().clone()
}

fn told(row: &Value) -> (&str, &str) {
    (row["why"].as_str().unwrap(), row["suggestion"].as_str().unwrap())
}

async fn a_wrong_address_is_corrected_and_sent_again(house: House) -> House {
    let (asked, _) = in_care(&house, "wrong_address").await;
    let desk = house.person("desk").await;
    let rows = inbox(&desk).await;
    assert_eq!((rows.len(), told(&rows[0])), (1, ("wrong_address", "correct_address")));
    assert!(rows[0].get("phone").is_none() && rows[0].get("room").is_none());
    let path = format!("/desk/care/{}", asked.text("/id"));
    let body = json!({ "act": "send_again", "building": "H-2", "room": "3-902" });
    assert_eq!(desk.post(&path, body.clone()).await.text("/state"), "waiting");
    let again = desk.post(&path, body).await;
    assert_eq!((again.status, again.code().as_str()), (409, "out_of_turn"), "twice is no second time");
    let seen = desk.get(&format!("/watch/requests/{}", asked.text("/id"))).await;
    assert_eq!((seen.text("/building").as_str(), seen.text("/room").as_str()), ("H-2", "3-902"));
    for kind in ["door_corrected", "requeue"] {
        assert!(seen.raw.contains(kind), "{kind} is in the journal");
    }
    assert!(inbox(&desk).await.is_empty());
    house.settle().await;
    house.letters();
    house
}

async fn goods_in_a_runners_hands_go_on_with_him(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let (runner, errand) = claims(&house, &asked).await;
    assert_eq!(runner.does("collect", &errand, json!({})).await.status, 200);
    let supervisor = house.person("sup").await;
    let released = supervisor.post(&format!("/watch/errands/{errand}/release"), json!({ "reason": "no_answer" })).await;
    assert_eq!(released.text("/state"), "care");
    let desk = house.person("desk").await;
    let rows = inbox(&desk).await;
    assert_eq!((told(&rows[0]), rows[0]["held"].as_bool()), (("released", "same_runner"), Some(true)));
    let path = format!("/desk/care/{}", asked.text("/id"));
    assert_eq!(desk.post(&path, json!({ "act": "give" })).await.text("/state"), "collected");
    assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 200, "he goes on to the door");
    house.letters();
    house
}

async fn what_a_call_settles_is_closed_and_what_nobody_wants_is_called_off(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let (runner, errand) = claims(&house, &asked).await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("deliver", &errand, json!({})).await;
    let token = asked.text("/token");
    house.anyone().post(&format!("/requests/{token}/problem"), json!({ "reason": "incomplete" })).await;
    let desk = house.person("desk").await;
    let rows = inbox(&desk).await;
    assert_eq!((told(&rows[0]), rows[0]["held"].as_bool()), (("incomplete", "call"), Some(false)));
    let path = format!("/desk/care/{}", asked.text("/id"));
    let called = desk.post(&path, json!({ "act": "called", "reason": "都在，她看漏了" })).await;
    assert_eq!(called.text("/state"), "care", "a call alone decides nothing");
    assert_eq!(desk.post(&path, json!({ "act": "settle", "reason": "都在" })).await.text("/state"), "closed");
    let (second, _) = in_care(&house, "nobody_home").await;
    let path = format!("/desk/care/{}", second.text("/id"));
    assert_eq!(desk.post(&path, json!({ "act": "cancel", "reason": "去女儿家了" })).await.text("/state"), "cancelled");
    assert!(inbox(&desk).await.is_empty());
    house.letters();
    house
}

async fn the_inbox_is_for_the_desk_of_the_zone_and_bad_decisions_name_their_fields(house: House) -> House {
    let (asked, _) = in_care(&house, "nobody_home").await;
    let path = format!("/desk/care/{}", asked.text("/id"));
    let again = json!({ "act": "send_again" });
    assert_eq!(house.anyone().get("/desk/care").await.status, 401);
    assert_eq!(house.anyone().post(&path, again.clone()).await.status, 401);
    for (name, looks, acts) in [("r102", 403, 403), ("sup-else", 404, 404)] {
        let person = house.person(name).await;
        assert_eq!(person.get("/desk/care?zone=HOME").await.status, looks, "{name}");
        assert_eq!(person.post(&path, again.clone()).await.status, acts, "{name}");
    }
    let desk = house.person("desk").await;
    for (field, code, body) in [
        ("act", "required", json!({})),
        ("act", "not_a_word", json!({ "act": "fly" })),
        ("reason", "required", json!({ "act": "cancel" })),
        ("reason", "required", json!({ "act": "settle", "reason": " " })),
        ("urgency", "not_a_word", json!({ "act": "urgency", "urgency": "blue", "reason": "x" })),
        ("building", "unknown_building", json!({ "act": "send_again", "building": "N-\u{0}" })),
        ("building", "unknown_building", json!({ "act": "send_again", "building": "E-1" })),
        ("room", "too_long", json!({ "act": "send_again", "room": "一".repeat(41) })),
        ("colour", "unknown_field", json!({ "act": "cancel", "colour": "red" })),
    ] {
        let answer = desk.post(&path, body).await;
        let told = (answer.status, answer.text("/errors/0/field"), answer.text("/errors/0/code"));
        assert_eq!(told, (422, field.to_owned(), code.to_owned()), "{answer:?}");
    }
    assert_eq!(desk.post("/desk/care/nothing", again).await.status, 404);
    assert_eq!(inbox(&desk).await.len(), 1, "nothing was done");
    house.letters();
    house
}

/// A page of somebody signed in, as a browser without JavaScript.
async fn page(person: &Person, path: &str) -> String {
    let cookie = format!("paotui={}", person.token.as_deref().unwrap());
    let url = format!("{}{path}", person.base);
    person.http.get(url).header("cookie", cookie).send().await.unwrap().text().await.unwrap()
}

async fn send(person: &Person, path: &str, form: &[(&str, &str)]) -> (u16, String, String) {
    let cookie = format!("paotui={}", person.token.as_deref().unwrap());
    let body = serde_urlencoded::to_string(form).unwrap();
    let request = person.http.post(format!("{}{path}", person.base)).body(body).header("cookie", cookie);
    let request = request.header("origin", &person.base).header("content-type", "application/x-www-form-urlencoded");
    let answer = request.send().await.unwrap();
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
    (answer.status().as_u16(), to, answer.text().await.unwrap())
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

async fn the_page_works_without_javascript_and_keeps_what_was_typed(house: House) -> House {
    let (asked, _) = in_care(&house, "wrong_address").await;
    let desk = house.person("desk").await;
    let list = page(&desk, "/desk/care?lang=en").await;
    assert!(list.contains("Correct the address") && !list.contains("13800000000"), "no telephone in the list");
    let path = format!("/desk/care/{}", asked.text("/id"));
    let opened = page(&desk, &format!("{path}?lang=en")).await;
    assert!(opened.contains("13800000000"), "the telephone to ring");
    let token = between(&opened, "name=\"form_token\" value=\"", "\"").to_owned();
    let long = "五".repeat(41);
    let wrong = [("form_token", token.as_str()), ("act", "send_again"), ("building", "H-2"), ("room", long.as_str())];
    let (status, _, shown) = send(&desk, &path, &wrong).await;
    assert_eq!(status, 422);
    assert!(shown.contains(&long) && shown.contains("value=\"H-2\" selected"), "nothing typed is lost");
    let (status, _, _) = send(&desk, &path, &[("act", "send_again")]).await;
    assert_eq!(status, 403, "a form that is not ours");
    let right = [("form_token", token.as_str()), ("act", "send_again"), ("building", "H-2"), ("room", "2-502")];
    let (status, to, _) = send(&desk, &path, &right).await;
    assert_eq!((status, to.as_str()), (303, "/desk/care?notice=decided"));
    let (_, to, _) = send(&desk, &path, &right).await;
    assert_eq!(to, "/desk/care?notice=out_of_turn", "a second press is told, not punished");
    assert!(page(&desk, "/desk/care?lang=en").await.contains("Nothing needs a person"));
    house.letters();
    house
}

async fn another_urgency_moves_the_deadline_and_keeps_the_reason(house: House) -> House {
    let asked = house.asks_for_medicine(30).await;
    assert_eq!(asked.text("/urgency"), "green");
    let supervisor = house.person("sup").await;
    let path = format!("/watch/requests/{}/urgency", asked.text("/id"));
    house.clock.turn(600);
    let set = supervisor.post(&path, json!({ "urgency": "red", "reason": "她头晕" })).await;
    assert_eq!((set.status, set.text("/urgency").as_str()), (200, "red"), "{set:?}");
    assert!(set.text("/deliver_by") < asked.text("/deliver_by"));
    let seen = supervisor.get(&format!("/watch/requests/{}", asked.text("/id"))).await;
    assert_eq!(seen.text("/urgency_reason"), "set_by_staff");
    assert!(seen.raw.contains("urgency_red") && seen.raw.contains("她头晕"));
    let lowered = supervisor.post(&path, json!({ "urgency": "green", "reason": "好了" })).await;
    assert_eq!(lowered.text("/deliver_by"), asked.text("/deliver_by"), "four hours since it was asked for");
    assert_eq!(supervisor.post(&path, json!({ "urgency": "red" })).await.text("/errors/0/field"), "reason");
    assert_eq!(house.person("desk").await.post(&path, json!({})).await.status, 403);
    assert_eq!(
        house.person("sup-else").await.post(&path, json!({ "urgency": "red", "reason": "x" })).await.status,
        404
    );
    let cancel = format!("/watch/requests/{}/cancel", asked.text("/id"));
    assert_eq!(supervisor.post(&cancel, json!({})).await.text("/errors/0/code"), "required");
    assert_eq!(supervisor.post(&cancel, json!({ "reason": "不要了" })).await.text("/state"), "cancelled");
    assert_eq!(supervisor.post(&path, json!({ "urgency": "red", "reason": "x" })).await.status, 409, "it is over");
    house.settle().await;
    house
}

async fn many_at_once_tell_the_truth_row_by_row(house: House) -> House {
    let (one, other) = (house.asks_for_medicine(0).await, house.asks_for_medicine(0).await);
    let gone = house.asks_for_medicine(0).await;
    house.anyone().post(&format!("/requests/{}/cancel", gone.text("/token")), json!({})).await;
    let supervisor = house.person("sup").await;
    let ids = [one.text("/id"), gone.text("/id"), other.text("/id"), "nothing".to_owned()];
    let body = json!({ "act": "urgency", "urgency": "yellow", "reason": "等得起", "ids": ids });
    let done = supervisor.post("/watch/bulk", body).await;
    let rows: Vec<(bool, Value)> = done.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["ok"].as_bool().unwrap(), row["code"].clone()))
        .collect();
    let no = |code: &str| (false, json!(code));
    let yes = || (true, Value::Null);
    assert_eq!(rows, [yes(), no("out_of_turn"), yes(), no("not_found")], "{done:?}");
    house.runner_on_duty("r101", 100.0).await;
    let body = json!({ "act": "assign", "runner": "r101", "ids": [one.text("/id"), other.text("/id")] });
    assert_eq!(supervisor.post("/watch/bulk", body).await.body["done"], 2);
    let body = json!({ "act": "cancel", "reason": "不要了", "ids": [one.text("/id"), one.text("/id")] });
    assert_eq!(supervisor.post("/watch/bulk", body).await.body["done"], 2, "twice is once");
    let body = json!({ "act": "release", "reason": "累了", "ids": [one.text("/id"), other.text("/id")] });
    let released = supervisor.post("/watch/bulk", body).await;
    assert_eq!((released.body["done"].as_u64(), released.text("/items/0/code").as_str()), (Some(1), "out_of_turn"));
    for (field, body) in [
        ("act", json!({ "ids": ["x"] })),
        ("ids", json!({ "act": "cancel", "reason": "x" })),
        ("reason", json!({ "act": "cancel", "ids": ["x"] })),
        ("runner", json!({ "act": "assign", "ids": ["x"] })),
        ("ids", json!({ "act": "cancel", "reason": "x", "ids": vec!["x"; 201] })),
    ] {
        assert_eq!(supervisor.post("/watch/bulk", body).await.text("/errors/0/field"), field);
    }
    assert_eq!(house.person("desk").await.post("/watch/bulk", json!({})).await.status, 403);
    house.settle().await;
    house.letters();
    house
}

async fn what_a_runner_cannot_say_is_written_down_for_him(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let (_, errand) = claims(&house, &asked).await;
    let supervisor = house.person("sup").await;
    let act = |act: &str| format!("/watch/errands/{errand}/{act}");
    assert_eq!(supervisor.post(&act("collect"), json!({})).await.text("/errors/0/field"), "reason");
    let collected = supervisor.post(&act("collect"), json!({ "reason": "手机没电" })).await;
    assert_eq!(collected.text("/state"), "collected", "{collected:?}");
    assert_eq!(house.person("desk").await.post(&act("deliver"), json!({ "reason": "x" })).await.status, 403);
    assert_eq!(supervisor.post(&act("deliver"), json!({ "reason": "手机没电" })).await.text("/state"), "delivered");
    assert_eq!(house.tracks(&asked).await["state"], "delivered");
    house.settle().await;
    house.letters();
    house
}

async fn why_nobody_comes_with_what_would_help(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    let supervisor = house.person("sup").await;
    let needs = supervisor.get("/watch/needs").await;
    let told = (needs.text("/items/0/need"), needs.body["items"][0]["people"].as_u64());
    assert_eq!(told, ("runners".to_owned(), Some(1)), "{needs:?}");
    let row = supervisor.get(&format!("/watch/requests/{}", asked.text("/id"))).await;
    assert_eq!((row.text("/nobody_reason").as_str(), row.text("/need").as_str()), ("nobody_on_duty", "runners"));
    let watch = page(&supervisor, "/watch?lang=en").await;
    assert!(watch.contains("What would help") && watch.contains("One more volunteer"));
    assert_eq!(house.person("r102").await.get("/watch/needs").await.status, 403);
    house.runner_on_duty("r101", 100.0).await;
    house.settle().await;
    let needs = supervisor.get("/watch/needs").await;
    assert_eq!(needs.body["items"], json!([]), "somebody is asked: nothing is missing");
    house.letters();
    house
}

async fn every_accounts_doings_and_looks_are_in_the_audit_list(house: House) -> House {
    let (asked, _) = in_care(&house, "wrong_address").await;
    let (desk, supervisor) = (house.person("desk").await, house.person("sup").await);
    let path = format!("/desk/care/{}", asked.text("/id"));
    page(&desk, &path).await;
    desk.post(&path, json!({ "act": "send_again", "room": "2-777", "reason": "她说在七楼" })).await;
    let all = supervisor.get("/admin/audit").await;
    let rows = all.body["items"].as_array().unwrap();
    let has = |who: &str, what: &str| rows.iter().any(|row| row["who"] == who && row["what"] == what);
    for (who, what) in [
        ("desk", "looked_request"),
        ("desk", "door_corrected"),
        ("desk", "requeue"),
        ("sup", "assign"),
        ("r101", "fail"),
    ] {
        assert!(has(who, what), "{who} {what}: {all:?}");
    }
    for personal in ["13800000000", "王阿姨", "七楼", "2-777"] {
        assert!(!all.raw.contains(personal), "{personal}");
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let one = supervisor.get(&format!("/admin/audit?limit=2&after={after}")).await;
        seen.extend(one.body["items"].as_array().unwrap().clone());
        after = one.text("/next");
        if after.is_empty() {
            break;
        }
    }
    assert!(rows.iter().all(|row| seen.iter().filter(|other| other["id"] == row["id"]).count() == 1), "each once");
    let mine = supervisor.get("/admin/audit?who=desk").await;
    assert!(mine.body["items"].as_array().unwrap().iter().all(|row| row["who"] == "desk"));
    let code = asked.text("/code");
    let about = supervisor.get(&format!("/admin/audit?request={code}")).await;
    assert!(about.body["items"].as_array().unwrap().iter().all(|row| row["request"] == code.as_str()));
    assert_eq!(supervisor.get("/admin/audit?who=nobody-here").await.body["items"], json!([]));
    assert_eq!(supervisor.get("/admin/audit?from=gestern").await.text("/errors/0/field"), "from");
    let table = supervisor.get("/admin/audit.csv?who=desk").await;
    assert!(table.raw.starts_with("id,at,who,what,request,why\n") && table.raw.contains("looked_request"));
    assert!(page(&supervisor, "/admin/audit?lang=en&from=gestern").await.contains("gestern"), "typed stays");
    for (name, status) in [("desk", 403), ("r101", 403), ("sup-else", 404), ("admin", 200)] {
        assert_eq!(house.person(name).await.get("/admin/audit?zone=HOME").await.status, status, "{name}");
    }
    house.settle().await;
    house.letters();
    house
}
