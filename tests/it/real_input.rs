//! What people really send: nothing is answered with a 5xx, every refusal names its field, and what is accepted comes
//! back byte for byte.
//!
//! Sixty nasty texts are told on every house. The great public collections are too large to carry along: with
//! `PAOTUI_TEST_DATA` naming a folder that holds them, `cargo test --test it real_input -- --ignored` sends them all.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Answer, House, Kind, Person, on_every_house, server};

on_every_house!(nothing_nasty_breaks_anything_and_what_is_taken_comes_back);

/// What came of many submissions.
#[derive(Debug, Default)]
struct Tally {
    sent: usize,
    accepted: usize,
    /// By field and code.
    refused: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.wrong.extend(other.wrong);
        for (field, n) in other.refused {
            *self.refused.entry(field).or_default() += n;
        }
    }

    fn is_clean(&self, what: &str) {
        println!("{what}: {} sent, {} accepted, refused {:?}", self.sent, self.accepted, self.refused);
        assert!(
            self.wrong.is_empty(),
            "{what}: {} wrong, such as {:#?}",
            self.wrong.len(),
            &self.wrong[..self.wrong.len().min(5)]
        );
    }
}

fn without_row(field: &str) -> String {
    let mut inside = false;
    field
        .chars()
        .filter(|c| {
            inside = (inside || *c == '[') && *c != ']';
            !inside && *c != ']'
        })
        .collect()
}

/// Sends one, and reads back what was accepted.
async fn send(anyone: &Person, supervisor: &Person, body: &str) -> Tally {
    let request = anyone.request(reqwest::Method::POST, "/requests").header("content-type", "application/json");
    let answer = anyone.send(request.body(body.to_owned())).await;
    let mut tally = Tally { sent: 1, ..Tally::default() };
    match answer.status {
        201 => {
            tally.accepted = 1;
            let seen = supervisor.get(&format!("/watch/requests/{}", answer.text("/id"))).await;
            tally.wrong.extend(differences(&serde_json::from_str(body).unwrap(), &seen));
        }
        422 => {
            let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
            let named = |error: &Value| {
                error["field"].as_str().is_some_and(|field| !field.is_empty()) && error["code"].is_string()
            };
            if errors.is_empty() || !errors.iter().all(named) {
                tally.wrong.push(format!("a refusal without its field: {}", answer.raw));
            }
            for error in errors {
                let field = without_row(error["field"].as_str().unwrap_or_default());
                *tally.refused.entry(format!("{field} {}", error["code"].as_str().unwrap_or_default())).or_default() +=
                    1;
            }
        }
        other => tally.wrong.push(format!("{other}: {}", answer.raw)),
    }
    tally
}

/// Where what the supervisor reads is not what was sent.
fn differences(sent: &Value, seen: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    if seen.status != 200 {
        return vec![format!("accepted and not to be read: {}", seen.raw)];
    }
    for field in ["room", "name", "phone", "note"] {
        let typed = sent[field].as_str().filter(|text| field != "note" || !text.trim().is_empty());
        if typed != seen.body[field].as_str() {
            wrong.push(format!("{field}: sent {:?}, read {:?}", sent[field], seen.body[field]));
        }
    }
    let items = seen.text("/items");
    for item in sent["items"].as_array().into_iter().flatten() {
        if !items.contains(item["name"].as_str().unwrap_or_default()) {
            wrong.push(format!("item: sent {:?}, read {items:?}", item["name"]));
        }
    }
    wrong
}

async fn send_all(house: &House, bodies: Vec<String>) -> Tally {
    let supervisor = house.person("sup").await;
    let mut tally = Tally::default();
    let mut running: JoinSet<Tally> = JoinSet::new();
    for body in bodies {
        if running.len() >= 16 {
            tally.add(running.join_next().await.unwrap().unwrap());
        }
        let (anyone, supervisor) = (house.anyone(), supervisor.clone());
        running.spawn(async move { send(&anyone, &supervisor, &body).await });
    }
    while let Some(done) = running.join_next().await {
        tally.add(done.unwrap());
    }
    tally
}

fn asking() -> Value {
    json!({ "building": "H-1", "room": "2-501", "name": "王阿姨", "phone": "13800000000", "category": "food",
        "items": [{ "name": "米" }], "note": "放门口" })
}

fn with(field: &str, value: impl Into<Value>) -> String {
    let mut body = asking();
    body[field] = value.into();
    body.to_string()
}

/// A text in every field that takes one.
fn everywhere(text: &str) -> Vec<String> {
    let mut bodies: Vec<String> =
        ["building", "room", "name", "phone", "note", "email", "place"].iter().map(|field| with(field, text)).collect();
    bodies.push(with("items", json!([{ "name": text, "strength": text, "unit": text }])));
    bodies.push(with("patient", json!({ "name": text, "phone": text })));
    bodies.push(with("care", json!([text])));
    bodies
}

