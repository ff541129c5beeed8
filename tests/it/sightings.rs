//! Who tells what a shop has, who may not, and whom that spares a walk.

use paotui::domain::ids::PlaceId;
use paotui::store::import::{self, PlaceRow};
use paotui::store::places;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house};

on_every_house!(
    a_runner_the_desk_and_a_supervisor_tell_what_they_found,
    strangers_and_people_of_other_zones_tell_nothing,
    bad_input_names_its_field,
    an_answered_question_is_not_asked_for_two_hours,
    what_is_claimed_is_not_asked_about_any_more,
    a_named_place_is_the_only_one_asked,
    who_names_no_place_has_all_near_ones_asked_and_a_shut_one_makes_room,
    told_twice_within_a_minute_is_told_once,
    a_shop_answers_by_its_own_link,
    the_questions_tell_nothing_of_the_residents,
);

const TELL: &str = "/places/P-1/sightings";

fn valsartan(outcome: &str) -> Value {
    json!({ "item": "缬沙坦胶囊", "strength": "80mg", "outcome": outcome })
}

async fn questions(desk: &Person) -> Vec<Value> {
    let answer = desk.get("/desk/stock-questions").await;
    assert_eq!((answer.status, &answer.body["next"]), (200, &Value::Null), "{answer:?}");
    answer.body["items"].as_array().unwrap().clone()
}

async fn a_runner_the_desk_and_a_supervisor_tell_what_they_found(house: House) -> House {
    for (name, outcome) in [("r101", "has"), ("desk", "none"), ("sup", "other_maker"), ("admin", "shut")] {
        let told = house.person(name).await.post(TELL, valsartan(outcome)).await;
        assert_eq!(told.status, 201, "{told:?}");
        let kept = json!({ "place": "P-1", "item": "缬沙坦胶囊", "strength": "80mg", "outcome": outcome, "at": "2026-11-23T04:00:00Z" });
        assert_eq!(told.body, kept);
    }
    let loose = json!({ "item": " ＡＢＣ　片 ", "outcome": "has" });
    let told = house.person("desk").await.post(TELL, loose).await;
    assert_eq!((told.text("/item").as_str(), &told.body["strength"]), ("abc 片", &Value::Null));
    house
}

async fn strangers_and_people_of_other_zones_tell_nothing(house: House) -> House {
    assert_eq!(house.anyone().post(TELL, valsartan("has")).await.code(), "sign_in_first");
    for name in ["run-else", "sup-else"] {
        assert_eq!(house.person(name).await.post(TELL, valsartan("has")).await.status, 404, "{name}");
    }
    let desk = house.person("desk").await;
    for place in ["NOWHERE", "%00", "%ff"] {
        assert_eq!(desk.post(&format!("/places/{place}/sightings"), valsartan("has")).await.status, 404, "{place}");
    }
    assert_eq!(house.anyone().get("/desk/stock-questions").await.status, 401);
    for (name, own, home) in [("r101", 403, 403), ("run-else", 403, 404), ("sup-else", 200, 404), ("sup", 200, 200)] {
        let person = house.person(name).await;
        assert_eq!(person.get("/desk/stock-questions").await.status, own, "{name}");
        assert_eq!(person.get("/desk/stock-questions?zone=HOME").await.status, home, "{name}");
    }
    house
}

async fn bad_input_names_its_field(house: House) -> House {
    let desk = house.person("desk").await;
    for (field, code, body) in [
        ("item", "required", json!({ "outcome": "has" })),
        ("item", "required", json!({ "item": " \u{3000}", "outcome": "has" })),
        ("item", "too_long", json!({ "item": "药".repeat(101), "outcome": "has" })),
        ("item", "control_character", json!({ "item": "a\u{0}", "outcome": "has" })),
        ("strength", "too_long", json!({ "item": "a", "strength": "8".repeat(101), "outcome": "has" })),
        ("outcome", "required", json!({ "item": "a" })),
        ("outcome", "not_a_word", json!({ "item": "a", "outcome": "maybe" })),
        ("colour", "unknown_field", json!({ "item": "a", "outcome": "has", "colour": "red" })),
    ] {
        let answer = desk.post(TELL, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "invalid_input"), "{answer:?}");
        assert_eq!(answer.body["errors"].as_array().unwrap().len(), 1);
        assert_eq!((answer.text("/errors/0/field").as_str(), answer.text("/errors/0/code").as_str()), (field, code));
    }
    house
}

