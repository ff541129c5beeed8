//! A morning of calls, one call, a refused one, and nothing to do.

use super::page::{CallPage, ChecksPage, Typed};
use crate::domain::follow_up::{Kind, Outcome};
use crate::domain::ids::{FollowUpId, PersonId, RecurrenceId, RequestId};
use crate::domain::request::{Care, Category};
use crate::domain::urgency::Urgency;
use crate::store::views::follow_ups::{Check, Recurs, Whom};
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn check(kind: Kind, late_s: i64, tries: i32) -> Check {
    Check {
        id: FollowUpId::mint(),
        request: RequestId::mint(),
        code: "3K7-PAQC".into(),
        kind,
        category: if kind == Kind::Medicine { Category::Medicine } else { Category::Food },
        urgency: if kind == Kind::Medicine { Urgency::Red } else { Urgency::Green },
        care: if tries > 0 { vec![Care::ElderlyAlone, Care::NoLift] } else { Vec::new() },
        due_at: NOW.plus_seconds(-late_s),
        tries,
        outcome: (tries > 0).then_some(Outcome::NoAnswer),
        delivered_at: Some(NOW.plus_seconds(-late_s - 2700)),
        building: "MZC-03".into(),
        building_name: "文化六村 3栋".into(),
        items: "缬沙坦胶囊< 80mg × 2 盒".into(),
        caller: (tries > 1).then(|| (PersonId::mint(), "小刘".to_owned())),
    }
}

fn recurs(every_days: Option<i32>) -> Recurs {
    Recurs {
        id: RecurrenceId::mint(),
        request: RequestId::mint(),
        code: "3K7-PAQC".into(),
        building_name: "文化六村 3栋".into(),
        items: "缬沙坦胶囊 80mg × 2 盒".into(),
        next_on: "2022-12-20".into(),
        every_days,
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let checks = [
        check(Kind::Medicine, 1800, 0),
        check(Kind::Goods, 600, 1),
        check(Kind::Visit, 60, 2),
        check(Kind::Goods, -7200, 0),
    ];
    let list = |name: &str, checks: &[Check], recurring: &[Recurs], notice: &str| {
        let (shell, notice) = (shell(words, "/desk/follow-ups"), Notice::from_word(words, notice));
        let me = PersonId::mint();
        let page = ChecksPage { shell: &shell, zone: "民主村社区", me, checks, recurring, now: NOW, notice };
        sample(words, name, page.to_string())
    };
    let call = |name: &str, kind: Kind, errors: &[FieldError]| {
        let shell = shell(words, "/desk/follow-ups/0190");
        let patient = (kind == Kind::Medicine).then(|| "王爷爷".to_owned());
        let whom = Whom { room: "2-501".into(), name: "王阿姨<".into(), phone: "138 0000 0000".into(), patient };
        let typed = Typed { note: "\"明天再打\"".into(), enough_until: "2022".into(), every_days: "30".into() };
        let (check, none) = (check(kind, 60, 0), Typed::default());
        let typed = if errors.is_empty() { &none } else { &typed };
        sample(words, name, CallPage { shell: &shell, check: &check, whom: &whom, typed, errors }.to_string())
    };
    let wrong = [
        FieldError::new("outcome", "required"),
        FieldError::new("enough_until", "not_a_time"),
        FieldError::new("every_days", "out_of_range"),
        FieldError::new("note", "too_long"),
    ];
    vec![
        list("follow-ups", &checks, &[recurs(Some(30)), recurs(None)], "followed"),
        list("follow-ups-empty", &[], &[], ""),
        call("follow-up-medicine", Kind::Medicine, &[]),
        call("follow-up-goods", Kind::Goods, &[]),
        call("follow-up-refused", Kind::Visit, &wrong),
    ]
}
