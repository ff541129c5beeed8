//! Every page is rendered from its samples in every language and looked over; every phrase is accounted for.

mod markup;
mod phrases;

use super::shell::{Shell, SignedIn, Size};
use crate::domain::actor::Role;
use crate::domain::clock::At;
use crate::words::{Lang, Words};

/// 2022-11-23 14:05 in Chongqing.
pub const NOW: At = At::from_seconds(1_669_183_500);

pub const FAULTS: &[&str] = &[
    "bad_request",
    "malformed_body",
    "sign_in_first",
    "wrong_credentials",
    "not_allowed",
    "not_found",
    "offer_closed",
    "hands_full",
    "sealed_in",
    "sealed_off",
    "no_gate",
    "already_claimed",
    "out_of_turn",
    "already_answered",
    "consent_needed",
    "nothing_got",
    "place_named",
    "nothing_there",
    "not_short",
    "already_decided",
    "too_late_to_undo",
    "too_many_errands",
    "being_called",
    "followed_up",
    "not_repeatable",
    "intake_paused",
    "already_booked",
    "no_alarm",
    "already_acknowledged",
    "top_of_ladder",
    "key_reused",
    "key_in_flight",
    "too_large",
    "unsupported_media_type",
    "invalid_input",
    "too_many_requests",
    "forged_form",
    "store_unavailable",
    "internal",
];

/// A name with the language in it, and the page.
pub type Sample = (String, String);

pub fn sample(words: Words, name: &str, html: String) -> Sample {
    (format!("{name}.{}", words.lang().as_str()), html)
}

pub fn shell(words: Words, path: &str) -> Shell {
    let signed_in = ["/watch", "/desk", "/admin"]
        .iter()
        .any(|staff| path.starts_with(staff))
        .then(|| SignedIn { name: "刘站长".into(), role: Role::Supervisor });
    Shell {
        phone: Some("023-5550 0110".into()),
        signed_in,
        size: Size::Standard,
        ..Shell::new(words, path, "form-token")
    }
}

pub fn all_samples() -> Vec<Sample> {
    let pages = [
        super::requests::samples::samples,
        super::tracking::samples::samples,
        super::find::samples::samples,
        super::sessions::samples::samples,
        super::run::samples::samples,
        super::watch::samples::samples,
        super::dispatch::samples::samples,
        super::targets::samples::samples,
        super::stock::samples::samples,
        super::shortages::samples::samples,
        super::care::samples::samples,
        super::audit::samples::samples,
        super::desk::samples::samples,
        super::households::samples::samples,
        super::follow_ups::samples::samples,
        super::notices::samples::samples,
        super::posters::samples::samples,
        super::seals::samples::samples,
        super::volunteers::samples::samples,
        super::ledger::samples::samples,
        super::rota::samples::samples,
        super::faults::samples::samples,
        super::docs::samples::samples,
    ];
    Lang::ALL.iter().flat_map(|lang| pages.iter().flat_map(|page| page(Words::of(*lang)))).collect()
}