/// Emoji, marks that stack and turn the direction, controls, numbers in all scripts, addresses of the official list, and
/// what is meant for another program.
const NASTY: &[&str] = &[
    "👵🏻👨‍👩‍👧‍👦",
    "🇨🇳 2单元",
    "á̂̃̄̅",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́O̵̹",
    "مرحبا بالعالم",
    "\u{202e}103-2\u{202c}",
    "שלום 2-501",
    "a\0b",
    "\0",
    "a\u{7}b",
    "a\u{1b}[31mred",
    "\u{feff}王",
    "王\u{200b}阿\u{200b}姨",
    "\u{200b}",
    "\u{3000}",
    " ",
    "",
    "1\n2",
    "1\r\n2",
    "1\t2",
    "\u{2028}行\u{2029}段",
    "\u{85}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{10ffff}",
    "\u{e000}",
    "𠮷野家",
    "㊙️",
    "ﷺ",
    "一三八〇〇〇〇〇〇〇〇",
    "１３８００００００００",
    "幺三八零零零零零零零零",
    "+86 138-0000-0000",
    "138.0000.0000",
    "13800000000 转 2",
    "二郎街道兴茂盛世国际2期8栋3单元15-2",
    "三单元五楼左边那户（门口有鞋柜）",
    "2-501/502",
    "地下室B2",
    "１２－３",
    "'; DROP TABLE requests; --",
    "\" OR 1=1",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "%00%n%s",
    "../../etc/passwd",
    "\\u0000",
    "C:\\nul",
    "NULL",
    "null",
    "true",
    "-1",
    "1e10",
    "NaN",
    "Infinity",
    "0x1F",
    "缬沙坦胶囊(代文)80mg×7粒",
    "阿司匹林肠溶片💊",
];

fn nasty_texts() -> Vec<String> {
    let long = [
        ("很长的话", 500),
        ("很长的话", 2500),
        ("👵🏻", 1000),
        ("a", 10_000),
        ("e\u{301}", 60),
        ("王", 120),
        ("王", 121),
        ("A", 41),
    ];
    let long = long.into_iter().map(|(piece, n)| piece.repeat(n));
    NASTY.iter().map(|text| (*text).to_owned()).chain(long).collect()
}

fn nasty_numbers() -> Vec<String> {
    let body = |quantity: &str| {
        asking().to_string().replace("{\"name\":\"米\"}", &format!("{{\"name\":\"米\",\"quantity\":{quantity}}}"))
    };
    let numbers = [
        "1",
        "1.0",
        "5000.0",
        "0",
        "-1",
        "1.5",
        "1e3",
        "1e10",
        "10000000000",
        "1e308",
        "-0.0",
        "99999999999999999999999",
        "9223372036854775808",
        "\"3\"",
        "null",
        "[]",
        "true",
        "{}",
    ];
    numbers.iter().map(|number| body(number)).collect()
}

async fn nothing_nasty_breaks_anything_and_what_is_taken_comes_back(house: House) -> House {
    let texts = nasty_texts();
    assert!(texts.len() >= 60);
    let mut bodies: Vec<String> = texts.iter().flat_map(|text| everywhere(text)).collect();
    bodies.extend(nasty_numbers());
    let tally = send_all(&house, bodies).await;
    tally.is_clean("nasty");
    assert!(tally.accepted > 150, "{tally:?}");
    assert_eq!(send(&house.anyone(), &house.person("sup").await, &nasty_numbers()[1]).await.accepted, 1, "1.0 is one");
    house
}

/// The cells of a comma-separated file, with quotes.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

fn column(folder: &Path, file: &str, (separator, index): (char, usize)) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let cell = |line: &str| {
        if separator == ',' {
            cells(line).get(index).cloned()
        } else {
            line.split(separator).nth(index).map(ToOwned::to_owned)
        }
    };
    text.lines().skip(usize::from(separator == ',')).filter_map(cell).filter(|name| !name.is_empty()).collect()
}

/// Each recipient's wishes are one request; numbers as the collection writes them.
fn wishes(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("ppe_match/anon_recipients.csv")).unwrap();
    let mut by_recipient: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells = cells(line);
        let item = format!("{{\"name\":{},\"quantity\":{}}}", json!(cells[3]), cells[4]);
        by_recipient.entry(cells[1].clone()).or_default().push(item);
    }
    let body =
        |items: &Vec<String>| asking().to_string().replace("[{\"name\":\"米\"}]", &format!("[{}]", items.join(",")));
    by_recipient.values().map(body).collect()
}

#[ignore = "needs the public collections: PAOTUI_TEST_DATA names their folder"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_great_collections_are_taken_or_refused_by_field() {
    let Some(folder) = server("PAOTUI_TEST_DATA") else {
        println!("SKIPPED: PAOTUI_TEST_DATA is not set");
        return;
    };
    let folder = Path::new(&folder).to_owned();
    House::open(Kind::SQLITE_MEMORY, async |house| {
        send_all(&house, wishes(&folder)).await.is_clean("wishes");
        let sites = column(&folder, "jiulongpo_sealed_2022/sites.csv", (',', 2));
        for field in ["room", "note", "name", "building"] {
            send_all(&house, sites.iter().map(|site| with(field, site.as_str())).collect())
                .await
                .is_clean(&format!("sites as {field}"));
        }
        for (file, at) in [
            ("medicines/originator_drugs_cn.csv", (',', 1)),
            ("medicines/originator_drugs_cn.csv", (',', 2)),
            ("medicines/who_atc_ddd_2024-07-31.csv", (',', 1)),
            ("medicines/THUOCL_medical.txt", ('\t', 0)),
            ("food/food_names_cn.csv", (',', 1)),
            ("food/THUOCL_food.txt", ('\t', 0)),
        ] {
            let names = column(&folder, file, at);
            let bodies = names.chunks(10).map(|names| {
                let items: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
                with("items", items)
            });
            send_all(&house, bodies.collect()).await.is_clean(&format!("{file} ({} names)", names.len()));
        }
        house
    })
    .await;
}
