//! What was truly got: nothing else, and nothing less, is brought before somebody who has a say in it was heard.

use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house};

on_every_house!(
    what_is_as_asked_is_one_press,
    another_maker_is_brought_where_any_was_asked_for_and_the_asker_is_told_without_names,
    another_maker_of_what_was_to_be_asked_waits_for_the_answer,
    a_call_is_written_down_for_staff_alone,
    what_is_not_to_be_had_is_left_only_when_it_is_not_needed,
    what_is_wrong_with_the_goods_is_told_by_field,
    what_was_not_taken_is_kept_for_staff,
    the_folds_of_the_page_go_with_the_one_press,
);

/// Two medicines of which the second may be replaced as this says.
async fn claimed(house: &House, substitution: &str) -> (Person, Answer, String) {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let mut body = medicine(0);
    let second =
        json!({ "name": "二甲双胍片", "strength": "500mg", "quantity": 1, "unit": "盒", "substitution": substitution });
    body["items"].as_array_mut().unwrap().push(second);
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    (runner, asked, errand)
}

async fn collects(runner: &Person, errand: &str, items: Value) -> Answer {
    runner.does("collect", errand, json!({ "items": items })).await
}

async fn opened(house: &House, asked: &Answer) -> Value {
    house.person("sup").await.get(&format!("/watch/requests/{}", asked.text("/id"))).await.body
}

async fn answers(house: &House, asked: &Answer, choice: &str) {
    let tracked = house.tracks(asked).await;
    let open = tracked["questions"].as_array().unwrap().iter().find(|question| question["answer"].is_null()).unwrap();
    let body = json!({ "question": open["id"], "choice": choice });
    let path = format!("/requests/{}/answer", asked.text("/token"));
    assert_eq!(house.anyone().post(&path, body).await.status, 200);
}

async fn what_is_as_asked_is_one_press(house: House) -> House {
    let (runner, asked, errand) = claimed(&house, "exact").await;
    assert_eq!(runner.does("collect", &errand, json!({})).await.text("/state"), "collected");
    assert_eq!(
        (&opened(&house, &asked).await["fetched"], &house.tracks(&asked).await["differing"]),
        (&json!([]), &json!([]))
    );
    house
}

async fn another_maker_is_brought_where_any_was_asked_for_and_the_asker_is_told_without_names(house: House) -> House {
    let (runner, asked, errand) = claimed(&house, "exact").await;
    let items = json!([{ "item": 1, "got": "swap" }, { "item": 2, "got": "as_asked" }]);
    let done = collects(&runner, &errand, items).await;
    assert_eq!((done.status, done.text("/state")), (200, "collected".to_owned()), "{done:?}");
    let told = house.tracks(&asked).await;
    assert_eq!(told["differing"], json!([{ "item": 1, "got": "swap", "at": "2026-11-23T04:00:00Z" }]));
    let page = house.http.get(format!("{}/r/{}", house.base, asked.text("/token"))).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("换成了别的厂家") && page.contains("第 1 样"), "{page}");
    for text in [page, told.to_string()] {
        assert!(!text.contains("缬沙坦") && !text.contains("双胍"), "{text}");
    }
    let fetched = opened(&house, &asked).await["fetched"].clone();
    let row = |position, item: &str, got: &str, consent: Value| json!({ "position": position, "item": item, "got": got, "consent": consent, "at": "2026-11-23T04:00:00Z" });
    let expected = json!([
        row(1, "缬沙坦胶囊 80mg", "swap", json!("as_written")),
        row(2, "二甲双胍片 500mg", "as_asked", Value::Null),
    ]);
    assert_eq!(fetched, expected);
    house
}

