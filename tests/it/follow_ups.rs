//! After the delivery: the right check at the right time, by page or by call, and what comes again by itself.

use std::collections::BTreeMap;

use paotui::domain::clock::At;
use paotui::domain::day::Day;
use paotui::domain::errand::State;
use paotui::domain::follow_up::Standing;
use paotui::domain::ids::{RecurrenceId, RequestId};
use paotui::domain::local::{LocalTime, parse_rfc3339};
use paotui::domain::num;
use paotui::domain::recurrence;
use paotui::flow::{House as Flow, following, recurring};
use paotui::simulate::chance::Chance;
use paotui::store::{Error, follow_ups, recurrences, requests};
use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house};

on_every_house!(
    a_red_medicine_is_asked_about_within_the_hour_and_all_is_well,
    three_calls_without_an_answer_and_somebody_knocks,
    something_wrong_is_reopened_with_its_history,
    who_answers_on_the_page_need_not_be_called,
    two_at_the_desk_never_call_one_home_at_once,
    the_desk_of_another_zone_sees_and_does_nothing,
    what_is_wrong_is_told_by_field,
    a_round_mends_what_was_forgotten_and_drops_what_is_stray,
    enough_until_a_day_makes_one_request_before_it,
    a_year_of_turned_clocks_moved_zones_and_two_workers_makes_each_date_once,
    after_a_long_stop_one_request_is_made_and_it_is_told,
);

const DAY_S: i64 = 86_400;

/// Asked for, fetched and brought; answers what the asker was told.
async fn delivered(house: &House, runner: &Person, body: Value) -> Answer {
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    house.settle().await;
    runner.accepts().await;
    for step in ["collect", "deliver"] {
        let errand = runner.errand().await;
        let done = runner.does(step, &errand, json!({})).await;
        assert_eq!(done.status, 200, "{done:?}");
    }
    house.letters();
    asked
}

fn rice(room: &str, care: &[&str]) -> Value {
    json!({ "building": "H-1", "room": room, "name": "李", "phone": "13900000000", "category": "food", "care": care, "items": [{ "name": "米" }] })
}

async fn list(person: &Person) -> Vec<Value> {
    let answer = person.get("/desk/follow-ups").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].as_array().unwrap().clone()
}

fn id(check: &Value) -> String {
    check["id"].as_str().unwrap().to_owned()
}

async fn says(person: &Person, check: &Value, outcome: &str) -> Answer {
    person.post(&format!("/desk/follow-ups/{}", id(check)), json!({ "outcome": outcome })).await
}

async fn state_of(house: &House, asked: &Answer) -> String {
    house.tracks(asked).await["state"].as_str().unwrap().to_owned()
}

fn time(value: &Value) -> At {
    parse_rfc3339(value.as_str().unwrap()).unwrap()
}

async fn a_red_medicine_is_asked_about_within_the_hour_and_all_is_well(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let asked = delivered(&house, &runner, medicine(0)).await;
    let checks = list(&desk).await;
    assert_eq!(checks.len(), 1);
    assert_eq!((&checks[0]["kind"], &checks[0]["due"]), (&json!("medicine"), &json!(false)));
    let brought = time(&checks[0]["delivered_at"]);
    assert_eq!(time(&checks[0]["due_at"]).seconds_since(brought), 45 * 60);
    for secret in ["王阿姨", "13800000000", "2-501"] {
        assert!(!desk.get("/desk/follow-ups").await.raw.contains(secret), "{secret} before the call");
    }
    house.clock.turn(46 * 60);
    assert_eq!(list(&desk).await[0]["due"], json!(true));
    let whom = desk.post(&format!("/desk/follow-ups/{}/call", id(&checks[0])), json!({})).await;
    assert_eq!((whom.status, whom.text("/name"), whom.text("/phone")), (200, "王阿姨".into(), "13800000000".into()));
    let looks = house.tracks(&asked).await["looks"].to_string();
    assert!(looks.contains("desk"), "the look is written down: {looks}");
    let came = says(&desk, &checks[0], "received").await;
    assert_eq!((came.status, came.text("/state")), (200, "closed".into()));
    assert_eq!(state_of(&house, &asked).await, "closed");
    assert!(list(&desk).await.is_empty());
    assert_eq!(says(&desk, &checks[0], "received").await.code(), "followed_up");
    house
}

