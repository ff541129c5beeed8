//! Journal and looks can be added to and not changed, on both backings.

use diesel::{Connection, RunQueryDsl};
use serde_json::json;

use crate::support::{House, on_every_house};

on_every_house!(events_and_looks_cannot_be_changed_or_removed);

/// Says something to the house's database as somebody would who has its password; what it answers to it when it refuses.
pub async fn says(house: &House, sql: &str) -> Result<(), String> {
    if house.database_url.starts_with("sqlite") {
        let path = house.database_url.trim_start_matches("sqlite://");
        let mut conn = diesel::SqliteConnection::establish(path).unwrap();
        diesel::sql_query(sql).execute(&mut conn).map(drop).map_err(|error| error.to_string())
    } else {
        let (client, connection) = tokio_postgres::connect(&house.database_url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let told = |error: tokio_postgres::Error| error.as_db_error().unwrap().message().to_owned();
        client.batch_execute(sql).await.map_err(told)
    }
}

async fn events_and_looks_cannot_be_changed_or_removed(house: House) -> House {
    let asked = house.asks_for_medicine(0).await;
    let supervisor = house.person("sup").await;
    assert_eq!(supervisor.get(&format!("/watch/requests/{}", asked.text("/id"))).await.status, 200);
    let offer = json!({ "name": "陈小明", "phone": "13800004321", "zone": "HOME" });
    assert_eq!(house.anyone().post("/volunteers", offer).await.status, 201);
    assert_eq!(supervisor.get("/watch/volunteers").await.status, 200);
    for table in ["events", "looks", "volunteer_looks"] {
        for sql in [format!("UPDATE {table} SET at = at"), format!("DELETE FROM {table}")] {
            let said = says(&house, &sql).await.unwrap_err();
            assert!(said.contains("append-only"), "{sql}: {said}");
        }
    }
    house
}
