//! The same wish of the same door, a second time: it joins the first, and nothing it said is lost.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, House, medicine, on_every_house};

on_every_house!(
    the_same_drug_for_the_same_door_joins_and_the_asker_sees_how_it_stands,
    what_is_new_comes_along_and_urgency_only_rises,
    another_door_another_drug_or_another_day_is_another_request,
    two_patients_of_one_door_are_two_requests,
    what_is_set_aside_for_a_person_swallows_no_new_wish,
    what_was_brought_or_called_off_is_asked_for_anew,
    twenty_at_once_are_one_request_and_each_is_told,
    a_resent_second_asking_is_the_same_second_asking,
    a_stranger_who_knows_the_door_cannot_call_it_off,
    a_telephone_leads_to_what_is_open_whatever_way_it_came,
    who_joined_is_told_and_finds_it_by_the_own_telephone,
);

async fn submits(house: &House, body: Value) -> Answer {
    let answer = house.anyone().post("/requests", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer
}

fn with(changes: &[(&str, Value)]) -> Value {
    let mut body = medicine(0);
    for (field, value) in changes {
        body[*field] = value.clone();
    }
    body
}

fn item(name: &str, quantity: u32) -> Value {
    json!({ "name": name, "strength": "80mg", "quantity": quantity, "unit": "盒", "substitution": "same_drug" })
}

async fn count(house: &House) -> usize {
    house.person("sup").await.get("/watch/requests?over=true").await.body["items"].as_array().unwrap().len()
}

async fn the_same_drug_for_the_same_door_joins_and_the_asker_sees_how_it_stands(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let first = submits(&house, medicine(0)).await;
    assert!(first.body.get("merged_into").is_none());
    house.settle().await;
    runner.accepts().await;
    let again = [
        ("room", json!("２－５０１ ")),
        ("items", json!([item("缬沙坦胶囊\u{3000}", 2)])),
        ("phone", json!("13911112222")),
    ];
    let second = submits(&house, with(&again)).await;
    assert_eq!(second.text("/merged_into"), first.text("/id"));
    assert_eq!((second.text("/id"), second.text("/code")), (first.text("/id"), first.text("/code")));
    assert_eq!(second.text("/state"), "claimed");
    assert_ne!(second.text("/token"), first.text("/token"), "a link of its own");
    assert_eq!(house.tracks(&second).await["state"], "claimed");
    let page = house.http.get(format!("{}/r/{}", house.base, second.text("/token"))).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("已经有人要过了"));
    assert_eq!(count(&house).await, 1);
    house
}

async fn what_is_new_comes_along_and_urgency_only_rises(house: House) -> House {
    let calm = with(&[("medicine_left", json!({ "doses_left": 30, "doses_per_day": 1 }))]);
    let first = submits(&house, calm.clone()).await;
    assert_eq!(first.text("/urgency"), "green");
    let items = json!([item("缬沙坦胶囊", 5), item("二甲双胍", 1)]);
    let second = submits(&house, with(&[("items", items), ("note", json!("我妈说头晕"))])).await;
    assert_eq!((second.text("/urgency"), second.text("/merged_into")), ("red".to_owned(), first.text("/id")));
    let tracked = house.tracks(&first).await;
    assert_eq!((&tracked["urgency"], &tracked["deliver_by"]), (&json!("red"), &second.body["deliver_by"]));
    let third = submits(&house, calm).await;
    assert_eq!((third.text("/urgency"), &third.body["deliver_by"]), ("red".to_owned(), &second.body["deliver_by"]));
    let opened = house.person("desk").await.get(&format!("/watch/requests/{}", first.text("/id"))).await.body;
    assert!(opened["items"].as_str().unwrap().contains("二甲双胍"), "the new drug is on the list");
    let told: Vec<&Value> = opened["timeline"].as_array().unwrap().iter().filter(|e| e["kind"] == "joined").collect();
    assert_eq!(told.len(), 2);
    let said = told[0]["reason"].as_str().unwrap();
    assert!(said.contains("× 5 盒") && said.contains("我妈说头晕"), "{said}");
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    runner.accepts().await;
    let stop = &runner.get("/runner/trip").await.body["stops"][0];
    assert_eq!((&stop["urgency"], stop["items"].as_array().unwrap().len()), (&json!("red"), 2));
    assert_eq!(stop["items"][0]["quantity"], 5, "as much as who asked for most");
    house
}

