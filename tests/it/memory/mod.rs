//! What counters were found to have, remembered: one press tells it, another shop is one press away, nobody walks to a
//! shelf that is known to be empty, and what no shop has is put before people.

mod replay;
mod shops;
mod shortages;

use paotui::domain::ids::PlaceId;
use paotui::store::import::{self, PlaceRow};
use paotui::store::places;
use serde_json::{Value, json};

use crate::support::seed::METRE;
use crate::support::{Answer, House, Person, medicine};

/// More pharmacies, so many metres north of P-1, each with a telephone.
async fn pharmacies(house: &House, codes: &'static [(&'static str, f64)]) {
    let stored = house.db().write::<(), paotui::store::Error, _>(async move |conn| {
        let known = places::find(conn, "P-1").await?.unwrap();
        for (code, north_m) in codes {
            let row = PlaceRow {
                id: PlaceId::mint(),
                code: (*code).into(),
                zone_id: known.zone_id,
                kind: known.kind,
                name: format!("counter {code}"),
                lat: known.lat + north_m * METRE,
                lon: known.lon,
                opens_minute: Some(0),
                closes_minute: Some(1440),
                phone: Some("023-5550-0101".into()),
            };
            import::put_place(conn, row).await?;
        }
        Ok(())
    });
    stored.await.unwrap();
}

/// A medicine errand in the hands of this runner, given by the supervisor.
async fn given(house: &House, runner: &str, body: Value) -> (Person, Answer, String) {
    let person = house.runner_on_duty(runner, 0.0).await;
    let asked = house.anyone().post("/requests", body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    let sup = house.person("sup").await;
    let errand = sup.get(&format!("/watch/requests/{}", asked.text("/id"))).await.text("/errand");
    let assigned = sup.post(&format!("/watch/errands/{errand}/assign"), json!({ "runner": runner })).await;
    assert_eq!(assigned.status, 200, "{assigned:?}");
    (person, asked, errand)
}

fn of_room(room: &str) -> Value {
    let mut body = medicine(0);
    body["room"] = json!(room);
    body
}

fn valsartan(outcome: &str) -> Value {
    json!({ "item": "缬沙坦胶囊", "strength": "80mg", "outcome": outcome })
}

async fn tells(person: &Person, place: &str, outcome: &str) {
    let told = person.post(&format!("/places/{place}/sightings"), valsartan(outcome)).await;
    assert_eq!(told.status, 201, "{told:?}");
}

/// A page without a script, as this person sees it.
async fn page(house: &House, path: &str, caller: &Person) -> (u16, String) {
    let cookie = format!("paotui={}", caller.token.as_deref().unwrap_or_default());
    let answer = house.http.get(format!("{}{path}", house.base)).header("cookie", cookie).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Presses a button of a page; answers the status and where it leads.
async fn presses(house: &House, (shown_at, path): (&str, &str), fields: &str, caller: &Person) -> (u16, String) {
    let (_, html) = page(house, shown_at, caller).await;
    let token = html.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let cookie = format!("paotui={}", caller.token.as_deref().unwrap_or_default());
    let form = house.http.post(format!("{}{path}", house.base)).header("cookie", cookie);
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let answer = form.body(format!("form_token={token}&{fields}")).send().await.unwrap();
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
    (answer.status().as_u16(), to)
}

async fn shops(runner: &Person, errand: &str) -> Answer {
    runner.get(&format!("/errands/{errand}/shops")).await
}

/// Codes of the shops in their order, with how each stands.
fn ranked(shops: &Answer) -> Vec<(String, String)> {
    let text = |shop: &Value, field: &str| shop[field].as_str().unwrap_or_default().to_owned();
    let rows = shops.body["items"].as_array().unwrap().iter();
    rows.map(|shop| (text(shop, "place"), text(shop, "standing"))).collect()
}

async fn journal(house: &House, asked: &Answer, kind: &str) -> usize {
    let opened = house.person("sup").await.get(&format!("/watch/requests/{}", asked.text("/id"))).await;
    opened.body["timeline"].as_array().unwrap().iter().filter(|entry| entry["kind"] == kind).count()
}
