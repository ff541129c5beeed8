//! How a delivery is proved, what may be taken back, where a bag lies, and how much one runner has in hand.

use paotui::domain::seal::Seal;
use paotui::flow::lapsing;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::join;

use crate::support::{Answer, House, Person, medicine, on_every_house, seed};

on_every_house!(
    a_delivery_keeps_how_it_was_proved,
    a_wrong_code_changes_nothing_and_after_some_a_photo_will_do,
    a_photo_of_a_door_is_for_staff_and_for_who_carries_it_now,
    a_photo_proves_one_thing_once,
    a_supervisor_vouches_for_a_delivery_with_a_reason,
    what_a_supervisor_knows_calls_the_way_from_the_gate_off,
    each_slip_of_the_thumb_is_taken_back_and_done_again,
    a_hand_over_is_taken_back_until_somebody_inside_takes_it,
    what_was_fetched_at_the_gate_by_mistake_goes_up_after_all,
    nothing_is_taken_back_too_late_or_by_somebody_else,
    whoever_acted_since_is_not_overruled,
    of_a_confirmation_and_a_taking_back_at_once_one_wins,
    the_letter_waits_until_it_cannot_be_taken_back,
    the_bag_at_the_gate_is_found_by_its_shelf_and_known_by_its_code,
    whose_hands_the_goods_were_in_is_one_line_without_a_gap,
    the_loser_of_a_race_hears_who_was_faster,
    a_runner_has_so_many_errands_in_hand_and_no_more,
    a_claim_nobody_moves_is_asked_about_before_it_goes_back,
    the_page_says_what_is_wrong_beside_what_was_typed,
);

fn taken() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(64, 48).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}

async fn leaves_a_photo(house: &House) -> String {
    let left = house.anyone().send(house.anyone().request(Method::POST, "/photos").body(taken())).await;
    assert_eq!(left.status, 201, "{left:?}");
    left.text("/photo")
}

async fn opens(house: &House, asked: &Answer) -> Value {
    house.person("sup").await.get(&format!("/watch/requests/{}", asked.text("/id"))).await.body
}

/// A supervisor gives the errand of a new request to this runner; answers both.
async fn carries(house: &House, username: &str) -> (Answer, String) {
    let asked = house.asks_for_medicine(0).await;
    (asked.clone(), gives(house, username, &asked).await)
}

async fn gives(house: &House, username: &str, asked: &Answer) -> String {
    let errand = opens(house, asked).await["errand"].as_str().unwrap().to_owned();
    let path = format!("/watch/errands/{errand}/assign");
    let given = house.person("sup").await.post(&path, json!({ "runner": username })).await;
    assert_eq!(given.status, 200, "{given:?}");
    errand
}

async fn collects(house: &House, username: &str, runner: &Person) -> (Answer, String) {
    let (asked, errand) = carries(house, username).await;
    assert_eq!(runner.does("collect", &errand, json!({})).await.status, 200);
    (asked, errand)
}

/// H-1 is sealed behind a wall; r101 lives there, r102 walks outside.
async fn sealed(house: &House) -> (Person, Person) {
    seed::walls(house.db(), "H-1", 0.0, Seal::Sealed).await;
    seed::has(house.db(), "r101", Some("H-1"), "").await;
    (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 90.0).await)
}

