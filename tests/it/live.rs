//! News as they happen, honest figures, and a door that can be half closed.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, House, Person, medicine, on_every_house};

on_every_house!(
    news_come_as_they_happen_and_nobody_hears_of_others,
    who_comes_back_hears_what_was_missed_and_no_more,
    who_only_asked_for_the_same_hears_how_it_stands_and_nothing_else,
    a_runner_and_a_zone_hear_of_their_own,
    a_service_that_stops_lets_its_listeners_go,
    the_load_is_told_once_there_are_enough,
    a_paused_zone_takes_red_ones_alone_and_says_why,
);

/// A stream that is read as far as it is wanted.
pub struct Stream {
    response: reqwest::Response,
    text: String,
}

#[derive(Debug, Clone)]
struct News {
    id: String,
    data: Value,
}

impl Stream {
    pub async fn open(who: &Person, query: &str, last: Option<&str>) -> Self {
        let mut request =
            who.http.get(format!("{}/api/v1/events{query}", who.base)).header("accept-encoding", "br, gzip");
        if let Some(token) = &who.token {
            request = request.bearer_auth(token);
        }
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert!(response.headers().get("content-encoding").is_none_or(|encoding| encoding == "identity"));
        let mut stream = Self { response, text: String::new() };
        stream.until("hello").await;
        stream
    }

    /// Reads until the text holds this; five seconds at most.
    pub async fn until(&mut self, sign: &str) {
        let read = async {
            while !self.text.contains(sign) {
                match self.response.chunk().await.unwrap() {
                    Some(bytes) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                    None => panic!("ended without {sign}: {}", self.text),
                }
            }
        };
        assert!(tokio::time::timeout(Duration::from_secs(30), read).await.is_ok(), "no {sign} in half a minute");
    }

    /// What came within a moment.
    fn news(&self) -> Vec<News> {
        let block = |block: &str| {
            let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(ToOwned::to_owned);
            Some(News { id: line("id: ")?, data: serde_json::from_str(&line("data: ")?).unwrap() })
        };
        self.text.split("\n\n").filter_map(block).collect()
    }

    fn states(&self) -> Vec<String> {
        self.news().iter().filter_map(|news| news.data["state"].as_str().map(ToOwned::to_owned)).collect()
    }
}

async fn news_come_as_they_happen_and_nobody_hears_of_others(house: House) -> House {
    let own = house.asks_for_medicine(0).await;
    let mut stream = Stream::open(&house.anyone(), &format!("?token={}", own.text("/token")), None).await;
    assert!(stream.news().is_empty(), "what the page shows is no news: {}", stream.text);
    let other = house.asks_for_medicine(0).await;
    house.anyone().post(&format!("/requests/{}/cancel", other.text("/token")), json!({})).await;
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    runner.accepts().await;
    runner.does("collect", &runner.errand().await, json!({})).await;
    // What nobody is to hear of happened before: it would stand here by now.
    stream.until("\"collected\"").await;
    assert_eq!(stream.states(), ["offered", "claimed", "collected"]);
    assert!(stream.news().iter().all(|news| news.data["request"] == own.body["id"]));
    for canary in ["13800000000", "王阿姨", "缬沙坦", "501"] {
        assert!(!stream.text.contains(canary), "{canary}");
    }
    let nobody = house.http.get(format!("{}/api/v1/events", house.base)).send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    let unknown = house.http.get(format!("{}/api/v1/events?token=nonesuch", house.base)).send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    house
}

async fn who_comes_back_hears_what_was_missed_and_no_more(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let query = format!("?token={}", asked.text("/token"));
    let mut stream = Stream::open(&house.anyone(), &query, None).await;
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    stream.until("\"offered\"").await;
    let last = stream.news().last().unwrap().id.clone();
    drop(stream);
    runner.accepts().await;
    let errand = runner.errand().await;
    runner.does("collect", &errand, json!({})).await;
    let mut back = Stream::open(&house.anyone(), &query, Some(&last)).await;
    back.until("\"collected\"").await;
    runner.does("deliver", &errand, json!({})).await;
    house.anyone().post(&format!("/requests/{}/confirm", asked.text("/token")), json!({})).await;
    back.until("\"closed\"").await;
    assert_eq!(back.states(), ["claimed", "collected", "delivered", "closed"], "each once, in order");
    // What is no id of ours begins now.
    let fresh = Stream::open(&house.anyone(), &query, Some("nonsense")).await;
    assert!(fresh.news().is_empty());
    house.letters();
    house
}

