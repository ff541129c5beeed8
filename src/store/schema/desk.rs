//! What the desk does: whose homes it looked at, its calls, how long supplies last, and the notices it hangs.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    household_looks (id) {
        id -> Uid,
        at -> Ts,
        person_id -> Uid,
        household_id -> Uid,
        purpose -> Text,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    outreach (id) {
        id -> Uid,
        zone_id -> Uid,
        household_id -> Uid,
        at -> Ts,
        outcome -> Text,
        person_id -> Uid,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    supplies (id) {
        id -> Uid,
        zone_id -> Uid,
        request_id -> Uid,
        item -> Text,
        strength -> Text,
        enough_until -> Nullable<Ts>,
        asked_at -> Ts,
        person_id -> Uid,
        again_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    notices (id) {
        id -> Uid,
        zone_id -> Uid,
        title -> Text,
        said -> Text,
        title_en -> Nullable<Text>,
        said_en -> Nullable<Text>,
        made_at -> Ts,
        until_at -> Ts,
        ended_at -> Nullable<Ts>,
        person_id -> Uid,
    }
}