async fn state_of(house: &House, asked: &Answer) -> String {
    house.tracks(asked).await["state"].as_str().unwrap().to_owned()
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn out_of_turn() -> (u16, String) {
    (409, "out_of_turn".to_owned())
}

/// Field and code of each refusal.
fn refusals(answer: &Answer) -> Vec<(&str, &str)> {
    assert_eq!(answer.status, 422, "{answer:?}");
    let errors = answer.body["errors"].as_array().unwrap();
    errors.iter().map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

async fn page_of(house: &House, person: &Person, path: &str) -> String {
    let cookie = format!("paotui={}", person.token.as_ref().unwrap());
    let page = house.http.get(format!("{}{path}", house.base)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), 200);
    page.text().await.unwrap()
}

async fn a_delivery_keeps_how_it_was_proved(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    for kind in ["code", "photo", "none"] {
        let (asked, errand) = collects(&house, "r101", &runner).await;
        let body = match kind {
            "code" => json!({ "code": format!(" {} ", asked.text("/code").to_lowercase().replace('-', " ")) }),
            "photo" => json!({ "photo": leaves_a_photo(&house).await, "code": "" }),
            _ => json!({}),
        };
        let done = runner.does("deliver", &errand, body.clone()).await;
        assert_eq!((done.status, done.text("/state")), (200, "delivered".to_owned()), "{done:?}");
        assert_eq!(runner.does("deliver", &errand, body).await.status, 200, "sent twice it is one");
        let opened = opens(&house, &asked).await;
        let proofs = opened["proofs"].as_array().unwrap();
        assert_eq!(proofs.len(), 1, "{opened}");
        assert_eq!((&proofs[0]["step"], &proofs[0]["kind"]), (&json!("deliver"), &json!(kind)));
        assert_eq!((&proofs[0]["by"], proofs[0]["photo"].is_string()), (&json!("陈r101"), kind == "photo"));
        assert!(opened["photos"].as_array().unwrap().is_empty(), "a proof is no box");
        let seen = house.tracks(&asked).await;
        assert_eq!(seen["proof"], kind, "{seen}");
        let page = house.http.get(format!("{}/r/{}", house.base, asked.text("/token"))).send().await.unwrap();
        let said = [("code", "对过您的单号"), ("photo", "拍了照片"), ("none", "没对单号，也没拍照")];
        let said = said.iter().find(|(word, _)| *word == kind).unwrap().1;
        let page = page.text().await.unwrap();
        assert!(page.contains(said) && !page.contains("/photos/"), "{kind}");
    }
    let summary = house.person("sup").await.get("/watch/summary").await.body;
    assert_eq!(summary["proofs"], json!({ "code": 1, "photo": 1, "none": 1, "override": 0 }), "{summary}");
    house
}

async fn a_wrong_code_changes_nothing_and_after_some_a_photo_will_do(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (asked, errand) = collects(&house, "r101", &runner).await;
    let other = house.asks_for_medicine(1).await;
    let wrong = [other.text("/code"), "王阿姨".to_owned(), "3K7".to_owned(), "1".repeat(200), "????".to_owned()];
    for (tries, code) in wrong.iter().enumerate() {
        let refused = runner.does("deliver", &errand, json!({ "code": code })).await;
        let also = [("code", "wrong_code"), ("photo", "take_a_photo")];
        assert_eq!(refusals(&refused), also[..if tries < 4 { 1 } else { 2 }], "{tries}: {refused:?}");
        assert_eq!(state_of(&house, &asked).await, "collected");
    }
    assert!(opens(&house, &asked).await["proofs"].as_array().unwrap().is_empty());
    let (photo, code) = (leaves_a_photo(&house).await, asked.text("/code"));
    let refused = runner.does("deliver", &errand, json!({ "code": other.text("/code"), "photo": photo })).await;
    assert_eq!(refused.status, 422, "a wrong code is a wrong door, whatever the photo shows");
    let done = runner.does("deliver", &errand, json!({ "code": code, "photo": photo })).await;
    assert_eq!(done.status, 200, "the photo is still there, and the right code is right: {done:?}");
    let proof = opens(&house, &asked).await["proofs"][0].clone();
    assert!(proof["kind"] == "code" && proof["photo"].is_string(), "{proof}");
    house
}

async fn a_photo_of_a_door_is_for_staff_and_for_who_carries_it_now(house: House) -> House {
    let (runner, other) = (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 50.0).await);
    let (asked, errand) = collects(&house, "r101", &runner).await;
    let body = json!({ "reason": "nobody_home", "photo": leaves_a_photo(&house).await });
    assert_eq!(runner.does("fail", &errand, body).await.text("/state"), "care");
    let opened = opens(&house, &asked).await;
    assert_eq!((&opened["care_reason"], &opened["proofs"][0]["step"]), (&json!("nobody_home"), &json!("fail")));
    let photo = opened["proofs"][0]["photo"].as_str().unwrap().to_owned();
    let path = format!("/photos/{photo}");
    assert_eq!(house.person("sup").await.get(&path).await.status, 200);
    assert_eq!(house.person("desk").await.get(&path).await.status, 200);
    let looks = house.tracks(&asked).await["looks"].as_array().unwrap().len();
    assert!(looks >= 3, "each look is written down");
    for (who, why) in [(&runner, "it left these hands"), (&other, "never had it"), (&house.anyone(), "a stranger")] {
        assert!([401, 404].contains(&who.get(&path).await.status), "{why}");
    }
    assert!(!house.anyone().get(&format!("/requests/{}", asked.text("/token"))).await.raw.contains(&photo));
    gives(&house, "r102", &asked).await;
    assert_eq!(other.get(&path).await.status, 200, "who carries it on sees the door");
    assert_eq!(runner.get(&path).await.status, 404);
    house
}

