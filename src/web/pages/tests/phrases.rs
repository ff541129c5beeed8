//! Every phrase that is used exists, and every phrase that exists is used.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::desk::page::CHANNELS;
use super::super::notice::NOTICES;
use super::super::requests::what::NEXT_DOSES;
use super::super::run::page::{DECLINE_REASONS, FAIL_REASONS, GATE_FAIL_REASONS};
use super::super::shell::Size;
use super::FAULTS;
use crate::domain::actor::{ActorRole, Role, Skill};
use crate::domain::alarm::Rung;
use crate::domain::care::{Suggestion, Why as CareWhy};
use crate::domain::custody::Where;
use crate::domain::errand::{State, Step};
use crate::domain::fetched::{Consent, Got};
use crate::domain::follow_up::{self, NOBODY_ANSWERS, NOT_TAKEN};
use crate::domain::help::Need;
use crate::domain::item::Substitution;
use crate::domain::learning::What;
use crate::domain::matching::{Nobody, Pick};
use crate::domain::money::How;
use crate::domain::notice::Lasting;
use crate::domain::offer::OfferState;
use crate::domain::pause::PauseReason;
use crate::domain::place::PlaceKind;
use crate::domain::plan::Wind;
use crate::domain::proof::Proved;
use crate::domain::question::{About, Choice};
use crate::domain::request::{AskingFor, Care, Category, HandOver, Problem};
use crate::domain::rota::Day;
use crate::domain::seal::Seal;
use crate::domain::seal::list::Why;
use crate::domain::silence::Outcome;
use crate::domain::stock::Found;
use crate::domain::supply::Cause;
use crate::domain::urgency::{Urgency, UrgencyReason};
use crate::domain::volunteer::WhyNot;
use crate::words::tests::ids;
use crate::words::{Lang, Words};

const FIELDS: &[&str] = &[
    "building",
    "room",
    "name",
    "phone",
    "email",
    "category",
    "item_name",
    "item_strength",
    "item_quantity",
    "item_unit",
    "item_substitution",
    "item_photo",
    "doses_left",
    "doses_per_day",
    "next_dose",
    "asking_for",
    "patient_name",
    "patient_phone",
    "care",
    "hand_over",
    "note",
    "outcome",
    "enough_until",
    "every_days",
    "code",
    "last_four",
    "username",
    "password",
    "door",
    "door_choice",
    "item_line",
    "substitution",
    "channel",
    "slip",
    "notice_title",
    "notice_text",
    "notice_title_en",
    "notice_text_en",
    "list",
    "seal",
    "from",
    "until",
    "skills",
    "free_when",
    "zone",
    "new_password",
    "photo",
    "shelf",
    "rung",
    "days",
    "to",
];
const REFUSALS: &[&str] = &[
    "required",
    "too_long",
    "control_character",
    "not_a_phone",
    "not_an_email",
    "not_a_word",
    "unknown_building",
    "unknown_place",
    "too_many",
    "not_a_number",
    "out_of_range",
    "not_a_time",
    "unknown_field",
    "wrong_type",
    "none",
    "photo_gone",
    "photo_too_large",
    "not_a_picture",
    "which_door",
    "consent_needed",
    "password_short",
    "password_long",
    "not_an_amount",
    "does_not_add_up",
    "wrong_code",
    "take_a_photo",
    "cannot_answer",
    "other",
];
const MORE_CARE_REASONS: &[&str] = &[
    "handed_back",
    "gone_silent",
    "released",
    "not_received",
    "sealed_in",
    "other",
    NOBODY_ANSWERS,
    NOT_TAKEN,
    "contact_gone",
];
const MORE_EVENTS: &[&str] = &[
    "submitted",
    "nobody",
    "joined",
    "asked",
    "answered",
    "sealed",
    "unsealed",
    "stairs_only",
    "seal_planned",
    "second_leg",
    "not_needed",
    "counter_empty",
    "counter_shut",
    "called_about",
    "refused",
    "settled",
    "booked",
    "booked_again",
    "undone",
    "clock_paused",
    "clock_resumed",
    "called_after",
    "recurs",
    "recurs_no_more",
    "recurred",
    "care_called",
    "door_corrected",
    "urgency_red",
    "urgency_yellow",
    "urgency_green",
    "acknowledged",
    "alarm_over",
    "alarm_runner",
    "alarm_desk",
    "alarm_supervisor",
    "alarm_street",
    "alarm_district",
];

