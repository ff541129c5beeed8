//! Seals of buildings: those that hold, those that are planned, those that ended.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    seals (id) {
        id -> Uid,
        building_id -> Uid,
        zone_id -> Uid,
        seal -> Text,
        from_at -> Ts,
        until_at -> Nullable<Ts>,
        begun_at -> Nullable<Ts>,
        ended_at -> Nullable<Ts>,
        made_by -> Nullable<Uid>,
        made_at -> Ts,
        source -> Nullable<Text>,
    }
}
