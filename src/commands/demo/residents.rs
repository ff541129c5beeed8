//! Residents: they ask, some tap twice, they resend when nothing comes back, and they confirm what arrives.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::lists::{any, chance};
use super::people::{Programme, Stage, text};
use crate::domain::local::rfc3339;

/// One in so many taps the button twice.
const DOUBLE_TAPS: f64 = 0.05;
/// A phone resends for so long.
const RESENDS: u32 = 40;
/// How often one looks where the things are, in the time of people.
const LOOKS_EVERY_S: f64 = 600.0;
const BETWEEN_RESENDS: Duration = Duration::from_millis(750);

pub(super) async fn ask_at_pace(stage: Arc<Stage>, mut programme: Programme) {
    let mut every = tokio::time::interval(Duration::from_secs_f64(60.0 / f64::from(stage.pace)));
    let mut residents = JoinSet::new();
    loop {
        tokio::select! {
            _ = every.tick() => {
                residents.spawn(ask(Arc::clone(&stage), programme.clone()));
                while residents.try_join_next().is_some() {}
            }
            () = programme.evening() => break,
        }
    }
    while residents.join_next().await.is_some() {}
}

async fn ask(stage: Arc<Stage>, programme: Programme) {
    let Some(body) = wish(&stage) else { return };
    let key = format!("demo-{:032x}", rand::random::<u128>());
    stage.note(|told| told.keys += 1);
    let answer = if chance(DOUBLE_TAPS) {
        let (first, second) = tokio::join!(send(&stage, &body, &key), send(&stage, &body, &key));
        first.or(second)
    } else {
        send(&stage, &body, &key).await
    };
    let Some(answer) = answer else { return };
    wait_and_confirm(&stage, text(&answer, "/token"), programme).await;
}

/// Sends until it is acknowledged: the same key, so it is one request however often it is sent.
async fn send(stage: &Stage, body: &Value, key: &str) -> Option<Value> {
    for _ in 0..RESENDS {
        let request = stage.http.post(stage.url("/requests")).header("Idempotency-Key", key).json(body);
        if let Some(answer) = stage.call(request).await {
            let id = text(&answer, "/id").parse().ok()?;
            stage.note(|told| told.acknowledged.push(id));
            return Some(answer);
        }
        tokio::time::sleep(BETWEEN_RESENDS).await;
    }
    None
}

async fn wait_and_confirm(stage: &Stage, token: &str, mut programme: Programme) {
    let look_every = Duration::from_secs_f64(stage.physics.hastened(LOOKS_EVERY_S).max(2.0));
    loop {
        tokio::select! {
            () = tokio::time::sleep(look_every) => {}
            () = programme.end() => return,
        }
        let Some(seen) = stage.call(stage.http.get(stage.url(&format!("/requests/{token}")))).await else { continue };
        match text(&seen, "/state") {
            "delivered" => {
                let _confirmed = stage.call(stage.http.post(stage.url(&format!("/requests/{token}/confirm")))).await;
                return;
            }
            "closed" | "cancelled" | "care" => return,
            _ => {}
        }
    }
}

/// What somebody needs: medicine, with what is left of it, or food.
fn wish(stage: &Stage) -> Option<Value> {
    let home = any(&stage.lists.households)?;
    let care: Vec<&str> = home.care.split(';').filter(|flag| !flag.is_empty()).collect();
    let mut body = json!({
        "building": home.building, "room": home.room, "name": home.name, "phone": home.phone, "care": care,
    });
    let wanted = if chance(0.25) { medicine(stage)? } else { food(stage) };
    body.as_object_mut()?.extend(wanted.as_object()?.clone());
    Some(body)
}

fn medicine(stage: &Stage) -> Option<Value> {
    let drug = any(&stage.lists.medicines)?;
    let strength = Some(&drug.strength).filter(|strength| !strength.is_empty());
    // A tenth has none left.
    let left = if chance(0.1) { 0 } else { rand::random_range(1..15) };
    let next = rfc3339(crate::clocks::wall().plus_seconds(rand::random_range(0..12) * 3600));
    Some(json!({
        "category": "medicine",
        "items": [{ "name": drug.name, "strength": strength, "quantity": 1, "unit": drug.unit, "substitution": "same_drug" }],
        "medicine_left": { "doses_left": left, "doses_per_day": 1, "next_dose_at": next },
    }))
}

fn food(stage: &Stage) -> Value {
    let items: Vec<Value> = (0..rand::random_range(1..5))
        .filter_map(|_| any(&stage.lists.foods))
        .map(|food| json!({ "name": food.name, "quantity": rand::random_range(1..4), "unit": food.unit }))
        .collect();
    json!({ "category": "food", "items": items })
}
