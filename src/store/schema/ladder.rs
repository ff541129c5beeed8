//! The ladder: alarms, their steps, who was told, and who has the watch when.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    alarms (id) {
        id -> Uid,
        request_id -> Uid,
        zone_id -> Uid,
        fired_at -> Ts,
        rung -> Text,
        position -> Integer,
        fence -> BigInt,
        told -> Integer,
        told_at -> Ts,
        acknowledged_at -> Nullable<Ts>,
        acknowledged_by -> Nullable<Uid>,
        ended_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    alarm_steps (id) {
        id -> Uid,
        alarm_id -> Uid,
        position -> Integer,
        rung -> Text,
        due_at -> Ts,
        told_at -> Ts,
        told -> Integer,
        sent_by -> Nullable<Uid>,
        acknowledged_at -> Nullable<Ts>,
        acknowledged_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    alarm_tellings (id) {
        id -> Uid,
        step_id -> Uid,
        alarm_id -> Uid,
        person_id -> Nullable<Uid>,
        hook -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    rotas (id) {
        id -> Uid,
        zone_id -> Nullable<Uid>,
        rung -> Text,
        days -> Integer,
        from_minute -> Integer,
        to_minute -> Integer,
        person_id -> Uid,
    }
}
