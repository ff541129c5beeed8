//! The interface as the contract has it: problems that say what is wrong, never a 5xx for bad input.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, House, medicine, on_every_house};

on_every_house!(
    bad_input_is_answered_with_a_problem_that_names_the_field,
    what_is_accepted_comes_back_byte_for_byte,
    who_may_call_what,
    a_session_ends_when_it_is_signed_out,
    every_documented_call_is_there,
);

fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{answer:?}");
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    for field in ["type", "title", "detail", "request_id"] {
        assert!(!answer.text(&format!("/{field}")).is_empty(), "{field} is missing in {answer:?}");
    }
    assert_eq!(answer.body["status"], status);
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body = medicine(0);
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[field] = value;
    body
}

async fn bad_input_is_answered_with_a_problem_that_names_the_field(house: House) -> House {
    let resident = house.anyone();
    for (field, pointer, value) in [
        ("building", "/building", json!("NO-SUCH")),
        ("building", "/building", json!("H-1\u{0}")),
        ("room", "/room", json!("")),
        ("room", "/room", json!("a\u{0}b")),
        ("name", "/name", json!(" \u{3000}")),
        ("phone", "/phone", json!("call me")),
        ("email", "/email", json!("nobody")),
        ("note", "/note", json!("长".repeat(10_000))),
        ("category", "/category", json!("pizza")),
        ("items[0].quantity", "/items/0/quantity", json!(1e10)),
        ("items[0].quantity", "/items/0/quantity", json!(-1)),
        ("items[0].quantity", "/items/0/quantity", json!(1.5)),
        ("items[0].name", "/items/0/name", json!("x\u{0}")),
        ("items[0].substitution", "/items/0/substitution", json!("any")),
        ("items", "/items", json!([])),
        ("medicine_left.doses_left", "/medicine_left/doses_left", json!(-5)),
        ("medicine_left.next_dose_at", "/medicine_left/next_dose_at", json!("tonight")),
        ("place", "/place", json!("NOWHERE")),
        ("place", "/place", json!("P-1\u{0}")),
        ("care[0]", "/care", json!(["royal"])),
        ("lang", "/lang", json!("xx")),
    ] {
        let answer = resident.post("/requests", with(pointer, value)).await;
        assert_problem(&answer, 422, "invalid_input");
        let named: Vec<_> =
            answer.body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(named, [field]);
        assert!(!answer.text("/errors/0/message").contains("refusal"), "{answer:?}");
    }
    for (field, pointer, value) in [
        ("items[0].quantity", "/items/0/quantity", json!("2")),
        ("name", "/name", json!(7)),
        ("colour", "/colour", json!("red")),
    ] {
        let answer = resident.post("/requests", with(pointer, value)).await;
        assert_problem(&answer, 422, "invalid_input");
        assert_eq!(answer.text("/errors/0/field"), field);
    }
    broken_bodies(&house).await;
    broken_paths(&house).await;
    house
}

async fn broken_bodies(house: &House) {
    let resident = house.anyone();
    let post = |body: Vec<u8>, kind: &'static str| {
        resident.request(Method::POST, "/requests").header("content-type", kind).body(body)
    };
    for text in ["{", "not json", "{} {}", "nul"] {
        assert_problem(&resident.send(post(text.into(), "application/json")).await, 400, "malformed_body");
    }
    assert_problem(
        &resident.send(post(b"{\"name\":\"\xff\"}".to_vec(), "application/json")).await,
        400,
        "malformed_body",
    );
    assert_problem(&resident.send(post(b"{}".to_vec(), "text/plain")).await, 415, "unsupported_media_type");
    assert_problem(&resident.send(post(vec![b' '; 300_000], "application/json")).await, 413, "too_large");
    assert_problem(&resident.send(post(vec![b' '; 3_000_000], "application/json")).await, 413, "too_large");
}

async fn broken_paths(house: &House) {
    let (runner, supervisor) = (house.person("r101").await, house.person("sup").await);
    for path in ["/requests/nonsense", "/requests/%00", "/requests/%ff", "/nowhere", "/requests/a/b/c/d"] {
        assert_problem(&house.anyone().get(path).await, 404, "not_found");
    }
    for path in
        ["/errands/nonsense/claim", "/offers/%00/accept", "/errands/00000000-0000-0000-0000-000000000000/collect"]
    {
        assert_problem(&runner.post(path, json!({})).await, 404, "not_found");
    }
    assert_problem(&supervisor.get("/watch/summary?zone=%00").await, 404, "not_found");
    assert_problem(&supervisor.get("/watch/summary?from=yesterday").await, 422, "invalid_input");
    assert_problem(&supervisor.get("/watch/summary?by=colour").await, 422, "invalid_input");
    assert_problem(&supervisor.get("/watch/requests?limit=many").await, 400, "malformed_body");
    let assign = "/watch/errands/00000000-0000-0000-0000-000000000000/assign";
    assert_problem(&supervisor.post(assign, json!({ "runner": "r\u{0}" })).await, 404, "not_found");
    assert_problem(
        &runner.put("/runner/duty", json!({ "on": true, "lat": 91.0, "lon": 0.0 })).await,
        422,
        "invalid_input",
    );
    assert_problem(&runner.put("/runner/duty", json!({ "on": true, "lat": 1.0 })).await, 422, "invalid_input");
    assert_problem(&runner.put("/runner/duty", json!({})).await, 422, "invalid_input");
    let wrong = json!({ "username": "r101\u{0}", "password": "x" });
    assert_problem(&house.anyone().post("/sessions", wrong).await, 401, "wrong_credentials");
    assert_problem(&house.anyone().post("/sessions", json!({})).await, 422, "invalid_input");
    let wrong_method = house.anyone().request(Method::DELETE, "/requests");
    assert!(matches!(house.anyone().send(wrong_method).await.status, 404 | 405));
}

