//! Seals: what is sealed and until when, who is taken off duty by it and comes back, and what becomes of the errands.

use serde_json::{Value, json};

use crate::support::{House, Person, on_every_house, seed};

on_every_house!(
    sealing_takes_off_duty_who_lives_there_and_gives_what_they_held_to_others,
    goods_that_are_sealed_in_go_to_a_person,
    who_was_off_duty_stays_off_and_who_came_back_alone_is_left_alone,
    a_seal_begins_and_ends_by_itself,
    a_later_decision_takes_back_what_was_to_come,
    many_seals_are_answered_row_by_row,
    what_breaks_in_the_middle_of_a_list_is_no_row_that_was_refused,
    a_seal_is_for_whoever_oversees_the_zone,
    a_pasted_list_changes_nothing_before_it_is_confirmed,
);

async fn seals(by: &Person, code: &str, body: Value) -> Value {
    let answer = by.put(&format!("/buildings/{code}/seal"), body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

async fn is_on(runner: &Person) -> bool {
    let page = runner.http.get(format!("{}/run?lang=en", runner.base));
    let html = page.header("cookie", format!("paotui={}", runner.token.as_deref().unwrap())).send().await.unwrap();
    let html = html.text().await.unwrap();
    assert!(html.contains("form_token"), "{html}");
    html.contains("name=\"on\" value=\"false\"")
}

async fn sealing_takes_off_duty_who_lives_there_and_gives_what_they_held_to_others(house: House) -> House {
    // r001 has an e-mail address.
    seed::has(house.db(), "r001", Some("H-2"), "").await;
    let inside = house.runner_on_duty("r001", 90.0).await;
    let (claimed, offered) = (house.asks_for_medicine(0).await, house.asks_for_medicine(0).await);
    house.settle().await;
    inside.accepts().await;
    let held = inside.errand().await;
    inside.put("/runner/duty", json!({ "on": true })).await;
    house.settle().await;
    house.letters();
    let supervisor = house.person("sup").await;
    let done = seals(&supervisor, "H-2", json!({ "seal": "sealed" })).await;
    assert_eq!((&done["begun"], &done["runners"]), (&json!(true), &json!(1)), "{done}");
    for asked in [&claimed, &offered] {
        assert_eq!(house.tracks(asked).await["state"], "waiting");
    }
    assert!(inside.offer().await.is_empty() && inside.errand().await.is_empty());
    let claim = inside.does("claim", &held, json!({})).await;
    assert_eq!((claim.status, claim.code()), (409, "sealed_in".to_owned()), "nobody fetches it from behind a seal");
    let outside = house.runner_on_duty("r101", 600.0).await;
    house.settle().await;
    let told = house.letters();
    assert_eq!(told.len(), 1, "the runner is told");
    assert!(told[0].text.contains("封控") && !told[0].text.contains("H-2"), "{}", told[0].text);
    while !outside.offer().await.is_empty() {
        assert_eq!(outside.accepts().await.status, 200);
        house.settle().await;
    }
    for asked in [&claimed, &offered] {
        assert_eq!(house.tracks(asked).await["state"], "claimed");
    }
    let later = house.asks_for_medicine(0).await;
    seals(&supervisor, "H-2", json!({ "seal": "open" })).await;
    house.settle().await;
    assert_eq!(house.tracks(&later).await["state"], "offered", "who was on duty before the seal is asked again");
    assert!(!inside.offer().await.is_empty());
    assert!(house.letters().iter().any(|letter| letter.text.contains("解封")));
    house
}

async fn goods_that_are_sealed_in_go_to_a_person(house: House) -> House {
    seed::has(house.db(), "r101", Some("H-2"), "").await;
    let inside = house.runner_on_duty("r101", 90.0).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    inside.accepts().await;
    let errand = inside.errand().await;
    inside.does("collect", &errand, json!({})).await;
    let supervisor = house.person("sup").await;
    let done = seals(&supervisor, "H-2", json!({ "seal": "sealed" })).await;
    assert_eq!(done["errands"], 1);
    let seen = house.tracks(&asked).await;
    assert_eq!((&seen["state"], &seen["care_reason"]), (&json!("care"), &json!("sealed_in")));
    house
}

async fn who_was_off_duty_stays_off_and_who_came_back_alone_is_left_alone(house: House) -> House {
    seed::has(house.db(), "r101", Some("H-2"), "").await;
    seed::has(house.db(), "r102", Some("H-2"), "").await;
    let (idle, eager) = (house.person("r101").await, house.runner_on_duty("r102", 90.0).await);
    let supervisor = house.person("sup").await;
    seals(&supervisor, "H-2", json!({ "seal": "sealed" })).await;
    // He helps inside, and goes to bed.
    eager.put("/runner/duty", json!({ "on": true })).await;
    eager.put("/runner/duty", json!({ "on": false })).await;
    let done = seals(&supervisor, "H-2", json!({ "seal": "stairs_only" })).await;
    assert_eq!(done["runners"], 0, "nobody is brought back");
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert!(idle.offer().await.is_empty() && eager.offer().await.is_empty());
    assert!(!is_on(&idle).await && !is_on(&eager).await);
    house
}

async fn a_seal_begins_and_ends_by_itself(house: House) -> House {
    seed::has(house.db(), "r101", Some("H-1"), "").await;
    let runner = house.runner_on_duty("r101", 90.0).await;
    let supervisor = house.person("sup").await;
    let body = json!({ "seal": "sealed", "from": "2026-11-23T05:00:00Z", "until": "2026-11-23T06:00:00Z" });
    let done = seals(&supervisor, "H-1", body).await;
    assert_eq!((&done["begun"], &done["from"]), (&json!(false), &json!("2026-11-23T05:00:00Z")));
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    runner.declines().await;
    house.after(3590).await;
    assert!(house.tracks(&asked).await["timeline"].as_array().unwrap().iter().all(|at| at["note"] != "sealed"));
    runner.put("/runner/duty", json!({ "on": true })).await;
    house.after(20).await;
    let other = house.runner_on_duty("r102", 300.0).await;
    let seen = house.tracks(&asked).await;
    assert_eq!(seen["timeline"].as_array().unwrap().last().unwrap()["note"], "sealed", "{seen}");
    assert!(!is_on(&runner).await);
    house.after(3600).await;
    let seen = house.tracks(&asked).await;
    let told = seen["timeline"].as_array().unwrap().iter().any(|at| at["note"] == "unsealed");
    assert!(told, "{seen}");
    assert!(is_on(&runner).await, "it ends by itself, and who was on duty before is again");
    drop(other);
    house
}

async fn a_later_decision_takes_back_what_was_to_come(house: House) -> House {
    let supervisor = house.person("sup").await;
    seals(&supervisor, "H-1", json!({ "seal": "sealed", "from": "2026-11-23T05:00:00Z" })).await;
    seals(&supervisor, "H-1", json!({ "seal": "stairs_only" })).await;
    house.after(7200).await;
    let code = "H-1";
    let (building, all) = house
        .db()
        .read(async move |conn| {
            let building = paotui::store::zones::find_building(conn, code).await?.unwrap();
            let all = paotui::store::seals::list_of(conn, building.id, 10).await?;
            Ok::<_, paotui::store::Error>((building, all))
        })
        .await
        .unwrap();
    assert_eq!(building.seal.as_str(), "stairs_only");
    assert_eq!(all.len(), 2, "what was taken back is kept, too");
    assert!(all[1].begun_at.is_none() && all[1].ended_at.is_some() && all[1].made_by.is_some());
    house
}

async fn many_seals_are_answered_row_by_row(house: House) -> House {
    let supervisor = house.person("sup").await;
    let rows = json!({ "seals": [
        { "building": "H-1", "seal": "sealed", "until": "2026-11-30T00:00:00Z" },
        { "building": "H-9", "seal": "sealed" },
        { "building": "E-1", "seal": "sealed" },
        { "building": "H-2", "seal": "shut" },
        { "building": "H-2", "seal": "sealed", "until": "2020-01-01T00:00:00Z" },
        { "seal": "open" },
        { "building": "H-2", "seal": "stairs_only" },
    ] });
    let answer = supervisor.post("/buildings/seals", rows).await;
    assert_eq!((answer.status, &answer.body["done"], &answer.body["refused"]), (200, &json!(2), &json!(5)));
    let told = |row: &Value| {
        format!("{} {} {}", row["ok"], row["why"].as_str().unwrap_or("-"), row["field"].as_str().unwrap_or("-"))
    };
    let told: Vec<String> = answer.body["items"].as_array().unwrap().iter().map(told).collect();
    let expected = [
        "true - -",
        "false unknown_building -",
        "false unknown_building -",
        "false not_a_word seal",
        "false out_of_range until",
        "false required building",
        "true - -",
    ];
    assert_eq!(told, expected);
    let none = supervisor.post("/buildings/seals", json!({ "seals": [] })).await;
    assert_eq!((none.status, none.text("/errors/0/field")), (422, "seals".to_owned()));
    house
}

async fn what_breaks_in_the_middle_of_a_list_is_no_row_that_was_refused(house: House) -> House {
    let supervisor = house.person("sup").await;
    crate::journal::says(&house, "ALTER TABLE seals RENAME TO away").await.unwrap();
    let rows = json!({ "seals": [{ "building": "H-1", "seal": "sealed" }] });
    let broken = supervisor.post("/buildings/seals", rows.clone()).await;
    assert_eq!((broken.status, broken.code()), (500, "internal".to_owned()), "{broken:?}");
    crate::journal::says(&house, "ALTER TABLE away RENAME TO seals").await.unwrap();
    let again = supervisor.post("/buildings/seals", rows).await;
    assert_eq!((again.status, &again.body["done"]), (200, &json!(1)), "{again:?}");
    house
}

async fn a_seal_is_for_whoever_oversees_the_zone(house: House) -> House {
    let body = || json!({ "seal": "sealed" });
    let set = async |by: &Person| by.put("/buildings/H-1/seal", body()).await.status;
    assert_eq!(set(&house.anyone()).await, 401);
    assert_eq!(set(&house.person("desk").await).await, 403);
    assert_eq!(set(&house.person("r101").await).await, 403);
    assert_eq!(set(&house.person("sup-else").await).await, 404);
    assert_eq!(set(&house.person("admin").await).await, 200);
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.put("/buildings/H-9/seal", body()).await.status, 404);
    let wrong = supervisor.put("/buildings/H-1/seal", json!({ "seal": "shut", "until": "soon" })).await;
    assert_eq!(
        (wrong.status, wrong.text("/errors/0/field"), wrong.text("/errors/1/field")),
        (422, "seal".into(), "until".into())
    );
    assert_eq!(supervisor.put("/buildings/H-1/seal", json!({ "seal": 3 })).await.status, 422);
    house
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

/// A form of a page, as a browser sends it.
async fn sends(by: &Person, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let cookie = format!("paotui={}", by.token.as_deref().unwrap());
    let html = by.http.get(format!("{}/watch/seals", by.base)).header("cookie", &cookie).send().await.unwrap();
    let html = html.text().await.unwrap();
    let token = html.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut all = vec![("form_token", token.as_str())];
    all.extend(fields);
    let request = by.http.post(format!("{}{path}", by.base)).header("cookie", &cookie);
    let answer =
        request.header("content-type", "application/x-www-form-urlencoded").body(encoded(&all)).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn a_pasted_list_changes_nothing_before_it_is_confirmed(house: House) -> House {
    let supervisor = house.person("sup").await;
    let list = "院子H-1栋\n院子H-7栋\n别处3栋";
    let (status, html) = sends(&supervisor, "/watch/seals/preview", &[("list", list)]).await;
    assert_eq!(status, 200);
    assert!(html.contains("value=\"H-1\" checked") && !html.contains("value=\"H-2\" checked"), "{html}");
    let sealed = async || {
        house
            .db()
            .read(async |conn| paotui::store::zones::find_building(conn, "H-1").await)
            .await
            .unwrap()
            .unwrap()
            .seal
    };
    assert_eq!(sealed().await.as_str(), "open", "nothing changes before it is confirmed");
    let (status, _) = sends(&supervisor, "/watch/seals/preview", &[("list", " \n ")]).await;
    assert_eq!(status, 422);
    let confirm = [("list", list), ("seal", "sealed"), ("building", "H-1"), ("building", "E-1")];
    let (status, _) = sends(&supervisor, "/watch/seals/confirm", &confirm).await;
    assert_eq!((status, sealed().await.as_str()), (303, "sealed"));
    let source = house.db().read(async |conn| {
        let building = paotui::store::zones::find_building(conn, "H-1").await?.unwrap();
        paotui::store::seals::list_of(conn, building.id, 1).await
    });
    assert_eq!(source.await.unwrap()[0].source.as_deref(), Some("院子H-1栋"));
    let (status, html) =
        sends(&supervisor, "/watch/seals", &[("building", "H-2"), ("seal", "sealed"), ("until", "2020-01-01T00:00")])
            .await;
    assert_eq!(status, 422);
    assert!(html.contains("value=\"H-2\" selected") && html.contains("2020-01-01T00:00"), "what was typed is kept");
    let (status, _) = sends(&supervisor, "/watch/seals", &[("building", "H-1"), ("seal", "open")]).await;
    assert_eq!((status, sealed().await.as_str()), (303, "open"));
    house
}
