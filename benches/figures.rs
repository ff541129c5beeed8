//! The five figures from a store of a million requests of ninety days, while two hundred arrive each second.
//!
//! Takes minutes: `cargo bench --bench figures`; with `PAOTUI_TEST_POSTGRES` set on PostgreSQL, too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    dead_code,
    unused_macros,
    unused_imports,
    reason = "a bench may fail loudly, and uses a part of the stories' house"
)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use paotui::domain::ids::ZoneId;
use paotui::store::Error;
use paotui::store::views::five::{self, Five};
use serde_json::{Value, json};

use support::figured::{self, Promised};
use support::{House, Kind, another_room, medicine};

const MANY: i64 = 1_000_000;
const NINETY_DAYS_US: i64 = 90 * 86_400 * 1_000_000;
/// Of the latest so many the journal is written, too.
const WITH_EVENTS: i64 = 12_000;
const A_SECOND: u64 = 200;
const LOOKS: usize = 300;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    // `cargo test --all-targets` runs benches too, without this word.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    for kind in [Kind::SQLITE_MEMORY, Kind::POSTGRES_MEMORY] {
        println!("{kind:?}");
        House::open(kind, figures_of_a_million).await;
    }
}

async fn run(house: &House, sql: &str) {
    if let Some(path) = house.database_url.strip_prefix("sqlite://") {
        let mut conn = diesel::SqliteConnection::establish(path).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF;").unwrap();
        return conn.batch_execute(sql).unwrap();
    }
    let (client, connection) = tokio_postgres::connect(&house.database_url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}

/// How each backing says the few things it says in its own way.
struct Dialect {
    sqlite: bool,
}

impl Dialect {
    fn at(&self, micros: &str) -> String {
        if self.sqlite {
            micros.to_owned()
        } else {
            format!("('epoch'::timestamptz + ({micros}) * interval '1 microsecond')")
        }
    }

    fn id(&self, high: &str, low: i64) -> String {
        if self.sqlite {
            format!("unhex('0190' || printf('%024x', {high}) || printf('%04x', {low}))")
        } else {
            format!("('0190' || lpad(to_hex({high}), 24, '0') || lpad(to_hex({low}), 4, '0'))::uuid")
        }
    }

    fn bytes(&self, number: &str) -> String {
        if self.sqlite {
            format!("unhex(printf('%064x', {number}))")
        } else {
            format!("decode(lpad(to_hex({number}), 64, '0'), 'hex')")
        }
    }
}

/// Each request from its number alone: the same million on every run and both backings.
fn drawn(first: i64, last: i64, now: i64) -> String {
    let random = |which: i64| format!("((i * 7919 + {which} * 104729) * 2654435 % 1000003)");
    let step = NINETY_DAYS_US / MANY;
    let (r1, r2, r3, r4, r5, r6) = (random(1), random(2), random(3), random(4), random(5), random(6));
    format!(
        "WITH RECURSIVE g(i) AS (SELECT CAST({first} AS BIGINT) UNION ALL SELECT i + 1 FROM g WHERE i < {last}),
         a AS (SELECT i, {now} - ({MANY} - i) * {step} - {r4} AS sub, (20 + {r1} % 1500) * 1000000 + {r1} AS claim,
            {r2} % 1800 AS shop, {r3} % 3000 AS way, {r5} % 100 < 3 AS given_up, {r6} % 10 < 4 AS unconfirmed,
            CASE {r5} % 3 WHEN 0 THEN 'red' WHEN 1 THEN 'yellow' ELSE 'green' END AS urgency FROM g),
         b AS (SELECT a.*, claim + (300 + shop) * 1000000 AS collect, claim + (500 + shop + way) * 1000000 AS deliver,
            {now} - sub AS age, CAST(CASE urgency WHEN 'red' THEN 1800 WHEN 'yellow' THEN 7200 ELSE 14400 END AS BIGINT) AS allowed FROM a),
         c AS (SELECT b.*, CASE WHEN given_up AND age > claim THEN 'cancelled' WHEN age <= claim THEN 'waiting'
            WHEN age <= collect THEN 'claimed' WHEN age <= deliver THEN 'collected'
            WHEN unconfirmed OR age <= deliver + 60000000 THEN 'delivered' ELSE 'closed' END AS state FROM b) "
    )
}

async fn fill(house: &House, now: i64) {
    let say = Dialect { sqlite: house.database_url.starts_with("sqlite") };
    let some = |states: &str, value: &str| format!("CASE WHEN state IN ({states}) THEN {value} END");
    let (claimed, collected, delivered) =
        ("'claimed','collected','delivered','closed'", "'collected','delivered','closed'", "'delivered','closed'");
    let closed = format!(
        "CASE state WHEN 'cancelled' THEN {} WHEN 'closed' THEN {} END",
        say.at("sub + claim"),
        say.at("sub + deliver + 60000000")
    );
    let values = [
        say.id("i", 0),
        "'M' || i".to_owned(),
        say.bytes("i"),
        "(SELECT id FROM zones WHERE code = 'HOME'), (SELECT id FROM buildings WHERE code = 'H-1')".to_owned(),
        "'web', 'self', 'medicine', 'door', '', urgency, 'by_category', state".to_owned(),
        say.at("sub"),
        say.at("sub + allowed * 1000000"),
        some(claimed, &say.at("sub + claim")),
        some(collected, &say.at("sub + collect")),
        some(delivered, &say.at("sub + deliver")),
        closed,
        some(claimed, "claim"),
        some(collected, "collect"),
        some(delivered, "deliver"),
    ];
    for first in (1..=MANY).step_by(50_000) {
        let rows = drawn(first, first + 49_999, now);
        let into = "INSERT INTO requests (id, code, token_hash, zone_id, building_id, channel, asking_for, category, hand_over,
            care, urgency, urgency_reason, state, submitted_at, deliver_by, claimed_at, collected_at, delivered_at, closed_at,
            to_claim_us, to_collect_us, to_deliver_us)";
        run(house, &insert(&say, into, &rows, &format!("SELECT {} FROM c", values.join(", ")))).await;
    }
    write_journal(house, &say, now).await;
    if !say.sqlite {
        run(house, "ANALYZE requests").await;
    }
}