async fn three_calls_without_an_answer_and_somebody_knocks(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let asked = delivered(&house, &runner, rice("2-301", &["elderly_alone"])).await;
    let check = list(&desk).await.remove(0);
    let waited = time(&check["due_at"]).seconds_since(time(&check["delivered_at"]));
    assert!(waited <= 14 * 3600, "who lives alone is called soon: {waited}");
    for (n, minutes) in [(1, 15), (2, 60)] {
        let came = says(&desk, &check, "no_answer").await;
        assert_eq!((came.status, came.text("/state")), (200, "delivered".into()), "{came:?}");
        let due = parse_rfc3339(&came.text("/due_at")).unwrap();
        let hour = house.flow.local.minute_of_day(due) / 60;
        assert!(due.seconds_since(house.flow.now()) >= minutes * 60 && (8..21).contains(&hour));
        assert_eq!(list(&desk).await[0]["tries"], json!(n));
    }
    let again = json!({ "outcome": "no_answer", "tries": 1 });
    let repeated = desk.post(&format!("/desk/follow-ups/{}", id(&check)), again).await;
    assert_eq!((repeated.status, repeated.text("/state")), (200, "delivered".into()), "the same press twice is one");
    assert_eq!(says(&desk, &check, "no_answer").await.text("/state"), "care");
    let tracked = house.tracks(&asked).await;
    assert_eq!((&tracked["state"], &tracked["care_reason"]), (&json!("care"), &json!("nobody_answers")));
    assert!(list(&desk).await.is_empty());
    house
}

async fn something_wrong_is_reopened_with_its_history(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    for (room, outcome, reason) in [
        ("1-101", "wrong_item", "wrong_item"),
        ("1-102", "missing", "incomplete"),
        ("1-103", "damaged", "damaged"),
        ("1-104", "not_received", "not_received"),
    ] {
        let asked = delivered(&house, &runner, rice(room, &[])).await;
        let check = list(&desk).await.remove(0);
        let body = json!({ "outcome": outcome, "note": "袋子破了" });
        let came = desk.post(&format!("/desk/follow-ups/{}", id(&check)), body).await;
        assert_eq!((came.status, came.text("/state")), (200, "care".into()), "{came:?}");
        let tracked = house.tracks(&asked).await;
        assert_eq!(tracked["care_reason"], json!(reason));
        assert!(tracked["timeline"].as_array().unwrap().len() >= 4, "its history is kept");
        let request: RequestId = asked.text("/id").parse().unwrap();
        let all = house.db().read(async move |conn| follow_ups::list_of(conn, request).await).await.unwrap();
        assert_eq!((all.len(), all[0].state, all[0].outcome.unwrap().as_str()), (1, Standing::Done, outcome));
    }
    for (room, outcome) in [("1-105", "refused"), ("1-106", "more_needed")] {
        let asked = delivered(&house, &runner, rice(room, &[])).await;
        let check = list(&desk).await.remove(0);
        assert_eq!(says(&desk, &check, outcome).await.text("/state"), "closed");
        assert_eq!(state_of(&house, &asked).await, "closed");
    }
    house
}

async fn who_answers_on_the_page_need_not_be_called(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let asked = delivered(&house, &runner, medicine(0)).await;
    let answer = format!("/requests/{}/follow-up", asked.text("/token"));
    let later = house.anyone().post(&answer, json!({ "outcome": "not_taken" })).await;
    assert_eq!((later.status, later.text("/state")), (200, "delivered".into()), "{later:?}");
    assert!(!later.text("/due_at").is_empty(), "it is asked again");
    assert_eq!(list(&desk).await[0]["outcome"], json!("not_taken"));
    let well = house.anyone().post(&answer, json!({ "outcome": "received" })).await;
    assert_eq!(well.text("/state"), "closed");
    assert!(list(&desk).await.is_empty());
    assert_eq!(house.anyone().post(&answer, json!({ "outcome": "received" })).await.code(), "followed_up");
    // The old way to say so ends it as well.
    let other = delivered(&house, &runner, rice("3-301", &[])).await;
    assert_eq!(list(&desk).await.len(), 1);
    house.anyone().post(&format!("/requests/{}/confirm", other.text("/token")), json!({})).await;
    assert!(list(&desk).await.is_empty());
    house
}

