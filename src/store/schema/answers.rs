//! Photos instead of names, questions from the counter, what a second asking is recognised by, who joined, and zones that take urgent ones alone.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    questions (id) {
        id -> Uid,
        request_id -> Uid,
        errand_id -> Uid,
        position -> Integer,
        kind -> Text,
        offer -> Nullable<Text>,
        asked_at -> Ts,
        asked_by -> Uid,
        answered_at -> Nullable<Ts>,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Text>,
        answered_by_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    marks (request_id) {
        request_id -> Uid,
        zone_id -> Uid,
        door -> Binary,
        phone -> Binary,
        patient_phone -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    joiners (id) {
        id -> Uid,
        token_hash -> Binary,
        request_id -> Uid,
        joined_at -> Ts,
        same_phone -> Bool,
        last_four -> Nullable<Binary>,
        email -> Nullable<Text>,
        lang -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    pauses (zone_id) {
        zone_id -> Uid,
        paused -> Bool,
        said -> Text,
        changed_at -> Ts,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    photos (id) {
        id -> Uid,
        token_hash -> Binary,
        request_id -> Nullable<Uid>,
        position -> Nullable<Integer>,
        jpeg -> Binary,
        made_at -> Ts,
    }
}
