//! Days drawn by chance, lived through the API: whatever people do in whatever order, the rules hold after every step.

use std::collections::{BTreeMap, BTreeSet};

use paotui::domain::errand::State;
use paotui::domain::ids::{ErrandId, PersonId, RequestId, ZoneId};
use paotui::domain::lists::List;
use paotui::domain::num;
use paotui::domain::place::PlaceKind;
use paotui::domain::seal::Seal;
use paotui::flow::dispatch;
use paotui::simulate::chance::Chance;
use paotui::store::views::queue::{self, Filter};
use paotui::store::{Error, errands, lists, offers, people, rosters, routes, zones};
use serde_json::{Value, json};

use crate::support::{House, Person, medicine, on_every_house, seed, server};

on_every_house!(whatever_happens_the_rules_hold, two_rounds_at_once_offer_nothing_twice);

const RUNNERS: [&str; 5] = ["r101", "r102", "r103", "r104", "r105"];
const STEPS: u64 = 80;
/// Days lived each time; more by `PAOTUI_TEST_DAYS`.
const DAYS: u64 = 1;

/// One of so many, by the seed and the step.
fn draw(chance: Chance, about: u64, of: usize) -> usize {
    num::floor(chance.about(about).unit() * num::float(of))
}

struct Day {
    house: House,
    runners: Vec<Person>,
    /// Request and token; the same wish of the same door is the same request.
    asked: Vec<(String, String)>,
    supervisor: Person,
    /// Who took something back may have more in hand than was reckoned with, until the hands are empty.
    took_back: BTreeSet<String>,
}

async fn whatever_happens_the_rules_hold(house: House) -> House {
    seed::opens(house.db(), "P-2", (PlaceKind::Pharmacy, 900.0), (0, 1440)).await;
    seed::has(house.db(), "r102", None, "cart").await;
    seed::has(house.db(), "r103", Some("H-2"), "").await;
    let mut runners = Vec::new();
    for (place, name) in RUNNERS.iter().enumerate() {
        runners.push(house.runner_on_duty(name, 300.0 * num::float(place)).await);
    }
    seed::walls(house.db(), "H-2", 300.0, Seal::Open).await;
    let supervisor = house.person("sup").await;
    let mut day = Day { house, runners, asked: Vec::new(), supervisor, took_back: BTreeSet::new() };
    let days = server("PAOTUI_TEST_DAYS").and_then(|days| days.parse().ok()).unwrap_or(DAYS);
    for seed in 1..=days {
        for step in 0..STEPS {
            let chance = Chance::new(seed).about(step);
            day.live(chance).await;
            day.check(seed, step).await;
        }
    }
    day.house.letters();
    day.house
}

impl Day {
    async fn live(&mut self, chance: Chance) {
        let place = draw(chance, 1, self.runners.len());
        let runner = self.runners[place].clone();
        match draw(chance, 2, 22) {
            0..=4 => self.ask(chance).await,
            5..=7 => self.answer(&runner, chance).await,
            8..=11 => carry(&runner, chance).await,
            12 => drop(runner.post("/runner/trip/hand_back", json!({})).await),
            13 => take_from_board(&runner).await,
            14 => {
                let on = chance.about(3).unit() < 0.8;
                let until = (chance.about(4).unit() < 0.2).then_some("2026-11-23T05:00:00Z");
                drop(runner.put("/runner/duty", json!({ "on": on, "until": until })).await);
            }
            15 => {
                let seal = if chance.about(3).unit() < 0.6 { "sealed" } else { "open" };
                self.supervisor.put("/buildings/H-2/seal", json!({ "seal": seal })).await;
            }
            16 => {
                let what = ["cancel", "confirm", "problem"][draw(chance, 14, 3)];
                self.follow(what, chance).await;
            }
            17 => self.house.line_loses_everything().await,
            18 | 19 => {
                if self.take_back(&runner, chance).await {
                    self.took_back.insert(RUNNERS[place].to_owned());
                }
            }
            _ => self.house.clock.turn([5, 31, 130, 400][draw(chance, 5, 4)]),
        }
        self.house.settle().await;
    }

    async fn ask(&mut self, chance: Chance) {
        let body = if chance.about(6).unit() < 0.4 {
            medicine(u32::try_from(draw(chance, 7, 3)).unwrap() * 10)
        } else {
            let lines: Vec<Value> =
                (0..=draw(chance, 8, 12)).map(|line| json!({ "name": format!("米{line}") })).collect();
            let building = ["H-1", "H-2"][draw(chance, 9, 2)];
            json!({ "building": building, "room": "2-301", "name": "李", "phone": "13900000000", "category": "food", "items": lines })
        };
        let answer = self.house.anyone().post("/requests", body).await;
        self.asked.push((answer.text("/id"), answer.text("/token")));
    }