async fn two_at_the_desk_never_call_one_home_at_once(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    let (one, other) = (house.person("desk").await, house.person("sup").await);
    delivered(&house, &runner, rice("2-301", &[])).await;
    delivered(&house, &runner, rice("2-301", &[])).await;
    let checks = list(&one).await;
    assert_eq!(checks.len(), 2);
    let call = |check: &Value| format!("/desk/follow-ups/{}/call", id(check));
    let (here, there) = (call(&checks[0]), call(&checks[1]));
    let (first, second) = tokio::join!(one.post(&here, json!({})), other.post(&there, json!({})));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "one home, two checks, one caller");
    let (winner, loser, lost) = if first.status == 200 { (&one, &other, 1) } else { (&other, &one, 0) };
    assert_eq!(loser.post(&call(&checks[lost]), json!({})).await.code(), "being_called");
    assert_eq!(says(loser, &checks[lost], "received").await.code(), "being_called");
    assert!(list(loser).await.iter().all(|check| check["caller"].is_string()), "it is seen who calls");
    let again = winner.post(&call(&checks[1 - lost]), json!({})).await;
    assert_eq!(again.status, 200, "whoever calls may press again");
    assert_eq!(says(winner, &checks[1 - lost], "received").await.status, 200);
    assert_eq!(loser.post(&call(&checks[lost]), json!({})).await.status, 200, "the call is over");
    house.clock.turn(601);
    assert_eq!(winner.post(&call(&checks[lost]), json!({})).await.status, 200, "nobody holds a home for ever");
    house
}

async fn the_desk_of_another_zone_sees_and_does_nothing(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let asked = delivered(&house, &runner, medicine(0)).await;
    let check = list(&desk).await.remove(0);
    let path = format!("/desk/follow-ups/{}", id(&check));
    let elsewhere = house.person("sup-else").await;
    assert!(list(&elsewhere).await.is_empty());
    for (person, status) in [(&elsewhere, 404), (&runner, 403), (&house.anyone(), 401)] {
        assert_eq!(person.post(&path, json!({ "outcome": "received" })).await.status, status);
        assert_eq!(person.post(&format!("{path}/call"), json!({})).await.status, status);
    }
    assert_eq!(runner.get("/desk/follow-ups").await.status, 403);
    assert_eq!(house.anyone().get("/desk/follow-ups").await.status, 401);
    assert_eq!(desk.post("/desk/follow-ups/nothing", json!({ "outcome": "received" })).await.status, 404);
    assert_eq!(house.anyone().post("/requests/nothing/follow-up", json!({ "outcome": "received" })).await.status, 404);
    let again = format!("/requests/{}/recurrence", asked.text("/token"));
    assert_eq!(house.anyone().put(&again, json!({ "every_days": 30 })).await.status, 204);
    let recurring = desk.get("/desk/recurrences").await.text("/items/0/id");
    let ending = |person: Person| {
        let recurring = recurring.clone();
        async move {
            let request = person.request(reqwest::Method::DELETE, &format!("/desk/recurrences/{recurring}"));
            person.send(request).await.status
        }
    };
    assert_eq!((ending(elsewhere).await, ending(runner).await), (404, 403));
    assert_eq!(ending(desk).await, 204);
    house
}

async fn what_is_wrong_is_told_by_field(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let asked = delivered(&house, &runner, medicine(0)).await;
    let check = list(&desk).await.remove(0);
    let path = format!("/desk/follow-ups/{}", id(&check));
    let wrong = json!({ "outcome": "well", "note": "x".repeat(2001), "enough_until": "soon", "every_days": 0 });
    let told = desk.post(&path, wrong).await;
    let fields: Vec<String> = told.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{} {}", error["field"], error["code"]))
        .collect();
    assert_eq!(told.status, 422);
    for expected in ["outcome", "note", "enough_until", "every_days"] {
        assert!(fields.iter().any(|field| field.contains(expected)), "{expected}: {fields:?}");
    }
    assert_eq!(desk.post(&path, json!({})).await.status, 422);
    assert_eq!(desk.post(&path, json!({ "outcome": "received", "enough_until": "2020-01-01" })).await.status, 422);
    let own = format!("/requests/{}/follow-up", asked.text("/token"));
    assert_eq!(house.anyone().post(&own, json!({ "outcome": "no_answer" })).await.status, 422);
    assert_eq!(list(&desk).await.len(), 1, "nothing came of it");
    house
}

/// Every request that is delivered has one open check, and no other request has any.
pub async fn holds(house: &House, told: &str) {
    let of = house.db().read(async move |conn| {
        let mut wrong = follow_ups::list_forgotten(conn, 10_000).await?.len();
        wrong += follow_ups::count_stray(conn).await?;
        Ok::<_, Error>(wrong)
    });
    assert_eq!(of.await.unwrap(), 0, "{told}: a delivery without its check, or a check without its delivery");
}