async fn a_photo_proves_one_thing_once(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (_, first) = collects(&house, "r101", &runner).await;
    let (asked, second) = collects(&house, "r101", &runner).await;
    let photo = leaves_a_photo(&house).await;
    assert_eq!(runner.does("deliver", &first, json!({ "photo": photo })).await.status, 200);
    for photo in [photo.as_str(), "no-such-token"] {
        let refused = runner.does("deliver", &second, json!({ "photo": photo })).await;
        assert_eq!(refusals(&refused), [("photo", "photo_gone")]);
        assert_eq!(state_of(&house, &asked).await, "collected", "nothing is done");
    }
    assert_eq!(refusals(&runner.does("deliver", &second, json!({ "photo": 7 })).await), [("photo", "wrong_type")]);
    house
}

async fn a_supervisor_vouches_for_a_delivery_with_a_reason(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let supervisor = house.person("sup").await;
    let (asked, errand) = collects(&house, "r101", &runner).await;
    let path = format!("/watch/errands/{errand}/deliver");
    assert_eq!(refusals(&supervisor.post(&path, json!({})).await), [("reason", "required")]);
    for (who, status) in [("desk", 403), ("r101", 403)] {
        assert_eq!(house.person(who).await.post(&path, json!({ "reason": "x" })).await.status, status, "{who}");
    }
    let reason = json!({ "reason": "志愿者来电，手机没电了" });
    let done = supervisor.post(&path, reason.clone()).await;
    assert_eq!((done.status, done.text("/state")), (200, "delivered".to_owned()), "{done:?}");
    assert_eq!(supervisor.post(&path, reason).await.status, 200, "said twice it is said once");
    assert!(runner.errand().await.is_empty(), "it is in nobody's hands");
    assert_eq!(told(&runner.does("undo", &errand, json!({})).await), out_of_turn(), "a supervisor is not overruled");
    let opened = opens(&house, &asked).await;
    assert_eq!(opened["proofs"].as_array().unwrap().len(), 1);
    assert_eq!((&opened["proofs"][0]["kind"], &opened["proofs"][0]["by"]), (&json!("override"), &json!("陈sup")));
    assert!(opened["timeline"].as_array().unwrap().iter().any(|entry| entry["reason"] == "志愿者来电，手机没电了"));
    assert_eq!(house.tracks(&asked).await["proof"], "override");
    // Goods that a person decides about, too; but not what nobody has fetched.
    let (asked, errand) = collects(&house, "r101", &runner).await;
    runner.does("fail", &errand, json!({ "reason": "nobody_home" })).await;
    let path = format!("/watch/errands/{errand}/deliver");
    assert_eq!(supervisor.post(&path, json!({ "reason": "ok" })).await.text("/state"), "delivered");
    assert_eq!(state_of(&house, &asked).await, "delivered");
    let waiting = house.asks_for_medicine(0).await;
    let errand = opens(&house, &waiting).await["errand"].as_str().unwrap().to_owned();
    let early = supervisor.post(&format!("/watch/errands/{errand}/deliver"), json!({ "reason": "ok" })).await;
    assert_eq!(told(&early), out_of_turn());
    house
}

async fn what_a_supervisor_knows_calls_the_way_from_the_gate_off(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let (asked, first) = collects(&house, "r102", &outside).await;
    outside.does("hand_over", &first, json!({ "shelf": "左边第二格" })).await;
    house.settle().await;
    assert!(!inside.offer().await.is_empty());
    let second = opens(&house, &asked).await["errand"].as_str().unwrap().to_owned();
    let path = format!("/watch/errands/{second}/deliver");
    let done = house.person("sup").await.post(&path, json!({ "reason": "家人取走了" })).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(state_of(&house, &asked).await, "delivered");
    assert!(inside.offer().await.is_empty(), "nobody is sent for what is gone");
    house
}