    async fn follow(&self, what: &str, chance: Chance) {
        if !self.asked.is_empty() {
            let (_, token) = &self.asked[draw(chance, 10, self.asked.len())];
            let body = if what == "problem" { json!({ "reason": "not_received" }) } else { json!({}) };
            let answer = self.house.anyone().post(&format!("/requests/{token}/{what}"), body).await;
            assert!(answer.status < 500, "{answer:?}");
        }
    }

    /// Whatever is taken back of whatever is there: most of it is refused, all of it leaves the rules standing.
    async fn take_back(&self, runner: &Person, chance: Chance) -> bool {
        let mut some = false;
        let queue = self.supervisor.get("/watch/requests?over=true&limit=200").await.body;
        let rows = queue["items"].as_array().unwrap();
        let newest = rows.iter().rev().take(8).map(|row| row["errand"].as_str().unwrap());
        for errand in newest.chain(runner.get("/runner/trip").await.body["stops"][0]["errand"].as_str()) {
            let answer = runner.does("undo", errand, json!({})).await;
            assert!([200, 404, 409].contains(&answer.status), "{answer:?}");
            some |= answer.status == 200;
            if some && chance.about(16).unit() < 0.5 {
                break;
            }
        }
        some
    }

    async fn answer(&self, runner: &Person, chance: Chance) {
        let card = runner.get("/runner/offers").await.body["items"][0].clone();
        let Some(offer) = card["id"].as_str() else { return };
        if chance.about(11).unit() < 0.25 {
            runner.post(&format!("/offers/{offer}/decline"), json!({})).await;
            return;
        }
        let held = card["errands"].as_array().unwrap();
        let dropped: Vec<&Value> =
            held.iter().skip(1).filter(|_| chance.about(12).unit() < 0.2).map(|errand| &errand["errand"]).collect();
        runner.post(&format!("/offers/{offer}/accept"), json!({ "drop": dropped })).await;
    }

    /// What must be true however the day went.
    #[expect(clippy::too_many_lines, reason = "all that must be true, one after the other")]
    async fn check(&mut self, seed: u64, step: u64) {
        let told = format!("seed {seed}, step {step}");
        let mut carried: BTreeSet<ErrandId> = BTreeSet::new();
        for name in RUNNERS {
            let (id, zone, capacity) = self.known(name).await;
            let legs = self.house.db().read(async move |conn| routes::list(conn, vec![id]).await).await.unwrap();
            if legs.is_empty() {
                self.took_back.remove(name);
            }
            for leg in &legs {
                assert!(carried.insert(leg.errand.id), "{told}: one errand in two hands");
            }
            let halts = dispatch::itinerary(&self.house.flow, zone, id).await.unwrap();
            let mut bags: i32 =
                legs.iter().filter(|leg| leg.errand.state.as_str() == "collected").map(|leg| leg.errand.bags).sum();
            let of: BTreeMap<ErrandId, i32> = legs.iter().map(|leg| (leg.errand.id, leg.errand.bags)).collect();
            let mut doors = BTreeSet::new();
            for halt in &halts {
                let moved: i32 = halt.errands.iter().map(|errand| of[errand]).sum();
                if matches!(halt.act, paotui::domain::trip::Act::Collect) {
                    assert!(
                        halt.errands.iter().all(|errand| !doors.contains(errand)),
                        "{told}: delivered before collected"
                    );
                    bags += moved;
                    // A single errand of many bags is the runner's own choice from the board.
                    let most = if self.took_back.contains(name) { i32::MAX } else { capacity.max(moved) };
                    assert!(bags <= most, "{told}: {name} carries {bags} of {capacity}");
                } else {
                    bags -= moved;
                    doors.extend(halt.errands.iter().copied());
                }
            }
            let in_hand: BTreeSet<ErrandId> = of.keys().copied().collect();
            assert_eq!(doors, in_hand, "{told}: the way of {name} ends at every door, once");
            let offers = self.house.db().read(async move |conn| offers::list_open_of(conn, id).await).await.unwrap();
            assert!(offers.len() <= 1, "{told}: {name} is asked twice at once");
        }
        let home = self.known(RUNNERS[0]).await.1;
        let orphans = self.house.db().read(async move |conn| {
            let mut orphans = 0;
            for (id, _) in errands::list_leases(conn, home).await? {
                let errand = errands::find(conn, id).await?.unwrap();
                let held = !offers::list_open_of_errand(conn, id).await?.is_empty();
                orphans += usize::from(errand.state == State::Offered && !held);
            }
            Ok::<_, Error>(orphans)
        });
        assert_eq!(orphans.await.unwrap(), 0, "{told}: offered, and nobody was asked");
        self.check_legs(home, &told).await;
        crate::follow_ups::holds(&self.house, &told).await;
        self.check_lists(home, &told).await;
    }

