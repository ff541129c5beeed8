//! Targets by time, and the pauses of the team's clock.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

diesel::table! {
    use crate::store::column_types::sql::*;
    targets (id) {
        id -> Uid,
        zone_id -> Uid,
        urgency -> Text,
        claim_s -> Integer,
        deliver_s -> Integer,
        valid_from -> Ts,
        actor_role -> Text,
        actor_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    clock_pauses (id) {
        id -> Uid,
        zone_id -> Uid,
        request_id -> Uid,
        reason -> Text,
        from_at -> Ts,
        until_at -> Ts,
        ended_at -> Nullable<Ts>,
        actor_role -> Text,
        actor_id -> Nullable<Uid>,
    }
}
