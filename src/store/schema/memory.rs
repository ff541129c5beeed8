//! What was truly got at a counter, and what was not taken at a door.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    fetched (errand_id, position) {
        errand_id -> Uid,
        position -> Integer,
        request_id -> Uid,
        got -> Text,
        consent -> Nullable<Text>,
        at -> Ts,
        runner_id -> Uid,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    refused_goods (errand_id, position) {
        errand_id -> Uid,
        position -> Integer,
        request_id -> Uid,
        zone_id -> Uid,
        at -> Ts,
        runner_id -> Uid,
    }
}