async fn each_slip_of_the_thumb_is_taken_back_and_done_again(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (asked, errand) = carries(&house, "r101").await;
    let before = runner.get("/runner/trip").await.body["stops"][0].clone();
    for (step, body, now) in [
        ("collect", json!({}), "claimed"),
        ("fail", json!({ "reason": "out_of_stock" }), "claimed"),
        ("collect", json!({}), "collected"),
        ("fail", json!({ "reason": "nobody_home", "photo": leaves_a_photo(&house).await }), "collected"),
        ("deliver", json!({ "code": asked.text("/code") }), "collected"),
    ] {
        let done = runner.does(step, &errand, body).await;
        assert_eq!(done.status, 200, "{step}: {done:?}");
        if (step, now) == ("collect", "collected") {
            continue;
        }
        house.clock.turn(200);
        for _ in 0..2 {
            let undone = runner.does("undo", &errand, json!({})).await;
            assert_eq!((undone.status, undone.text("/state")), (200, now.to_owned()), "{step}: {undone:?}");
        }
        assert_eq!(state_of(&house, &asked).await, now);
        assert!(!runner.errand().await.is_empty(), "after {step} it is in hand again");
        runner.get("/runner/trip").await;
    }
    let after = runner.get("/runner/trip").await.body["stops"][0].clone();
    assert_eq!((&before["room"], &before["code"]), (&after["room"], &after["code"]));
    let opened = opens(&house, &asked).await;
    assert!(opened["proofs"].as_array().unwrap().is_empty(), "what was taken back proves nothing: {opened}");
    assert!(opened["care_reason"].is_null());
    let kinds: Vec<&str> =
        opened["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "undone").count(), 4, "{kinds:?}");
    let seen = house.tracks(&asked).await;
    assert_eq!(seen["timeline"].as_array().unwrap().last().unwrap()["note"], "undone", "{seen}");
    assert_eq!(runner.does("deliver", &errand, json!({})).await.text("/state"), "delivered");
    let summary = house.person("sup").await.get("/watch/summary").await.body;
    assert_eq!((&summary["all"]["to_deliver"]["n"], &summary["all"]["to_claim"]["n"]), (&json!(1), &json!(1)));
    assert_eq!(summary["all"]["to_deliver"]["max"], 800.0, "what counts is when it was really delivered: {summary}");
    house
}

async fn a_hand_over_is_taken_back_until_somebody_inside_takes_it(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let (asked, errand) = collects(&house, "r102", &outside).await;
    for _ in 0..2 {
        let left = outside.does("hand_over", &errand, json!({ "shelf": "左边" })).await;
        assert_eq!(left.text("/state"), "at_gate", "{left:?}");
        house.settle().await;
        assert!(!inside.offer().await.is_empty());
        let undone = outside.does("undo", &errand, json!({})).await;
        assert_eq!((undone.status, undone.text("/state")), (200, "collected".to_owned()), "{undone:?}");
        assert!(inside.offer().await.is_empty(), "nobody inside is asked any more");
        assert_eq!(outside.errand().await, errand);
        assert_eq!(state_of(&house, &asked).await, "collected");
    }
    assert!(!opens(&house, &asked).await.to_string().contains("左边"), "it lies on no shelf");
    outside.does("hand_over", &errand, json!({})).await;
    house.settle().await;
    assert_eq!(inside.accepts().await.status, 200);
    assert_eq!(told(&outside.does("undo", &errand, json!({})).await), out_of_turn());
    assert_eq!(state_of(&house, &asked).await, "at_gate");
    let second = inside.errand().await;
    inside.does("collect", &second, json!({})).await;
    let undone = inside.does("undo", &second, json!({})).await;
    assert_eq!(undone.text("/state"), "claimed", "{undone:?}");
    assert_eq!(state_of(&house, &asked).await, "at_gate", "for the resident nothing goes back");
    inside.does("collect", &second, json!({})).await;
    assert_eq!(inside.does("deliver", &second, json!({})).await.text("/state"), "delivered");
    assert_eq!(inside.does("undo", &second, json!({})).await.text("/state"), "collected");
    assert_eq!(state_of(&house, &asked).await, "at_gate");
    inside.does("deliver", &second, json!({})).await;
    assert_eq!(state_of(&house, &asked).await, "delivered");
    house
}

async fn what_was_fetched_at_the_gate_by_mistake_goes_up_after_all(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let (asked, errand) = collects(&house, "r102", &outside).await;
    outside.does("hand_over", &errand, json!({})).await;
    assert_eq!(outside.does("deliver", &errand, json!({})).await.text("/state"), "delivered");
    assert_eq!(outside.does("undo", &errand, json!({})).await.text("/state"), "at_gate");
    assert_eq!(state_of(&house, &asked).await, "at_gate");
    house.settle().await;
    assert_eq!(inside.accepts().await.status, 200);
    let second = inside.errand().await;
    inside.does("collect", &second, json!({})).await;
    inside.does("deliver", &second, json!({})).await;
    assert_eq!(state_of(&house, &asked).await, "delivered");
    house
}

async fn nothing_is_taken_back_too_late_or_by_somebody_else(house: House) -> House {
    let (runner, other) = (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 50.0).await);
    let (asked, errand) = carries(&house, "r101").await;
    assert_eq!(told(&runner.does("undo", &errand, json!({})).await), out_of_turn(), "there is nothing yet");
    runner.does("collect", &errand, json!({})).await;
    assert_eq!(other.does("undo", &errand, json!({})).await.status, 404);
    assert_eq!(house.person("sup").await.does("undo", &errand, json!({})).await.status, 403);
    assert_eq!(house.anyone().does("undo", &errand, json!({})).await.status, 401);
    assert_eq!(runner.does("undo", "0", json!({})).await.status, 404);
    runner.does("deliver", &errand, json!({})).await;
    house.clock.turn(300);
    assert_eq!(runner.does("undo", &errand, json!({})).await.text("/state"), "collected", "five minutes to the second");
    runner.does("deliver", &errand, json!({})).await;
    assert!(page_of(&house, &runner, "/run").await.contains(&format!("/run/errands/{errand}/undo")));
    house.clock.turn(301);
    assert_eq!(told(&runner.does("undo", &errand, json!({})).await), (409, "too_late_to_undo".to_owned()));
    assert!(!page_of(&house, &runner, "/run").await.contains("/undo"));
    assert_eq!(state_of(&house, &asked).await, "delivered");
    // Something done long ago offline can be taken back from when it was told.
    let (_, errand) = collects(&house, "r101", &runner).await;
    house.clock.turn(400);
    let done = runner.does("deliver", &errand, json!({ "done_at": "2026-11-23T04:10:05Z" })).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(runner.does("undo", &errand, json!({})).await.text("/state"), "collected");
    // With a key it is the same call, once.
    let call = || {
        let request = runner.request(Method::POST, &format!("/errands/{errand}/undo"));
        request.header("Idempotency-Key", "slip").json(&json!({}))
    };
    runner.does("deliver", &errand, json!({})).await;
    assert_eq!(runner.send(call()).await.text("/state"), "collected");
    runner.does("deliver", &errand, json!({})).await;
    assert_eq!(runner.send(call()).await.text("/state"), "delivered", "sent again it takes back nothing more");
    house
}

