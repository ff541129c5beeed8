//! The ladder: a request that is about to miss its time goes from rung to rung, each step to the second, nobody twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use paotui::app::Application;
use paotui::flow::{self, alarming, rounds};
use paotui::hooks::{Format, Hook, Hooks, signature};
use paotui::worker::Caller;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{Answer, House, medicine, on_every_house, seed};

on_every_house!(
    a_red_request_nobody_takes_reaches_the_district_each_step_to_the_second,
    two_workers_race_through_a_restart_and_nobody_is_told_twice,
    who_has_it_stops_the_clock_and_it_goes_on_when_nobody_moves,
    it_ends_when_it_is_brought_and_rests_while_it_moves,
    by_hand_it_goes_up_and_never_down,
    who_may_answer_what,
    the_rota_says_who_is_told_at_night,
    the_note_that_travels_names_nobody,
    a_door_outside_is_called_again_until_it_answers,
);

/// Everybody of the ladder, with an address.
async fn staffed(house: &House) {
    for (name, roles) in [("desk", "desk"), ("sup", "supervisor"), ("street", "district"), ("night", "desk")] {
        seed::has_address(house.db(), name, roles, "HOME").await;
    }
    seed::has_address(house.db(), "command", "district", "ELSE-STREET").await;
}

/// What the worker does, without its waiting.
async fn looks(flow: &flow::House) {
    alarming::round(flow).await.unwrap();
}

async fn alarm(house: &House) -> Value {
    house.person("admin").await.get("/watch/alarms").await.body["items"][0].clone()
}

/// Seconds from the asking to each step, by rung, in the order they came.
async fn steps(house: &House, asked: &Answer) -> Vec<(String, i64, i64)> {
    let id = asked.text("/id").parse().unwrap();
    let rows =
        house.db().read(async move |conn| paotui::store::views::alarms::list_steps(conn, id).await).await.unwrap();
    let asked_at = paotui::domain::local::parse_rfc3339(&asked.text("/submitted_at")).unwrap();
    let after = |at: paotui::domain::clock::At| at.seconds_since(asked_at);
    rows.iter().map(|row| (row.rung.to_string(), after(row.told_at), after(row.due_at))).collect()
}

fn told(letters: &[paotui::mail::Envelope]) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for letter in letters {
        *counted.entry(letter.to.clone()).or_default() += 1;
    }
    counted
}

async fn a_red_request_nobody_takes_reaches_the_district_each_step_to_the_second(house: House) -> House {
    staffed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    // Half an hour is promised, a quarter is needed, five minutes are to spare: it fires at ten. Nobody is on duty, so the
    // desk hears at once; it has three minutes, the supervisor five, the street five.
    house.clock.turn(590);
    for _ in 0..900 {
        looks(&house.flow).await;
        house.clock.turn(1);
    }
    house.settle().await;
    let expected = [("runner", 600), ("desk", 600), ("supervisor", 780), ("street", 1080), ("district", 1380)];
    let expected: Vec<_> = expected.iter().map(|(rung, at)| ((*rung).to_owned(), *at, *at)).collect();
    assert_eq!(steps(&house, &asked).await, expected);
    let told = told(&house.letters());
    let each = ["command", "desk", "night", "street", "sup"].map(|name| (format!("{name}@example.org"), 1));
    assert_eq!(told, each.into_iter().collect());
    assert_eq!(alarm(&house).await["rung"], "district");
    let seen = house.tracks(&asked).await;
    assert_eq!(seen["now_with"], json!({ "rung": "district", "since": "2026-11-23T04:23:00Z" }));
    house
}

/// Two services beside the house on its store and line, all three looking at once.
async fn rebuilt(house: &House) -> Vec<Application> {
    vec![house.twin().await, house.twin().await]
}

async fn two_workers_race_through_a_restart_and_nobody_is_told_twice(house: House) -> House {
    staffed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    let mut others = rebuilt(&house).await;
    house.clock.turn(590);
    for second in 590..1450 {
        // All at once, and on the second of a step again and again.
        let flows = [&house.flow, &others[0].house, &others[1].house];
        join_all(flows.iter().map(|flow| alarming::round(flow))).await.into_iter().for_each(|done| {
            done.unwrap();
        });
        if [700, 1100].contains(&second) {
            // Killed: what they held in memory is gone, and so is the line.
            drop(std::mem::take(&mut others));
            house.line_loses_everything().await;
            others = rebuilt(&house).await;
        }
        house.clock.turn(1);
    }
    house.settle().await;
    let told_at: Vec<i64> = steps(&house, &asked).await.iter().map(|(_, told, _)| *told).collect();
    assert_eq!(told_at, [600, 600, 780, 1080, 1380]);
    let letters = house.letters();
    assert_eq!((letters.len(), told(&letters).values().max()), (5, Some(&1)));
    house
}