fn spelled<T: Copy>(all: &[T], spell: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|word| spell(*word)).collect()
}

/// What is told, ticked and consented to at a counter.
fn at_the_counter() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("found", spelled(Found::ALL, Found::as_str)),
        ("seen", spelled(Found::ALL, Found::as_str)),
        ("tell", spelled(Found::ALL, Found::as_str)),
        ("got", spelled(Got::ALL, Got::as_str)),
        ("tick", spelled(Got::ALL, Got::as_str)),
        ("consent", spelled(Consent::ALL, Consent::as_str)),
        ("answer", spelled(Found::ALL, Found::as_str)),
    ]
}

/// What is asked after a delivery, and answered.
fn after_a_delivery() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("follow-outcome", spelled(follow_up::Outcome::ALL, follow_up::Outcome::as_str)),
        ("follow-kind", spelled(follow_up::Kind::ALL, follow_up::Kind::as_str)),
        ("script", spelled(follow_up::Kind::ALL, follow_up::Kind::as_str)),
        ("own", vec!["not_taken", "wrong_item", "missing", "damaged", "more_needed"]),
    ]
}

/// The phrases whose ids are made of a prefix and a word: each prefix with its words.
#[expect(clippy::too_many_lines, reason = "a list: one line for each kind of word")]
fn made_of_words() -> Vec<(&'static str, Vec<&'static str>)> {
    let months = vec!["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
    let others = vec![
        ("state", spelled(State::ALL, State::as_str)),
        ("tracking", spelled(State::ALL, State::as_str)),
        ("event", [spelled(Step::ALL, Step::as_str), MORE_EVENTS.to_vec()].concat()),
        ("seal-why", spelled(Why::ALL, Why::as_str)),
        ("urgency", spelled(Urgency::ALL, Urgency::as_str)),
        ("urgency-reason", spelled(UrgencyReason::ALL, UrgencyReason::as_str)),
        ("category", spelled(Category::ALL, Category::as_str)),
        ("substitution", spelled(Substitution::ALL, Substitution::as_str)),
        ("ask-swap", spelled(Substitution::ALL, Substitution::as_str)),
        ("ask-what", spelled(Category::ALL, Category::as_str)),
        ("asking-for", spelled(AskingFor::ALL, AskingFor::as_str)),
        ("hand-over", spelled(HandOver::ALL, HandOver::as_str)),
        ("care", spelled(Care::ALL, Care::as_str)),
        ("seal", spelled(Seal::ALL, Seal::as_str)),
        ("how", spelled(How::ALL, How::as_str)),
        ("pause-reason", spelled(PauseReason::ALL, PauseReason::as_str)),
        ("wind", spelled(Wind::ALL, Wind::as_str)),
        ("place-kind", spelled(PlaceKind::ALL, PlaceKind::as_str)),
        ("nobody-reason", spelled(Nobody::ALL, Nobody::as_str)),
        ("pick-reason", spelled(Pick::ALL, Pick::as_str)),
        ("offer", spelled(OfferState::ALL, OfferState::as_str)),
        ("actor", spelled(ActorRole::ALL, ActorRole::as_str)),
        ("role", spelled(Role::ALL, Role::as_str)),
        ("size", spelled(Size::ALL, Size::as_str)),
        ("notice", NOTICES.iter().map(|(word, _)| *word).collect()),
        ("next-dose", NEXT_DOSES.to_vec()),
        ("decline", DECLINE_REASONS.to_vec()),
        (
            "care-reason",
            [FAIL_REASONS, GATE_FAIL_REASONS, MORE_CARE_REASONS, &spelled(CareWhy::ALL, CareWhy::as_str)].concat(),
        ),
        ("suggestion", spelled(Suggestion::ALL, Suggestion::as_str)),
        ("audit", vec!["looked_request", "looked_home", "looked_volunteer"]),
        ("need", spelled(Need::ALL, Need::as_str)),
        ("problem", spelled(Problem::ALL, Problem::as_str)),
        ("question", spelled(About::ALL, About::as_str)),
        ("choice", spelled(Choice::ALL, Choice::as_str)),
        ("doses-left", vec!["0", "1", "2", "4", "10", "unknown"]),
        ("doses-per-day", vec!["1", "2", "3", "unknown"]),
        ("habit", spelled(What::ALL, What::as_str)),
        ("channel", CHANNELS.to_vec()),
        ("outcome", spelled(Outcome::ALL, Outcome::as_str)),
        ("lasting", spelled(Lasting::ALL, Lasting::as_str)),
        ("cause", spelled(Cause::ALL, Cause::as_str)),
        ("skill", spelled(Skill::ALL, Skill::as_str)),
        ("why-not", spelled(WhyNot::ALL, WhyNot::as_str)),
        ("month", months),
        ("rung", spelled(Rung::ALL, Rung::as_str)),
        ("now-with", vec!["desk", "supervisor", "street", "district"]),
        ("day", spelled(Day::ALL, Day::as_str)),
        ("field", FIELDS.to_vec()),
        ("refusal", REFUSALS.to_vec()),
        ("fault", FAULTS.to_vec()),
        ("proof", spelled(Proved::ALL, Proved::as_str)),
        ("tracking-proof", spelled(Proved::ALL, Proved::as_str)),
        ("run-undo", vec!["collect", "hand_over", "deliver", "fail"]),
        ("custody", spelled(Where::ALL, Where::as_str)),
        ("milestone", vec!["received", "looking", "fetching", "brought"]),
    ];
    [others, at_the_counter(), after_a_delivery()].concat()
}

#[test]
fn every_word_of_the_domain_has_a_phrase_in_every_language() {
    for lang in Lang::ALL {
        for (prefix, words) in made_of_words() {
            for word in words {
                assert!(
                    Words::of(*lang).find(&format!("{prefix}-{word}")).is_some(),
                    "{prefix}-{word} in {}",
                    lang.as_str()
                );
            }
        }
        for fault in FAULTS {
            assert!(Words::of(*lang).find(&format!("fault-{fault}-help")).is_some(), "{fault}");
        }
    }
}

/// All of our code and templates, but the tests.
fn everything_written() -> String {
    fn read(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let kind = path.extension().map(|kind| kind.to_string_lossy().into_owned()).unwrap_or_default();
            let is_a_test = matches!(name.as_str(), "tests" | "tests.rs" | "samples.rs");
            if path.is_dir() && !is_a_test {
                read(&path, text);
            } else if matches!(kind.as_str(), "rs" | "html" | "txt") && !is_a_test {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let (root, mut text) = (Path::new(env!("CARGO_MANIFEST_DIR")), String::new());
    read(&root.join("src"), &mut text);
    read(&root.join("templates"), &mut text);
    text
}

#[test]
fn every_phrase_asked_for_exists() {
    let (text, known) = (everything_written(), ids(Lang::ZhCn));
    let mut missing = BTreeSet::new();
    for call in ["t(\"", ".get(\"", ".say(\"", ".with(\"", ".find(\""] {
        for (_, rest) in text.match_indices(call).map(|(at, _)| text.split_at(at + call.len())) {
            let id = rest.split('"').next().unwrap_or_default();
            let is_an_id = id.contains('-') && !id.contains(['{', ' ', '/', '.', ':', '\\', '%', '=']);
            if is_an_id && !known.contains(id) {
                missing.insert(id);
            }
        }
    }
    // Asked of asset files and headers, not of phrases, are spelled with a capital.
    missing.retain(|id| id.starts_with(|c: char| c.is_ascii_lowercase()));
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn every_phrase_that_exists_is_used() {
    let text = everything_written();
    let made = made_of_words();
    let is_made = |id: &str| {
        let id = id.strip_suffix("-hint").or_else(|| id.strip_suffix("-help")).unwrap_or(id);
        made.iter().any(|(prefix, words)| words.iter().any(|word| id == format!("{prefix}-{word}")))
    };
    let unused: Vec<String> =
        ids(Lang::ZhCn).into_iter().filter(|id| !is_made(id) && !text.contains(&format!("\"{id}\""))).collect();
    assert_eq!(unused, Vec::<String>::new());
}
