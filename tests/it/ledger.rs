//! Money: what the till printed, bag by bag, and what each household gave.

use serde_json::{Value, json};

use crate::support::{Answer, House, Person, on_every_house};

on_every_house!(
    a_receipt_adds_up_and_a_household_pays_it_back,
    what_does_not_add_up_is_refused_by_field,
    a_receipt_is_mended_by_another_and_sent_twice_is_one,
    money_is_the_business_of_who_carries_it_and_who_oversees_the_zone,
);

/// The runner has something in hand; answers its errand.
async fn fetched(house: &House, runner: &Person) -> (Answer, String) {
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.accepts().await;
    let stops = runner.get("/runner/trip").await.body["stops"].as_array().unwrap().clone();
    let errand = stops.iter().find(|stop| stop["state"] == "claimed").unwrap()["errand"].as_str().unwrap().to_owned();
    assert_eq!(runner.does("collect", &errand, json!({})).await.status, 200);
    (asked, errand)
}

fn receipt(total: &str, bags: &[(&str, &str)]) -> Value {
    let bags: Vec<Value> = bags
        .iter()
        .map(|(errand, amount)| json!({ "errand": errand, "items": [{ "item": 1, "amount": amount }] }))
        .collect();
    json!({ "place": "P-1", "total": total, "bags": bags })
}

async fn ledger(house: &House) -> Vec<Value> {
    let answer = house.person("sup").await.get("/watch/ledger").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].as_array().unwrap().clone()
}

async fn a_receipt_adds_up_and_a_household_pays_it_back(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (first, one) = fetched(&house, &runner).await;
    let (_, other) = fetched(&house, &runner).await;
    let booked = runner.post("/runner/receipts", receipt("36.50", &[(&one, "12.50"), (&other, "24")])).await;
    assert_eq!(booked.status, 201, "{booked:?}");
    let given = runner.does("settle", &one, json!({ "amount": 20, "how": "cash" })).await;
    assert_eq!(given.status, 201, "{given:?}");
    assert_eq!(runner.does("settle", &one, json!({ "amount": "-7.50", "how": "cash" })).await.status, 201);
    let lines = ledger(&house).await;
    let of = |code: &str| lines.iter().find(|line| line["code"] == code).unwrap().clone();
    let line = of(&first.text("/code"));
    assert_eq!((&line["spent"], &line["given"], &line["open"]), (&json!("12.50"), &json!("12.50"), &json!("0.00")));
    let open: Vec<&Value> = lines.iter().map(|line| &line["open"]).collect();
    assert!(open.contains(&&json!("24.00")), "{lines:?}");
    let csv = house.person("sup").await.get("/watch/ledger.csv").await;
    assert_eq!((csv.status, csv.raw.lines().count()), (200, 3), "{}", csv.raw);
    assert!(!csv.raw.contains("13800000000") && !csv.raw.contains("王阿姨") && !csv.raw.contains("-501"));
    house
}

async fn what_does_not_add_up_is_refused_by_field(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (_, errand) = fetched(&house, &runner).await;
    let wrong = runner.post("/runner/receipts", receipt("12", &[(&errand, "12.50")])).await;
    let error = &wrong.body["errors"][0];
    assert_eq!((wrong.status, &error["field"], &error["code"]), (422, &json!("total"), &json!("does_not_add_up")));
    assert!(wrong.text("/detail").contains("0.50"), "{wrong:?}");
    for (body, field, code) in [
        (json!({}), "total", "required"),
        (receipt("1,000", &[(&errand, "1")]), "total", "not_an_amount"),
        (receipt("-1", &[(&errand, "-1")]), "total", "out_of_range"),
        (json!({ "total": "1" }), "bags", "required"),
        (receipt("1", &[("nothing", "1")]), "bags[0].errand", "required"),
    ] {
        let refused = runner.post("/runner/receipts", body).await;
        let errors: Vec<&Value> = refused.body["errors"].as_array().unwrap().iter().map(|e| &e["field"]).collect();
        assert_eq!((refused.status, errors.contains(&&json!(field))), (422, true), "{field} {code}: {refused:?}");
    }
    let mut body = receipt("1", &[(&errand, "1")]);
    body["bags"][0]["items"][0]["item"] = json!(9);
    assert_eq!(runner.post("/runner/receipts", body).await.status, 422, "there is no such thing in the list");
    let mut body = receipt("1", &[(&errand, "1")]);
    body["photo"] = json!("gone");
    assert_eq!(runner.post("/runner/receipts", body).await.body["errors"][0]["code"], "photo_gone");
    let how = runner.does("settle", &errand, json!({ "amount": "1", "how": "shells" })).await;
    assert_eq!((how.status, &how.body["errors"][0]["field"]), (422, &json!("how")));
    assert!(ledger(&house).await.is_empty(), "nothing of it was kept");
    house
}

async fn a_receipt_is_mended_by_another_and_sent_twice_is_one(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (_, one) = fetched(&house, &runner).await;
    let (_, other) = fetched(&house, &runner).await;
    let send = |body: Value| {
        let request = runner.request(reqwest::Method::POST, "/runner/receipts").header("Idempotency-Key", "r-1");
        runner.send(request.json(&body))
    };
    let both = receipt("30", &[(&one, "10"), (&other, "20")]);
    let (first, second) = (send(both.clone()).await, send(both).await);
    assert_eq!((first.status, first.text("/id")), (201, second.text("/id")), "{second:?}");
    let part = runner.post("/runner/receipts", receipt("11", &[(&one, "11")])).await;
    assert_eq!(
        (part.status, part.code()),
        (409, "already_booked".to_owned()),
        "the other bag would be left without one"
    );
    let mended = runner.post("/runner/receipts", receipt("31", &[(&one, "11"), (&other, "20")])).await;
    assert_eq!(mended.status, 201);
    let lines = ledger(&house).await;
    let mut spent: Vec<&str> = lines.iter().map(|line| line["spent"].as_str().unwrap()).collect();
    spent.sort_unstable();
    assert_eq!(spent, ["11.00", "20.00"], "the voided one counts no more");
    house
}

async fn money_is_the_business_of_who_carries_it_and_who_oversees_the_zone(house: House) -> House {
    let (runner, other) = (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 2000.0).await);
    let (asked, errand) = fetched(&house, &runner).await;
    assert_eq!(other.post("/runner/receipts", receipt("1", &[(&errand, "1")])).await.status, 404);
    assert_eq!(other.does("settle", &errand, json!({ "amount": "1", "how": "cash" })).await.status, 404);
    assert_eq!(
        house.person("sup-else").await.does("settle", &errand, json!({ "amount": "1", "how": "cash" })).await.status,
        404
    );
    assert_eq!(house.anyone().post("/runner/receipts", receipt("1", &[(&errand, "1")])).await.status, 401);
    let desk = house.person("desk").await;
    assert_eq!(
        desk.does("settle", &errand, json!({ "amount": "8", "how": "transfer" })).await.status,
        201,
        "told on the telephone"
    );
    for (name, status) in [("desk", 403), ("r101", 403), ("sup-else", 200)] {
        assert_eq!(house.person(name).await.get("/watch/ledger").await.status, status, "{name}");
    }
    assert_eq!(house.person("sup-else").await.get("/watch/ledger?zone=HOME").await.status, 404);
    let page = house.http.get(format!("{}/r/{}", house.base, asked.text("/token"))).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("已经给了 8.00 元"), "whoever pays sees what was written down");
    house
}