async fn whoever_acted_since_is_not_overruled(house: House) -> House {
    let (runner, other) = (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 50.0).await);
    let (asked, errand) = collects(&house, "r101", &runner).await;
    runner.does("fail", &errand, json!({ "reason": "nobody_home" })).await;
    gives(&house, "r102", &asked).await;
    assert_eq!(told(&runner.does("undo", &errand, json!({})).await), out_of_turn(), "it is another's now");
    assert_eq!(other.errand().await, errand);
    other.does("collect", &errand, json!({})).await;
    other.does("deliver", &errand, json!({})).await;
    let confirm = format!("/requests/{}/confirm", asked.text("/token"));
    assert_eq!(house.anyone().post(&confirm, json!({})).await.text("/state"), "closed");
    assert_eq!(told(&other.does("undo", &errand, json!({})).await), out_of_turn(), "the resident has it");
    assert_eq!(state_of(&house, &asked).await, "closed");
    // What went back and came to the same state again is not what it was.
    let (asked, errand) = carries(&house, "r101").await;
    runner.does("collect", &errand, json!({})).await;
    let release = format!("/watch/errands/{errand}/release");
    house.person("sup").await.post(&release, json!({ "reason": "gone_silent" })).await;
    gives(&house, "r101", &asked).await;
    assert_eq!(told(&runner.does("undo", &errand, json!({})).await), out_of_turn());
    assert_eq!(state_of(&house, &asked).await, "collected", "he has the goods still");
    house
}

