//! The tables as `migrations/` makes them; a test compares this file with both databases.

#![allow(unused_imports, clippy::wildcard_imports, reason = "diesel::table! needs every sql type it may use in scope")]

mod ladder;
mod answers;
mod clocks;
mod desk;
mod following;
mod joining_up;
mod learned;
mod ledger;
mod memory;
mod proving;
mod sealing;

pub use ladder::{alarm_steps, alarm_tellings, alarms, rotas};
pub use answers::{joiners, marks, pauses, photos, questions};
pub use clocks::{clock_pauses, targets};
pub use desk::{household_looks, notices, outreach, supplies};
pub use following::{call_leases, follow_ups, recurrence_days, recurrences};
pub use joining_up::{sign_in_links, volunteer_looks, volunteers};
pub use learned::{dials, habits, sightings};
pub use ledger::{outlays, receipts, settlements};
pub use memory::{fetched, refused_goods};
pub use proving::{deeds, proofs};
pub use sealing::seals;

diesel::table! {
    use crate::store::column_types::sql::*;
    zones (id) {
        id -> Uid,
        code -> Text,
        name -> Text,
        street -> Text,
        district -> Text,
        created_at -> Ts,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    buildings (id) {
        id -> Uid,
        code -> Text,
        zone_id -> Uid,
        compound -> Text,
        name -> Text,
        lat -> Double,
        lon -> Double,
        floors -> Nullable<Integer>,
        lift -> Nullable<Bool>,
        seal -> Text,
        sealed_until -> Nullable<Ts>,
        gate_lat -> Nullable<Double>,
        gate_lon -> Nullable<Double>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    places (id) {
        id -> Uid,
        code -> Text,
        zone_id -> Uid,
        kind -> Text,
        name -> Text,
        lat -> Double,
        lon -> Double,
        opens_minute -> Nullable<Integer>,
        closes_minute -> Nullable<Integer>,
        phone -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    people (id) {
        id -> Uid,
        username -> Text,
        name -> Text,
        roles -> Text,
        zone_id -> Uid,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        building_id -> Nullable<Uid>,
        skills -> Text,
        password_hash -> Nullable<Text>,
        disabled_at -> Nullable<Ts>,
        created_at -> Ts,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    duties (person_id) {
        person_id -> Uid,
        zone_id -> Uid,
        on_at -> Nullable<Ts>,
        off_at -> Nullable<Ts>,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        accuracy_m -> Nullable<Double>,
        seen_at -> Ts,
        quiet_until -> Nullable<Ts>,
        placed_at -> Nullable<Ts>,
        until_at -> Nullable<Ts>,
        taken -> Nullable<Integer>,
        sealed_off_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    households (id) {
        id -> Uid,
        building_id -> Uid,
        room -> Text,
        name -> Text,
        phone -> Nullable<Text>,
        care -> Text,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    requests (id) {
        id -> Uid,
        code -> Text,
        token_hash -> Binary,
        zone_id -> Uid,
        building_id -> Uid,
        place_id -> Nullable<Uid>,
        channel -> Text,
        asking_for -> Text,
        category -> Text,
        hand_over -> Text,
        care -> Text,
        urgency -> Text,
        urgency_reason -> Text,
        doses_left -> Nullable<Integer>,
        doses_per_day -> Nullable<Integer>,
        next_dose_at -> Nullable<Ts>,
        state -> Text,
        care_reason -> Nullable<Text>,
        submitted_at -> Ts,
        deliver_by -> Ts,
        claimed_at -> Nullable<Ts>,
        collected_at -> Nullable<Ts>,
        delivered_at -> Nullable<Ts>,
        closed_at -> Nullable<Ts>,
        to_claim_us -> Nullable<BigInt>,
        to_collect_us -> Nullable<BigInt>,
        to_deliver_us -> Nullable<BigInt>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    contacts (request_id) {
        request_id -> Uid,
        room -> Text,
        name -> Text,
        phone -> Text,
        email -> Nullable<Text>,
        lang -> Text,
        patient_name -> Nullable<Text>,
        patient_phone -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    items (id) {
        id -> Uid,
        request_id -> Uid,
        position -> Integer,
        name -> Text,
        strength -> Nullable<Text>,
        quantity -> Integer,
        unit -> Text,
        substitution -> Text,
        unnamed -> Nullable<Bool>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    errands (id) {
        id -> Uid,
        request_id -> Uid,
        leg -> Integer,
        zone_id -> Uid,
        building_id -> Uid,
        place_id -> Nullable<Uid>,
        category -> Text,
        urgency -> Text,
        bags -> Integer,
        state -> Text,
        fence -> BigInt,
        runner_id -> Nullable<Uid>,
        lease_until -> Nullable<Ts>,
        deliver_by -> Ts,
        waiting_since -> Ts,
        nobody_reason -> Nullable<Text>,
        created_at -> Ts,
        floor -> Nullable<Integer>,
        passed_on_at -> Nullable<Ts>,
        shelf -> Nullable<Text>,
        wrong_codes -> Nullable<Integer>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    offers (id) {
        id -> Uid,
        zone_id -> Uid,
        runner_id -> Uid,
        state -> Text,
        reason -> Text,
        distance_m -> Nullable<Double>,
        made_at -> Ts,
        lapses_at -> Ts,
        answered_at -> Nullable<Ts>,
        decline_reason -> Nullable<Text>,
        kind -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    offer_errands (offer_id, errand_id) {
        offer_id -> Uid,
        errand_id -> Uid,
        position -> Integer,
        fence -> BigInt,
        place_id -> Nullable<Uid>,
        collect_position -> Nullable<Integer>,
        deliver_position -> Nullable<Integer>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    assignments (id) {
        id -> Uid,
        errand_id -> Uid,
        runner_id -> Uid,
        trip_id -> Uid,
        position -> Integer,
        fence -> BigInt,
        made_at -> Ts,
        ended_at -> Nullable<Ts>,
        ended_as -> Nullable<Text>,
        collect_position -> Nullable<Integer>,
        deliver_position -> Nullable<Integer>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    events (id) {
        id -> Uid,
        at -> Ts,
        zone_id -> Uid,
        request_id -> Nullable<Uid>,
        errand_id -> Nullable<Uid>,
        kind -> Text,
        state -> Nullable<Text>,
        actor_role -> Text,
        actor_id -> Nullable<Uid>,
        reason -> Nullable<Text>,
        received_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    remarks (event_id) {
        event_id -> Uid,
        request_id -> Uid,
        said -> Text,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    outbox (id) {
        id -> Uid,
        kind -> Text,
        ref_id -> Uid,
        dedupe_key -> Text,
        made_at -> Ts,
        attempts -> Integer,
        next_at -> Ts,
        locked_until -> Nullable<Ts>,
        done_at -> Nullable<Ts>,
        dead_at -> Nullable<Ts>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    idempotency_keys (scope, key_hash) {
        scope -> Text,
        key_hash -> Binary,
        body_hash -> Binary,
        ref_id -> Uid,
        answer -> Text,
        made_at -> Ts,
        expires_at -> Ts,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    sessions (id) {
        id -> Uid,
        token_hash -> Binary,
        person_id -> Uid,
        made_at -> Ts,
        seen_at -> Ts,
        expires_at -> Ts,
        revoked_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use crate::store::column_types::sql::*;
    looks (id) {
        id -> Uid,
        at -> Ts,
        person_id -> Uid,
        request_id -> Uid,
        purpose -> Text,
    }
}

diesel::joinable!(buildings -> zones (zone_id));
diesel::joinable!(places -> zones (zone_id));
diesel::joinable!(people -> zones (zone_id));
diesel::joinable!(people -> buildings (building_id));
diesel::joinable!(duties -> people (person_id));
diesel::joinable!(households -> buildings (building_id));
diesel::joinable!(requests -> buildings (building_id));
diesel::joinable!(contacts -> requests (request_id));
diesel::joinable!(items -> requests (request_id));
diesel::joinable!(errands -> requests (request_id));
diesel::joinable!(errands -> buildings (building_id));
diesel::joinable!(errands -> places (place_id));
diesel::joinable!(offers -> people (runner_id));
diesel::joinable!(offer_errands -> offers (offer_id));
diesel::joinable!(offer_errands -> errands (errand_id));
diesel::joinable!(assignments -> errands (errand_id));
diesel::joinable!(assignments -> people (runner_id));
diesel::joinable!(remarks -> events (event_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(sightings -> places (place_id));
diesel::joinable!(looks -> people (person_id));
diesel::joinable!(marks -> requests (request_id));
diesel::joinable!(joiners -> requests (request_id));
diesel::joinable!(seals -> buildings (building_id));
diesel::joinable!(outlays -> receipts (receipt_id));
diesel::joinable!(outlays -> requests (request_id));
diesel::joinable!(receipts -> people (runner_id));
diesel::joinable!(settlements -> requests (request_id));
diesel::joinable!(follow_ups -> requests (request_id));
diesel::joinable!(call_leases -> people (person_id));
diesel::joinable!(recurrence_days -> recurrences (recurrence_id));
diesel::joinable!(alarms -> requests (request_id));
diesel::joinable!(alarm_steps -> alarms (alarm_id));
diesel::joinable!(alarm_tellings -> alarm_steps (step_id));
diesel::joinable!(alarm_tellings -> alarms (alarm_id));
diesel::joinable!(rotas -> people (person_id));
diesel::joinable!(targets -> people (actor_id));
diesel::joinable!(clock_pauses -> requests (request_id));
diesel::allow_tables_to_appear_in_same_query!(
    zones, buildings, places, people, duties, households, requests, contacts, items, errands, offers, offer_errands, assignments, events, remarks, outbox, idempotency_keys, sessions, looks, dials, habits, sightings,
    photos, questions, marks, joiners, pauses,
    household_looks, outreach, supplies, notices, seals, fetched, refused_goods,
    volunteers, volunteer_looks, sign_in_links, receipts, outlays, settlements, proofs, deeds,
    follow_ups, call_leases, recurrences, recurrence_days, alarms, alarm_steps, alarm_tellings, rotas,
    targets, clock_pauses,
);
