//! Many at once: one wins, nothing is doubled.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, House, Person, another_room, medicine, on_every_house, server};

on_every_house!(
    two_hundred_runners_claim_one_errand_and_one_gets_it,
    twenty_copies_of_one_post_are_one_request,
    two_services_on_one_store_behave_as_one,
    a_client_that_hangs_up_leaves_nothing_half_done,
);

/// How often the two hundred run; `PAOTUI_TEST_CLAIMS` makes it fewer or more.
fn rounds() -> usize {
    server("PAOTUI_TEST_CLAIMS").and_then(|text| text.parse().ok()).unwrap_or(25)
}

async fn everybody(house: &House) -> Vec<Person> {
    let mut people = Vec::new();
    for few in (1..=200).collect::<Vec<_>>().chunks(8) {
        people.extend(
            join_all(few.iter().map(|number| {
                let name = format!("r{number:03}");
                async move { house.person(&name).await }
            }))
            .await,
        );
    }
    people
}

/// 100 rounds over the four houses together: 25 on each.
async fn two_hundred_runners_claim_one_errand_and_one_gets_it(house: House) -> House {
    let runners = everybody(&house).await;
    let (mut won, mut lost) = (0, 0);
    for _ in 0..rounds() {
        house.asks_for_medicine(3).await;
        let board = runners[0].get("/runner/board").await;
        let errand = board.text("/items/0/errand");
        let answers = join_all(runners.iter().map(|runner| claims(runner, &errand))).await;
        for answer in &answers {
            match (answer.status, answer.code().as_str()) {
                (200, _) => won += 1,
                (409, "already_claimed" | "hands_full") => lost += 1,
                _ => panic!("{answer:?}"),
            }
        }
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    }
    assert_eq!((won, lost), (rounds(), rounds() * 199));
    house
}

/// As a phone does: told that the service has its hands full, it sends the same again. On a busy machine two hundred at
/// once are more than its connections serve in time.
async fn claims(runner: &Person, errand: &str) -> Answer {
    does(runner, "claim", errand).await
}

async fn does(runner: &Person, step: &str, errand: &str) -> Answer {
    for _ in 0..60 {
        let answer = runner.does(step, errand, json!({})).await;
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("the service was not free for half a minute");
}

async fn twenty_copies_of_one_post_are_one_request(house: House) -> House {
    let copy = || {
        let request =
            house.anyone().request(Method::POST, "/requests").header("Idempotency-Key", "one-tap").json(&medicine(0));
        let resident = house.anyone();
        async move { resident.send(request).await }
    };
    let answers = join_all((0..20).map(|_| copy())).await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body), "{answers:?}");
    let replayed = answers.iter().filter(|answer| answer.headers.contains_key("Idempotency-Replayed")).count();
    assert_eq!(replayed, 19);
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.get("/watch/requests").await.body["items"].as_array().unwrap().len(), 1);
    let other =
        house.anyone().request(Method::POST, "/requests").header("Idempotency-Key", "one-tap").json(&medicine(1));
    assert_eq!(house.anyone().send(other).await.code(), "key_reused");
    house
}

async fn two_services_on_one_store_behave_as_one(house: House) -> House {
    if house.line_url == "memory:" {
        // Each would have a line of its own: several processes are what Redis is for.
        return house;
    }
    let (one, two) = (house.twin().await, house.twin().await);
    let addresses = [one.address, two.address];
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = [one, two].map(|application| {
        let mut stopped = stopped.clone();
        tokio::spawn(application.run_until(async move { drop(stopped.changed().await) }))
    });
    let at = |place: usize, person: Person| Person { base: format!("http://{}", addresses[place % 2]), ..person };
    let mut runners = Vec::new();
    for number in 1..=10 {
        runners.push(at(number, house.runner_on_duty(&format!("r1{number:02}"), 10.0).await));
    }
    let asked = join_all((0..20).map(|number| {
        let resident = at(number, house.anyone());
        let mut body = medicine(0);
        body["room"] = json!(another_room());
        async move { resident.post("/requests", body).await }
    }))
    .await;
    assert!(asked.iter().all(|answer| answer.status == 201));
    let carried = AtomicUsize::new(0);
    join_all(runners.iter().map(|runner| carry_until(runner, &carried, 20))).await;
    assert_eq!(carried.load(Ordering::SeqCst), 20, "each is carried once, by whichever service offered it");
    stop.send(true).unwrap();
    for service in running {
        service.await.unwrap().unwrap();
    }
    house.letters();
    house
}

/// Takes and delivers what is offered until all of them together have carried `all`; a minute at most.
async fn carry_until(runner: &Person, carried: &AtomicUsize, all: usize) {
    for _ in 0..1200 {
        if carried.load(Ordering::SeqCst) >= all {
            return;
        }
        if !runner.offer().await.is_empty() && runner.accepts().await.status == 200 {
            let errand = runner.errand().await;
            assert_eq!(does(runner, "collect", &errand).await.status, 200);
            assert_eq!(does(runner, "deliver", &errand).await.status, 200);
            carried.fetch_add(1, Ordering::SeqCst);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn a_client_that_hangs_up_leaves_nothing_half_done(house: House) -> House {
    for _ in 0..40 {
        let mut body = medicine(0);
        body["room"] = json!(another_room());
        let sent = house.anyone().request(Method::POST, "/requests").json(&body).send();
        let _hung_up = tokio::time::timeout(std::time::Duration::from_micros(rand::random_range(50..3000)), sent).await;
    }
    // The pool is usable, and each request there is has its errand, contact, items and event: whole or not at all.
    house.asks_for_medicine(0).await;
    let tally = house
        .db()
        .read(async |conn| paotui::store::views::tally::load(conn, paotui::domain::clock::At(0)).await)
        .await
        .unwrap();
    assert_eq!((tally.errandless, tally.doubly_assigned), (0, 0));
    let supervisor = house.person("sup").await;
    let rows = supervisor.get("/watch/requests?limit=200").await.body;
    for row in rows["items"].as_array().unwrap() {
        let opened = supervisor.get(&format!("/watch/requests/{}", row["id"].as_str().unwrap())).await;
        assert!(opened.text("/room").ends_with("-501"));
        assert!(row["items"].as_str().unwrap().contains("缬沙坦"));
    }
    house
}