async fn of_a_confirmation_and_a_taking_back_at_once_one_wins(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    for _ in 0..5 {
        let (asked, errand) = collects(&house, "r101", &runner).await;
        runner.does("deliver", &errand, json!({})).await;
        let (anyone, confirm) = (house.anyone(), format!("/requests/{}/confirm", asked.text("/token")));
        let (confirmed, undone) = join!(anyone.post(&confirm, json!({})), runner.does("undo", &errand, json!({})));
        let state = state_of(&house, &asked).await;
        match (confirmed.status, undone.status) {
            (200, 409) => assert_eq!(state, "closed"),
            (409, 200) => assert_eq!(state, "collected"),
            other => panic!("{other:?}: {confirmed:?} {undone:?}"),
        }
        if state == "collected" {
            assert_eq!(runner.does("deliver", &errand, json!({})).await.status, 200);
        }
    }
    house
}

async fn the_letter_waits_until_it_cannot_be_taken_back(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let mut body = medicine(0);
    body["email"] = json!("wang@example.org");
    let asked = house.anyone().post("/requests", body).await;
    let errand = gives(&house, "r101", &asked).await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("deliver", &errand, json!({})).await;
    house.after(250).await;
    assert!(house.letters().is_empty(), "it may still be taken back");
    assert_eq!(runner.does("undo", &errand, json!({})).await.status, 200);
    house.after(100).await;
    assert!(house.letters().is_empty(), "it was not delivered");
    runner.does("deliver", &errand, json!({})).await;
    house.after(299).await;
    assert!(house.letters().is_empty());
    house.after(3).await;
    let letters = house.letters();
    assert_eq!(letters.len(), 1, "one, about what is true");
    assert_eq!(letters[0].to, "wang@example.org");
    house.after(3600).await;
    assert!(house.letters().is_empty());
    house
}

async fn the_bag_at_the_gate_is_found_by_its_shelf_and_known_by_its_code(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let (asked, first) = collects(&house, "r102", &outside).await;
    house.clock.turn(600);
    let long = outside.does("hand_over", &first, json!({ "shelf": "格".repeat(41) })).await;
    assert_eq!(refusals(&long), [("shelf", "too_long")]);
    let (photo, shelf) = (leaves_a_photo(&house).await, "左边第二格");
    let left = outside.does("hand_over", &first, json!({ "shelf": shelf, "photo": photo })).await;
    assert_eq!(left.status, 200, "{left:?}");
    house.settle().await;
    let offered = inside.get("/runner/offers").await;
    assert!(!offered.raw.contains(shelf), "who has not said yes need not know");
    inside.accepts().await;
    let trip = inside.get("/runner/trip").await.body;
    assert_eq!(trip["stops"][0]["shelf"], shelf, "{trip}");
    let page = page_of(&house, &inside, "/run").await;
    assert!(page.contains(shelf) && page.contains("袋子上的单号"));
    let opened = opens(&house, &asked).await;
    let second = opened["errand"].as_str().unwrap().to_owned();
    let gate = opened["custody"].as_array().unwrap().last().unwrap();
    assert_eq!((&gate["where"], &gate["shelf"], &gate["to_at"]), (&json!("gate"), &json!(shelf), &Value::Null));
    let photo = opened["proofs"][0].clone();
    assert_eq!((&photo["step"], &photo["kind"]), (&json!("hand_over"), &json!("photo")));
    let path = format!("/photos/{}", photo["photo"].as_str().unwrap());
    assert_eq!(inside.get(&path).await.status, 200, "who fetches it sees where it lies");
    let other = house.asks_for_medicine(1).await;
    let wrong = inside.does("collect", &second, json!({ "code": other.text("/code") })).await;
    assert_eq!(refusals(&wrong), [("code", "wrong_code")], "it is another's bag");
    assert_eq!(inside.get("/runner/trip").await.body["stops"][0]["state"], "claimed");
    house.clock.turn(60);
    assert_eq!(inside.does("collect", &second, json!({ "code": asked.text("/code") })).await.status, 200);
    house
}