async fn a_round_mends_what_was_forgotten_and_drops_what_is_stray(house: House) -> House {
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let asked = delivered(&house, &runner, medicine(0)).await;
    holds(&house, "after a delivery").await;
    let request: RequestId = asked.text("/id").parse().unwrap();
    let due = list(&desk).await[0]["due_at"].clone();
    // As it stood before there were checks.
    let by = (paotui::domain::actor::Trace::SERVICE, house.flow.now());
    house.db().write(async move |conn| follow_ups::end(conn, request, None, by).await).await.unwrap();
    assert!(list(&desk).await.is_empty());
    let (one, other) = (house.flow.clone(), house.flow.clone());
    let mended = tokio::join!(following::mend(&one), following::mend(&other));
    assert!(mended.0.unwrap() + mended.1.unwrap() >= 1);
    assert_eq!(list(&desk).await.len(), 1, "two rounds make one");
    assert_eq!(list(&desk).await[0]["due_at"], due, "at the time it always was due");
    house.anyone().post(&format!("/requests/{}/confirm", asked.text("/token")), json!({})).await;
    let zone = house.db().read(async move |conn| requests::find(conn, request).await).await.unwrap().unwrap().zone_id;
    let now = house.flow.now();
    let kind = paotui::domain::follow_up::Kind::Medicine;
    house.db().write(async move |conn| follow_ups::open(conn, (zone, request), (kind, now), now).await).await.unwrap();
    assert_eq!(following::mend(&house.flow).await.unwrap(), 1);
    assert_eq!(following::mend(&house.flow).await.unwrap(), 0, "and then there is nothing to mend");
    holds(&house, "after mending").await;
    house
}

/// Turns the clock to nine in the morning, so many days later.
fn next_morning(house: &House, days: i32) -> Day {
    let local = &house.flow.local;
    let day = local.day_of(house.flow.now()).plus(days);
    house.clock.turn(local.at_hour(day, 9).seconds_since(house.flow.now()));
    day
}

async fn days_of(house: &House, id: RecurrenceId) -> Vec<(Day, Option<RequestId>)> {
    house.db().read(async move |conn| recurrences::list_days(conn, id).await).await.unwrap()
}

async fn enough_until_a_day_makes_one_request_before_it(house: House) -> House {
    next_morning(&house, 1);
    let (runner, desk) = (house.runner_on_duty("r101", 0.0).await, house.person("desk").await);
    let asked = delivered(&house, &runner, medicine(0)).await;
    let check = list(&desk).await.remove(0);
    let until = house.flow.local.day_of(house.flow.now()).plus(30);
    let body = json!({ "outcome": "received", "enough_until": until.to_string() });
    assert_eq!(desk.post(&format!("/desk/follow-ups/{}", id(&check)), body).await.status, 200);
    let recurs = desk.get("/desk/recurrences").await;
    assert_eq!(recurs.text("/items/0/next_on"), until.plus(-3).to_string());
    assert_eq!(recurs.body["items"][0]["every_days"], Value::Null, "once");
    assert_eq!(recurring::round(&house.flow).await.unwrap(), 0);
    next_morning(&house, 27);
    let (one, other) = (house.flow.clone(), house.flow.clone());
    let made = tokio::join!(recurring::round(&one), recurring::round(&other));
    assert_eq!(made.0.unwrap() + made.1.unwrap(), 1, "two workers make one");
    let queue = house.person("sup").await.get("/watch/requests").await.body["items"].as_array().unwrap().clone();
    let new: Vec<&Value> = queue.iter().filter(|row| row["state"] == "waiting").collect();
    assert_eq!(new.len(), 1, "{queue:?}");
    let opened = house.person("sup").await.get(&format!("/watch/requests/{}", new[0]["id"].as_str().unwrap())).await;
    assert!(opened.raw.contains("王阿姨") && opened.raw.contains("缬沙坦胶囊"), "for the same home, the same thing");
    let recurring = house.person("desk").await.get("/desk/recurrences").await.body["items"].clone();
    assert_eq!(recurring, json!([]), "and it is over");
    assert_ne!(new[0]["urgency"], json!("red"), "three days of it are left");

    assert_eq!(state_of(&house, &asked).await, "closed");
    house.settle().await;
    house.letters();
    house
}

/// The same house, its calendar in another zone.
fn moved(flow: &Flow, zone: &str) -> Flow {
    Flow { local: LocalTime::named(zone).unwrap(), ..flow.clone() }
}

