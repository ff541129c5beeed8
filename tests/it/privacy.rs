//! A marked name, phone, room and note are planted; then everything a runner, a stranger, Redis, the letters, the
//! metrics and the journal hold is searched for them.

use diesel::{Connection, RunQueryDsl};
use serde_json::json;

use crate::support::{House, Person, medicine, on_every_house};

on_every_house!(a_door_is_open_from_claim_to_close_to_the_one_who_carries, nothing_personal_leaves_its_place);

const CANARIES: [&str; 5] = ["canaryname", "5550001234567", "9-canaryroom", "canarynote", "canary@example.org"];

fn marked() -> serde_json::Value {
    let mut body = medicine(0);
    body["name"] = json!(CANARIES[0]);
    body["phone"] = json!(CANARIES[1]);
    body["room"] = json!(CANARIES[2]);
    body["note"] = json!(CANARIES[3]);
    body["email"] = json!(CANARIES[4]);
    body
}

/// Everything this runner's phone can show, as API and as page.
async fn sees(runner: &Person) -> String {
    let mut seen = String::new();
    for path in ["/runner/offers", "/runner/trip", "/runner/board"] {
        seen.push_str(&runner.get(path).await.raw);
    }
    let cookie = format!("paotui={}", runner.token.as_ref().unwrap());
    let page = runner.http.get(format!("{}/run", runner.base)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), 200);
    seen + &page.text().await.unwrap()
}

fn canaries_in(text: &str) -> Vec<&'static str> {
    CANARIES.into_iter().filter(|canary| text.contains(canary)).collect()
}

async fn a_door_is_open_from_claim_to_close_to_the_one_who_carries(house: House) -> House {
    let (carrier, other) = (house.runner_on_duty("r101", 0.0).await, house.runner_on_duty("r102", 3_000.0).await);
    house.anyone().post("/requests", marked()).await;
    assert!(canaries_in(&sees(&carrier).await).is_empty(), "waiting");
    house.settle().await;
    assert!(!carrier.offer().await.is_empty());
    let offered = sees(&carrier).await;
    assert!(canaries_in(&offered).is_empty() && !offered.contains("缬沙坦"), "offered: neither door nor drug");
    carrier.accepts().await;
    let errand = carrier.errand().await;
    for step in ["collect", "deliver"] {
        assert_eq!(canaries_in(&sees(&carrier).await), CANARIES[..4], "before {step} the carrier sees all it takes");
        assert!(canaries_in(&sees(&other).await).is_empty(), "before {step} nobody else does");
        assert_eq!(carrier.does(step, &errand, json!({})).await.status, 200);
    }
    assert!(canaries_in(&sees(&carrier).await).is_empty(), "delivered: the door is closed again");
    let again = carrier.does("deliver", &errand, json!({})).await;
    assert!(canaries_in(&again.raw).is_empty());
    house.settle().await;
    house.letters();
    house
}

async fn nothing_personal_leaves_its_place(house: House) -> House {
    let runner = house.runner_on_duty("r001", 0.0).await;
    let asked = house.anyone().post("/requests", marked()).await;
    house.settle().await;
    let mut places = vec![("redis while offered", redis_dump(&house).await)];
    runner.accepts().await;
    let errand = runner.errand().await;
    places.push(("redis while claimed", redis_dump(&house).await));
    runner.does("collect", &errand, json!({})).await;
    runner.does("fail", &errand, json!({ "reason": format!("{} was not at {}", CANARIES[0], CANARIES[2]) })).await;
    house.settle().await;
    for letter in house.letters() {
        places.push(("a letter", format!("{}{}{}", letter.subject, letter.text, letter.html)));
    }
    let token = asked.text("/token");
    places.push(("the tracking answer", house.anyone().get(&format!("/requests/{token}")).await.raw));
    let page = house.http.get(format!("{}/r/{token}", house.base)).send().await.unwrap();
    assert_eq!(page.headers()["referrer-policy"], "no-referrer");
    places.push(("the tracking page", page.text().await.unwrap()));
    for path in ["/metrics", "/healthz", "/readyz", "/api/openapi.json", "/nowhere"] {
        places.push((
            "a public address",
            house.http.get(format!("{}{path}", house.base)).send().await.unwrap().text().await.unwrap(),
        ));
    }
    places.push(("the queue", house.person("sup").await.get("/watch/requests").await.raw));
    places.push(("the journal and the outbox", journal_dump(&house).await));
    for (place, text) in places {
        assert!(canaries_in(&text).is_empty(), "{place} holds {:?}:\n{text}", canaries_in(&text));
    }
    let opened = house.person("sup").await.get(&format!("/watch/requests/{}", asked.text("/id"))).await.raw;
    assert_eq!(canaries_in(&opened), CANARIES[..4], "who opens it sees it, and that was written down");
    house
}

pub(crate) async fn redis_dump(house: &House) -> String {
    if house.line_url == "memory:" {
        return String::new();
    }
    let client = redis::Client::open(house.line_url.as_str()).unwrap();
    let mut conn = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> =
        redis::cmd("KEYS").arg(format!("{}*", house.line_prefix)).query_async(&mut conn).await.unwrap();
    assert!(!keys.is_empty(), "the line holds something to look through");
    let mut dump = keys.join("\n");
    for key in keys {
        let bytes: Vec<u8> = redis::cmd("DUMP").arg(key).query_async(&mut conn).await.unwrap();
        dump.push_str(&String::from_utf8_lossy(&bytes));
    }
    dump
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Text)]
    told: String,
}

/// Every text of the tables that are kept for ever.
pub(crate) async fn journal_dump(house: &House) -> String {
    let columns =
        "SELECT coalesce(kind, '') || ' ' || coalesce(state, '') || ' ' || coalesce(reason, '') AS told FROM events";
    let letters = "SELECT kind || ' ' || dedupe_key || ' ' || coalesce(last_error, '') AS told FROM outbox";
    let mut dump = String::new();
    for sql in [columns, letters] {
        if house.database_url.starts_with("sqlite") {
            let path = house.database_url.trim_start_matches("sqlite://");
            let mut conn = diesel::SqliteConnection::establish(path).unwrap();
            for row in diesel::sql_query(sql).load::<Told>(&mut conn).unwrap() {
                dump.push_str(&row.told);
                dump.push('\n');
            }
        } else {
            let (client, connection) =
                tokio_postgres::connect(&house.database_url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            for row in client.query(sql, &[]).await.unwrap() {
                dump.push_str(row.get::<_, &str>(0));
                dump.push('\n');
            }
        }
    }
    assert!(dump.contains("submitted"), "{dump}");
    dump
}
