//! A fresh desk, a known caller read back, a call refused with several doors, and one kept.

use super::page::{DeskPage, Saved};
use super::said::ReadBack;
use crate::domain::errand::State;
use crate::domain::ids::RequestId;
use crate::domain::item::{Item, Substitution};
use crate::domain::request::Care;
use crate::domain::urgency::{Urgency, UrgencyReason};
use crate::store::views::desk::{Card, OpenOne};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn card() -> Card {
    Card {
        name: "王阿姨<".into(),
        building: "MZC-03".into(),
        building_name: "文化六村 3栋".into(),
        room: "2-501".into(),
        care: vec![Care::ElderlyAlone],
    }
}

fn read_back() -> ReadBack {
    let item = Item {
        name: "缬沙坦胶囊".into(),
        strength: Some("80mg".into()),
        quantity: 2,
        unit: "盒".into(),
        substitution: Substitution::SameDrug,
        photo: None,
        unnamed: false,
    };
    ReadBack {
        name: "王阿姨".into(),
        phone: "13800000000".into(),
        building: "文化六村 3栋".into(),
        room: "2-501".into(),
        items: vec![item.clone(), item],
        doses_left: Some(0),
        patient: Some("外婆".into()),
        urgency: Urgency::Red,
        reason: UrgencyReason::NoneLeft,
        deliver_by: NOW.plus_seconds(1800),
    }
}

fn open_one() -> OpenOne {
    OpenOne {
        request: RequestId::mint(),
        code: "3K7-PAQC".into(),
        state: State::Waiting,
        urgency: Urgency::Red,
        items: "缬沙坦胶囊 80mg × 2 盒".into(),
        submitted_at: NOW.plus_seconds(-900),
        deliver_by: NOW.plus_seconds(900),
    }
}

fn typed() -> Typed {
    [
        ("phone", "13800000000"),
        ("door", "3-2-501"),
        ("item_line", "缬沙坦胶囊 80mg 2盒"),
        ("item_line", "\"米\" 一袋"),
        ("doses_left", "很多"),
        ("care", "infant"),
        ("note", "敲门\n三下"),
        ("category", "food"),
    ]
    .into_iter()
    .collect()
}

fn doors() -> [(String, String); 2] {
    [
        ("MZC-03 2-501".to_owned(), "文化六村 3栋 · 2-501".to_owned()),
        ("MZC-40 2-501".to_owned(), "文化七村 3栋 · 2-501".to_owned()),
    ]
}

pub fn samples(words: Words) -> Vec<Sample> {
    let open = open_one();
    let (shell, card, back) = (shell(words, "/desk"), card(), read_back());
    let fresh = Typed::default();
    let typed = typed();
    let errors = [
        FieldError::new("door", "which_door"),
        FieldError::new("name", "required"),
        FieldError::new("items[1].line", "too_long"),
        FieldError::new("medicine_left.doses_left", "not_a_number"),
        FieldError::new("note", "too_long"),
    ];
    let doors = doors();
    let saved = Saved { code: "3K7-PAQC".into(), deliver_by: NOW.plus_seconds(1800) };
    let base = || DeskPage {
        shell: &shell,
        zone: "民主村社区",
        typed: &fresh,
        errors: &[],
        doors: &[],
        known: None,
        looked: "",
        open: &[],
        read_back: None,
        read: "",
        saved: None,
        idempotency_key: "k-1",
        now: NOW,
        notice: None,
    };
    let told = DeskPage {
        typed: &typed,
        known: Some(&card),
        looked: "13800000000",
        read_back: Some(&back),
        read: "x",
        open: std::slice::from_ref(&open),
        ..base()
    };
    vec![
        sample(words, "desk", base().to_string()),
        sample(words, "desk-read-back", told.to_string()),
        sample(
            words,
            "desk-wrong",
            DeskPage { typed: &typed, errors: &errors, doors: &doors, looked: "13800000000", ..base() }.to_string(),
        ),
        sample(words, "desk-saved", DeskPage { saved: Some(&saved), ..base() }.to_string()),
    ]
}