async fn whose_hands_the_goods_were_in_is_one_line_without_a_gap(house: House) -> House {
    let (inside, outside) = sealed(&house).await;
    let (asked, first) = collects(&house, "r102", &outside).await;
    house.clock.turn(600);
    let shelf = "左边第二格";
    outside.does("hand_over", &first, json!({ "shelf": shelf })).await;
    house.settle().await;
    inside.accepts().await;
    let second = inside.errand().await;
    house.clock.turn(60);
    inside.does("collect", &second, json!({})).await;
    house.clock.turn(60);
    inside.does("deliver", &second, json!({})).await;
    let opened = opens(&house, &asked).await;
    let line: Vec<(&str, Option<&str>)> = opened["custody"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["where"].as_str().unwrap(), row["who"].as_str()))
        .collect();
    let hands =
        [("place", None), ("runner", Some("陈r102")), ("gate", None), ("runner", Some("陈r101")), ("door", None)];
    assert_eq!(line, hands, "{opened}");
    for pair in opened["custody"].as_array().unwrap().windows(2) {
        assert_eq!(pair[0]["to_at"], pair[1]["from_at"], "no gap: {opened}");
    }
    assert!(!opened["custody"].to_string().contains(shelf), "it lies there no more");
    let page = page_of(&house, &house.person("sup").await, &format!("/watch/requests/{}", asked.text("/id"))).await;
    assert!(page.contains("陈r102") && page.contains(" → 大门口 ") && page.contains(" → 家门口 "), "one line");
    house
}