async fn another_door_another_drug_or_another_day_is_another_request(house: House) -> House {
    submits(&house, medicine(0)).await;
    for other in [
        with(&[("room", json!("2-502"))]),
        with(&[("building", json!("H-2"))]),
        with(&[("items", json!([item("阿司匹林", 1)]))]),
        with(&[("items", json!([{ "name": "缬沙坦胶囊", "strength": "160mg" }]))]),
        with(&[("category", json!("food")), ("items", json!([item("大米", 1)]))]),
        with(&[("category", json!("food")), ("items", json!([item("大米", 1)]))]),
    ] {
        let asked = submits(&house, other.clone()).await;
        assert!(asked.body.get("merged_into").is_none(), "{other}");
    }
    house.after(86_400).await;
    assert!(submits(&house, medicine(0)).await.body.get("merged_into").is_none());
    assert_eq!(count(&house).await, 8);
    house
}

async fn two_patients_of_one_door_are_two_requests(house: House) -> House {
    let of = |name: &str| with(&[("asking_for", json!("family")), ("patient", json!({ "name": name }))]);
    let his = submits(&house, of("王大爷")).await;
    let hers = submits(&house, of("李奶奶")).await;
    assert!(hers.body.get("merged_into").is_none(), "she takes the same drug, and needs her own");
    assert_eq!(submits(&house, of("王 大爷")).await.text("/merged_into"), his.text("/id"));
    house
}

async fn what_is_set_aside_for_a_person_swallows_no_new_wish(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let first = submits(&house, medicine(30)).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("fail", &errand, json!({ "reason": "nobody_home" })).await;
    assert_eq!(house.tracks(&first).await["state"], "care");
    let urgent = submits(&house, medicine(0)).await;
    assert!(urgent.body.get("merged_into").is_none(), "somebody must go for it");
    house
}

async fn what_was_brought_or_called_off_is_asked_for_anew(house: House) -> House {
    let first = submits(&house, medicine(0)).await;
    house.anyone().post(&format!("/requests/{}/cancel", first.text("/token")), json!({})).await;
    let second = submits(&house, medicine(0)).await;
    assert!(second.body.get("merged_into").is_none());
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(submits(&house, medicine(0)).await.text("/merged_into"), second.text("/id"), "bought already");
    let more = with(&[("items", json!([item("缬沙坦胶囊", 2), item("二甲双胍", 1)]))]);
    assert!(submits(&house, more).await.body.get("merged_into").is_none(), "something more is to be bought");
    runner.does("deliver", &errand, json!({})).await;
    house
}

async fn twenty_at_once_are_one_request_and_each_is_told(house: House) -> House {
    for round in 0..3 {
        let one = |n: usize| {
            let (room, phone) = (json!(format!("{round}-501")), json!(format!("1380000{n:04}")));
            let (body, resident) = (with(&[("room", room), ("phone", phone)]), house.anyone());
            async move { resident.post("/requests", body).await }
        };
        let answers = join_all((0..20).map(one)).await;
        assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
        let ids: std::collections::BTreeSet<String> = answers.iter().map(|answer| answer.text("/id")).collect();
        let tokens: std::collections::BTreeSet<String> = answers.iter().map(|answer| answer.text("/token")).collect();
        assert_eq!((ids.len(), tokens.len()), (1, 20));
        let joined = answers.iter().filter(|answer| answer.body.get("merged_into").is_some()).count();
        assert_eq!(joined, 19, "nineteen join the one that was first");
        let desk = house.person("desk").await;
        let opened = desk.get(&format!("/watch/requests/{}", ids.first().unwrap())).await.body;
        let told = opened["timeline"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "joined").count();
        assert_eq!(told, 19, "and what each said is kept");
    }
    house
}

async fn a_resent_second_asking_is_the_same_second_asking(house: House) -> House {
    submits(&house, medicine(0)).await;
    let send = || {
        let body = with(&[("phone", json!("13911112222"))]);
        let request = house.anyone().request(Method::POST, "/requests").header("Idempotency-Key", "two").json(&body);
        let resident = house.anyone();
        async move { resident.send(request).await }
    };
    let answers = join_all((0..20).map(|_| send())).await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body), "{answers:?}");
    assert!(answers[0].body.get("merged_into").is_some());
    assert_eq!(count(&house).await, 1);
    house
}

