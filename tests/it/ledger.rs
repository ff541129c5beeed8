//! Money: what the till printed, bag by bag, and what each household gave.

use serde_json::{Value, json};

use crate::support::{Answer, House, Person, on_every_house};

on_every_house!(
    a_receipt_adds_up_and_a_household_pays_it_back,
    what_does_not_add_up_is_refused_by_field,
    a_receipt_is_mended_by_another_and_sent_twice_is_one,
    money_is_the_business_of_who_carries_it_and_who_oversees_the_zone,
    a_double_tap_is_one_payment_and_what_was_typed_stays,
    two_receipts_at_once_are_one_and_another_runners_stays,
    what_is_given_the_next_day_is_shown_with_what_was_spent_before,
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
    let in_hand = async || {
        let trip = runner.get("/runner/trip").await;
        let stops = trip.body["stops"].as_array().unwrap();
        let money = |errand: &str| stops.iter().find(|stop| stop["errand"] == errand).unwrap()["money"].clone();
        (money(&one), money(&other))
    };
    let cash = json!({ "spent": "12.50", "given": [{ "how": "cash", "amount": "20.00" }], "open": "-7.50" });
    assert_eq!(in_hand().await, (cash, json!({ "spent": "24.00", "given": [], "open": "24.00" })));
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
        let errors = refused.body["errors"].as_array().unwrap();
        let told = errors.iter().any(|error| (&error["field"], &error["code"]) == (&json!(field), &json!(code)));
        assert_eq!((refused.status, told), (422, true), "{field} {code}: {refused:?}");
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
    assert_eq!(house.tracks(&asked).await["money"], json!({ "spent": "0.00", "given": "8.00" }));
    for (name, status) in [("desk", 403), ("r101", 403), ("sup-else", 200)] {
        assert_eq!(house.person(name).await.get("/watch/ledger").await.status, status, "{name}");
    }
    assert_eq!(house.person("sup-else").await.get("/watch/ledger?zone=HOME").await.status, 404);
    let page = house.http.get(format!("{}/r/{}", house.base, asked.text("/token"))).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("已经给了 8.00 元"), "whoever pays sees what was written down");
    house
}

async fn a_double_tap_is_one_payment_and_what_was_typed_stays(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (_, errand) = fetched(&house, &runner).await;
    let cookie = format!("paotui={}", runner.token.as_ref().unwrap());
    let shown = runner.http.get(format!("{}/run", runner.base)).header("cookie", &cookie).send().await.unwrap();
    let html = shown.text().await.unwrap();
    let hidden = |name: &str| {
        let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let press = async |amount: &str| {
        let fields = [
            ("form_token", hidden("form_token")),
            ("idempotency_key", hidden("idempotency_key")),
            ("how", "cash".to_owned()),
            ("amount", amount.to_owned()),
        ];
        let request = runner.http.post(format!("{}/run/errands/{errand}/settle", runner.base));
        let request = request.header("cookie", &cookie).header("origin", &runner.base);
        let body = serde_urlencoded::to_string(&fields).unwrap();
        let answer =
            request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, html) = press("二十").await;
    assert_eq!(status, 422);
    assert!(html.contains("value=\"二十\"") && html.contains("value=\"cash\" required checked"), "{html}");
    let (first, second) = tokio::join!(press("20"), press("20"));
    assert_eq!((first.0, second.0), (303, 303));
    assert_eq!(ledger(&house).await[0]["given"], "20.00", "pressed twice, given once");
    house
}

async fn two_receipts_at_once_are_one_and_another_runners_stays(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (_, errand) = fetched(&house, &runner).await;
    let send = |total: &'static str| runner.post("/runner/receipts", receipt(total, &[(&errand, total)]));
    let (first, second) = tokio::join!(send("10"), send("11"));
    assert_eq!((first.status, second.status), (201, 201), "{first:?} {second:?}");
    let spent = ledger(&house).await[0]["spent"].clone();
    assert!(spent == "10.00" || spent == "11.00", "one stands in the other's place: {spent}");

    assert_eq!(runner.does("fail", &errand, json!({ "reason": "cannot" })).await.status, 200);
    let other = house.runner_on_duty("r102", 0.0).await;
    let handed =
        house.person("sup").await.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": "r102" })).await;
    assert_eq!(handed.status, 200, "{handed:?}");
    assert_eq!(other.does("collect", &errand, json!({})).await.status, 200);
    assert_eq!(other.post("/runner/receipts", receipt("5", &[(&errand, "5")])).await.status, 201);
    let both = if spent == "10.00" { "15.00" } else { "16.00" };
    assert_eq!(ledger(&house).await[0]["spent"], both, "what another laid out before was laid out");
    house
}

async fn what_is_given_the_next_day_is_shown_with_what_was_spent_before(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (asked, errand) = fetched(&house, &runner).await;
    assert_eq!(runner.post("/runner/receipts", receipt("8", &[(&errand, "8")])).await.status, 201);
    house.clock.turn(24 * 3600);
    let desk = house.person("desk").await;
    assert_eq!(desk.does("settle", &errand, json!({ "amount": "8", "how": "cash" })).await.status, 201);
    let lines = ledger(&house).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["code"], asked.text("/code"));
    assert_eq!((&lines[0]["spent"], &lines[0]["given"]), (&json!("8.00"), &json!("8.00")), "the whole account of it");
    house
}