async fn an_answered_question_is_not_asked_for_two_hours(house: House) -> House {
    let desk = house.person("desk").await;
    assert_eq!(questions(&desk).await.len(), 0, "nobody waits");
    house.asks_for_medicine(0).await;
    house.asks_for_medicine(20).await;
    let asked = questions(&desk).await;
    assert_eq!(asked.len(), 1, "two errands for one drug at one pharmacy are one question: {asked:?}");
    let expected = json!({
        "place": "P-1", "place_name": "counter P-1", "phone": null, "open": true, "item": "缬沙坦胶囊", "strength": "80mg",
        "unit": "盒", "errands": 2, "urgency": "red", "deliver_by": "2026-11-23T04:30:00Z", "last": null,
    });
    assert_eq!(asked[0], expected);
    let other = json!({ "item": "缬沙坦胶囊", "strength": "160mg", "outcome": "has" });
    desk.post(TELL, other).await;
    assert_eq!(questions(&desk).await.len(), 1, "another strength says nothing about this one");
    desk.post(TELL, json!({ "item": "缬沙坦胶囊", "outcome": "none" })).await;
    assert_eq!(questions(&desk).await.len(), 0, "none of it at all answers for every strength");
    house.clock.turn(2 * 3600);
    let again = questions(&house.person("desk").await).await;
    assert_eq!(again[0]["last"], json!({ "outcome": "none", "at": "2026-11-23T04:00:00Z" }));
    desk.post(TELL, json!({ "item": "别的", "outcome": "shut" })).await;
    assert_eq!(questions(&desk).await.len(), 0, "nobody telephones a shut shop");
    desk.post(TELL, json!({ "item": "另外", "outcome": "has" })).await;
    assert_eq!(questions(&desk).await.len(), 0, "told at the same moment, the shut door is believed");
    house.clock.turn(1);
    desk.post(TELL, json!({ "item": "再有", "outcome": "has" })).await;
    assert_eq!(questions(&desk).await.len(), 1, "served there since: it is open again");
    house
}

async fn what_is_claimed_is_not_asked_about_any_more(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let food = json!({ "building": "H-1", "room": "1", "name": "李", "phone": "13900000000", "category": "food", "items": [{ "name": "米" }] });
    house.asks_for_medicine(0).await;
    house.settle().await;
    assert_eq!(questions(&desk).await.len(), 1, "offered, not claimed");
    runner.accepts().await;
    assert_eq!(questions(&desk).await.len(), 0);
    house.anyone().post("/requests", food).await;
    assert_eq!(questions(&desk).await.len(), 0, "rice is had everywhere");
    house
}

async fn a_named_place_is_the_only_one_asked(house: House) -> House {
    let desk = house.person("desk").await;
    let mut body = medicine(0);
    body["place"] = json!("S-1");
    assert_eq!(house.anyone().post("/requests", body).await.status, 201);
    let asked = questions(&desk).await;
    assert_eq!(asked.iter().map(|question| question["place"].as_str().unwrap()).collect::<Vec<_>>(), ["S-1"]);
    house
}

/// Beside P-1 at 100 m, pharmacies at 150, 160, 170 m.
async fn three_more_pharmacies(house: &House) {
    let stored = house.db().write::<(), paotui::store::Error, _>(async |conn| {
        let known = places::find(conn, "P-1").await?.unwrap();
        for (code, north_m) in [("P-2", 50.0), ("P-3", 60.0), ("P-4", 70.0)] {
            let row = PlaceRow {
                id: PlaceId::mint(),
                code: code.into(),
                zone_id: known.zone_id,
                kind: known.kind,
                name: format!("counter {code}"),
                lat: known.lat + north_m / 111_195.0,
                lon: known.lon,
                opens_minute: None,
                closes_minute: None,
                phone: Some("023-5550-0101".into()),
            };
            import::put_place(conn, row).await?;
        }
        Ok(())
    });
    stored.await.unwrap();
}

async fn who_names_no_place_has_all_near_ones_asked_and_a_shut_one_makes_room(house: House) -> House {
    three_more_pharmacies(&house).await;
    let desk = house.person("desk").await;
    house.asks_for_medicine(0).await;
    let asked_at = async || {
        let asked = questions(&desk).await;
        let mut places: Vec<String> =
            asked.iter().map(|question| question["place"].as_str().unwrap().to_owned()).collect();
        places.sort();
        places
    };
    assert_eq!(asked_at().await, ["P-1", "P-2", "P-3"]);
    desk.post("/places/P-2/sightings", valsartan("shut")).await;
    assert_eq!(asked_at().await, ["P-1", "P-3", "P-4"]);
    desk.post("/places/P-1/sightings", valsartan("has")).await;
    assert_eq!(asked_at().await, ["P-3", "P-4"]);
    house
}

async fn told_twice_within_a_minute_is_told_once(house: House) -> House {
    let desk = house.person("desk").await;
    let at = |answer: Answer| answer.text("/at");
    let first = at(desk.post(TELL, valsartan("has")).await);
    house.clock.turn(30);
    assert_eq!(at(desk.post(TELL, valsartan("has")).await), first);
    assert_ne!(at(house.person("r101").await.post(TELL, valsartan("has")).await), first, "somebody else saw it, too");
    assert_ne!(at(desk.post(TELL, valsartan("none")).await), first, "what is taken back is told anew");
    assert_ne!(at(desk.post(TELL, valsartan("has")).await), first, "and so is what was right after all");
    house
}

