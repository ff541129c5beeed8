//! How deliveries were proved, and what a runner did last and may take back.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

use super::errands;

diesel::table! {
    use crate::store::column_types::sql::*;
    proofs (id) {
        id -> Uid,
        request_id -> Uid,
        errand_id -> Uid,
        step -> Text,
        kind -> Text,
        photo_id -> Nullable<Uid>,
        at -> Ts,
        by_role -> Text,
        by_id -> Nullable<Uid>,
        undone_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    deeds (errand_id) {
        errand_id -> Uid,
        runner_id -> Uid,
        step -> Text,
        was -> Text,
        fence -> BigInt,
        event_id -> Uid,
        done_at -> Ts,
        undone_at -> Nullable<Ts>,
    }
}

diesel::joinable!(proofs -> errands (errand_id));