    /// Each open request is in exactly one list, and the pages show each list by the same rule.
    async fn check_lists(&self, zone: ZoneId, told: &str) {
        let counted = self.house.db().read(async move |conn| lists::count(conn, zone).await).await.unwrap();
        assert_eq!(counted.lost, vec![], "{told}: a request in no list");
        let mut shown = 0;
        for list in List::ALL {
            let of_list = Filter { list: Some(*list), limit: 10_000, ..Filter::default() };
            let rows = self.house.db().read(async move |conn| queue::list(conn, zone, of_list).await).await.unwrap();
            assert_eq!(rows.len(), counted.counted.get(list).copied().unwrap_or(0), "{told}: {list}");
            shown += rows.len();
        }
        let open = Filter { limit: 10_000, ..Filter::default() };
        let open = self.house.db().read(async move |conn| queue::list(conn, zone, open).await).await.unwrap();
        assert_eq!(shown, open.len(), "{told}: shown once each");
    }

    /// Of each request exactly one errand counts, and the request stands as that one says.
    async fn check_legs(&self, zone: ZoneId, told: &str) {
        let all = Filter { over_too: true, limit: 10_000, ..Filter::default() };
        let rows = self.house.db().read(async move |conn| queue::list(conn, zone, all).await).await.unwrap();
        let requests: BTreeSet<RequestId> = rows.iter().map(|row| row.request).collect();
        assert_eq!(requests.len(), rows.len(), "{told}: a request in two lines");
        let asked: BTreeSet<String> = self.asked.iter().map(|(request, _)| request.clone()).collect();
        let known: BTreeSet<String> = requests.iter().map(ToString::to_string).collect();
        assert_eq!(known, asked, "{told}: a request in no line");
        for row in rows {
            assert_eq!(row.state, row.errand_state.of_request(row.leg), "{told}: {row:?}");
        }
    }

    async fn known(&self, name: &'static str) -> (PersonId, paotui::domain::ids::ZoneId, i32) {
        let account = self.house.db().read(async move |conn| people::find(conn, name).await).await.unwrap().unwrap();
        let id = account.id;
        let on = self.house.db().read(async move |conn| rosters::find(conn, id).await).await.unwrap().unwrap();
        (account.id, account.zone_id, if on.skills.contains("cart") { 12 } else { 6 })
    }
}

async fn carry(runner: &Person, chance: Chance) {
    let trip = runner.get("/runner/trip").await.body;
    let Some(halt) = trip["route"].as_array().and_then(|route| route.first()).cloned() else { return };
    for errand in halt["errands"].as_array().unwrap() {
        let errand = errand.as_str().unwrap();
        match (halt["act"].as_str().unwrap(), chance.about(13).unit() < 0.1) {
            (_, true) => drop(runner.does("fail", errand, json!({ "reason": "nobody_home" })).await),
            // Now and then whoever it is for stands there.
            ("deliver", false) if halt["at_gate"] == true && chance.about(15).unit() < 0.8 => {
                drop(runner.does("hand_over", errand, json!({})).await);
            }
            (act, false) => drop(runner.does(act, errand, json!({})).await),
        }
    }
}

async fn take_from_board(runner: &Person) {
    let trip = runner.get("/runner/board").await.body["items"][0].clone();
    let errands: Vec<Value> =
        trip["errands"].as_array().into_iter().flatten().map(|errand| errand["errand"].clone()).collect();
    if !errands.is_empty() {
        runner.post("/runner/board/claim", json!({ "errands": errands })).await;
    }
}

async fn two_rounds_at_once_offer_nothing_twice(house: House) -> House {
    let zone = house.db().read(async |conn| zones::find(conn, "HOME").await).await.unwrap().unwrap().id;
    for number in 1..=12 {
        house.runner_on_duty(&format!("r1{number:02}"), 40.0 * f64::from(number)).await;
    }
    for number in 0..30 {
        let body = json!({ "building": "H-1", "room": format!("{number}"), "name": "李", "phone": "13900000000", "category": "food", "items": [{ "name": "米" }] });
        assert_eq!(house.anyone().post("/requests", body).await.status, 201);
    }
    let (one, other) = (house.flow.clone(), house.flow.clone());
    let rounds = tokio::join!(dispatch::round(&one, zone), dispatch::round(&other, zone));
    let made = rounds.0.unwrap().offers + rounds.1.unwrap().offers;
    let held = house.db().read(async move |conn| {
        let mut held = Vec::new();
        for on in rosters::list(conn, zone).await? {
            let open = offers::list_open_of(conn, on.duty.person_id).await?;
            assert!(open.len() <= 1, "nobody is asked twice at once");
            for offer in open {
                held.extend(offers::list_errands(conn, offer).await?.into_iter().map(|held| (offer, held.errand_id)));
            }
        }
        Ok::<_, Error>(held)
    });
    let held = held.await.unwrap();
    let errands: BTreeSet<ErrandId> = held.iter().map(|(_, errand)| *errand).collect();
    assert_eq!(errands.len(), held.len(), "no errand is held by two offers");
    assert_eq!(made, held.iter().map(|(offer, _)| *offer).collect::<BTreeSet<_>>().len());
    assert!(errands.len() >= 25, "and what can be offered is: {}", errands.len());
    house.letters();
    house
}
