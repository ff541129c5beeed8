//! What no shop had today.

use serde_json::{Value, json};

use super::{given, of_room, page, pharmacies, presses, tells};
use crate::support::{Answer, House, Person, on_every_house};

on_every_house!(
    what_no_shop_has_is_listed_and_goes_to_a_person_only_by_a_press,
    what_somebody_has_after_all_is_no_shortage,
    the_list_is_for_those_who_oversee_and_holds_nothing_of_residents,
);

async fn short(person: &Person) -> Vec<Value> {
    let told = person.get("/watch/shortages").await;
    assert_eq!(told.status, 200, "{told:?}");
    told.body["items"].as_array().unwrap().clone()
}

async fn state(house: &House, asked: &Answer) -> (String, String) {
    let tracked = house.tracks(asked).await;
    let text = |field: &str| tracked[field].as_str().unwrap_or_default().to_owned();
    (text("state"), text("care_reason"))
}

async fn what_no_shop_has_is_listed_and_goes_to_a_person_only_by_a_press(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0), ("P-3", 250.0)]).await;
    let (sup, desk) = (house.person("sup").await, house.person("desk").await);
    let (_, carried, _) = given(&house, "r101", of_room("2-501")).await;
    let waiting = house.asks_for_medicine(20).await;
    let (held, offered) = (house.runner_on_duty("r102", 0.0).await, house.asks_for_medicine(0).await);
    let mut other = of_room("9-901");
    other["items"][0]["strength"] = json!("160mg");
    let unconcerned = house.anyone().post("/requests", other).await;
    house.settle().await;
    assert!(!held.offer().await.is_empty());
    tells(&desk, "P-1", "none").await;
    assert_eq!(short(&sup).await.len(), 0, "one of three shops is no shortage");
    house.clock.turn(60);
    tells(&house.person("r101").await, "P-2", "none").await;
    let sup = Person { token: house.person("sup").await.token, ..sup };
    let told = short(&sup).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (&told[0]["item"], &told[0]["strength"], &told[0]["zone"]),
        (&json!("缬沙坦胶囊"), &json!("80mg"), &json!("HOME"))
    );
    assert_eq!((&told[0]["waiting"], &told[0]["claimed"]), (&json!(2), &json!(1)));
    let said = json!([
        { "place": "P-2", "place_name": "counter P-2", "at": "2026-11-23T04:01:00Z" },
        { "place": "P-1", "place_name": "counter P-1", "at": "2026-11-23T04:00:00Z" },
    ]);
    assert_eq!(told[0]["said_none"], said);
    house.settle().await;
    assert_ne!(state(&house, &waiting).await.0, "care", "nothing goes to a person by itself");
    let (_, shown) = page(&house, "/watch/shortages", &sup).await;
    assert!(shown.contains("缬沙坦胶囊 80mg") && shown.contains("2 单在等，1 单有人去取"), "{shown}");
    let fields = "zone=HOME&item=%E7%BC%AC%E6%B2%99%E5%9D%A6%E8%83%B6%E5%9B%8A&strength=80mg";
    let pressed = presses(&house, ("/watch/shortages", "/watch/shortages"), fields, &sup).await;
    assert_eq!(pressed, (303, "/watch/shortages?notice=put_before".to_owned()));
    let care = ("care".to_owned(), "out_of_stock".to_owned());
    assert_eq!(state(&house, &waiting).await, care);
    assert_eq!(state(&house, &offered).await, care);
    assert_eq!(state(&house, &carried).await.0, "claimed", "whoever has it in hand sees what the shops said");
    assert_ne!(state(&house, &unconcerned).await.0, "care", "another strength");
    let offers = held.get("/runner/offers").await.body["items"].to_string();
    assert!(!offers.contains(&offered.text("/id")), "{offers}");
    let again = sup.post("/watch/shortages", json!({ "item": "缬沙坦胶囊", "strength": "80mg" })).await;
    assert_eq!((again.status, &again.body["errands"]), (200, &json!(0)), "{again:?}");
    house
}

async fn what_somebody_has_after_all_is_no_shortage(house: House) -> House {
    pharmacies(&house, &[("P-2", 50.0)]).await;
    let (sup, desk) = (house.person("sup").await, house.person("desk").await);
    let asked = house.asks_for_medicine(20).await;
    for place in ["P-1", "P-2"] {
        tells(&desk, place, "none").await;
    }
    assert_eq!(short(&sup).await.len(), 1);
    house.clock.turn(60);
    let (sup, desk) = (house.person("sup").await, house.person("desk").await);
    tells(&desk, "P-2", "has").await;
    assert_eq!(short(&sup).await.len(), 0);
    let late = sup.post("/watch/shortages", json!({ "item": "缬沙坦胶囊", "strength": "80mg" })).await;
    assert_eq!(late.code(), "not_short");
    assert_ne!(state(&house, &asked).await.0, "care");
    let nothing = sup.post("/watch/shortages", json!({ "strength": "80mg" })).await;
    assert_eq!((nothing.status, nothing.text("/errors/0/field")), (422, "item".to_owned()));
    house
}

async fn the_list_is_for_those_who_oversee_and_holds_nothing_of_residents(house: House) -> House {
    let canaries = ["canaryname", "5550001234567", "9-canaryroom", "canarynote", "canary@example.org", "院子", "H-1"];
    let mut body = of_room("2-501");
    for (field, canary) in ["name", "phone", "room", "note", "email"].into_iter().zip(canaries) {
        body[field] = json!(canary);
    }
    let asked = house.anyone().post("/requests", body).await;
    tells(&house.person("desk").await, "P-1", "none").await;
    let (sup, admin) = (house.person("sup").await, house.person("admin").await);
    assert_eq!((short(&sup).await.len(), short(&admin).await.len()), (1, 1), "the one shop there is has none");
    let shown = page(&house, "/watch/shortages", &sup).await.1;
    for text in [sup.get("/watch/shortages").await.raw, shown] {
        assert!(text.contains("缬沙坦"));
        let told: Vec<&str> = canaries.into_iter().filter(|canary| text.contains(canary)).collect();
        assert!(told.is_empty() && !text.contains(&asked.text("/code")), "{told:?}");
    }
    let body = json!({ "item": "缬沙坦胶囊", "strength": "80mg" });
    for (name, status) in [("r101", 403), ("desk", 403)] {
        let person = house.person(name).await;
        assert_eq!(person.get("/watch/shortages").await.status, status, "{name}");
        assert_eq!(person.post("/watch/shortages", body.clone()).await.status, status, "{name}");
        assert_eq!(page(&house, "/watch/shortages", &person).await.0, status, "{name}");
    }
    assert_eq!(house.anyone().get("/watch/shortages").await.status, 401);
    assert_eq!(page(&house, "/watch/shortages", &house.anyone()).await.0, 303);
    let elsewhere = house.person("sup-else").await;
    assert_eq!(short(&elsewhere).await.len(), 0);
    assert_eq!(elsewhere.get("/watch/shortages?zone=HOME").await.status, 404);
    let forged = json!({ "zone": "HOME", "item": "缬沙坦胶囊", "strength": "80mg" });
    assert_eq!(elsewhere.post("/watch/shortages", forged).await.status, 404);
    house
}