async fn the_loser_of_a_race_hears_who_was_faster(house: House) -> House {
    let (runner, other) = (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 50.0).await);
    let asked = house.asks_for_medicine(0).await;
    let errand = opens(&house, &asked).await["errand"].as_str().unwrap().to_owned();
    assert_eq!(runner.does("claim", &errand, json!({})).await.status, 200);
    let lost = other.does("claim", &errand, json!({})).await;
    assert_eq!(told(&lost), (409, "already_claimed".to_owned()));
    assert!(lost.text("/detail").contains("陈师傅") && !lost.raw.contains("r101"), "{lost:?}");
    let cookie = format!("paotui={}", other.token.as_ref().unwrap());
    let page = page_of(&house, &other, "/run").await;
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let press = |path: String, errand: String| {
        let form = if errand.is_empty() { String::new() } else { format!("&errand={errand}") };
        let request = house.http.post(format!("{}{path}", house.base)).body(format!("form_token={token}{form}"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("cookie", &cookie).header("origin", &house.base);
        async move { request.send().await.unwrap().headers()["location"].to_str().unwrap().to_owned() }
    };
    let there = press("/run/board/claim".to_owned(), errand.clone()).await;
    assert!(there.starts_with("/run?notice=already_claimed") && !there.contains("%E9%99%88"), "{there}");
    let page = page_of(&house, &other, &there).await;
    assert!(page.contains("这单刚被陈师傅接走了"), "{page}");
    // An offer that somebody else was given meanwhile.
    runner.put("/runner/duty", json!({ "on": false })).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    let offer = other.offer().await;
    assert!(!offer.is_empty());
    gives(&house, "r103", &asked).await;
    let lost = other.post(&format!("/offers/{offer}/accept"), json!({})).await;
    assert_eq!(told(&lost), (409, "offer_closed".to_owned()));
    assert!(lost.text("/detail").contains("陈师傅"), "{lost:?}");
    let there = press(format!("/run/offers/{offer}/accept"), String::new()).await;
    assert!(page_of(&house, &other, &there).await.contains("这单刚被陈师傅接走了"), "{there}");
    let stranger = house.runner_on_duty("r104", 60.0).await;
    let told = page_of(&house, &stranger, &format!("/run?offer={offer}")).await;
    assert!(!told.contains("陈师傅"), "whose offer it was not learns nothing");
    house
}

async fn a_runner_has_so_many_errands_in_hand_and_no_more(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    for _ in 0..12 {
        carries(&house, "r101").await;
    }
    let asked = house.asks_for_medicine(0).await;
    let errand = opens(&house, &asked).await["errand"].as_str().unwrap().to_owned();
    assert_eq!(told(&runner.does("claim", &errand, json!({})).await), (409, "too_many_errands".to_owned()));
    house.settle().await;
    assert!(runner.offer().await.is_empty(), "nor is he asked");
    assert_eq!(gives(&house, "r101", &asked).await, errand, "a supervisor may");
    house
}

async fn a_claim_nobody_moves_is_asked_about_before_it_goes_back(house: House) -> House {
    let runner = house.runner_on_duty("r001", 0.0).await;
    let (asked, errand) = carries(&house, "r001").await;
    let asks = async || {
        lapsing::ask_the_idle(&house.flow).await.unwrap();
        house.settle().await;
        house.letters()
    };
    house.clock.turn(140);
    assert!(asks().await.is_empty());
    house.clock.turn(20);
    let letters = asks().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("动静") && letters[0].to == "r001@example.org", "{}", letters[0].text);
    assert!(!letters[0].text.contains("王阿姨") && !letters[0].text.contains("-501"), "{}", letters[0].text);
    assert!(asks().await.is_empty(), "once");
    let page = page_of(&house, &runner, "/run").await;
    assert!(page.contains("还去吗"), "the card asks, too");
    assert!(!page_of(&house, &runner, "/run").await.contains("还去吗"), "looking was a sign of life");
    house.after(290).await;
    assert_eq!(runner.get("/runner/trip").await.body["stops"][0]["errand"], json!(errand), "it held on");
    house.after(301).await;
    assert!(runner.errand().await.is_empty(), "and then it goes back");
    assert_ne!(state_of(&house, &asked).await, "claimed");
    house.letters();
    house
}

async fn the_page_says_what_is_wrong_beside_what_was_typed(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (asked, errand) = collects(&house, "r101", &runner).await;
    let cookie = format!("paotui={}", runner.token.as_ref().unwrap());
    let page = page_of(&house, &runner, "/run").await;
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let deliver = |parts: Vec<(&str, &str)>| {
        let mut body: Vec<u8> = Vec::new();
        for (name, value) in [("form_token", token.as_str())].into_iter().chain(parts) {
            let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let file = "--cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"door.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
        body.extend_from_slice(file.as_bytes());
        body.extend_from_slice(&taken());
        body.extend_from_slice(b"\r\n--cut--\r\n");
        let request = house.http.post(format!("{}/run/errands/{errand}/deliver", house.base)).body(body);
        let request = request.header("content-type", "multipart/form-data; boundary=cut");
        let request = request.header("cookie", &cookie).header("origin", &house.base);
        async move { request.send().await.unwrap() }
    };
    let refused = deliver(vec![("code", "3k7 wrong")]).await;
    assert_eq!(refused.status(), 422);
    let page = refused.text().await.unwrap();
    assert!(page.contains("id=\"code-wrong\"") && page.contains("单号对不上") && page.contains("value=\"3k7 wrong\""));
    assert!(page.contains("照片收到了"), "the photo is kept");
    assert_eq!(state_of(&house, &asked).await, "collected");
    let done = deliver(vec![("code", &asked.text("/code"))]).await;
    assert_eq!(done.headers()["location"], "/run?notice=delivered");
    let page = page_of(&house, &runner, "/run?notice=delivered").await;
    assert!(page.contains(&format!("/run/errands/{errand}/undo")) && page.contains("撤销"));
    assert!(!page.contains("-501"), "the door is closed, what can be taken back goes by its code");
    let proof = opens(&house, &asked).await["proofs"][0].clone();
    assert!(proof["kind"] == "code" && proof["photo"].is_string(), "{proof}");
    house
}