async fn who_has_it_stops_the_clock_and_it_goes_on_when_nobody_moves(house: House) -> House {
    staffed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    house.clock.turn(600);
    looks(&house.flow).await;
    let path = format!("/watch/requests/{}/acknowledge", asked.text("/id"));
    let (desk, night) = (house.person("desk").await, house.person("night").await);
    house.clock.turn(60);
    let mine = desk.post(&path, json!({})).await;
    assert_eq!((mine.status, mine.text("/acknowledged_by")), (200, "陈desk".to_owned()));
    assert_eq!(desk.post(&path, json!({})).await.status, 200, "said twice it is said once");
    assert_eq!(night.post(&path, json!({})).await.code(), "already_acknowledged");
    // The desk's three minutes are over: nothing happens, somebody has it.
    house.clock.turn(299);
    looks(&house.flow).await;
    assert_eq!(alarm(&house).await["rung"], "desk");
    // Five minutes after "I have it" nobody is on the way.
    house.clock.turn(1);
    looks(&house.flow).await;
    let gone_on = alarm(&house).await;
    assert_eq!((&gone_on["rung"], &gone_on["acknowledged_by"]), (&json!("supervisor"), &Value::Null));
    assert_eq!(desk.post(&path, json!({})).await.status, 403, "it has gone above the desk");
    let opened = house.person("sup").await.get(&format!("/watch/requests/{}", asked.text("/id"))).await.body;
    let kinds: Vec<&str> =
        opened["timeline"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert!(kinds.ends_with(&["alarm_runner", "alarm_desk", "acknowledged", "alarm_supervisor"]), "{kinds:?}");
    house.settle().await;
    assert_eq!(told(&house.letters()).len(), 1, "the desk has answered: only the supervisor need be told");
    house
}

async fn it_ends_when_it_is_brought_and_rests_while_it_moves(house: House) -> House {
    staffed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    house.clock.turn(600);
    looks(&house.flow).await;
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    runner.accepts().await;
    // Taken, it needs ten minutes: there is slack until fifteen minutes after the asking.
    house.clock.turn(299);
    looks(&house.flow).await;
    assert_eq!(alarm(&house).await["rung"], "desk");
    let path = format!("/watch/requests/{}/acknowledge", asked.text("/id"));
    assert_eq!(house.person("desk").await.post(&path, json!({})).await.status, 200);
    house.clock.turn(250);
    looks(&house.flow).await;
    assert_eq!(alarm(&house).await["rung"], "desk", "it moves, and somebody watches over it");
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    runner.does("deliver", &errand, json!({})).await;
    assert_eq!(alarm(&house).await, Value::Null);
    assert_eq!(house.person("desk").await.post(&path, json!({})).await.code(), "no_alarm");
    looks(&house.flow).await;
    looks(&house.flow).await;
    assert_eq!(house.tracks(&asked).await["now_with"], Value::Null);
    let counted = alarming::count_open(&house.flow).await.unwrap();
    assert!(counted.iter().flat_map(|(_, rungs)| rungs).all(|(_, n)| *n == 0));
    house.settle().await;
    assert!(house.letters().iter().all(|letter| !letter.to.starts_with("sup")));
    house
}

async fn by_hand_it_goes_up_and_never_down(house: House) -> House {
    staffed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    let path = format!("/watch/requests/{}/escalate", asked.text("/id"));
    let (desk, sup) = (house.person("desk").await, house.person("sup").await);
    let wrong = desk.post(&path, json!({ "rung": "moon", "reason": "x".repeat(5000) })).await;
    assert_eq!((wrong.status, wrong.body["errors"].as_array().unwrap().len()), (422, 2));
    let up = desk.post(&path, json!({ "reason": "家属说老人喘不上气" })).await;
    assert_eq!((up.status, up.text("/rung")), (200, "supervisor".to_owned()), "{up:?}");
    assert_eq!(sup.post(&path, json!({})).await.text("/rung"), "street", "a supervisor passes it on from himself");
    assert_eq!(sup.post(&path, json!({ "rung": "desk" })).await.code(), "top_of_ladder");
    assert_eq!(sup.post(&path, json!({ "rung": "district" })).await.text("/rung"), "district");
    assert_eq!(sup.post(&path, json!({})).await.code(), "top_of_ladder");
    let opened = sup.get(&format!("/watch/requests/{}", asked.text("/id"))).await.raw;
    assert!(opened.contains("喘不上气"), "the reason is in the timeline");
    house.settle().await;
    assert_eq!(told(&house.letters()).len(), 3);
    house
}

async fn who_may_answer_what(house: House) -> House {
    staffed(&house).await;
    let asked = house.asks_for_medicine(0).await;
    let id = asked.text("/id");
    house.clock.turn(600);
    looks(&house.flow).await;
    let (list, up, mine) = (
        "/watch/alarms?zone=HOME".to_owned(),
        format!("/watch/requests/{id}/escalate"),
        format!("/watch/requests/{id}/acknowledge"),
    );
    // Nobody, runner, runner of another zone, supervisor of another zone.
    let strangers = [("", [401; 3]), ("r101", [403; 3]), ("run-else", [404, 403, 403]), ("sup-else", [404; 3])];
    for (name, expected) in strangers {
        let caller = if name.is_empty() { house.anyone() } else { house.person(name).await };
        let answers = [
            caller.get(&list).await.status,
            caller.post(&up, json!({})).await.status,
            caller.post(&mine, json!({})).await.status,
        ];
        assert_eq!(answers, expected, "{name}");
    }
    for name in ["desk", "sup", "street", "admin"] {
        let seen = house.person(name).await.get("/watch/alarms").await;
        assert_eq!((seen.status, seen.text("/items/0/rung")), (200, "desk".to_owned()), "{name}");
    }
    assert_eq!(house.person("sup-else").await.get("/watch/alarms").await.body["items"], json!([]));
    assert_eq!(house.person("sup").await.post(&mine, json!({})).await.status, 200);
    let rota = json!({ "items": [] });
    for (name, own, all) in [("r101", 403, 403), ("desk", 403, 403), ("sup", 200, 403), ("street", 200, 200)] {
        let person = house.person(name).await;
        assert_eq!(person.put("/admin/rota", rota.clone()).await.status, own, "{name}");
        assert_eq!(person.put("/admin/rota?zone=*", rota.clone()).await.status, all, "{name}");
    }
    assert_eq!(house.person("sup-else").await.get("/admin/rota?zone=HOME").await.status, 404);
    house
}

async fn the_rota_says_who_is_told_at_night(house: House) -> House {
    staffed(&house).await;
    let sup = house.person("sup").await;
    let wrong = json!({ "items": [
        { "rung": "runner", "username": "", "days": [], "from": "25:00", "to": "" },
        { "rung": "supervisor", "username": "desk", "days": ["mon"], "from": "22:00", "to": "06:00" },
    ] });
    let told = sup.put("/admin/rota", wrong).await;
    let fields: Vec<&str> =
        told.body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["items[0].rung", "items[0].days", "items[0].from", "items[0].to", "items[0].username"]);
    let above = json!({ "items": [
        { "rung": "supervisor", "username": "desk", "days": ["mon"], "from": "22:00", "to": "06:00" },
    ] });
    let told = sup.put("/admin/rota", above).await;
    assert_eq!(
        (told.text("/errors/0/field"), told.text("/errors/0/code")),
        ("items[0].username".to_owned(), "cannot_answer".to_owned()),
        "a desk cannot answer for a supervisor"
    );
    let night =
        json!({ "items": [{ "rung": "desk", "username": "night", "days": ["mon"], "from": "12:05", "to": "06:00" }] });
    assert_eq!(sup.put("/admin/rota", night.clone()).await.body, night);
    assert_eq!(sup.get("/admin/rota").await.body, night);
    // Asked for at noon on a Monday: at ten past, the night has begun.
    house.asks_for_medicine(0).await;
    house.clock.turn(600);
    looks(&house.flow).await;
    house.settle().await;
    let told: Vec<String> = house.letters().into_iter().map(|letter| letter.to).collect();
    assert_eq!(told, ["night@example.org"]);
    house
}