async fn another_maker_of_what_was_to_be_asked_waits_for_the_answer(house: House) -> House {
    for (substitution, name) in [("ask_me", "r101"), ("ask_family", "r101"), ("exact", "r101")] {
        let (runner, asked, errand) = claimed(&house, substitution).await;
        let swap = json!([{ "item": 2, "got": "swap" }]);
        let refused = collects(&runner, &errand, swap.clone()).await;
        assert_eq!((refused.status, refused.code()), (409, "consent_needed".to_owned()), "{substitution} {refused:?}");
        assert_eq!(refused.text("/errors/0/field"), "items[1].got");
        assert_eq!(refused.body["errors"].as_array().unwrap().len(), 1, "the first may be anybody's");
        let stop = runner.get("/runner/trip").await.body["stops"][0].clone();
        assert_eq!((&stop["state"], &stop["questions"][0]["kind"]), (&json!("claimed"), &json!("other_maker")));
        collects(&runner, &errand, swap.clone()).await;
        assert_eq!(house.tracks(&asked).await["questions"].as_array().unwrap().len(), 1, "asked once");
        answers(&house, &asked, "wait").await;
        assert_eq!(collects(&runner, &errand, swap.clone()).await.code(), "consent_needed", "a no is no yes");
        // Asked again, and answered otherwise.
        runner.does("ask", &errand, json!({ "item": 2, "kind": "other_maker" })).await;
        house.clock.turn(30);
        answers(&house, &asked, "swap").await;
        assert_eq!(collects(&runner, &errand, swap).await.text("/state"), "collected");
        assert_eq!(opened(&house, &asked).await["fetched"][0]["consent"], "answered", "{name}");
        assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 200);
        let confirm = format!("/requests/{}/confirm", asked.text("/token"));
        house.anyone().post(&confirm, json!({})).await;
    }
    house
}

async fn a_call_is_written_down_for_staff_alone(house: House) -> House {
    let (runner, asked, errand) = claimed(&house, "ask_family").await;
    let said = json!({ "by": "CANARYDAUGHTER", "note": "可以换" });
    let done = collects(&runner, &errand, json!([{ "item": 2, "got": "swap", "said": said }])).await;
    assert_eq!(done.status, 200, "{done:?}");
    let opened = opened(&house, &asked).await;
    assert_eq!(opened["fetched"][0]["consent"], "call");
    let entry = opened["timeline"].as_array().unwrap().iter().find(|entry| entry["kind"] == "called_about").cloned();
    let entry = entry.expect("the call is in the journal");
    assert_eq!((&entry["reason"], &entry["at"]), (&json!("CANARYDAUGHTER: 可以换"), &json!("2026-11-23T04:00:00Z")));
    assert!(!house.tracks(&asked).await.to_string().contains("CANARY"));
    house
}

async fn what_is_not_to_be_had_is_left_only_when_it_is_not_needed(house: House) -> House {
    let (runner, asked, errand) = claimed(&house, "same_drug").await;
    let none = json!([{ "item": 2, "got": "none" }]);
    assert_eq!(collects(&runner, &errand, none.clone()).await.code(), "consent_needed");
    let question = house.tracks(&asked).await["questions"][0].clone();
    assert_eq!((&question["item"], &question["kind"]), (&json!(2), &json!("out_of_stock")), "it leads to a question");
    answers(&house, &asked, "drop").await;
    let said = json!({ "by": "王阿姨" });
    let both = json!([{ "item": 1, "got": "none", "said": said }, { "item": 2, "got": "none" }]);
    assert_eq!(collects(&runner, &errand, both).await.code(), "nothing_got", "an empty bag is not carried");
    assert_eq!(collects(&runner, &errand, none).await.text("/state"), "collected");
    let told = house.tracks(&asked).await["differing"].clone();
    assert_eq!((&told[0]["item"], &told[0]["got"]), (&json!(2), &json!("none")));
    house
}