/// A page without a script: its status and text, and the answer to a form of it that carries its token.
async fn page(house: &House, path: &str, caller: &Person) -> (u16, String) {
    let answer = with_session(house.http.get(format!("{}{path}", house.base)), caller).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn with_session(request: reqwest::RequestBuilder, caller: &Person) -> reqwest::RequestBuilder {
    match &caller.token {
        Some(token) => request.header("cookie", format!("paotui={token}")),
        None => request,
    }
}

async fn presses(house: &House, (path, html): (&str, &str), fields: &str, caller: &Person) -> (u16, String) {
    let token = html.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = house.http.request(Method::POST, format!("{}{path}", house.base));
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let answer = with_session(form, caller).body(format!("form_token={token}&{fields}")).send().await.unwrap();
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
    (answer.status().as_u16(), to)
}

async fn a_shop_answers_by_its_own_link(house: House) -> House {
    let (desk, stranger) = (house.person("desk").await, house.anyone());
    house.asks_for_medicine(0).await;
    assert_eq!(page(&house, "/desk/stock", &stranger).await.0, 303, "the desk signs in");
    let (status, html) = page(&house, "/desk/stock", &desk).await;
    assert!(status == 200 && html.contains("缬沙坦胶囊 80mg"), "{html}");
    let link = html.split("/shop/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/shop/{link}");
    let (status, own) = page(&house, &path, &stranger).await;
    assert!(status == 200 && own.contains("缬沙坦胶囊 80mg") && own.contains("counter P-1"), "{own}");
    for wrong in ["/shop/0123456789abcdefghjkmnpqrs", "/shop/x", "/shop/%00", "/shop/P-1"] {
        assert_eq!(page(&house, wrong, &stranger).await.0, 404, "{wrong}");
    }
    let answer = "item=%E7%BC%AC%E6%B2%99%E5%9D%A6%E8%83%B6%E5%9B%8A&strength=80mg&outcome=";
    let forged = presses(&house, (&path, "name=\"form_token\" value=\"x\""), &format!("{answer}has"), &stranger).await;
    assert_eq!(forged.0, 403, "a form that is not ours");
    let shut = presses(&house, (&path, &own), &format!("{answer}shut"), &stranger).await;
    assert_eq!(shut, (303, format!("{path}?notice=told")));
    assert_eq!(questions(&desk).await.len(), 0, "a shut shop is left in peace");
    assert!(page(&house, &path, &stranger).await.1.contains("缬沙坦"), "on its own page it can say it is open again");
    house.clock.turn(60);
    // Which place it speaks for is in the link, not in the form.
    let fields = format!("{answer}has&place=S-1");
    assert_eq!(presses(&house, (&path, &own), &fields, &stranger).await.0, 303);
    assert!(!page(&house, &path, &stranger).await.1.contains("缬沙坦"), "answered");
    assert_eq!(questions(&desk).await.len(), 0);
    assert_eq!(presses(&house, (&path, &own), "item=&outcome=has", &stranger).await.0, 422);
    house.clock.turn(2 * 3600);
    let desk = house.person("desk").await;
    let (_, html) = page(&house, "/desk/stock", &desk).await;
    let pressed = presses(&house, ("/desk/stock", &html), &format!("place=P-1&{answer}none"), &desk).await;
    assert_eq!(pressed, (303, "/desk/stock?notice=told".to_owned()));
    assert_eq!(questions(&desk).await.len(), 0);
    house
}

async fn the_questions_tell_nothing_of_the_residents(house: House) -> House {
    let desk = house.person("desk").await;
    let canaries = ["canaryname", "5550001234567", "9-canaryroom", "canarynote", "canary@example.org", "H-1", "院子"];
    let mut body = medicine(0);
    for (field, canary) in ["name", "phone", "room", "note", "email"].into_iter().zip(canaries) {
        body[field] = json!(canary);
    }
    let asked = house.anyone().post("/requests", body).await;
    let (_, html) = page(&house, "/desk/stock", &desk).await;
    let link = html.split("/shop/").nth(1).unwrap().split('"').next().unwrap();
    let own = page(&house, &format!("/shop/{link}"), &house.anyone()).await.1;
    for text in [desk.get("/desk/stock-questions").await.raw, html.clone(), own] {
        assert!(text.contains("缬沙坦"));
        let told: Vec<&str> = canaries.into_iter().filter(|canary| text.contains(canary)).collect();
        assert!(told.is_empty() && !text.contains(&asked.text("/code")), "{told:?}");
    }
    house
}