async fn the_note_that_travels_names_nobody(house: House) -> House {
    staffed(&house).await;
    let mut body = medicine(0);
    (body["name"], body["phone"], body["room"]) = (json!("金丝雀"), json!("13987654321"), json!("9-1234"));
    body["items"][0]["name"] = json!("卡纳里片");
    house.anyone().post("/requests", body).await;
    for _ in 0..140 {
        house.clock.turn(10);
        looks(&house.flow).await;
    }
    house.settle().await;
    let street = house.person("street").await;
    let page = house.http.get(format!("{}/watch/alarms", house.base)).bearer_auth(street.token.clone().unwrap());
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 200);
    let mut seen = vec![street.get("/watch/alarms").await.raw, page.text().await.unwrap()];
    assert!(seen.iter().all(|text| text.contains("H-1")));
    seen.extend(
        house
            .letters()
            .into_iter()
            .map(|letter| format!("{letter:?} {} {} {}", letter.subject, letter.text, letter.html)),
    );
    assert!(seen.len() > 5);
    for secret in ["金丝雀", "13987654321", "9-1234", "卡纳里"] {
        for text in &seen {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    house
}

/// What a door outside heard: path, headers and body of each call.
type Heard = Arc<Mutex<Vec<(String, String)>>>;

/// A door that answers these statuses in turn, then 200.
async fn door(answers: Vec<(u16, &'static str)>) -> (String, Heard) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?key=robot", listener.local_addr().unwrap());
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = Vec::new();
            let (headers, body) = loop {
                let mut part = [0; 4096];
                let n = stream.read(&mut part).await.unwrap_or(0);
                read.extend_from_slice(&part[..n]);
                let text = String::from_utf8_lossy(&read).into_owned();
                let Some((headers, body)) = text.split_once("\r\n\r\n") else { continue };
                let lower = headers.to_ascii_lowercase();
                let length =
                    lower.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse::<usize>();
                if body.len() >= length.unwrap() {
                    break (headers.to_owned(), body.to_owned());
                }
            };
            kept.lock().unwrap().push((headers, body));
            let (status, body) = answers.next().unwrap_or((200, "{\"errcode\":0}"));
            let answer =
                format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, heard)
}

fn header(head: &str, name: &str) -> String {
    let line =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}: "))).unwrap_or_default();
    line.split_once(": ").map(|(_, value)| value.to_owned()).unwrap_or_default()
}

