//! The journal can be added to and not changed, on both backings.

use diesel::{Connection, RunQueryDsl};

use crate::support::{House, on_every_house};

on_every_house!(events_cannot_be_changed_or_removed);

async fn events_cannot_be_changed_or_removed(house: House) -> House {
    house.asks_for_medicine(0).await;
    for sql in ["UPDATE events SET reason = 'x'", "DELETE FROM events"] {
        if house.database_url.starts_with("sqlite") {
            let path = house.database_url.trim_start_matches("sqlite://");
            let mut conn = diesel::SqliteConnection::establish(path).unwrap();
            let said = diesel::sql_query(sql).execute(&mut conn).unwrap_err().to_string();
            assert!(said.contains("append-only"), "{sql}: {said}");
        } else {
            let (client, connection) =
                tokio_postgres::connect(&house.database_url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            let refused = client.batch_execute(sql).await.unwrap_err();
            assert!(refused.as_db_error().unwrap().message().contains("append-only"), "{refused:?}");
        }
    }
    house
}
