//! One request opened: on the way, delivered, at a gate; and who could take it.

use super::opened::Ranked;
use super::samples::row;
use crate::domain::custody::Where;
use crate::domain::errand::{State, Step};
use crate::domain::fetched::{Consent, Got};
use crate::domain::ids::{ErrandId, PersonId, PhotoId, QuestionId, RequestId};
use crate::domain::proof::Proved;
use crate::domain::question::About;
use crate::domain::urgency::{MedicineLeft, Urgency};
use crate::store::views::supervisor::{
    CustodyRow, Entry, FetchedRow, LegRow, OfferMade, Opened, ProofRow, Question, QueueRow, RefusedRow,
};
use crate::web::pages::tests::NOW;

#[expect(clippy::too_many_lines, reason = "one request with everything there is to show")]
pub(in crate::web::pages) fn opened(state: State) -> Opened {
    let entry = |ago_s: i64, kind: &str, state, by: &str, reason: Option<&str>| Entry {
        received_at: (kind == "collect").then_some(NOW),
        at: NOW.plus_seconds(-ago_s),
        kind: kind.into(),
        state,
        by: by.into(),
        reason: reason.map(Into::into),
    };
    let offer = |runner: &str, state: &str| OfferMade {
        runner: runner.into(),
        made_at: NOW.plus_seconds(-600),
        state: state.into(),
        reason: "nearest_available".into(),
        distance_m: Some(348.0),
    };
    let fetched = |position, got, consent| FetchedRow {
        position,
        item: "缬沙坦胶囊 80mg".into(),
        got,
        consent,
        at: NOW.plus_seconds(-90),
    };
    let refused =
        RefusedRow {
            position: 2, item: "奥美拉唑肠溶片".into(), at: NOW.plus_seconds(-30), runner: "陈晓".into()
        };
    Opened {
        photos: vec![PhotoId::mint()],
        row: row("缬沙坦胶囊 2 盒", state, Urgency::Red, -12),
        room: "2-501".into(),
        name: "王阿姨".into(),
        phone: "138 0000 4521".into(),
        patient: Some(("王奶奶".into(), None)),
        note: Some("敲门三下\n耳朵不好".into()),
        left: MedicineLeft {
            doses_left: Some(0),
            doses_per_day: Some(1),
            next_dose_at: Some(NOW.plus_seconds(21_600)),
        },
        timeline: vec![
            entry(3000, "submitted", Some(State::Waiting), "resident", None),
            entry(700, "offer", Some(State::Offered), "service", Some("nearest_available")),
            entry(500, "decline", Some(State::Waiting), "李明", Some("too_far")),
            entry(100, "cancel", None, "supervisor", Some("居民来电说不要了")),
        ],
        offers: vec![offer("李明", "declined"), offer("周岚", "lapsed")],
        legs: vec![],
        questions: vec![(question(), "缬沙坦胶囊".into())],
        fetched: vec![fetched(1, Got::Swap, Some(Consent::Call)), fetched(2, Got::AsAsked, None)],
        refused: vec![refused],
        proofs: vec![],
        custody: vec![],
    }
}

/// Asked from the counter, not answered yet.
fn question() -> Question {
    Question {
        id: QuestionId::mint(),
        request_id: RequestId::mint(),
        errand_id: ErrandId::mint(),
        position: 1,
        kind: About::OtherMaker,
        offer: Some("鲁南制药的".into()),
        asked_at: NOW.plus_seconds(-120),
        asked_by: PersonId::mint(),
        answered_at: None,
        answer: None,
        answered_by: None,
        answered_by_id: None,
    }
}

fn custody(place: Where, ago_s: (i64, Option<i64>), who: Option<&str>, told: Option<&str>) -> CustodyRow {
    let at = |ago_s: i64| NOW.plus_seconds(-ago_s);
    let (from, to) = (at(ago_s.0), ago_s.1.map(at));
    CustodyRow { from, to, place, who: who.map(Into::into), told: told.map(Into::into) }
}

/// At the door, after nobody had opened at first.
pub(super) fn delivered() -> Opened {
    let proof = |step, kind, photo: bool| ProofRow {
        step,
        kind,
        photo: photo.then(PhotoId::mint),
        at: NOW.plus_seconds(-300),
        by: "陈晓".into(),
    };
    let proofs = vec![
        proof(Step::Fail, Proved::Photo, true),
        proof(Step::Deliver, Proved::Code, false),
        proof(Step::Override, Proved::Override, false),
        proof(Step::Deliver, Proved::Unproved, false),
    ];
    let line = vec![
        custody(Where::Runner, (900, Some(300)), Some("陈晓"), None),
        custody(Where::Door, (300, None), None, None),
    ];
    Opened { proofs, custody: line, ..opened(State::Delivered) }
}

/// At the gate of a sealed building, nobody inside has it yet.
pub(super) fn at_gate() -> Opened {
    let leg = |leg, state, runner: Option<&str>, ago_s: i64, took_s: Option<i64>| LegRow {
        leg,
        state,
        runner: runner.map(Into::into),
        waiting_since: NOW.plus_seconds(-ago_s),
        taken_at: runner.map(|_| NOW.plus_seconds(60 - ago_s)),
        ended_at: took_s.map(|took| NOW.plus_seconds(took - ago_s)),
    };
    let opened = opened(State::AtGate);
    let row = QueueRow { leg: 2, errand_state: State::Waiting, ..opened.row };
    let legs = vec![leg(1, State::AtGate, Some("陈晓"), 1500, Some(1080)), leg(2, State::Waiting, None, 420, None)];
    let custody = vec![
        custody(Where::Place, (3000, Some(1400)), None, Some("和平药房民主村店")),
        custody(Where::Runner, (1400, Some(420)), Some("陈晓"), None),
        custody(Where::Gate, (420, None), None, Some("左边第二格 & <b>")),
    ];
    Opened { row, legs, custody, ..opened }
}

pub(in crate::web::pages) fn ranked() -> Vec<Ranked> {
    vec![
        Ranked {
            id: PersonId::mint(),
            username: "r101".into(),
            name: "陈晓".into(),
            on: true,
            carrying: 0,
            distance_m: Some(420.0),
        },
        Ranked {
            id: PersonId::mint(),
            username: "r101".into(),
            name: "马丽".into(),
            on: false,
            carrying: 2,
            distance_m: None,
        },
    ]
}