async fn a_year_of_turned_clocks_moved_zones_and_two_workers_makes_each_date_once(house: House) -> House {
    next_morning(&house, 1);
    let runner = house.runner_on_duty("r101", 0.0).await;
    let mut all: BTreeMap<RecurrenceId, i32> = BTreeMap::new();
    for (room, every) in [("1-101", 1), ("1-102", 7), ("1-103", 30)] {
        let asked = delivered(&house, &runner, rice(room, &[])).await;
        let path = format!("/requests/{}/recurrence", asked.text("/token"));
        assert_eq!(house.anyone().put(&path, json!({ "every_days": every })).await.status, 204);
        let request: RequestId = asked.text("/id").parse().unwrap();
        let found = house.db().read(async move |conn| recurrences::find_of(conn, request).await).await.unwrap();
        all.insert(found.unwrap().id, every);
    }
    let first = house.flow.local.day_of(house.flow.now());
    let zones = ["Asia/Shanghai", "Asia/Shanghai", "Asia/Shanghai", "America/New_York", "Europe/Berlin"];
    let (mut made, mut right) = (0, Vec::new());
    for day in 1..=365_u64 {
        let today = next_morning(&house, 1);
        let chance = Chance::new(7).about(day);
        let pick = |about: u64, of: usize| num::floor(chance.about(about).unit() * num::float(of));
        // Now and then nobody looks, the clock is wrong by days, or the zone is another.
        if pick(1, 12) == 0 {
            continue;
        }
        let off = if pick(2, 15) == 0 { i64::try_from(pick(3, 60)).unwrap() - 30 } else { 0 } * DAY_S;
        house.clock.turn(off);
        let zone = zones[pick(4, zones.len())];
        let (one, other) = (moved(&house.flow, zone), moved(&house.flow, zone));
        let rounds = tokio::join!(recurring::round(&one), recurring::round(&other));
        made += rounds.0.unwrap() + rounds.1.unwrap();
        let seen = recurrence::today(&one.local, house.flow.now());
        if off == 0 && seen == today {
            right.push(today);
        }
        house.clock.turn(-off);
    }
    let mut kept = 0;
    for (id, every) in all {
        let days: BTreeMap<Day, Option<RequestId>> = days_of(&house, id).await.into_iter().collect();
        let requests: std::collections::BTreeSet<RequestId> = days.values().flatten().copied().collect();
        kept += requests.len();
        assert_eq!(requests.len(), days.values().flatten().count(), "a date has a request of its own");
        assert!(days.keys().all(|day| day.since(first.plus(every)) % every == 0), "only dates of the grid");
        for day in right.iter().filter(|day| day.since(first) % every == 0 && **day > first) {
            assert!(days.get(day).copied().flatten().is_some(), "{day} of every {every} has its request");
        }
    }
    assert_eq!(made, kept, "no request beside them");
    assert!(kept >= right.len(), "{kept} of {}", right.len());
    house.letters();
    house
}

async fn after_a_long_stop_one_request_is_made_and_it_is_told(house: House) -> House {
    next_morning(&house, 1);
    let runner = house.runner_on_duty("r101", 0.0).await;
    let asked = delivered(&house, &runner, rice("1-101", &[])).await;
    let path = format!("/requests/{}/recurrence", asked.text("/token"));
    assert_eq!(house.anyone().put(&path, json!({ "every_days": 1 })).await.status, 204);
    let request: RequestId = asked.text("/id").parse().unwrap();
    let id = house.db().read(async move |conn| recurrences::find_of(conn, request).await).await.unwrap().unwrap().id;
    let today = next_morning(&house, 7);
    assert_eq!(recurring::round(&house.flow).await.unwrap(), 1);
    assert_eq!(recurring::round(&house.flow).await.unwrap(), 0);
    let days = days_of(&house, id).await;
    assert_eq!((days.len(), days.iter().filter(|(_, made)| made.is_some()).count()), (7, 1));
    assert_eq!(days[6].0, today, "one for today");
    let made = days[6].1.unwrap();
    let opened = house.person("sup").await.get(&format!("/watch/requests/{made}")).await;
    assert!(opened.raw.contains("caught_up_6"), "and the journal says so: {}", opened.raw);
    // Ended on the page of the new one as well as on that of the first.
    let token = house.flow.token(made);
    let ending = house.anyone().request(reqwest::Method::DELETE, &format!("/requests/{token}/recurrence"));
    assert_eq!(house.anyone().send(ending).await.status, 204);
    next_morning(&house, 1);
    assert_eq!(recurring::round(&house.flow).await.unwrap(), 0);
    let now = house.db().read(async move |conn| requests::find(conn, made).await).await.unwrap().unwrap();
    assert_eq!(now.state, State::Waiting);
    house
}