async fn a_stranger_who_knows_the_door_cannot_call_it_off(house: House) -> House {
    let first = submits(&house, medicine(0)).await;
    let stranger = submits(&house, with(&[("phone", json!("13911112222"))])).await;
    let cancel = format!("/requests/{}/cancel", stranger.text("/token"));
    assert_eq!(house.anyone().post(&cancel, json!({})).await.status, 403);
    for (act, body) in [
        ("confirm", json!({})),
        ("problem", json!({ "reason": "not_received" })),
        ("answer", json!({ "question": "00000000-0000-0000-0000-000000000000", "choice": "drop" })),
    ] {
        let acted = house.anyone().post(&format!("/requests/{}/{act}", stranger.text("/token")), body).await;
        assert_eq!(acted.status, 403, "{act}");
    }
    house.person("desk").await.get(&format!("/watch/requests/{}", first.text("/id"))).await;
    assert_eq!(house.tracks(&first).await["looks"].as_array().unwrap().len(), 1);
    assert_eq!(house.tracks(&stranger).await["looks"], json!([]), "who looked is for whom it is about");
    assert_eq!(house.tracks(&first).await["state"], "waiting");
    let same = submits(&house, with(&[("phone", json!("+86 138 0000 0000"))])).await;
    let cancel = format!("/requests/{}/cancel", same.text("/token"));
    assert_eq!(house.anyone().post(&cancel, json!({})).await.status, 200);
    house
}

async fn who_joined_is_told_and_finds_it_by_the_own_telephone(house: House) -> House {
    use paotui::flow::follow_up::find_by_code;
    let runner = house.runner_on_duty("r101", 0.0).await;
    let patient = json!({ "name": "王阿姨", "phone": "13800004444" });
    let first = submits(&house, with(&[("email", json!("first@example.org")), ("patient", patient.clone())])).await;
    let joins = [
        ("phone", json!("13911112222")),
        ("email", json!("joins@example.org")),
        ("patient", patient),
        ("lang", json!("en")),
    ];
    let joined = submits(&house, with(&joins)).await;
    assert_eq!(joined.text("/merged_into"), first.text("/id"));
    let link = async |last_four: &str| {
        let found = find_by_code(&house.flow, &first.text("/code"), last_four).await.unwrap();
        found.map(|asker| house.flow.token(asker))
    };
    assert_eq!(link("0000").await, Some(first.text("/token")));
    assert_eq!(link("4444").await, Some(first.text("/token")), "the patient's telephone opens it, too");
    assert_eq!(link("２２２２").await, Some(joined.text("/token")), "a joiner's opens the joiner's link and no more");
    for wrong in ["1234", "", "222", "13911112222"] {
        assert!(link(wrong).await.is_none() || wrong.len() > 4, "{wrong}");
    }
    house.settle().await;
    runner.accepts().await;
    let errand = runner.errand().await;
    // What was taken back is told to nobody; what stands, once.
    for step in ["collect", "deliver", "undo", "deliver"] {
        assert_eq!(runner.does(step, &errand, json!({})).await.status, 200);
    }
    house.after(301).await;
    let mut letters = house.letters();
    letters.sort_by(|a, b| a.to.cmp(&b.to));
    let told: Vec<(&str, bool)> = letters
        .iter()
        .zip([&first, &joined])
        .map(|(letter, asked)| (letter.to.as_str(), letter.text.contains(&asked.text("/token"))))
        .collect();
    assert_eq!(told, [("first@example.org", true), ("joins@example.org", true)], "each by the own link");
    house
}

async fn a_telephone_leads_to_what_is_open_whatever_way_it_came(house: House) -> House {
    use paotui::domain::ids::ZoneId;
    use paotui::store::views::desk::{self, Caller, OpenOne};
    use paotui::store::zones;
    let first = submits(&house, medicine(0)).await;
    let patient = json!({ "name": "陈阿婆", "phone": "138-0000-0000" });
    submits(&house, with(&[("room", json!("9-101")), ("phone", json!("13911112222")), ("patient", patient)])).await;
    submits(&house, with(&[("room", json!("9-102")), ("phone", json!("13911113333"))])).await;
    let home = house.db().read(async |conn| zones::find(conn, "HOME").await).await.unwrap().unwrap().id;
    let open = async |zone: ZoneId, number: &str| -> Vec<OpenOne> {
        let caller = Caller { phone: Some(house.flow.key.phone_mark(number)), door: None };
        house.db().read(async move |conn| desk::list_open(conn, zone, caller).await).await.unwrap()
    };
    let found = open(home, "１３８ 0000 0000").await;
    assert_eq!(found.len(), 2, "as asker and as patient");
    assert!(found.iter().any(|open| open.code == first.text("/code")));
    assert!(open(ZoneId::mint(), "13800000000").await.is_empty(), "another zone's desk is told nothing");
    house.anyone().post(&format!("/requests/{}/cancel", first.text("/token")), json!({})).await;
    assert_eq!(open(home, "13800000000").await.len(), 1);
    house
}
