//! Receipts, their lines, and what households gave.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    receipts (id) {
        id -> Uid,
        zone_id -> Uid,
        runner_id -> Uid,
        place_id -> Nullable<Uid>,
        total_fen -> BigInt,
        photo_id -> Nullable<Uid>,
        at -> Ts,
        voided_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    outlays (id) {
        id -> Uid,
        receipt_id -> Uid,
        request_id -> Uid,
        errand_id -> Uid,
        position -> Integer,
        fen -> BigInt,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    settlements (id) {
        id -> Uid,
        zone_id -> Uid,
        request_id -> Uid,
        fen -> BigInt,
        how -> Text,
        at -> Ts,
        actor_role -> Text,
        actor_id -> Uid,
    }
}