async fn what_is_accepted_comes_back_byte_for_byte(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (name, note, item) = (
        "  王阿姨 👵🏻‍🦳 <script>'\"&",
        "敲门三下\n\t“轻一点” \\ %00 ; DROP TABLE requests; --",
        "Ibuprofène 布洛芬  缓释",
    );
    let mut body = medicine(0);
    body["name"] = json!(name);
    body["note"] = json!(note);
    body["items"][0]["name"] = json!(item);
    body["phone"] = json!("１３８-０００ 0零零零0");
    assert_eq!(house.anyone().post("/requests", body.clone()).await.status, 201);
    house.settle().await;
    runner.accepts().await;
    let stop = runner.get("/runner/trip").await.body["stops"][0].clone();
    assert_eq!((&stop["name"], &stop["note"], &stop["phone"]), (&json!(name), &json!(note), &body["phone"]));
    assert_eq!(stop["items"][0]["name"], item);
    house
}

async fn who_may_call_what(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let id = asked.text("/id");
    let supervisor = house.person("sup").await;
    let errand = supervisor.get("/watch/requests").await.text("/items/0/errand");
    let mut callers = vec![("nobody", house.anyone())];
    for name in ["r101", "run-else", "desk", "sup", "sup-else", "admin"] {
        callers.push((name, house.person(name).await));
    }
    let opened = format!("/watch/requests/{id}");
    let (pause, resume) = (format!("{opened}/pause"), format!("{opened}/resume"));
    let assign = format!("/watch/errands/{errand}/assign");
    let claim = format!("/errands/{errand}/claim");
    // In the order: nobody, runner, runner of another zone, desk, supervisor, supervisor of another zone, admin.
    for (method, path, body, expected) in [
        (Method::GET, "/runner/offers", json!(null), [401, 200, 200, 403, 403, 403, 403]),
        (Method::GET, "/runner/trip", json!(null), [401, 200, 200, 403, 403, 403, 403]),
        (Method::GET, "/runner/board", json!(null), [401, 200, 200, 403, 403, 403, 403]),
        (Method::PUT, "/runner/duty", json!({ "on": false }), [401, 200, 200, 403, 403, 403, 403]),
        (Method::GET, "/watch/summary", json!(null), [401, 403, 403, 200, 200, 200, 200]),
        (Method::GET, "/watch/summary?zone=HOME", json!(null), [401, 403, 404, 200, 200, 404, 200]),
        (Method::GET, "/watch/requests?zone=HOME", json!(null), [401, 403, 404, 200, 200, 404, 200]),
        (Method::GET, opened.as_str(), json!(null), [401, 404, 404, 200, 200, 404, 200]),
        (Method::GET, "/watch/longest", json!(null), [401, 403, 403, 200, 200, 200, 200]),
        (Method::GET, "/watch/longest?zone=HOME", json!(null), [401, 403, 404, 200, 200, 404, 200]),
        (Method::GET, "/watch/targets", json!(null), [401, 403, 403, 403, 200, 200, 200]),
        (Method::PUT, "/watch/targets", json!({}), [401, 403, 403, 403, 200, 200, 200]),
        (Method::POST, pause.as_str(), json!({ "reason": "gate_shut" }), [401, 403, 403, 403, 200, 404, 200]),
        (Method::POST, resume.as_str(), json!(null), [401, 403, 403, 403, 204, 404, 204]),
        (Method::POST, assign.as_str(), json!({ "runner": "no-such" }), [401, 403, 403, 403, 404, 404, 404]),
        (Method::POST, claim.as_str(), json!({}), [401, 200, 404, 403, 403, 403, 403]),
    ] {
        for ((name, caller), expected) in callers.iter().zip(expected) {
            let request = caller.request(method.clone(), path);
            let request = if body.is_null() { request } else { request.json(&body) };
            let answer = caller.send(request).await;
            assert_eq!(answer.status, expected, "{name} calls {method} {path}: {}", answer.raw);
        }
    }
    house
}

async fn a_session_ends_when_it_is_signed_out(house: House) -> House {
    let runner = house.person("r101").await;
    assert_eq!(runner.get("/runner/trip").await.status, 200);
    assert_eq!(runner.send(runner.request(Method::DELETE, "/sessions/current")).await.status, 204);
    assert_problem(&runner.get("/runner/trip").await, 401, "sign_in_first");
    let forgotten = house.person("r101").await;
    house.clock.turn(5 * 3600);
    assert_problem(&forgotten.get("/runner/trip").await, 401, "sign_in_first");
    let wrong = house.anyone().post("/sessions", json!({ "username": "r101", "password": "wrong" })).await;
    let unknown = house.anyone().post("/sessions", json!({ "username": "nobody", "password": "wrong" })).await;
    assert_eq!((wrong.code(), &wrong.body["title"]), (unknown.code(), &unknown.body["title"]));
    house
}

async fn every_documented_call_is_there(house: House) -> House {
    let document =
        house.http.get(format!("{}/api/openapi.json", house.base)).send().await.unwrap().json::<Value>().await.unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let admin = house.person("admin").await;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let concrete = path.trim_start_matches("/api/v1").replace("{token}", "none").replace("{id}", "none");
            let request = admin.request(method.to_uppercase().parse().unwrap(), &concrete).json(&json!({}));
            if path.ends_with("/events") {
                // A stream has no end to read to.
                assert_eq!(request.send().await.unwrap().status(), 200);
                continue;
            }
            let answer = admin.send(request).await;
            assert_ne!(answer.status, 405, "{method} {path}");
            assert!(answer.status < 500, "{method} {path}: {answer:?}");
        }
    }
    for reference in document.to_string().split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
    }
    house
}