async fn what_is_wrong_with_the_goods_is_told_by_field(house: House) -> House {
    let (runner, _, errand) = claimed(&house, "exact").await;
    for (step, body, fields) in [
        ("collect", json!({ "items": [{}] }), vec!["items[0].item", "items[0].got"]),
        ("collect", json!({ "items": [{ "item": 0, "got": "swapped" }] }), vec!["items[0].item", "items[0].got"]),
        ("collect", json!({ "items": [{ "item": 9, "got": "swap" }] }), vec!["item"]),
        (
            "collect",
            json!({ "items": [{ "item": 1, "got": "swap" }, { "item": 1, "got": "none" }] }),
            vec!["items[1].item"],
        ),
        ("collect", json!({ "items": [{ "item": 1, "got": "swap", "said": {} }] }), vec!["items[0].said.by"]),
        (
            "collect",
            json!({ "items": [{ "item": 1, "got": "swap", "said": { "by": "a", "note": "\u{0}" } }] }),
            vec!["items[0].said.note"],
        ),
        ("collect", json!({ "refused": [1] }), vec!["refused"]),
        ("deliver", json!({ "items": [] }), vec!["items"]),
        ("fail", json!({ "reason": "cannot", "items": [] }), vec!["items"]),
    ] {
        let refused = runner.does(step, &errand, body.clone()).await;
        let errors = refused.body["errors"].as_array().unwrap_or_else(|| panic!("{body} {refused:?}")).clone();
        let named: Vec<&str> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!((refused.status, named), (422, fields), "{body}");
    }
    let odd = runner.does("collect", &errand, json!({ "items": "all" })).await;
    assert_eq!((odd.status, odd.text("/errors/0/code")), (422, "wrong_type".to_owned()));
    assert_eq!(runner.does("collect", &errand, json!({ "items": [] })).await.status, 200);
    assert_eq!(runner.does("deliver", &errand, json!({ "refused": [3] })).await.text("/errors/0/field"), "item");
    house
}

async fn what_was_not_taken_is_kept_for_staff(house: House) -> House {
    let (runner, asked, errand) = claimed(&house, "exact").await;
    runner.does("collect", &errand, json!({})).await;
    for _ in 0..2 {
        assert_eq!(runner.does("deliver", &errand, json!({ "refused": [2, 2] })).await.text("/state"), "delivered");
    }
    let opened = opened(&house, &asked).await;
    let expected =
        json!([{ "position": 2, "item": "二甲双胍片 500mg", "at": "2026-11-23T04:00:00Z", "runner": "陈r101" }]);
    assert_eq!(opened["refused"], expected);
    let events = opened["timeline"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "refused").count();
    assert_eq!(events, 1, "told twice it is one");
    let sup = house.person("sup").await;
    let page = house.http.get(format!("{}/watch/requests/{}", house.base, asked.text("/id")));
    let page = page.header("cookie", format!("paotui={}", sup.token.unwrap())).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("二甲双胍片 500mg，居民没收"));
    house
}

async fn the_folds_of_the_page_go_with_the_one_press(house: House) -> House {
    let (runner, asked, errand) = claimed(&house, "ask_me").await;
    let cookie = format!("paotui={}", runner.token.clone().unwrap());
    let shown = async || {
        let page = house.http.get(format!("{}/run", house.base)).header("cookie", &cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    let html = shown().await;
    let token = html.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(html.contains("有的不一样") && html.contains("药名、规格、剂型一定要和单子上一样"), "{html}");
    let presses = async |step: &str, fields: &str| {
        let form = house.http.post(format!("{}/run/errands/{errand}/{step}", house.base)).header("cookie", &cookie);
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let answer = form.body(format!("form_token={token}&{fields}")).send().await.unwrap();
        answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let fields = "got-1=as_asked&got-2=swap&said_by=&said_note=";
    assert_eq!(presses("collect", fields).await, "/run?notice=consent_needed");
    let html = shown().await;
    let chosen = "value=\"swap\" form=\"next\" checked";
    assert!(html.contains(chosen) && html.contains("按“拿到了”会记成"), "what was chosen is not lost: {html}");
    answers(&house, &asked, "swap").await;
    assert_eq!(presses("collect", fields).await, "/run?notice=collected");
    assert_eq!(opened(&house, &asked).await["fetched"][0]["got"], "swap");
    assert!(shown().await.contains("有的居民没收"));
    assert_eq!(presses("deliver", "code=&refused=1").await, "/run?notice=delivered");
    assert_eq!(opened(&house, &asked).await["refused"][0]["position"], 1);
    house
}