/// The two want the WITH in other places.
fn insert(say: &Dialect, into: &str, with: &str, select: &str) -> String {
    if say.sqlite { format!("{with} {into} {select};") } else { format!("{into} {with} {select};") }
}

async fn write_journal(house: &House, say: &Dialect, now: i64) {
    let rows = drawn(MANY - WITH_EVENTS + 1, MANY, now);
    for (place, kind, state, at, when) in [
        (1, "submitted", "waiting", "sub", "1 = 1"),
        (2, "cancel", "cancelled", "sub + claim", "state = 'cancelled'"),
        (3, "claim", "claimed", "sub + claim", "state IN ('claimed','collected','delivered','closed')"),
        (4, "collect", "collected", "sub + collect", "state IN ('collected','delivered','closed')"),
        (5, "deliver", "delivered", "sub + deliver", "state IN ('delivered','closed')"),
        (6, "confirm", "closed", "sub + deliver + 60000000", "state = 'closed'"),
    ] {
        let select = format!(
            "SELECT {}, {}, (SELECT id FROM zones WHERE code = 'HOME'), {}, '{kind}', '{state}', 'service' FROM c WHERE {when}",
            say.id("i", place),
            say.at(at),
            say.id("i", 0)
        );
        let into = "INSERT INTO events (id, at, zone_id, request_id, kind, state, actor_role)";
        run(house, &insert(say, into, &rows, &select)).await;
    }
}

async fn looks_at(house: &House, (zone, from): (ZoneId, i64)) -> (Five, Duration) {
    let now = house.flow.clock.now();
    let window = (paotui::domain::clock::At(from), now.plus_seconds(1));
    let began = Instant::now();
    let five =
        house.db().snapshot::<_, Error, _>(async move |conn| five::load(conn, zone, window, now).await).await.unwrap();
    (five, began.elapsed())
}

fn told(name: &str, mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    let of = |percent: usize| took[(took.len() * percent).div_ceil(100) - 1];
    println!("{name}: n {} p50 {:?} p95 {:?} max {:?}", took.len(), of(50), of(95), of(100));
    of(95)
}

