//! Checks after deliveries, calls under way, and requests that come again by themselves.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    follow_ups (id) {
        id -> Uid,
        zone_id -> Uid,
        request_id -> Uid,
        kind -> Text,
        state -> Text,
        opened_at -> Ts,
        due_at -> Ts,
        tries -> Integer,
        tried_at -> Nullable<Ts>,
        outcome -> Nullable<Text>,
        enough_until -> Nullable<Ts>,
        ended_at -> Nullable<Ts>,
        actor_role -> Nullable<Text>,
        actor_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    call_leases (mark) {
        mark -> Binary,
        person_id -> Uid,
        until_at -> Ts,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    recurrences (id) {
        id -> Uid,
        zone_id -> Uid,
        origin_id -> Uid,
        last_id -> Uid,
        every_days -> Integer,
        lead_days -> Integer,
        starts_on -> Text,
        next_on -> Text,
        made_on -> Nullable<Text>,
        until_on -> Nullable<Text>,
        state -> Text,
        set_at -> Ts,
        actor_role -> Text,
        actor_id -> Nullable<Uid>,
        ended_at -> Nullable<Ts>,
        ended_why -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    recurrence_days (recurrence_id, on_date) {
        recurrence_id -> Uid,
        on_date -> Text,
        request_id -> Nullable<Uid>,
        at -> Ts,
    }
}
