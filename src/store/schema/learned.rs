//! The dials of a zone, what was learned, and what was seen at counters.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    dials (zone_id) {
        zone_id -> Uid,
        patience_s -> Integer,
        bags -> Nullable<Integer>,
        cart_bags -> Nullable<Integer>,
        trained_only -> Bool,
        price -> Double,
        changed_at -> Ts,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    habits (subject_id, what, hour) {
        subject_id -> Uid,
        what -> Text,
        hour -> Integer,
        zone_id -> Uid,
        n -> Integer,
        total -> Double,
        last_at -> Ts,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    sightings (id) {
        id -> Uid,
        zone_id -> Uid,
        place_id -> Uid,
        item -> Text,
        strength -> Text,
        outcome -> Text,
        at -> Ts,
        actor_role -> Text,
        actor_id -> Nullable<Uid>,
    }
}
