//! People who offer to be runners, who looked at their names, and links that let somebody in once.

#![allow(clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

use super::{buildings, people};

diesel::table! {
    use crate::store::column_types::sql::*;
    volunteers (id) {
        id -> Uid,
        zone_id -> Uid,
        state -> Text,
        building_id -> Nullable<Uid>,
        skills -> Text,
        lang -> Text,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        free_when -> Nullable<Text>,
        made_at -> Ts,
        answered_at -> Nullable<Ts>,
        answered_by -> Nullable<Uid>,
        reason -> Nullable<Text>,
        person_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    volunteer_looks (id) {
        id -> Uid,
        at -> Ts,
        person_id -> Uid,
        volunteer_id -> Uid,
        purpose -> Text,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    sign_in_links (id) {
        id -> Uid,
        token_hash -> Binary,
        person_id -> Uid,
        made_by -> Uid,
        made_at -> Ts,
        expires_at -> Ts,
        used_at -> Nullable<Ts>,
        ended_at -> Nullable<Ts>,
    }
}

diesel::joinable!(volunteers -> buildings (building_id));
diesel::joinable!(sign_in_links -> people (person_id));