/// Two hundred residents a second, each from another door, until told to stop.
async fn arrive(house: &House, stop: Arc<AtomicBool>, taken: Arc<AtomicU64>) {
    let mut beat = tokio::time::interval(Duration::from_millis(50));
    let mut sending = tokio::task::JoinSet::new();
    while !stop.load(Ordering::Relaxed) {
        beat.tick().await;
        for _ in 0..A_SECOND / 20 {
            let (anyone, taken) = (house.anyone(), taken.clone());
            let mut body = medicine(0);
            body["room"] = json!(another_room());
            sending.spawn(async move {
                let sent = anyone.request(reqwest::Method::POST, "/requests").json(&body).send().await;
                if sent.is_ok_and(|answer| answer.status().as_u16() == 201) {
                    taken.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while sending.try_join_next().is_some() {}
    }
    while sending.join_next().await.is_some() {}
}

async fn figures_of_a_million(house: House) -> House {
    house.clock.turn(11 * 3600);
    let (now, began) = (house.flow.clock.now(), Instant::now());
    fill(&house, now.0).await;
    println!("filled in {:?}", began.elapsed());
    let zone = house.db().read(async |conn| paotui::store::zones::find(conn, "HOME").await).await.unwrap().unwrap().id;
    let day = house.flow.local.day_began(now);
    equals_the_journal(&house, (zone, day.0)).await;

    let supervisor = house.person("sup").await;
    let (stop, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let load = arrive(&house, stop.clone(), taken.clone());
    let watching = async {
        let (mut hour, mut today, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        let began = Instant::now();
        for look in 0..LOOKS {
            let hour_ago = house.flow.clock.now().plus_seconds(-3600);
            hour.push(looks_at(&house, (zone, hour_ago.0)).await.1);
            today.push(looks_at(&house, (zone, day.0)).await.1);
            if look % 10 == 0 {
                let began = Instant::now();
                assert_eq!(supervisor.get("/watch/summary").await.status, 200);
                asked.push(began.elapsed());
                house.clock.turn(1);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stop.store(true, Ordering::Relaxed);
        (hour, today, asked, began.elapsed())
    };
    let ((), (hour, today, asked, lasted)) = tokio::join!(load, watching);
    let a_second = taken.load(Ordering::Relaxed) as f64 / lasted.as_secs_f64();
    println!("{} arrived in {lasted:?}: {a_second:.0} a second", taken.load(Ordering::Relaxed));
    let slowest = told("last hour", hour).max(told("today", today));
    told("GET /watch/summary", asked);
    let (five, took) = looks_at(&house, (zone, now.0 - NINETY_DAYS_US - 2_000_000)).await;
    println!("ninety days, at rest: n {} in {took:?}", five.to_claim.n);
    assert!(slowest < Duration::from_millis(100), "p95 {slowest:?}");
    house
}

async fn equals_the_journal(house: &House, (zone, from): (ZoneId, i64)) {
    let (five, took) = looks_at(house, (zone, from)).await;
    println!("today, at rest: n {} in {took:?}", five.to_claim.n);
    let events = figured::read_events(house).await;
    let text = if house.database_url.starts_with("sqlite") {
        "lower(hex(id)) || '|' || urgency || '|' || deliver_by"
    } else {
        "id::text || '|' || urgency || '|' || (extract(epoch FROM deliver_by) * 1000000)::bigint"
    };
    let promise = |line: String| {
        let parts: Vec<&str> = line.split('|').collect();
        (parts[0].to_owned(), (parts[1].to_owned(), parts[2].parse().unwrap()))
    };
    let promised: Promised = figured::lines(house, text, "FROM requests").await.into_iter().map(promise).collect();
    let now = house.flow.clock.now().0;
    figured::of_events(&events, &promised, (from, now)).must_equal(&as_told(&five));
}

fn as_told(five: &Five) -> Value {
    let timed = |timed: &five::Timed| json!({ "n": timed.n, "p50": timed.p50_s, "p90": timed.p90_s });
    json!({
        "to_claim": timed(&five.to_claim), "to_deliver": timed(&five.to_deliver),
        "open": { "n": five.open.n, "oldest_s": five.open.oldest_s },
        "late": { "n": five.late.n, "share_within_target": five.late.share_within_target },
    })
}