#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn a_door_outside_is_called_again_until_it_answers(house: House) -> House {
    const SECRET: &str = "0123456789abcdef0123";
    let (ours, heard) = door(vec![(500, ""), (302, ""), (200, "")]).await;
    let (robot, group) = door(vec![(200, "{\"errcode\":45009}"), (200, "{\"errcode\":0}")]).await;
    let hook =
        |name: &str, url: String, format, secret: &str| Hook { name: name.into(), url, format, secret: secret.into() };
    let hooks = vec![hook("ours", ours, Format::Paotui, SECRET), hook("group", robot, Format::Wecom, "")];
    let listener = |name: &str| paotui::domain::alarm::Listener {
        name: name.into(),
        zones: vec!["HOME".into()],
        rungs: vec![paotui::domain::alarm::Rung::Street],
    };
    let terms = paotui::domain::alarm::Terms {
        listeners: vec![listener("ours"), listener("group")],
        ..(*house.flow.alarms).clone()
    };
    let flow = flow::House { alarms: Arc::new(terms), ..house.flow.clone() };
    let caller = Caller { hooks: Arc::new(Hooks::open(hooks).unwrap()), public_url: house.base.clone() };
    let asked = house.asks_for_medicine(0).await;
    for seconds in [600, 180, 300] {
        house.clock.turn(seconds);
        looks(&flow).await;
    }
    // Two processes call at once, and the clock goes on until nothing is due any more.
    for _ in 0..40 {
        join_all([caller.call_due(&flow), caller.call_due(&flow)]).await.into_iter().for_each(|done| {
            done.unwrap();
        });
        house.clock.turn(3);
    }
    let (heard, group) = (heard.lock().unwrap().clone(), group.lock().unwrap().clone());
    assert_eq!((heard.len(), group.len()), (3, 2), "what failed is tried again, what was taken is not");
    let ids: Vec<String> = heard.iter().map(|(head, _)| header(head, "paotui-delivery")).collect();
    assert!(ids.iter().all(|id| *id == ids[0] && !id.is_empty()), "a repetition is recognised");
    for (head, body) in &heard {
        let given = header(head, "paotui-signature");
        let seconds = given.strip_prefix("t=").unwrap().split(',').next().unwrap().parse().unwrap();
        let at = paotui::domain::clock::At::from_seconds(seconds);
        assert_eq!(given, signature(SECRET.as_bytes(), at, body));
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            (&body["rung"], &body["building"], &body["code"]),
            (&json!("street"), &json!("H-1"), &asked.body["code"])
        );
        assert!(!body.to_string().contains("王") && !body.to_string().contains("13800000000"));
    }
    let markdown: Value = serde_json::from_str(&group[1].1).unwrap();
    assert_eq!(markdown["msgtype"], "markdown");
    assert!(markdown["markdown"]["content"].as_str().unwrap().contains("H-1"));
    let waiting = house.person("sup").await.get("/watch/summary").await.body;
    assert_eq!(waiting["letters_dead"], 0);
    assert!(rounds::list_zones(&house.flow).await.is_ok());
    house.settle().await;
    house.letters();
    house
}