async fn who_only_asked_for_the_same_hears_how_it_stands_and_nothing_else(house: House) -> House {
    let first = house.anyone().post("/requests", medicine(0)).await;
    let runner = house.runner_on_duty("r101", 0.0).await;
    house.settle().await;
    runner.accepts().await;
    let mut same = medicine(0);
    same["phone"] = json!("13911112222");
    let second = house.anyone().post("/requests", same).await;
    assert_eq!(second.text("/merged_into"), first.text("/id"));
    let open =
        async |asked: &Answer| Stream::open(&house.anyone(), &format!("?token={}", asked.text("/token")), None).await;
    let (mut asker, mut joiner) = (open(&first).await, open(&second).await);
    let errand = runner.errand().await;
    let question = json!({ "item": "缬沙坦胶囊", "kind": "out_of_stock" });
    assert_eq!(runner.post(&format!("/errands/{errand}/ask"), question).await.status, 200);
    assert_eq!(runner.does("settle", &errand, json!({ "amount": 20, "how": "cash" })).await.status, 201);
    runner.does("collect", &errand, json!({})).await;
    asker.until("\"collected\"").await;
    joiner.until("\"collected\"").await;
    let kinds = |stream: &Stream| -> Vec<String> {
        stream.news().iter().map(|news| news.data["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (kinds(&asker), kinds(&joiner)),
        (vec!["asked".to_owned(), "collect".to_owned()], vec!["collect".to_owned()])
    );
    house.letters();
    house
}

async fn a_runner_and_a_zone_hear_of_their_own(house: House) -> House {
    let (runner, other) = (house.runner_on_duty("r101", 0.0).await, house.person("r102").await);
    let (supervisor, elsewhere) = (house.person("sup").await, house.person("sup-else").await);
    let mut mine = Stream::open(&runner, "", None).await;
    let mut not_mine = Stream::open(&other, "", None).await;
    let mut zone = Stream::open(&supervisor, "", None).await;
    let mut far = Stream::open(&elsewhere, "", None).await;
    let asked = house.asks_for_medicine(0).await;
    house.settle().await;
    mine.until("event: change").await;
    runner.accepts().await;
    mine.until("\"claimed\"").await;
    zone.until("\"claimed\"").await;
    assert_eq!(zone.states(), ["waiting", "offered", "claimed"]);
    // Something of their own comes through, and nothing before it.
    let mut body = medicine(0);
    body["building"] = json!("E-1");
    let theirs = house.anyone().post("/requests", body).await;
    far.until("\"waiting\"").await;
    assert_eq!(far.news().len(), 1);
    assert_eq!(far.news()[0].data["request"], theirs.body["id"]);
    let other = house.runner_on_duty("r102", 0.0).await;
    runner.put("/runner/duty", json!({ "on": false })).await;
    house.asks_for_medicine(0).await;
    house.settle().await;
    other.accepts().await;
    not_mine.until("\"claimed\"").await;
    assert!(!not_mine.text.contains(&asked.text("/id")), "{}", not_mine.text);
    house
}

async fn a_service_that_stops_lets_its_listeners_go(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let twin = house.twin().await;
    let base = format!("http://{}", twin.address);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(twin.run_until(async { drop(stopped.await) }));
    let listener = Person { base, ..house.anyone() };
    let mut stream = Stream::open(&listener, &format!("?token={}", asked.text("/token")), None).await;
    stop.send(()).unwrap();
    // By itself it would go on for ten minutes.
    let heard_out = async { while let Ok(Some(_)) = stream.response.chunk().await {} };
    tokio::time::timeout(Duration::from_mins(1), heard_out).await.expect("it is let go");
    running.await.unwrap().unwrap();
    house
}

async fn load(house: &House) -> Value {
    let answer = house.anyone().get("/load?building=H-1").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

async fn the_load_is_told_once_there_are_enough(house: House) -> House {
    let runner = house.runner_on_duty("r101", 0.0).await;
    for n in 0..10 {
        if n == 9 {
            house.clock.turn(31);
            let red = &load(&house).await["urgencies"][0];
            assert_eq!((&red["urgency"], &red["n"], &red["half_within_s"]), (&json!("red"), &json!(9), &Value::Null));
        }
        house.asks_for_medicine(0).await;
        house.settle().await;
        runner.accepts().await;
        let errand = runner.errand().await;
        house.clock.turn(60 + n);
        for step in ["collect", "deliver"] {
            assert_eq!(runner.does(step, &errand, json!({})).await.status, 200);
        }
        house.after(31).await;
    }
    let red = &load(&house).await["urgencies"][0];
    assert_eq!((&red["n"], &red["half_within_s"]), (&json!(10), &json!(64)));
    let asked = house.asks_for_medicine(0).await;
    let page = house.http.get(format!("{}/r/{}?lang=en", house.base, asked.text("/token"))).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("arrived within"));
    assert_eq!(house.anyone().get("/load").await.text("/errors/0/field"), "building");
    assert_eq!(house.anyone().get("/load?building=none").await.status, 404);
    house.letters();
    house
}

async fn a_paused_zone_takes_red_ones_alone_and_says_why(house: House) -> House {
    let (supervisor, desk) = (house.person("sup").await, house.person("desk").await);
    let pause = json!({ "paused": true, "text": "单子太多，晚上八点再收不急的" });
    assert_eq!(desk.put("/watch/intake", pause.clone()).await.status, 403);
    assert_eq!(supervisor.put("/watch/intake", json!({ "paused": true })).await.text("/errors/0/field"), "text");
    assert_eq!(supervisor.put("/watch/intake", json!({})).await.text("/errors/0/field"), "paused");
    let calm = medicine(30);
    let keyed =
        || house.anyone().request(reqwest::Method::POST, "/requests").header("Idempotency-Key", "k").json(&calm);
    assert_eq!(house.anyone().send(keyed()).await.status, 201);
    assert_eq!(supervisor.put("/watch/intake", pause).await.status, 200);
    let refused = house.anyone().post("/requests", calm.clone()).await;
    assert_eq!((refused.status, refused.code()), (409, "intake_paused".to_owned()));
    assert_eq!(refused.text("/detail"), "单子太多，晚上八点再收不急的");
    assert_eq!(load(&house).await["text"], "单子太多，晚上八点再收不急的");
    house.asks_for_medicine(0).await;
    let again = house.anyone().send(keyed()).await;
    assert_eq!((again.status, again.headers.contains_key("Idempotency-Replayed")), (201, true), "taken before");
    assert_eq!(supervisor.put("/watch/intake", json!({ "paused": false })).await.status, 200);
    assert_eq!(house.anyone().post("/requests", calm).await.status, 201);
    assert_eq!(load(&house).await["paused"], false);
    house
}
